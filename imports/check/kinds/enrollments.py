"""Enrollments: the file that is largest, so every step works on whole columns."""

import re
from functools import partial

import numpy as np

from imports.check.hashing import Codes, Mask, hash_text, mix
from imports.check.kinds.people import role_state
from imports.check.knowledge import ABSENT, ALIVE, DEAD, UNSURE
from imports.check.rows import Rows, World
from imports.check.steps import (
    Dates,
    Missing,
    Reference,
    Status,
    Step,
    deleted,
    has_status,
    hint_of,
    look_up,
    not_found,
    report_doubts,
)

ROLES = ("student", "teacher", "ta", "observer", "designer")
BASE_ROLES = ("StudentEnrollment", "TeacherEnrollment", "TaEnrollment", "ObserverEnrollment", "DesignerEnrollment")

_NEED_ENROLLMENTS = {"group_membership", "differentiation_tag_membership"}
# A whole word in any case; for students whatever begins so.
_OWN_ROLE = re.compile(r"teacher|ta|observer|designer|student.*", re.IGNORECASE | re.DOTALL)


def place_of_dates(rows: Rows, row: int) -> dict[str, str]:
    course, section = rows.column("course_id").text(row), rows.column("section_id").text(row)
    return {"date_place": f"section {section}" if section and not course else f"course {course}"}


def user_of_enrollment(rows: Rows) -> None:
    """The integration id wins."""
    by_integration = rows.given("user_integration_id")
    for column, kind, asked in (
        ("user_id", "user", ~by_integration),
        ("user_integration_id", "user_integration", by_integration),
    ):
        if rows.has(column) and asked.any():
            states = look_up(rows, column, kind)
            report_doubts(rows, column, kind, np.where(asked, states, ALIVE).astype(np.uint8))
            rows.report("enrollment.user-not-found", asked & not_found(states), column)


def place_of_enrollment(rows: Rows) -> None:
    course, section = look_up(rows, "course_id", "course"), look_up(rows, "section_id", "section")
    report_doubts(rows, "course_id", "course", course)
    report_doubts(rows, "section_id", "section", section)
    no_course = not_found(course) | ~rows.given("course_id")
    no_section = not_found(section) | ~rows.given("section_id")
    for column, named in (("course_id", rows.given("course_id")), ("section_id", ~rows.given("course_id"))):
        rows.report("enrollment.place-not-found", no_course & no_section & named, column)
    rows.report("enrollment.section-not-found", no_section & rows.given("section_id"), "section_id")
    rows.report("enrollment.course-not-found", no_course & rows.given("course_id"), "course_id")
    if rows.has("course_id") and rows.has("section_id"):
        rows.report("enrollment.place-unrelated", _unrelated(rows), "section_id")


def _unrelated(rows: Rows) -> Mask:
    """A section lies in one course, or, where it is cross-listed, in two."""
    if rows.world.knowledge.has_account:
        rows.memo("section_id", partial(_note_home, rows.world), key="home")
    sections, courses = rows.column("section_id"), rows.column("course_id")
    home = rows.world.map("course of section").get(sections.hash)
    elsewhere: Mask = (home != 0) & (home != courses.hash) & ~courses.empty & ~sections.empty
    if elsewhere.any():
        elsewhere &= rows.world.map("cross-list course of section").get(sections.hash) != courses.hash
    return elsewhere


def _note_home(world: World, section: str) -> int:
    """Where a section lies that the upload does not tell of; the memo that asks sees to it that this is done once."""
    known = world.knowledge.thing("section", section)
    for name, column in (("course of section", "course_id"), ("cross-list course of section", "xlist_course")):
        if column in known:
            home, key = world.map(name), np.array([hash_text(section)], np.uint64)
            if not home.get(key)[0]:
                home.put(key, np.array([hash_text(known[column])], np.uint64))
    return 0


def role_of_enrollment(rows: Rows) -> None:
    """By number, by the exact name of a role of the account, or by a word for one of Canvas's own."""
    by_number = rows.given("role_id")
    knowledge = rows.world.knowledge

    def of_name(text: str) -> int:
        own = text in BASE_ROLES or _OWN_ROLE.fullmatch(text)
        return ALIVE if own else role_state(knowledge, "role", (), text) if text else ABSENT

    def of_number(text: str) -> int:
        return role_state(knowledge, "role_id", (), text)

    names = rows.memo("role", of_name)
    states: Codes = names
    if by_number.any():
        states = np.where(by_number, rows.memo("role_id", of_number), names).astype(np.uint8)
    for column, asked in (("role_id", by_number), ("role", ~by_number)):
        rows.report(
            "enrollment.role-unknown", asked & (states == ABSENT), column,
            hint=hint_of((*ROLES, *knowledge.names("role"))) if column == "role" else None,
            extra=lambda row: {"asked_role": rows.column("role").text(row) or rows.column("role_id").text(row)},
        )  # fmt: skip
    rows.report("enrollment.role-unsure", (states == UNSURE) & ~by_number, "role", hint=hint_of(ROLES))


def deleted_user(rows: Rows) -> None:
    if rows.has("user_id") and (has_status(rows, "active") & rows.alive).any():
        dead = (
            (look_up(rows, "user_id", "user") == DEAD) & has_status(rows, "active") & ~rows.given("user_integration_id")
        )
        rows.report("enrollment.user-deleted", dead, "user_id", extra=partial(_login_and_course, rows))


def _login_and_course(rows: Rows, row: int) -> dict[str, str]:
    user = rows.column("user_id").text(row)
    login = rows.world.memory("logins of deleted users").get(user)
    known = rows.world.knowledge.thing("user", user)
    return {"login": login or known.get("login_id", ""), "course": rows.column("course_id").text(row)}


def note_enrolled(rows: Rows) -> None:
    """Who is in which course, for the members of its groups; not kept where the upload has none."""
    if rows.world.kinds & _NEED_ENROLLMENTS:
        sections, courses = rows.column("section_id"), rows.column("course_id")
        home = rows.world.map("course of section").get(sections.hash)
        course = np.where(courses.empty, home, courses.hash).astype(np.uint64)
        enrolled = np.flatnonzero(rows.alive & ~deleted(rows) & rows.given("user_id"))
        rows.world.map("enrolled").put(mix(rows.column("user_id").hash, course)[enrolled], 1)


ENROLLMENTS: tuple[Step, ...] = (
    Dates("enrollment.date-unreadable", place_of_dates),
    Missing("enrollment.course-id-missing", "course_id", "section_id"),
    Missing("enrollment.user-id-missing", "user_id", "user_integration_id"),
    Status("enrollment.status-unknown"),
    user_of_enrollment,
    place_of_enrollment,
    role_of_enrollment,
    Reference("enrollment.associated-user-not-found", "associated_user_id", "user"),
    Reference("enrollment.source-user-not-found", "temporary_enrollment_source_user_id", "user"),
    deleted_user,
    note_enrolled,
)
