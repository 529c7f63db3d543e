"""The records of an outcomes CSV. Such files are small: they are read row by row, and rows are kept."""

import csv
import io
from collections.abc import Collection, Iterator

from imports.check.outcome_rows import OutcomeRow
from imports.check.pieces import Form
from imports.check.sources import Source
from imports.check.survey import Fault, form_of

Record = tuple[int, int, list[str]]
"""Physical line, number as Canvas counts, from 1 for the header, and cells."""


def records(source: Source, form: Form) -> Iterator[Record]:
    """Every record that holds anything. Blank ones are counted, and lines inside of cells are not, as Canvas does it.

    Bytes that are not UTF-8 become lone surrogates. The file must have been surveyed.
    """
    with source.open() as stream:
        stream.read(form.skip)
        text = io.TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="")
        reader = csv.reader(text, delimiter=chr(form.separator))
        before = 0
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                yield before + 1, number, cells
            before = reader.line_num


def lines_of(source: Source, numbers: Collection[int]) -> dict[int, str]:
    """Some records as lines of CSV, by Canvas's number; none of a file that cannot be read. Raises `OSError`."""
    try:
        found = {
            number: cells for _, number, cells in records(source, form_of(source, semicolons=True)) if number in numbers
        }
    except (Fault, csv.Error):
        return {}
    return {number: _line(cells) for number, cells in found.items()}


def _line(cells: list[str]) -> str:
    """Stray bytes and NUL characters as signs, because PostgreSQL's text takes neither."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue().replace("\x00", "\N{SYMBOL FOR NULL}").encode(errors="replace").decode().rstrip(",")


def names_of(header: list[str]) -> list[str]:
    """The columns of the header, without the blank ones behind the ratings."""
    return [name for name in header if name]


def rows(source: Source, form: Form) -> Iterator[tuple[int, OutcomeRow]]:
    """The number and content of every row below a sound header."""
    names: list[str] = []
    for _, number, cells in records(source, form):
        if not names:
            names = names_of(cells)
        else:
            yield number, OutcomeRow(names, cells)
