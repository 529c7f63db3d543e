"""Where teaching happens: accounts, terms, courses, sections, cross-lists."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from imports.check.hashing import Mask
from imports.check.knowledge import ABSENT, ALIVE, DEAD, PADDED
from imports.check.pieces import Column
from imports.check.rows import Rows
from imports.check.steps import (
    Allowed,
    Apply,
    Dates,
    Missing,
    OneByOne,
    Reference,
    Row,
    Status,
    Step,
    has_status,
    hint_of,
    look_up,
    not_found,
    read_status,
)

_FORMATS = ("online", "on_campus", "blended", "not_set")
_PASSBACK_SETTINGS = ("nightly_sync", "disabled", "not_set")
_OVERRIDE_TYPES = ("StudentEnrollment", "TeacherEnrollment", "TaEnrollment", "DesignerEnrollment")
_DISSOCIATE = "dissociate"


_Account = tuple[str, str]  # parent and status


def judge_account(row: Row) -> str:
    """Parents must come before their children, so accounts are judged one by one. Remembers those of the upload."""
    accounts: dict[str, _Account] = row.rows.world.memory("account")
    account_id, parent_id = row["account_id"], row.get("parent_account_id", "")
    parent_status = _account_status(row, parent_id) if parent_id else "active"
    if parent_status is None or parent_id == account_id:
        return "account.parent-not-found"
    before = accounts.get(account_id)
    if before is None and _is_new(row, "account", account_id):
        if "name" not in row:
            return "account.name-missing"
        if not row.status:
            return "account.status-unknown"
    if row.status == "active" and parent_status == "deleted":
        row.extra = {"parent": parent_id}
        return "account.parent-deleted"
    if row.status == "deleted" and (why := _why_kept(row, accounts)):
        return why
    if _is_below(row, parent_id, account_id):
        return "account.parents-cyclic"
    accounts[account_id] = (parent_id, row.status or (before[1] if before else "active"))
    return ""


def _why_kept(row: Row, accounts: Mapping[str, _Account]) -> str:
    """Why Canvas does not delete the account. Its courses are those of before the upload: their file comes later."""
    account_id, knowledge = row["account_id"], row.rows.world.knowledge
    children = knowledge.living("account", {"parent_account_id": account_id}) or ()
    if (account_id, "active") in accounts.values() or any(child not in accounts for child in children):
        return "account.in-use"
    return "account.has-courses" if knowledge.living("course", {"account_id": account_id}) else ""


def _is_below(row: Row, account_id: str, other: str) -> bool:
    """Whether one account lies somewhere below the other."""
    accounts, passed = row.rows.world.memory("account"), set[str]()
    while account_id and account_id not in passed:
        if account_id == other:
            return True
        passed.add(account_id)
        if account_id in accounts:
            account_id = accounts[account_id][0]
        else:
            account_id = row.rows.world.knowledge.thing("account", account_id).get("parent_account_id", "")
    return False


def _account_status(row: Row, account_id: str) -> str | None:
    applied = row.rows.world.memory("account").get(account_id)
    if applied:
        return str(applied[1])
    if _is_new(row, "account", account_id):
        return None
    return row.rows.world.knowledge.thing("account", account_id).get("state", "active")


def _is_new(row: Row, kind: str, sis_id: str) -> bool:
    return row.rows.world.knowledge.state(kind, sis_id) in {ABSENT, PADDED}


def warn_of_account_status(rows: Rows) -> None:
    """An unknown status of an account that exists changes nothing, so it is no reason to refuse the row by itself."""
    unknown = (rows.status == 0) & rows.given("status")
    rows.report("account.status-ignored", unknown, "status", hint=hint_of(rows.kind.statuses))


def judge_term(row: Row) -> str:
    """Overrides of dates are rows of their own, after the row of their term."""
    terms = row.rows.world.memory("term")
    override = row.get("date_override_enrollment_type")
    if override is None:
        if "name" not in row:
            return "term.name-missing"
        if row.status == "deleted" and row.rows.world.knowledge.living("course", {"term_id": row["term_id"]}):
            return "term.in-use"
        terms[row["term_id"]] = row.status
        return ""
    if row["term_id"] not in terms and _is_new(row, "term", row["term_id"]):
        return "term.override-without-term"
    return "" if override in _OVERRIDE_TYPES else "term.date-override-enrollment-type-unknown"


def apply_terms(rows: Rows) -> None:
    """Only rows of terms themselves count."""
    themselves = rows.alive & rows.column("date_override_enrollment_type").empty
    states = np.where(has_status(rows, "deleted"), DEAD, ALIVE).astype(np.uint8)
    rows.world.knowledge.apply("term", rows.column("term_id"), themselves, states)


def account_of_course(rows: Rows) -> None:
    """The account named, or else the fallback; a deleted one takes no course."""
    Reference("course.account-not-found", "account_id", "account", or_column="fallback_account_id")(rows)
    unnamed = np.ones(len(rows), np.bool_)
    for name in filter(rows.has, ("account_id", "fallback_account_id")):
        states = look_up(rows, name, "account")
        dead = (states == DEAD) & unnamed & ~has_status(rows, "deleted")
        rows.report("course.account-deleted", dead, name, extra=partial(_parent, rows.column(name)))
        unnamed = unnamed & (not_found(states) | ~rows.given(name))


def _parent(accounts: Column, row: int) -> dict[str, str]:
    return {"parent": accounts.text(row)}


def term_of_course(rows: Rows) -> None:
    """Canvas puts the course into the default term, in silence."""
    Reference("course.term-not-found", "term_id", "term", dead_is_fine=False)(rows)


def blueprint_of_course(rows: Rows) -> None:
    """No file makes a course a blueprint, so only the account can know one."""
    name = "blueprint_course_id"
    if rows.has(name):
        knowledge = rows.world.knowledge
        unknown = rows.memo(
            name, lambda text: int(text != _DISSOCIATE and knowledge.state("blueprint", text) == ABSENT)
        )
        bad = (unknown == 1) & rows.given(name)
        rows.empty(bad, name)
        rows.report("course.blueprint-course-not-found", bad, name)


def section_needs_name(rows: Rows) -> None:
    """A section that is active or new."""
    nameless = rows.column("name").empty
    if nameless.any():
        new = not_found(look_up(rows, "section_id", "section"))
        rows.report("section.name-missing", nameless & (has_status(rows, "active") | new), "name")


def note_course_of_section(rows: Rows) -> None:
    applied = np.flatnonzero(rows.alive)
    sections, courses = rows.column("section_id").hash, rows.column("course_id").hash
    rows.world.map("course of section").put(sections[applied], courses[applied])


def note_cross_lists(rows: Rows) -> None:
    """A section is at home in both courses; an unknown cross-list course is made after the section's own."""
    lists: Mask = rows.alive & has_status(rows, "active")
    applied = np.flatnonzero(lists)
    sections, courses = rows.column("section_id").hash, rows.column("xlist_course_id").hash
    rows.world.map("cross-list course of section").put(sections[applied], courses[applied])
    rows.world.knowledge.apply("course", rows.column("xlist_course_id"), lists)


