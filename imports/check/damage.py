"""What happens to files on their way through spreadsheets, joins and encodings. Canvas says nothing about it.

Every look begins with a sign that a sound piece has nowhere, so that it costs next to nothing.
"""

import re
from collections.abc import Callable

import numpy as np

from imports.check.encodings import MARK
from imports.check.hashing import WORD, Ints, hash_text
from imports.check.rows import Rows

_SPREADSHEET_ERROR = re.compile(r"#(REF|VALUE|DIV/0|NULL|NUM|NAME|N/A|SPILL|CALC)[!?]?")
_EXPONENT = re.compile(r"[+-]?\d+([.,]\d+)?E[+-]\d+", re.IGNORECASE)
INVISIBLE = re.compile("[\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]")
# Letters of UTF-8 that were read as Windows-1252, and the mark that stands for what could not be read at all.
_GARBLED = re.compile(
    "Ã[\u0080-\u00bf\u20ac\u2018-\u201d\u2020-\u2026\u0152\u0153\u0160\u0161\u0178\u017d\u017e]|â€|\ufffd"
)
_CONTROL_BUT_NUL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WORDS = {"status", "role", "type"}


def _is_id(column: str) -> bool:
    """Ids, and words that Canvas compares to the letter; names and titles may look as they like."""
    return column.endswith("_id") or column in _WORDS


def _any_column(_column: str) -> bool:
    return True


_NOWHERE = np.zeros(0, np.int64)

# Rule, what stands in every cell that breaks it, the text that breaks it, the columns that it is about.
_LOOKS: tuple[tuple[str, tuple[bytes, ...], re.Pattern[str], Callable[[str], bool]], ...] = (
    ("cell.spreadsheet-error", (b"#",), _SPREADSHEET_ERROR, _any_column),
    ("cell.spreadsheet-number", (b"+",), _EXPONENT, _is_id),
    (
        "cell.invisible-character",
        (b"\xc2\xa0", b"\xe1\x9a", b"\xe2\x80", b"\xe2\x81", b"\xe3\x80\x80", b"\xef\xbb\xbf"),
        INVISIBLE,
        _is_id,
    ),
    ("cell.garbled-text", (b"\xc3\x83", b"\xc3\xa2\xe2\x82\xac", b"\xef\xbf\xbd"), _GARBLED, _any_column),
)


def look_for_damage(rows: Rows) -> None:
    _ragged(rows)
    _repeated_header(rows)
    ascii_only = rows.piece.data.isascii()
    if not ascii_only:
        _mark_in_the_middle(rows)
    for rule, signs, text, concerns in _LOOKS:
        places = _NOWHERE if ascii_only and not signs[0].isascii() else _places(rows, signs)
        if places.size:
            for name in filter(concerns, _read_columns(rows)):
                _report(rows, rule, name, places, text)
    _control_characters(rows)


def _mark_in_the_middle(rows: Rows) -> None:
    if MARK in rows.piece.data:
        mask = np.zeros(len(rows), np.bool_)
        mask[[row for row in range(len(rows)) if rows.piece.raw(row).startswith(MARK)]] = True
        rows.report("file.stray-mark", mask)


def _read_columns(rows: Rows) -> list[str]:
    known = {column.name for column in rows.kind.columns}
    return [name for name in rows.header if name in known]


def _places(rows: Rows, signs: tuple[bytes, ...]) -> Ints:
    """Where one of the signs begins; in order."""
    buffer = rows.piece.buffer
    found = [_NOWHERE]
    for sign in signs:
        if sign[:1] in rows.piece.data:
            places = np.flatnonzero(buffer == sign[0])
            for offset, byte in enumerate(sign[1:], 1):
                places = places[buffer[places + offset] == byte]
            found.append(places)
    return np.sort(np.concatenate(found)) if len(found) > 1 else _NOWHERE


def _report(rows: Rows, rule: str, name: str, places: Ints, text: re.Pattern[str]) -> None:
    """Cells that hold one of the places and match: the whole of it for what spreadsheets write, a part for the rest."""
    column = rows.column(name)
    near = np.flatnonzero(np.searchsorted(places, column.starts) < np.searchsorted(places, column.ends))
    whole = text in (_SPREADSHEET_ERROR, _EXPONENT)
    matches = text.fullmatch if whole else text.search
    rows.report(rule, rows.those(near, name, matches), name)


def _control_characters(rows: Rows) -> None:
    buffer = rows.piece.buffer[:-WORD]
    places = np.flatnonzero((buffer < 32) & (buffer != ord("\n")) & (buffer != ord("\r")) | (buffer == 127))
    if places.size:
        # Among users there is a rule for NUL, which refuses the row.
        text = _CONTROL_BUT_NUL if rows.kind.name == "user" else _CONTROL
        for name in _read_columns(rows):
            _report(rows, "cell.control-character", name, places, text)


def _ragged(rows: Rows) -> None:
    counts = rows.piece.cell_counts()
    width = len(rows.header)
    if (counts != width).any():
        rows.report("row.short", counts < width)
        rows.report("row.long", counts > width)


def _repeated_header(rows: Rows) -> None:
    """As where files were joined; with a byte-order mark before it where each file had one."""
    first = next(filter(None, rows.header), "")
    header = rows.column(first).hash == np.uint64(hash_text(first))
    if header.any():
        rows.report("row.header-repeated", header, first)
