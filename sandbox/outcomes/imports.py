"""Outcome imports as the API sees them. Every dict is the JSON of the API."""

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.clock import api_time
from sandbox.outcomes import flags
from sandbox.outcomes.contexts import Context
from sandbox.outcomes.importing.run import upload_path
from sandbox.outcomes.rows import insert
from sandbox.people import user_json
from sandbox.site import Site

Json = dict[str, Any]

LATEST = "latest"

_MOST_ERRORS = 25
_BASIC_USER = ("id", "name", "created_at", "sortable_name", "short_name")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that belongs to the site from now on, the name it came under, and the group it should go into."""

    file: Path
    filename: str
    group_id: int | None


class Unfinished(Exception):
    """What was asked for exists only once an import has succeeded; the text is Canvas's message."""


def create(site: Site, context: Context, upload: Upload, user_id: int) -> int:
    """Take a new import and ring the queue; its id."""
    db, now = site.db(), site.clock.text()
    import_id = insert(
        db,
        "outcome_imports",
        context_type=context.type,
        context_id=context.id,
        learning_outcome_group_id=upload.group_id,
        user_id=user_id,
        filename=upload.filename,
        workflow_state="initializing",
        created_at=now,
        updated_at=now,
    )
    target = upload_path(site, import_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(upload.file, target)
    db.execute("UPDATE outcome_imports SET workflow_state = 'created' WHERE id = ?", (import_id,))
    return import_id


def show(site: Site, context: Context, import_id: str) -> Json | None:
    """`import_id` is a number or `latest`; None where the context has no such import."""
    row = _find(site.db(), context, import_id)
    return None if row is None else _as_json(site.db(), row)


def created_group_ids(site: Site, context: Context, import_id: str) -> list[str] | None:
    """Ids of the groups that the import was the last to touch. Raises Unfinished."""
    row = _find(site.db(), context, import_id)
    if row is None:
        return None
    if row["workflow_state"] == "failed":
        raise Unfinished("Import has failed")
    if row["workflow_state"] != "succeeded":
        raise Unfinished("Import is still being processed")
    groups = site.db().execute(
        "SELECT id FROM learning_outcome_groups WHERE outcome_import_id = ? ORDER BY id", (row["id"],)
    )
    return [str(group["id"]) for group in groups]


def _find(db: sqlite3.Connection, context: Context, import_id: str) -> sqlite3.Row | None:
    if import_id == LATEST:
        wanted = "(SELECT outcome_import_id FROM latest_outcome_imports WHERE context_type = ? AND context_id = ?)"
        values: tuple[object, ...] = context.key
    else:
        wanted, values = "?", (int(import_id) if import_id.isascii() and import_id.isdecimal() else 0,)
    found: sqlite3.Row | None = db.execute(
        f"SELECT * FROM outcome_imports WHERE id = {wanted} AND context_type = ? AND context_id = ?",
        (*values, *context.key),
    ).fetchone()
    return found


def _as_json(db: sqlite3.Connection, row: sqlite3.Row) -> Json:
    user = user_json(db, row["user_id"])
    shown = {
        "id": row["id"],
        "created_at": api_time(row["created_at"]),
        "ended_at": None,
        "updated_at": api_time(row["updated_at"]),
        "progress": row["progress"],
        "workflow_state": row["workflow_state"],
        "data": {"import_type": "instructure_csv"},
        "processing_errors": _errors(db, row["id"]),
        "user": {name: user[name] for name in _BASIC_USER},
    }
    if flags.is_on(db, "outcome_imports_name_their_group"):
        shown["learning_outcome_group_id"] = row["learning_outcome_group_id"]
    return shown


def _errors(db: sqlite3.Connection, import_id: int) -> list[list[int | str]]:
    rows = db.execute(
        "SELECT row, message FROM outcome_import_errors WHERE outcome_import_id = ? ORDER BY row, id LIMIT ?",
        (import_id, _MOST_ERRORS),
    )
    return [[row["row"], row["message"]] for row in rows]
