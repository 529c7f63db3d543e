"""Roles as the API shows them, and the making of new ones."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from sandbox.clock import api_time
from sandbox.directory import Query
from sandbox.store.database import transaction

Json = dict[str, Any]

BASE_TYPES = (
    "StudentEnrollment",
    "TeacherEnrollment",
    "TaEnrollment",
    "DesignerEnrollment",
    "ObserverEnrollment",
    "AccountMembership",
)
# What Canvas calls its own roles; the bare membership, from which roles of admins are made, it does not list.
_LABELS = {
    "AccountAdmin": "Account Admin",
    "StudentEnrollment": "Student",
    "TeacherEnrollment": "Teacher",
    "TaEnrollment": "TA",
    "DesignerEnrollment": "Designer",
    "ObserverEnrollment": "Observer",
}


class BadRole(Exception):
    """Canvas would not make such a role; the message says why."""


def page(
    db: sqlite3.Connection, account: Json, states: Sequence[str], offset: int, limit: int, *, inherited: bool
) -> tuple[list[Json], int]:
    """One page and how many there are: Canvas's own first, then the account's. `states` default to `active`."""
    accounts = _upwards(db, account["id"]) if inherited else [account["id"]]
    query = Query("roles")
    query.among("workflow_state", states or ("active",))
    query.among("account_id", accounts)
    conditions = f"({' AND '.join(query.conditions)})"
    if not states or "active" in states:
        conditions += f" OR (workflow_state = 'built_in' AND name IN ({', '.join('?' * len(_LABELS))}))"
        query.values += list(_LABELS)
    query.conditions = [conditions]
    rows, total = query.page(db, "*", "workflow_state <> 'built_in', id", offset, limit)
    return [role_json(row, account) for row in rows], total


def role_json(row: sqlite3.Row, account: Json) -> Json:
    """The Role object. Its permissions are left empty: nobody in the practice Canvas has rights by role."""
    shown: Json = {
        "id": row["id"],
        "role": row["name"],
        "label": _LABELS.get(row["name"], row["name"]),
        "base_role_type": row["base_role_type"],
        "workflow_state": row["workflow_state"],
        "is_account_role": not row["base_role_type"].endswith("Enrollment"),
        "created_at": api_time(row["created_at"]),
        "last_updated_at": api_time(row["created_at"]),
        "permissions": {},
    }
    if row["account_id"] is not None:
        shown["account"] = account
    return shown


def make(db: sqlite3.Connection, now: str, *, name: str, base_role_type: str, account_id: int) -> int:
    """Make a role, as an admin does in Canvas's pages; its number. Raises BadRole."""
    if base_role_type not in BASE_TYPES:
        raise BadRole(f"base_role_type must be one of {', '.join(BASE_TYPES)}")
    if not name.strip() or name in _LABELS:
        raise BadRole("A role needs a name of its own")
    with transaction(db):
        taken = "SELECT 1 FROM roles WHERE name = ? AND account_id = ? AND workflow_state <> 'deleted'"
        if db.execute(taken, (name, account_id)).fetchone():
            raise BadRole("The account has a role of this name")
        number: int = db.execute("SELECT max(id) + 1 FROM roles").fetchone()[0]
        db.execute(
            "INSERT INTO roles (id, workflow_state, stuck, created_at, name, base_role_type, account_id) "
            "VALUES (?, 'active', '', ?, ?, ?, ?)",
            (number, now, name, base_role_type, account_id),
        )
    return number


def _upwards(db: sqlite3.Connection, account_id: int) -> list[int]:
    above = (
        "WITH RECURSIVE above (id) AS (SELECT ? UNION "
        "SELECT parent_account_id FROM accounts JOIN above USING (id)) SELECT id FROM above WHERE id IS NOT NULL"
    )
    return [row[0] for row in db.execute(above, (account_id,))]
