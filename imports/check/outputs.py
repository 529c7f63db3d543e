"""Files that follow from a check, as streams: the upload without what Canvas would refuse, and what it would."""

import csv
import io
from collections.abc import Iterator

from imports.check.engine import CheckedFile
from imports.check.hashing import WORD
from imports.check.pieces import Piece, pieces
from imports.check.rules import RULES
from imports.check.verdicts import Verdict

PROBLEM = "problem"
# A spreadsheet runs a cell that begins so; an apostrophe before it makes it text.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cleaned(file: CheckedFile) -> Iterator[bytes]:
    """The file without refused rows, and with the cells empty that Canvas cannot read and takes for empty.

    Nothing for a file that Canvas refuses as a whole.
    """
    if file.refused or not file.kind:
        return
    newline = b"\r\n" if file.form.newline == b"\r\n" else b"\n"
    for header, piece in _split(file):
        if header is not None:
            yield header.raw(0) + newline
        verdict = file.verdicts.of_piece.get(piece.first_record)
        if verdict is None and header is None:
            yield piece.data[:-WORD]
        elif len(piece):
            yield b"".join(_kept(piece, verdict, newline))


def refused_rows(file: CheckedFile) -> Iterator[bytes]:
    """The rows that Canvas would refuse, each with why in a column of its own, safe to open in a spreadsheet.

    What a row has beyond the header comes after that column.
    """
    names: list[str] = []
    for header, piece in _split(file):
        if header is not None:
            names = header.fields(0)
            yield _line([*map(safe, names), PROBLEM])
        verdict = file.verdicts.of_piece.get(piece.first_record)
        if verdict is not None and verdict.refusals is not None:
            for row in verdict.refusals.nonzero()[0]:
                rule = RULES[verdict.refused_by(int(row))]
                fields = list(map(safe, piece.fields(int(row))))
                fields += [""] * (len(names) - len(fields))
                yield _line([*fields[: len(names)], f"{rule.cause} {rule.cure}", *fields[len(names) :]])


def _split(file: CheckedFile) -> Iterator[tuple[Piece | None, Piece]]:
    """The pieces below the header, the first with a piece that begins with the header."""
    with file.source.open() as stream:
        for piece in pieces(stream, file.form):
            yield (piece.header_only(), piece.without_header()) if piece.first_record == 1 else (None, piece)


def _kept(piece: Piece, verdict: Verdict | None, newline: bytes) -> Iterator[bytes]:
    for row in range(len(piece)):
        if verdict is None:
            yield piece.raw(row) + newline
        elif not verdict.refused_by(row):
            emptied = verdict.emptied_columns(row)
            yield _without(piece.fields(row), emptied, newline) if emptied else piece.raw(row) + newline


def _without(fields: list[str], emptied: list[int], newline: bytes) -> bytes:
    return _line(["" if place in emptied else field for place, field in enumerate(fields)], newline)


def _line(fields: list[str], newline: bytes = b"\n") -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator=newline.decode()).writerow(fields)
    return line.getvalue().encode(errors="surrogateescape")


def safe(field: str) -> str:
    return f"'{field}" if field.startswith(_STARTS_A_FORMULA) else field
