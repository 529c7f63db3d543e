"""People as the API shows them."""

import sqlite3
from typing import Any

from sandbox.clock import api_time


def user_json(db: sqlite3.Connection, user_id: int) -> dict[str, Any]:
    """Canvas's User object, with what somebody sees who may see SIS data. Raises LookupError."""
    user = db.execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()
    if user is None:
        raise LookupError(user_id)
    login = db.execute(
        "SELECT * FROM pseudonyms WHERE user_id = ? ORDER BY workflow_state = 'deleted', id LIMIT 1", (user_id,)
    ).fetchone()
    return {
        "id": user["id"],
        "name": user["name"],
        "created_at": api_time(user["created_at"]),
        "sortable_name": user["sortable_name"],
        "short_name": user["short_name"],
        "sis_user_id": login and login["sis_user_id"],
        "integration_id": login and login["integration_id"],
        "sis_import_id": login and login["sis_batch_id"],
        "login_id": login and login["unique_id"],
    }


def login_json(row: sqlite3.Row) -> dict[str, Any]:
    """The Login object of a row of `pseudonyms`."""
    return {
        "id": row["id"],
        "user_id": row["user_id"],
        "account_id": 1,
        "unique_id": row["unique_id"],
        "sis_user_id": row["sis_user_id"],
        "integration_id": row["integration_id"],
        "authentication_provider_id": row["authentication_provider_id"],
        "workflow_state": row["workflow_state"],
        "created_at": api_time(row["created_at"]),
    }
