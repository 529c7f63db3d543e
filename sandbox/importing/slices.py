"""Applying rows: in slices, each in one transaction, at the pace of the site."""

import math
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from sandbox.importing.batch import Batch, add_messages
from sandbox.importing.kinds import IMPORTERS
from sandbox.importing.kinds.base import Slice
from sandbox.importing.prepare import Csv
from sandbox.importing.reader import Row, rows
from sandbox.store.database import transaction
from sandbox.store.session import Session

if TYPE_CHECKING:
    from sandbox.site import Site

T = TypeVar("T")

IMMEDIATE_ROWS = 49
_PIECES_PER_SECOND = 4
_LARGEST_SLICE = 1000


class Closing(Exception):
    """The site is being closed; the import stays as it is."""


class Pace:
    """Holds the work back to the speed of the site, which may change while it is going on."""

    def __init__(self, site: "Site", closing: Event | None = None) -> None:
        self._site = site
        self._closing = closing or Event()
        self._due = time.monotonic()

    def pieces(self, items: Sequence[T], most: int = _LARGEST_SLICE) -> Iterator[Sequence[T]]:
        """The items in pieces of a quarter of a second, each handed out when it may be worked on. Raises Closing."""
        start = 0
        while start < len(items):
            rate = self._site.speed.rows_per_second
            size = min(most, max(1, math.ceil(rate / _PIECES_PER_SECOND))) if rate else most
            piece = items[start : start + size]
            start += len(piece)
            self._wait_for(len(piece), rate)
            yield piece

    def _wait_for(self, items: int, rate: float | None) -> None:
        now = time.monotonic()
        self._due = max(self._due, now) + (items / rate if rate else 0)
        if self._closing.wait(max(0, self._due - now)):
            raise Closing


def slice_size(total_rows: int) -> int:
    return min(max(math.ceil(total_rows / 99), 100), _LARGEST_SLICE)


class Application:
    """Applies the CSVs of one import."""

    def __init__(self, site: "Site", batch: Batch, pace: Pace, csvs: Sequence[Csv]) -> None:
        self._site = site
        self._batch = batch
        self._pace = pace
        self._csvs = csvs
        self._immediate = sum(csv.rows for csv in csvs) <= IMMEDIATE_ROWS
        self._slice_size = slice_size(sum(csv.rows for csv in csvs))
        self._all_slices = sum(math.ceil(csv.rows / self._slice_size) for csv in csvs)
        self._done_slices = 0

    @property
    def immediate(self) -> bool:
        return self._immediate

    def run(self) -> None:
        """Apply everything, kind by kind. Raises Aborted, Closing."""
        for csv in self._csvs:
            if csv.rows:
                self._apply_file(csv)
                self._complete(csv)

    def _apply_file(self, csv: Csv) -> None:
        remaining = rows(csv.path)
        counts = self._batch.data["counts"]
        while part := list(islice(remaining, self._slice_size)):
            for piece in self._pace.pieces(part):
                counts[csv.kind.plural] += self._apply(csv, piece)
            self._done_slices += 1
            if not self._immediate:
                self._batch.advance(round(100 * self._done_slices / self._all_slices), self._site.clock.text())

    def _apply(self, csv: Csv, piece: Sequence[Row]) -> int:
        """How many of the rows succeeded. Raises Aborted."""
        file = csv.name if self._immediate else PurePosixPath(csv.name).name
        now = self._site.clock.text()
        with transaction(self._site.db()) as db:
            self._batch.stop_if_aborted()
            session = Session(db, self._batch.id)
            work = Slice(session, self._batch.options, now, self._batch.user_id)
            succeeded = IMPORTERS[csv.kind.name](work, file).run(piece)
            session.flush()
            add_messages(db, self._batch.id, work.messages)
        return succeeded

    def _complete(self, csv: Csv) -> None:
        """Note a finished file; larger imports save their counts whenever a kind is through."""
        done: list[str] = self._batch.data["completed_importers"]
        if self._immediate or csv.kind.name not in done:
            done.append(csv.kind.name)
        if not self._immediate:
            self._batch.save(self._site.clock.text())