ACCOUNTS: tuple[Step, ...] = (
    Missing("account.account-id-missing", "account_id"),
    read_status,
    OneByOne(
        judge_account,
        columns={
            "account.parent-not-found": "parent_account_id",
            "account.name-missing": "name",
            "account.status-unknown": "status",
            "account.parent-deleted": "parent_account_id",
            "account.in-use": "status",
            "account.has-courses": "status",
            "account.parents-cyclic": "parent_account_id",
        },
    ),
    warn_of_account_status,
    Apply("account", "account_id"),
)
TERMS: tuple[Step, ...] = (
    Dates("term.date-unreadable"),
    Missing("term.term-id-missing", "term_id"),
    Status("term.status-unknown"),
    OneByOne(
        judge_term,
        columns={
            "term.name-missing": "name",
            "term.in-use": "status",
            "term.override-without-term": "term_id",
            "term.date-override-enrollment-type-unknown": "date_override_enrollment_type",
        },
    ),
    apply_terms,
)
ABSTRACT_COURSES: tuple[Step, ...] = (
    Missing("abstract_course.abstract-course-id-missing", "abstract_course_id"),
    Missing("abstract_course.short-name-missing", "short_name"),
    Missing("abstract_course.long-name-missing", "long_name"),
    Status("abstract_course.status-unknown"),
    Apply("abstract_course", "abstract_course_id"),
)
COURSES: tuple[Step, ...] = (
    Dates("course.date-unreadable"),
    Missing("course.course-id-missing", "course_id"),
    Missing("course.short-name-missing", "short_name", "abstract_course_id"),
    Missing("course.long-name-missing", "long_name", "abstract_course_id"),
    Status("course.status-unknown"),
    Allowed("course.course-format-unknown", "course_format", lambda text: text.lower().startswith(_FORMATS), _FORMATS),
    Allowed(
        "course.grade-passback-setting-unknown",
        "grade_passback_setting",
        lambda text: text.lower() in _PASSBACK_SETTINGS,
        _PASSBACK_SETTINGS,
    ),
    account_of_course,
    Reference("course.abstract-course-not-found", "abstract_course_id", "abstract_course", empties=True),
    term_of_course,
    blueprint_of_course,
    Apply("course", "course_id"),
)
SECTIONS: tuple[Step, ...] = (
    Dates("section.date-unreadable"),
    Missing("section.section-id-missing", "section_id"),
    Missing("section.course-id-missing", "course_id"),
    Status("section.status-unknown"),
    section_needs_name,
    Reference("section.course-not-found", "course_id", "course"),
    Apply("section", "section_id"),
    note_course_of_section,
)
XLISTS: tuple[Step, ...] = (
    Missing("xlist.xlist-course-id-missing", "xlist_course_id"),
    Missing("xlist.section-id-missing", "section_id"),
    Status("xlist.status-unknown"),
    Reference("xlist.section-not-found", "section_id", "section", dead_is_fine=False),
    note_cross_lists,
)
