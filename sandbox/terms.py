"""Terms as the API shows them."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from sandbox.clock import api_time
from sandbox.directory import Query

Json = dict[str, Any]

# As PostgreSQL sorts, which Canvas runs on.
_ORDER = "start_at DESC NULLS FIRST, end_at DESC NULLS FIRST, id"


def page(
    db: sqlite3.Connection, states: Sequence[str], name: str | None, offset: int, limit: int
) -> tuple[list[sqlite3.Row], int]:
    """One page and how many there are. `states`: `active` (default where empty), `deleted`, `all`."""
    query = Query("enrollment_terms")
    query.among("workflow_state", ("active", "deleted") if "all" in states else tuple(states) or ("active",))
    if name:
        query.matching(("name",), name)
    return query.page(db, "*", _ORDER, offset, limit)


def term_json(db: sqlite3.Connection, row: sqlite3.Row, includes: Sequence[str] = ()) -> Json:
    """The EnrollmentTerm object; `includes` may name `overrides` and `course_count`."""
    shown: Json = {
        "id": row["id"],
        "name": row["name"],
        "start_at": api_time(row["start_at"]),
        "end_at": api_time(row["end_at"]),
        "created_at": api_time(row["created_at"]),
        "workflow_state": row["workflow_state"],
        "grading_period_group_id": None,
        "sis_term_id": row["sis_source_id"],
        "sis_import_id": row["sis_batch_id"],
    }
    if "overrides" in includes:
        shown["overrides"] = _overrides(db, row["id"])
    if "course_count" in includes:
        counted = "SELECT count(*) FROM courses WHERE enrollment_term_id = ? AND workflow_state <> 'deleted'"
        shown["course_count"] = db.execute(counted, (row["id"],)).fetchone()[0]
    return shown


def _overrides(db: sqlite3.Connection, term_id: int) -> dict[str, Json]:
    """Dates by type of enrollment."""
    rows = db.execute(
        "SELECT * FROM enrollment_dates_overrides WHERE enrollment_term_id = ? AND workflow_state = 'active'",
        (term_id,),
    )
    return {
        row["enrollment_type"]: {"start_at": api_time(row["start_at"]), "end_at": api_time(row["end_at"])}
        for row in rows
    }
