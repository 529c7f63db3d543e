"""Courses, sections, users and enrollments as the API lists them."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import api_time
from sandbox.people import user_json

Json = dict[str, Any]

# The form in which people write the types of enrollments in parameters.
TYPES = {
    "student": "StudentEnrollment",
    "student_view": "StudentViewEnrollment",
    "teacher": "TeacherEnrollment",
    "ta": "TaEnrollment",
    "observer": "ObserverEnrollment",
    "designer": "DesignerEnrollment",
}


@dataclass
class Query:
    """A select in the making: what is joined with AND, and the values for its marks."""

    source: str
    conditions: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def among(self, column: str, wanted: Sequence[object]) -> None:
        self.conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
        self.values += wanted

    def matching(self, columns: Sequence[str], text: str) -> None:
        """Any of the columns holds the text, in any case."""
        self.conditions.append("(" + " OR ".join(f"instr(lower({column}), lower(?))" for column in columns) + ")")
        self.values += [text] * len(columns)

    def page(
        self, db: sqlite3.Connection, columns: str, order: str, offset: int, limit: int
    ) -> tuple[list[sqlite3.Row], int]:
        """The rows of a page, and how many there are."""
        where = f"FROM {self.source} WHERE {' AND '.join(self.conditions) or '1'}"
        total = db.execute(f"SELECT count(*) FROM (SELECT {columns} {where})", self.values).fetchone()[0]
        rows = db.execute(f"SELECT {columns} {where} ORDER BY {order} LIMIT ? OFFSET ?", (*self.values, limit, offset))
        return rows.fetchall(), total


def course_json(db: sqlite3.Connection, row: sqlite3.Row, base: str, includes: Sequence[str] = ()) -> Json:
    """The Course object; `includes` may name `term` and `total_students`."""
    shown = {
        "id": row["id"],
        "name": row["name"],
        "account_id": row["account_id"],
        "root_account_id": 1,
        "course_code": row["course_code"],
        "sis_course_id": row["sis_source_id"],
        "integration_id": row["integration_id"],
        "sis_import_id": row["sis_batch_id"],
        "enrollment_term_id": row["enrollment_term_id"],
        "start_at": api_time(row["start_at"]),
        "end_at": api_time(row["conclude_at"]),
        "created_at": api_time(row["created_at"]),
        "workflow_state": _STATES.get(row["workflow_state"], row["workflow_state"]),
        "blueprint": bool(row["blueprint"]),
        "time_zone": "Etc/UTC",
        "is_public": False,
        "is_public_to_auth_users": False,
        "public_syllabus": False,
        "grading_standard_id": None,
        "calendar": {"ics": f"{base}/feeds/calendars/course_{row['id']}.ics"},
    }
    if "total_students" in includes:
        shown["total_students"] = _count_students(db, "course_id", row["id"])
    if "term" in includes:
        term = db.execute("SELECT * FROM enrollment_terms WHERE id = ?", (row["enrollment_term_id"],)).fetchone()
        dates = {"start_at": api_time(term["start_at"]), "end_at": api_time(term["end_at"])}
        shown["term"] = {"id": term["id"], "name": term["name"], **dates}
    return shown


# Stored states that the API shows under another name.
_STATES = {"claimed": "unpublished", "created": "unpublished"}


def section_json(db: sqlite3.Connection, row: sqlite3.Row, includes: Sequence[str] = ()) -> Json:
    """The Section object; `includes` may name `total_students` and `students`."""
    course = db.execute("SELECT sis_source_id FROM courses WHERE id = ?", (row["course_id"],)).fetchone()
    shown = {
        "id": row["id"],
        "name": row["name"],
        "course_id": row["course_id"],
        "sis_section_id": row["sis_source_id"],
        "sis_course_id": course["sis_source_id"],
        "integration_id": row["integration_id"],
        "sis_import_id": row["sis_batch_id"],
        "start_at": api_time(row["start_at"]),
        "end_at": api_time(row["end_at"]),
        "created_at": api_time(row["created_at"]),
        "restrict_enrollments_to_section_dates": None,
        "nonxlist_course_id": row["nonxlist_course_id"],
    }
    if "total_students" in includes:
        shown["total_students"] = _count_students(db, "course_section_id", row["id"])
    if "students" in includes:
        shown["students"] = [user_json(db, number) for number in _students(db, row["id"])]
    return shown


def course_user_json(
    db: sqlite3.Connection, user_id: int, course_id: int | None, includes: Sequence[str], base: str
) -> Json:
    """A User object of a course's list, or of an account's, which has no `enrollments`.

    `includes` may name `enrollments`, `email` and `avatar_url`.
    """
    shown = user_json(db, user_id)
    if "avatar_url" in includes:
        shown["avatar_url"] = f"{base}/images/messages/avatar-50.png"
    if "email" in includes:
        channel = db.execute(
            "SELECT path FROM communication_channels WHERE user_id = ? AND workflow_state = 'active' ORDER BY id",
            (user_id,),
        ).fetchone()
        shown["email"] = channel and channel["path"]
    if "enrollments" in includes and course_id is not None:
        rows = db.execute(
            "SELECT * FROM enrollments WHERE user_id = ? AND course_id = ? AND workflow_state <> 'deleted' ORDER BY id",
            (user_id, course_id),
        )
        shown["enrollments"] = [enrollment_json(db, row, base) for row in rows.fetchall()]
    return shown


def enrollment_json(db: sqlite3.Connection, row: sqlite3.Row, base: str) -> Json:
    created, url = api_time(row["created_at"]), f"{base}/courses/{row['course_id']}/users/{row['user_id']}"
    shown = {
        "id": row["id"],
        "root_account_id": 1,
        "user_id": row["user_id"],
        "course_id": row["course_id"],
        "course_section_id": row["course_section_id"],
        "associated_user_id": row["associated_user_id"],
        "limit_privileges_to_course_section": bool(row["limit_section_privileges"]),
        "enrollment_state": row["workflow_state"],
        "type": row["type"],
        "role": _role_name(db, row["role_id"]),
        "role_id": row["role_id"],
        "created_at": created,
        "updated_at": created,
        "start_at": api_time(row["start_at"]),
        "end_at": api_time(row["end_at"]),
        "last_activity_at": None,
        "total_activity_time": 0,
        "sis_import_id": row["sis_batch_id"],
        "html_url": url,
        **_sis_ids(db, row),
    }
    if row["type"] == "StudentEnrollment":
        shown["grades"] = {"html_url": f"{base}/courses/{row['course_id']}/grades/{row['user_id']}", **_NO_GRADES}
    return shown


def _role_name(db: sqlite3.Connection, role_id: int) -> str:
    name: str = db.execute("SELECT name FROM roles WHERE id = ?", (role_id,)).fetchone()[0]
    return name


# The practice Canvas holds no grades.
_NO_GRADES = dict.fromkeys(("current_grade", "current_score", "final_grade", "final_score"))


def _sis_ids(db: sqlite3.Connection, enrollment: sqlite3.Row) -> Json:
    found = db.execute(
        "SELECT accounts.sis_source_id AS sis_account_id, courses.sis_source_id AS sis_course_id, "
        "course_sections.sis_source_id AS sis_section_id FROM course_sections "
        "JOIN courses ON courses.id = ? JOIN accounts ON accounts.id = courses.account_id WHERE course_sections.id = ?",
        (enrollment["course_id"], enrollment["course_section_id"]),
    ).fetchone()
    return {**(found or {}), "sis_user_id": user_json(db, enrollment["user_id"])["sis_user_id"]}


def _students(db: sqlite3.Connection, section_id: int) -> list[int]:
    found = db.execute(
        "SELECT DISTINCT user_id FROM enrollments WHERE course_section_id = ? AND type = 'StudentEnrollment' "
        "AND workflow_state IN ('active', 'invited') ORDER BY user_id",
        (section_id,),
    )
    return [row["user_id"] for row in found]


def _count_students(db: sqlite3.Connection, column: str, value: int) -> int:
    found = db.execute(
        f"SELECT count(DISTINCT user_id) FROM enrollments WHERE {column} = ? AND type = 'StudentEnrollment' "
        "AND workflow_state IN ('active', 'invited')",
        (value,),
    )
    return int(found.fetchone()[0])
