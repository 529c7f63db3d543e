"""`data.statistics`: what an import did to states, counted from its roll-back data."""

import sqlite3
from typing import Any

from sandbox.store.records import NON_EXISTENT, TRACKED, Course, Enrollment, Record


def count_changes(db: sqlite3.Connection, batch_id: int) -> dict[str, Any]:
    """All 13 types, each with the fields that it has, and the total."""
    changes = db.execute(
        "SELECT context_type, previous_workflow_state AS was, updated_workflow_state AS became, count(*) AS n "
        "FROM sis_batch_roll_back_data WHERE sis_batch_id = ? GROUP BY 1, 2, 3",
        (batch_id,),
    ).fetchall()
    statistics: dict[str, Any] = {"total_state_changes": sum(change["n"] for change in changes)}
    for record in TRACKED:
        statistics[record.__name__] = counted = dict.fromkeys(_fields(record), 0)
        for change in changes:
            field = _field(record, change["was"], change["became"])
            if change["context_type"] == record.__name__ and field in counted:
                counted[field] += change["n"]
    return statistics


def _fields(record: type[Record]) -> tuple[str, ...]:
    concluded = ("concluded",) if record in {Course, Enrollment} else ()
    deactivated = ("deactivated",) if record is Enrollment else ()
    return ("created", "restored", *concluded, *deactivated, "deleted")


def _field(record: type[Record], was: str, became: str) -> str | None:
    """Where a change counts; None: it made no difference, as from `claimed` to `available`."""
    if became in record.ACTIVE:
        if was == NON_EXISTENT:
            return "created"
        return None if was in record.ACTIVE else "restored"
    return {record.DEAD: "deleted", "completed": "concluded", "inactive": "deactivated"}.get(became)
