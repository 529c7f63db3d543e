"""The records of an outcomes CSV. Such files are small: they are read row by row, and rows are kept."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import replace

from imports.check.outcome_rows import Cell, OutcomeRow
from imports.check.pieces import Form, pieces
from imports.check.sources import Source
from imports.check.survey import Fault, form_of
from imports.storable import storable

RATINGS = "ratings"
Record = tuple[int, int, list[Cell]]
"""Physical line, number as Canvas counts, from 1 for the header, and cells."""


def outcome_form(source: Source) -> Form:
    """How the file is written. Blank lines count as records. Raises `Fault`."""
    return replace(form_of(source, semicolons=True), blank_lines=True)


def all_records(source: Source, form: Form) -> Iterator[Record]:
    """Every record, the header first."""
    with source.open() as stream:
        for piece in pieces(stream, form):
            for row, (record, line) in enumerate(zip(piece.records, piece.lines(), strict=True)):
                yield line, record, piece.cells_or_nothing(row)


def records(source: Source, form: Form) -> Iterator[Record]:
    """The header, and the records below it that hold anything; Canvas skips the others."""
    for found in all_records(source, form):
        if found[1] == 1 or any(cell and cell.strip() for cell in found[2]):
            yield found


def lines_of(source: Source, numbers: Collection[int]) -> dict[int, str]:
    """Some records as lines of CSV, by Canvas's number; none of a file that cannot be read. Raises `OSError`."""
    try:
        found = {number: cells for _, number, cells in records(source, outcome_form(source)) if number in numbers}
    except Fault:
        return {}
    return {number: _line(cells) for number, cells in found.items()}


def _line(cells: list[Cell]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="").writerow(cells)
    return storable(line.getvalue()).rstrip(",")


def named(header: list[Cell]) -> list[Cell]:
    """The headers before the ratings; the cells below them have names, those behind are ratings."""
    return header[: header.index(RATINGS)] if RATINGS in header else header


def rows(source: Source, form: Form) -> Iterator[tuple[int, OutcomeRow]]:
    """The number and content of every row below a sound header."""
    names: list[str] = []
    for _, number, cells in records(source, form):
        if number == 1:
            names = [name or "" for name in named(cells)]
        else:
            yield number, OutcomeRow(names, cells)
