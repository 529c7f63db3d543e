"""One outcome import from start to end."""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.importing.slices import Closing, Pace
from sandbox.outcomes import contexts, flags
from sandbox.outcomes.importing.groups import import_group
from sandbox.outcomes.importing.outcomes import import_outcome
from sandbox.outcomes.importing.parsing import GROUP, BadRow, parse
from sandbox.outcomes.importing.place import Place
from sandbox.outcomes.importing.reading import BadFile, Cell, CsvFile, Header
from sandbox.outcomes.rows import insert, update
from sandbox.store.database import transaction

if TYPE_CHECKING:
    from sandbox.site import Site

CRASHED = "An unexpected error has occurred: see error report {report}"

_BATCH = 1000

logger = logging.getLogger(__name__)

Numbered = tuple[int, list[Cell]]


def upload_path(site: "Site", import_id: int) -> Path:
    return site.files / "outcome_imports" / str(import_id)


class Run:
    """Works on an import that was claimed from the queue."""

    def __init__(self, site: "Site", row: sqlite3.Row, pace: Pace) -> None:
        self._site = site
        self._import = row
        self._pace = pace

    def __call__(self) -> None:
        """Whatever happens, the import ends in a state; only Closing is left to the caller."""
        try:
            self._apply()
            self._set(workflow_state="succeeded", progress=100)
        except Closing:
            raise
        except (BadFile, sqlite3.DatabaseError) as bad:
            self._fail(f"Database error ({bad})" if isinstance(bad, sqlite3.DatabaseError) else str(bad))
        except Exception:
            logger.exception("outcome import %s of a practice site failed", self._import["id"])
            self._fail(CRASHED.format(report=1000 + self._import["id"]))

    def _apply(self) -> None:
        """Raises BadFile, Closing."""
        file = CsvFile(upload_path(self._site, self._import["id"]))
        records = file.records()
        header = Header.of(next(records)[1])
        place = self._place(header)
        size = _BATCH - 1  # the first batch holds the header too
        while batch := list(islice(records, size)):
            for piece in self._pace.pieces(batch):
                self._apply_rows(place, header, piece)
                self._set(progress=min(100 * piece[-1][0] // file.lines, 100))
            size = _BATCH

    def _place(self, header: Header) -> Place:
        db = self._site.db()
        context = contexts.context(db, self._import["context_type"], self._import["context_id"])
        if context is None:
            raise LookupError("the context of the import was deleted")
        return Place(
            db=db,
            context=context,
            import_id=self._import["id"],
            target_id=self._import["learning_outcome_group_id"],
            indirect=header.reaches_other_contexts,
            now=self._site.clock.text(),
            new_decaying_average=flags.is_on(db, "outcomes_new_decaying_average_calculation"),
        )

    def _apply_rows(self, place: Place, header: Header, rows: Sequence[Numbered]) -> None:
        with transaction(place.db):
            for number, cells in rows:
                for message in _apply_row(place, header, cells):
                    self._note(number, message, failure=False)

    def _note(self, row: int, message: str, *, failure: bool) -> None:
        insert(
            self._site.db(),
            "outcome_import_errors",
            outcome_import_id=self._import["id"],
            row=row,
            message=message,
            failure=failure,
        )

    def _fail(self, message: str) -> None:
        """The progress stays where it was."""
        with transaction(self._site.db()):
            self._note(1, message, failure=True)
            self._set(workflow_state="failed")

    def _set(self, **columns: object) -> None:
        update(self._site.db(), "outcome_imports", self._import["id"], **columns, updated_at=self._site.clock.text())


def _apply_row(place: Place, header: Header, cells: list[Cell]) -> Iterator[str]:
    """The complaints about a row; none when it was applied."""
    try:
        row = parse(header, cells)
        if row is not None:
            (import_group if row.kind == GROUP else import_outcome)(place, row)
    except BadRow as bad:
        yield from bad.messages
