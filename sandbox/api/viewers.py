"""Whose eyes a request looks through. The token is an administrator's, who may act as anybody by `as_user_id`."""

import re
import sqlite3
from dataclasses import dataclass, field

from sandbox.api.accounts import plain_id
from sandbox.http.answers import Stop, as_json
from sandbox.http.calls import Call
from sandbox.outcomes.contexts import Context
from sandbox.store.records import ADMIN_ID

_GRADERS = ("TeacherEnrollment", "TaEnrollment")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person in a course. `sees_all_grades`: as teachers do; else those of `readable` students alone."""

    user_id: int
    sees_all_grades: bool
    readable: frozenset[int] = field(default_factory=frozenset)


def the_viewer(call: Call, course: Context) -> Viewer:
    """Stops with 401 where nobody can be acted as."""
    user_id = acting_user(call)
    db = call.site.db()
    if db.execute("SELECT 1 FROM account_users WHERE user_id = ? AND workflow_state = 'active'", (user_id,)).fetchone():
        return Viewer(user_id, sees_all_grades=True)
    rows = db.execute(
        "SELECT type, associated_user_id FROM enrollments "
        "WHERE user_id = ? AND course_id = ? AND workflow_state IN ('active', 'completed')",
        (user_id, course.id),
    ).fetchall()
    observed = {row["associated_user_id"] for row in rows if row["associated_user_id"]}
    return Viewer(user_id, any(row["type"] in _GRADERS for row in rows), frozenset(observed | {user_id}))


def acting_user(call: Call) -> int:
    """The user of `as_user_id` in the address, else the token's own. Stops with 401."""
    wanted = call.request.query.get("as_user_id")
    if wanted is None:
        return ADMIN_ID
    user_id = user_number(call.site.db(), wanted[-1])
    if user_id is None:
        raise Stop(as_json({"errors": "Invalid as_user_id"}, 401))
    return user_id


def user_number(db: sqlite3.Connection, text: str) -> int | None:
    """The id of a user by number, `self`, or a name that the institution gave; None where there is none."""
    plain = plain_id(text)
    if plain == "self":
        return ADMIN_ID
    if re.fullmatch(r"[0-9]{1,18}", plain):
        found = db.execute(
            "SELECT id FROM users WHERE id = ? AND workflow_state <> 'deleted'", (int(plain),)
        ).fetchone()
        return found and int(found["id"])
    columns = {"sis_user_id": "sis_user_id", "sis_login_id": "unique_id", "sis_integration_id": "integration_id"}
    prefix, _, value = plain.partition(":")
    if prefix not in columns:
        return None
    found = db.execute(
        f"SELECT user_id FROM pseudonyms WHERE {columns[prefix]} = ? AND workflow_state <> 'deleted'", (value,)
    ).fetchone()
    return found and int(found["user_id"])
