"""Reading CSV as Canvas does: strict, UTF-8, first line is the header.

Files are read three times (encoding, form, rows), each time as a stream.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from canvas.formats import WHITE_SPACE

# A stray or unclosed quote anywhere makes Canvas refuse the file, and so does a line end of another sort than the first
# that Ruby's CSV meets. Python's own strict mode lets `a"b` and any line end pass.
_FIELD = r'(?:"(?>[^"]|"")*+"|[^",\r\n]*+)'
_LINE_END = re.compile(r"\r\n|\n|\r")

# One field of a practice import may be this long; more is a quote that was never closed.
csv.field_size_limit(16 * 1024 * 1024)


class Unreadable(Exception):
    """Canvas skips the whole file; the text is its failure message."""


class Row(dict[str, str]):
    """The non-empty values of one record, trimmed, by lower-case column name."""

    __slots__ = ("fields", "number")

    def __init__(self, columns: list[str], fields: list[str], number: int) -> None:
        super().__init__(
            {name: value for name, raw in zip(columns, fields, strict=False) if (value := raw.strip(WHITE_SPACE))}
        )
        self.fields = fields
        self.number = number

    @property
    def text(self) -> str:
        """The record as a line of CSV."""
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(self.fields)
        return line.getvalue()


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file whose encoding is sound. `suspect`: it holds quotes or carriage returns, and needs a closer look."""

    path: Path
    suspect: bool

    def headers(self) -> tuple[str, ...] | None:
        """Lower-cased and trimmed; None where the file holds nothing. Raises Unreadable."""
        fields = next(self._records(), None)
        return None if fields is None else tuple(field.strip(WHITE_SPACE).lower() for field in fields)

    def count_rows(self) -> int:
        """How many records follow the header. Raises Unreadable where the form of any is broken."""
        return sum(1 for _ in self._records()) - 1

    def _records(self) -> Iterator[list[str]]:
        return _strict_records(self.path) if self.suspect else _records(self.path)


def open_csv(path: Path) -> CsvFile:
    """Look whether the whole file is UTF-8. Raises Unreadable."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    suspect = False
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(1024 * 1024):
                decoder.decode(chunk)
                suspect = suspect or b'"' in chunk or b"\r" in chunk
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as broken:
        raise Unreadable("Invalid UTF-8") from broken
    return CsvFile(path, suspect)


def rows(path: Path) -> Iterator[Row]:
    """The records below the header, numbered from 2; records without any value are left out.

    A header cell with blanks around it was recognised, but its column reads as empty, as in Canvas.
    """
    records = _records(path)
    columns: list[str] = []
    for name in next(records, []):
        columns.append("" if name.lower() in columns else name.lower())
    for number, fields in enumerate(records, start=2):
        row = Row(columns, fields, number)
        if row:
            yield row


def _records(path: Path) -> Iterator[list[str]]:
    """All records that are not blank lines."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            for fields in csv.reader(stream, strict=True):
                if fields:
                    yield fields
        except csv.Error as broken:
            raise Unreadable("Malformed CSV") from broken


def _strict_records(path: Path) -> Iterator[list[str]]:
    """As `_records`, with quotes and line end of every record looked at."""
    record_of_file = re.compile(rf"{_FIELD}(?:,{_FIELD})*+(?:{_line_end(path)}|\Z)")
    raw: list[str] = []

    def remembered(stream: io.TextIOBase) -> Iterator[str]:
        for line in stream:
            raw.append(line)
            yield line

    with path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            for fields in csv.reader(remembered(stream), strict=True):
                record = "".join(raw)
                raw.clear()
                if not record_of_file.fullmatch(record):
                    raise Unreadable("Malformed CSV")
                if fields:
                    yield fields
        except csv.Error as broken:
            raise Unreadable("Malformed CSV") from broken


def _line_end(path: Path) -> str:
    """The first that is met, be it inside quotes."""
    with path.open(encoding="utf-8", newline="") as stream:
        found = _LINE_END.search(stream.readline())
    return found[0] if found else "\n"
