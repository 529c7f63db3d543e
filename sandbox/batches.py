"""SIS imports (Canvas's SisBatch) as the API sees them. Every dict is the JSON of the API.

`base` is scheme and host of the request, as `http://127.0.0.1:9100`, for the links inside the JSON.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox import clock
from sandbox.importing import creation, restoring
from sandbox.importing.batch import PENDING, RUNNING, STATES
from sandbox.importing.creation import Refusal, Sent
from sandbox.importing.files import Verifier
from sandbox.importing.presenting import Presenter
from sandbox.importing.restoring import Modes
from sandbox.site import Site
from sandbox.store.database import transaction

__all__ = ["Expired", "Json", "Refusal"]

Json = dict[str, Any]

_ERRORS_KEPT = timedelta(days=30)
_AFTER_ALL = 2**63 - 1


def create(
    site: Site,
    *,
    file: Path | None,
    filename: str,
    content_type: str,
    params: Mapping[str, Sequence[str]],
    user: Mapping[str, Any] | None,
) -> int:
    """Take a new import and ring the queue; its id. Raises `Refusal`, some of which leave an `initializing` row.

    Multipart: `filename` and `content_type` are those of the part `attachment`; without such a part `file` is None and
    `content_type` that of the request (`multipart/form-data...`); a plain text field `attachment` is in `params`.
    Raw body: `filename` is empty (the name follows from `extension` or the type), `content_type` is the header as sent.
    The file becomes the site's: it is moved or removed. `user`: as given by `objects.users_self`.
    """
    try:
        return creation.create(site, Sent(file, filename, content_type, params), user)
    finally:
        if file:
            file.unlink(missing_ok=True)


def show(site: Site, batch_id: int, *, base: str) -> Json | None:
    row = site.db().execute("SELECT * FROM sis_batches WHERE id = ?", (batch_id,)).fetchone()
    return row and Presenter(site, base).batch(row)


def show_new(site: Site, batch_id: int, *, base: str) -> Json:
    """The answer to the POST: state `created`, even where the queue was quicker than the answer."""
    row = site.db().execute("SELECT * FROM sis_batches WHERE id = ?", (batch_id,)).fetchone()
    return Presenter(site, base).new_batch(row)


def index(
    site: Site,
    *,
    created_since: str | None,
    created_before: str | None,
    states: Sequence[str],
    offset: int,
    limit: int,
    base: str,
) -> list[Json]:
    """Newest first. Unparsable times and unknown states are ignored, as Canvas does."""
    conditions, values = ["1"], list[object]()
    for comparison, time in ((">", _stored_time(created_since)), ("<", _stored_time(created_before))):
        if time:
            conditions.append(f"created_at {comparison} ?")
            values.append(time)
    known = [state for state in states if state in STATES]
    if known:
        conditions.append(f"workflow_state IN ({', '.join('?' * len(known))})")
        values += known
    return _found(site, f"WHERE {' AND '.join(conditions)}", values, offset, limit, base)


def importing(site: Site, *, base: str) -> list[Json]:
    return _found(site, f"WHERE workflow_state IN {RUNNING}", [], 0, -1, base)


def abort(site: Site, batch_id: int, *, base: str) -> Json | None:
    """The aborted import; None where it is unknown or can no longer be aborted."""
    db = site.db()
    with transaction(db):
        found = db.execute(
            f"SELECT workflow_state FROM sis_batches WHERE id = ? AND workflow_state IN {PENDING + RUNNING}",
            (batch_id,),
        ).fetchone()
        if found is None:
            return None
        db.execute(
            "UPDATE sis_batches SET workflow_state = 'aborted', updated_at = ? WHERE id = ?",
            (site.clock.text(), batch_id),
        )
        if found["workflow_state"] in RUNNING:
            site.queue.pause_after_abort()
    return show(site, batch_id, base=base)


def abort_all_pending(site: Site) -> None:
    """Canvas sets the progress to 100 here, and nothing else."""
    site.db().execute(
        f"UPDATE sis_batches SET workflow_state = 'aborted', progress = 100 WHERE workflow_state IN {PENDING}"
    )


def restore(
    site: Site, batch_id: int, *, batch_mode: bool, undelete_only: bool, unconclude_only: bool, base: str
) -> Json | None:
    """The Progress of the restore; None where the import is unknown. Raises `Refusal`."""
    if show(site, batch_id, base=base) is None:
        return None
    if undelete_only and unconclude_only:
        raise Refusal(400, "cannot set both undelete_only and unconclude_only")
    progress_id = restoring.ask(site, batch_id, Modes(batch_mode, undelete_only, unconclude_only))
    shown = progress(site, progress_id, base=base)
    site.queue.ring()
    return shown


def errors(
    site: Site, batch_id: int | None, *, failures_only: bool, offset: int, limit: int
) -> tuple[list[Json], int] | None:
    """One page of messages, newest first, and how many there are; of all imports where `batch_id` is None.

    None where the import is unknown. Messages go with the age of their import.
    """
    db = site.db()
    if batch_id is not None and not db.execute("SELECT 1 FROM sis_batches WHERE id = ?", (batch_id,)).fetchone():
        return None
    since = clock.text(site.clock.now() - _ERRORS_KEPT)
    kept = db.execute("SELECT min(id) FROM sis_batches WHERE created_at > ?", (since,)).fetchone()[0]
    where, values = "sis_batch_id >= ?", [kept or _AFTER_ALL]
    if batch_id is not None:
        where += " AND sis_batch_id = ?"
        values.append(batch_id)
    if failures_only:
        where += " AND failure = 1"
    rows = db.execute(
        f"SELECT * FROM sis_batch_errors WHERE {where} ORDER BY id DESC LIMIT ? OFFSET ?", (*values, limit, offset)
    ).fetchall()
    total = db.execute(f"SELECT count(*) FROM sis_batch_errors WHERE {where}", values).fetchone()[0]
    presenter = Presenter(site, "")
    return [presenter.message(row) for row in rows], total


def progress(site: Site, progress_id: int, *, base: str) -> Json | None:
    row = site.db().execute("SELECT * FROM progresses WHERE id = ?", (progress_id,)).fetchone()
    return row and Presenter(site, base).progress(row)


class Expired(Exception):
    """The link of a file is too old."""


def attachment(site: Site, attachment_id: int, verifier: str) -> tuple[Path, str, str] | None:
    """Path, display name and content type; None where id and verifier do not belong together. Raises `Expired`.

    The site of a verifier: `Sites.of_verifier`.
    """
    expires = Verifier(site, attachment_id).expiry_of(verifier)
    row = site.db().execute("SELECT * FROM attachments WHERE id = ?", (attachment_id,)).fetchone()
    if row is None or expires is None:
        return None
    if expires and site.clock.now() > datetime.fromtimestamp(expires, UTC):
        raise Expired
    return site.files / row["path"], row["display_name"], row["content_type"]


def _found(site: Site, where: str, values: Sequence[object], offset: int, limit: int, base: str) -> list[Json]:
    """The ids are found first, from an index alone: a late page costs hardly more than the first."""
    rows: list[sqlite3.Row] = (
        site.db()
        .execute(
            f"SELECT * FROM sis_batches WHERE id IN (SELECT id FROM sis_batches {where} "
            "ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?) ORDER BY created_at DESC, id DESC",
            (*values, limit, offset),
        )
        .fetchall()
    )
    presenter = Presenter(site, base)
    return [presenter.batch(row) for row in rows]


def _stored_time(given: str | None) -> str | None:
    try:
        parsed = datetime.fromisoformat(given or "")
        return clock.text(parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
