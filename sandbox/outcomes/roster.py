"""The students of a course: who they are, in which sections, and in what order."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

CONCLUDED, INACTIVE = "completed", "inactive"


class Place(NamedTuple):
    """One enrollment: the section and the state of the enrollment."""

    section_id: int
    status: str


@dataclass(frozen=True, slots=True)
class Student:
    """`places` are all sections the student is in, in the order of the enrollments."""

    id: int
    name: str
    sortable_name: str
    short_name: str
    places: tuple[Place, ...]

    @property
    def name_key(self) -> tuple[str, int]:
        return collated(self.sortable_name), self.id


def students(db: sqlite3.Connection, course_id: int, section_id: int | None = None) -> list[Student]:
    """All students that were not deleted, by id; those of one section, with only that place, where it is given."""
    within = "" if section_id is None else "AND enrollments.course_section_id = ? "
    rows = db.execute(
        "SELECT users.id, users.name, users.sortable_name, users.short_name, enrollments.course_section_id, "
        "enrollments.workflow_state FROM enrollments JOIN users ON users.id = enrollments.user_id "
        "WHERE enrollments.course_id = ? AND enrollments.type = 'StudentEnrollment' "
        f"AND enrollments.workflow_state <> 'deleted' AND users.workflow_state <> 'deleted' {within}"
        "ORDER BY users.id, enrollments.id",
        (course_id,) if section_id is None else (course_id, section_id),
    )
    found: dict[int, tuple[sqlite3.Row, dict[int, Place]]] = {}
    for row in rows:
        places = found.setdefault(row["id"], (row, {}))[1]
        places.setdefault(row["course_section_id"], Place(row["course_section_id"], row["workflow_state"]))
    return [
        Student(row["id"], row["name"], row["sortable_name"], row["short_name"], tuple(places.values()))
        for row, places in found.values()
    ]


def without_states(everybody: Iterable[Student], excluded: set[str]) -> list[Student]:
    """Students with at least one enrollment in another state; they keep all their places."""
    return [student for student in everybody if any(place.status not in excluded for place in student.places)]


class Identity(NamedTuple):
    """What the institution calls a student."""

    sis_user_id: str | None
    integration_id: str | None
    login_id: str | None


def identities(db: sqlite3.Connection, user_ids: Sequence[int]) -> dict[int, Identity]:
    """By the first active login of each user; users without one are absent."""
    rows = db.execute(
        "SELECT user_id, sis_user_id, integration_id, unique_id FROM pseudonyms "
        "WHERE user_id IN (SELECT value FROM json_each(?)) AND workflow_state <> 'deleted' ORDER BY id DESC",
        (json.dumps(list(user_ids)),),
    )
    return {row["user_id"]: Identity(row["sis_user_id"], row["integration_id"], row["unique_id"]) for row in rows}


def collated(text: str) -> str:
    """A key that sorts names as people do: without regard to case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))
