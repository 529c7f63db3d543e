"""The record of one import (Canvas's SisBatch) as the workers read and write it."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.importing.options import Options
from sandbox.store.database import transaction

STATES = (
    "initializing",
    "created",
    "importing",
    "cleanup_batch",
    "imported",
    "imported_with_messages",
    "aborted",
    "failed",
    "failed_with_messages",
    "restoring",
    "partially_restored",
    "restored",
)
PENDING = ("initializing", "created")
RUNNING = ("importing", "cleanup_batch")
MOST_MESSAGES = 24


class Aborted(Exception):
    """Somebody ended the import while it was at work."""


@dataclass(frozen=True, slots=True)
class Message:
    """A warning or, with `failure`, an error. `row` counts the header as 1; None: about the whole file or import."""

    file: str | None
    text: str
    failure: bool = False
    row: int | None = None
    row_info: str | None = None


class Batch:
    """An import at work. Reads its state afresh; `data` is kept here and written by `save`."""

    def __init__(self, db: sqlite3.Connection, batch_id: int) -> None:
        """Raises LookupError: there is no such import."""
        row = db.execute("SELECT * FROM sis_batches WHERE id = ?", (batch_id,)).fetchone()
        if row is None:
            raise LookupError(batch_id)
        self.id = batch_id
        self.created_at: str = row["created_at"]
        self.user_id: int | None = row["user_id"]
        self.filename: str = row["filename"]
        self.options = Options(**json.loads(row["options"]))
        self.data: dict[str, Any] = json.loads(row["data"])
        self._db = db

    def stop_if_aborted(self) -> None:
        """Raises Aborted."""
        row = self._db.execute("SELECT workflow_state FROM sis_batches WHERE id = ?", (self.id,)).fetchone()
        if row is None or row["workflow_state"] == "aborted":
            raise Aborted

    def claim(self, now: str) -> None:
        """Take it from the queue."""
        self._db.execute(
            "UPDATE sis_batches SET workflow_state = 'importing', progress = 0, started_at = ?, updated_at = ? "
            "WHERE id = ?",
            (now, now, self.id),
        )

    def advance(self, progress: int, now: str) -> None:
        """Raise the progress, never above 99 and never back."""
        self._db.execute(
            f"UPDATE sis_batches SET progress = ?, updated_at = ? "
            f"WHERE id = ? AND progress < ? AND workflow_state IN {RUNNING}",
            (min(progress, 99), now, self.id, min(progress, 99)),
        )

    def save(self, now: str, **columns: Any) -> None:
        """Write `data` and the given columns."""
        columns |= {"data": json.dumps(self.data), "updated_at": now}
        assignments = ", ".join(f"{name} = ?" for name in columns)
        self._db.execute(f"UPDATE sis_batches SET {assignments} WHERE id = ?", (*columns.values(), self.id))

    def begin_clean_up(self, now: str) -> None:
        """Raises Aborted."""
        with transaction(self._db):
            self.stop_if_aborted()
            self.save(now, workflow_state="cleanup_batch", progress=0)

    def end(self, now: str, state: str, **columns: Any) -> None:
        """Write the final state, unless the import was aborted meanwhile. Raises Aborted."""
        with transaction(self._db):
            self.stop_if_aborted()
            self.save(now, workflow_state=state, ended_at=now, processing=self._processing(), **columns)

    def close_aborted(self, now: str) -> None:
        """The clean-up noticed that it was aborted; an import that was ended by the clean-up itself stays as it is."""
        self._db.execute(
            "UPDATE sis_batches SET progress = 100, ended_at = ?, updated_at = ?, processing = ? "
            "WHERE id = ? AND ended_at IS NULL",
            (now, now, self._processing(), self.id),
        )

    def fail(self, now: str) -> None:
        """Died outside the importers: no end is noted. Raises Aborted."""
        with transaction(self._db):
            self.stop_if_aborted()
            self.save(now, workflow_state="failed")

    def exceed_diffing_threshold(self) -> None:
        self._db.execute("UPDATE sis_batches SET diffing_threshold_exceeded = 1 WHERE id = ?", (self.id,))

    def report(self, messages: list[Message]) -> None:
        add_messages(self._db, self.id, messages)

    def _processing(self) -> str:
        """The first messages as they are put on the import at its end; later ones are not."""
        shown: dict[str, list[list[str | None]]] = {}
        for noun, failure in (("errors", True), ("warnings", False)):
            first = self._db.execute(
                "SELECT file, message FROM sis_batch_errors WHERE sis_batch_id = ? AND failure = ? ORDER BY id LIMIT ?",
                (self.id, failure, MOST_MESSAGES),
            ).fetchall()
            more = self.message_counts()[failure] - len(first)
            if first:
                shown[f"processing_{noun}"] = [list(message) for message in first]
            if more:
                pointer = f"Download the error file to see all {noun}."
                shown[f"processing_{noun}"].append([f"and {more} more {noun} that were not included", pointer])
        return json.dumps(shown)

    def message_counts(self) -> Mapping[bool, int]:
        """How many failures (True) and warnings (False) there are."""
        rows = self._db.execute(
            "SELECT failure, count(*) AS n FROM sis_batch_errors WHERE sis_batch_id = ? GROUP BY failure", (self.id,)
        )
        return {False: 0, True: 0} | {bool(row["failure"]): int(row["n"]) for row in rows}


def add_messages(db: sqlite3.Connection, batch_id: int, messages: list[Message]) -> None:
    db.executemany(
        "INSERT INTO sis_batch_errors (sis_batch_id, failure, file, message, row_number, row_info) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [(batch_id, m.failure, m.file, m.text, m.row, m.row_info) for m in messages],
    )
