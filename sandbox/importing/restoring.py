"""Taking back the state changes of an import, in chunks, with a Progress of its own.

Only life-cycle states come back: what was created is deleted, what was deleted or concluded has its former state.
"""

import json
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox.clock import moment
from sandbox.importing import messages
from sandbox.importing.batch import Batch, Message
from sandbox.importing.messages import fill
from sandbox.importing.slices import Closing, Pace
from sandbox.importing.statistics import count_changes
from sandbox.store.database import transaction
from sandbox.store.records import NON_EXISTENT, TRACKED, Pseudonym, Record

if TYPE_CHECKING:
    from sandbox.site import Site

logger = logging.getLogger(__name__)

RETENTION = timedelta(days=30)

_CHUNK = 1000
_HIGHEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Modes:
    """Which changes are taken back; all where nothing is set."""

    batch_mode: bool = False
    undelete_only: bool = False
    unconclude_only: bool = False

    @property
    def condition(self) -> str:
        conditions = ["restored = 0"]
        if self.batch_mode:
            conditions.append("batch_mode_delete = 1")
        if self.undelete_only:
            conditions.append("updated_workflow_state IN ('deleted', 'retired')")
        if self.unconclude_only:
            conditions.append("updated_workflow_state = 'completed'")
        return " AND ".join(conditions)

    @property
    def final_state(self) -> str:
        partial = self.batch_mode or self.undelete_only or self.unconclude_only
        return "partially_restored" if partial else "restored"


def ask(site: "Site", batch_id: int, modes: Modes) -> int:
    """Put a restore in the queue; the id of its Progress."""
    now = site.clock.text()
    asked = site.db().execute(
        "INSERT INTO progresses (sis_batch_id, workflow_state, modes, created_at, updated_at) "
        "VALUES (?, 'queued', ?, ?, ?)",
        (
            batch_id,
            json.dumps([modes.batch_mode, modes.undelete_only, modes.unconclude_only]),
            now,
            now,
        ),
    )
    return int(asked.lastrowid or 0)


def restore_next(site: "Site", pace: Pace) -> bool:
    """Work off one restore; False where none is asked for. Raises Closing."""
    asked = site.db().execute("SELECT * FROM progresses WHERE workflow_state = 'queued' ORDER BY id LIMIT 1").fetchone()
    if asked is None:
        return False
    restore = Restore(site, asked, pace)
    try:
        restore()
    except Closing:
        raise
    except Exception:
        logger.exception("restore %s of a practice site failed", asked["id"])
        restore.fail()
    return True


def forget_interrupted(site: "Site") -> None:
    """After a restart: what was at work died with its process, and its import stays `restoring`."""
    for row in site.db().execute("SELECT * FROM progresses WHERE workflow_state = 'running'").fetchall():
        Restore(site, row, Pace(site)).fail()


class Restore:
    """One restore at work."""

    def __init__(self, site: "Site", progress: sqlite3.Row, pace: Pace) -> None:
        self._site = site
        self._db = site.db()
        self._id: int = progress["id"]
        self._batch = Batch(self._db, progress["sis_batch_id"])
        self._modes = Modes(*json.loads(progress["modes"]))
        self._pace = pace
        self._done = 0

    def __call__(self) -> None:
        """Raises Closing."""
        self._note("running", 0)
        self._batch.save(self._now(), workflow_state="restoring")
        kept = moment(self._batch.created_at) + RETENTION > self._site.clock.now()
        total = self._count() if kept else 0
        statistics = count_changes(self._db, self._batch.id)
        for record in TRACKED if total else ():
            statistics[record.__name__]["restored"] = self._restore_all(record, total)
        self._batch.data["statistics"] = statistics
        self._batch.save(self._now(), workflow_state=self._modes.final_state)
        self._note("completed", 100)

    def fail(self) -> None:
        self._note("failed", 0, f"Unexpected error, ID: {self._id}")

    def _count(self) -> int:
        row = self._db.execute(
            f"SELECT count(*) FROM sis_batch_roll_back_data WHERE sis_batch_id = ? AND {self._modes.condition}",
            (self._batch.id,),
        ).fetchone()
        return int(row[0])

    def _restore_all(self, record: type[Record], total: int) -> int:
        """How many items of this type were given their former state."""
        restored, before = 0, _HIGHEST_ID
        while chunk := self._next_chunk(record, before):
            before = chunk[-1]["id"]
            for piece in self._pace.pieces(chunk):
                restored += self._restore(record, piece)
                self._done += len(piece)
                self._note("running", 100 * self._done / total)
        return restored

    def _next_chunk(self, record: type[Record], before: int) -> list[sqlite3.Row]:
        """Newest first, so that of several changes of one item the earliest has the last word."""
        return self._db.execute(
            f"SELECT * FROM sis_batch_roll_back_data WHERE sis_batch_id = ? AND context_type = ? AND id < ? "
            f"AND {self._modes.condition} ORDER BY id DESC LIMIT {_CHUNK}",
            (self._batch.id, record.__name__, before),
        ).fetchall()

    def _restore(self, record: type[Record], chunk: Sequence[sqlite3.Row]) -> int:
        with transaction(self._db):
            refused = {row["id"] for row in chunk if record is Pseudonym and self._is_taken(row)}
            self._db.executemany(
                f"UPDATE {record.TABLE} SET workflow_state = ? WHERE id = ?",
                [(_former_state(record, row), row["context_id"]) for row in chunk if row["id"] not in refused],
            )
            self._db.executemany(
                "UPDATE sis_batch_roll_back_data SET restored = 1 WHERE id = ?", [(row["id"],) for row in chunk]
            )
            self._batch.report([_refusal(row) for row in chunk if row["id"] in refused])
        return len(chunk) - len(refused)

    def _is_taken(self, change: sqlite3.Row) -> bool:
        """Another login has the name by now; two of the same name cannot both be alive."""
        if _former_state(Pseudonym, change) == Pseudonym.DEAD:
            return False
        found = self._db.execute(
            "SELECT 1 FROM pseudonyms mine JOIN pseudonyms other USING (login_key) "
            "WHERE mine.id = ? AND other.id <> mine.id AND other.workflow_state <> 'deleted'",
            (change["context_id"],),
        )
        return found.fetchone() is not None

    def _note(self, state: str, completion: float, message: str | None = None) -> None:
        self._db.execute(
            "UPDATE progresses SET workflow_state = ?, completion = ?, message = ?, updated_at = ? WHERE id = ?",
            (state, completion, message, self._now(), self._id),
        )

    def _now(self) -> str:
        return self._site.clock.text()


def _former_state(record: type[Record], change: sqlite3.Row) -> str:
    before: str = change["previous_workflow_state"]
    return record.DEAD if before == NON_EXISTENT else before


def _refusal(change: sqlite3.Row) -> Message:
    return Message(None, fill(messages.NOT_ROLLED_BACK, {"dump": json.dumps(dict(change))}))
