"""Tables as CSV files that a spreadsheet opens without running anything that a cell says."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.http import StreamingHttpResponse

BOM = "\ufeff"
ROWS_PER_PIECE = 500
# A spreadsheet would drop leading zeros, round more than 15 digits, or read a power of ten or a date.
_CHANGES_IN_A_SPREADSHEET = re.compile(r"0\d+|\d{16,}|\d+[eE]\d+|\d+\.\d*|\d+[-/.]\d+([-/.]\d+)?")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """Hands back what `csv.writer` writes to it."""

    def write(self, text: str) -> str:
        return text


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A download that is written while it is read: UTF-8 with a byte-order mark, times in ISO 8601, formula-safe."""
    response = StreamingHttpResponse(_pieces(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def safe_cell(value: object) -> object:
    """What a cell shows. Text that a spreadsheet would take for a formula gets a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value


def text_cell(identifier: str) -> str:
    """An id as text: one that a spreadsheet would change into another number gets a leading apostrophe."""
    return f"'{identifier}" if _CHANGES_IN_A_SPREADSHEET.fullmatch(identifier) else identifier


def _pieces(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    piece = [BOM, writer.writerow(header)]
    for row in rows:
        piece.append(writer.writerow([safe_cell(cell) for cell in row]))
        if len(piece) >= ROWS_PER_PIECE:
            yield "".join(piece)
            piece.clear()
    yield "".join(piece)
