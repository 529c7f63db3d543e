"""Reading the CSVs of an upload as Canvas reads them: trimmed cells, no blank rows, rows numbered from the header.

Only what `check.survey` found sound is read here.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import compress
from typing import IO

import numpy as np

from canvas.formats import WHITE_SPACE, SisKind

# Python's csv module refuses longer cells; Canvas has no such limit. The survey takes no longer record for sound.
csv.field_size_limit(32 * 1024 * 1024)

# (file, row as Canvas numbers it): the header is row 1.
Place = tuple[str, int]
Cells = tuple[str | None, ...]
Lines = np.typing.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Csv:
    """One CSV that Canvas can read. `open` gives its bytes anew each time."""

    name: str
    kind: SisKind
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    size: int = 0

    def header(self) -> list[str]:
        """The names of the columns, lower-cased."""
        with self.open() as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            return [cell.lower() for cell in next(filter(None, csv.reader(text)), [])]

    def records(self) -> Iterator[list[str]]:
        """The rows below the header, as they are. Blank lines are none; rows of empty cells are."""
        with self.open() as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            rows = filter(None, csv.reader(text))
            next(rows, None)
            yield from rows

    def without_repeats(self) -> "Csv":
        """Of lines that are the same the last alone, as Canvas keeps them. Reads the file. Raises `OSError`."""
        kept = _last_of_each(self.open)
        return replace(self, open=lambda: _only(self.open, kept))


@dataclass(frozen=True, slots=True)
class Rows:
    """What is to be applied of one file: its columns, and the cells of each row in that order."""

    name: str
    kind: SisKind
    columns: Sequence[str]
    cells: Iterable[Cells]

    def wanted(self, refused: frozenset[Place], *, skip_deletes: bool) -> Iterator[Cells]:
        """The rows that Canvas applies as far as is known beforehand."""
        status = self.columns.index("status") if "status" in self.columns else None
        for number, cells in enumerate(self.cells, 2):
            if not any(cells):
                continue
            if refused and (self.name, number) in refused:
                continue
            if skip_deletes and status is not None and "deleted" in (cells[status] or "").lower():
                continue
            yield cells


def rows_of(source: Csv) -> Rows:
    """All rows of a file, with the columns that Canvas knows."""
    header = source.header()
    known = {column.name for column in source.kind.columns}
    places = {name: header.index(name) for name in header if name in known}
    return Rows(source.name, source.kind, tuple(places), picked(source.records(), list(places.values())))


def picked(records: Iterable[Sequence[str]], places: Sequence[int]) -> Iterator[Cells]:
    """The cells at these places, trimmed; empty ones and ones that a short row lacks are None."""
    width = max(places, default=-1) + 1
    for record in records:
        full = record if len(record) >= width else [*record, *[""] * (width - len(record))]
        yield tuple([full[place].strip(WHITE_SPACE) or None for place in places])


def _last_of_each(opened: Callable[[], AbstractContextManager[IO[bytes]]]) -> Lines:
    """Which lines of a file are kept. Needs some 50 bytes of memory for each, for a moment."""
    with opened() as file:
        hashes = np.fromiter((hash(line.rstrip(b"\r\n")) for line in file), np.int64)
    _, places = np.unique(hashes[::-1], return_index=True)
    kept = np.zeros(len(hashes), np.bool_)
    kept[len(hashes) - 1 - places] = True
    return kept


@contextmanager
def _only(opened: Callable[[], AbstractContextManager[IO[bytes]]], kept: Lines) -> Iterator[IO[bytes]]:
    with opened() as file, tempfile.TemporaryFile() as copy:
        copy.writelines(compress(file, kept))
        copy.seek(0)
        yield copy
