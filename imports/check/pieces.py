"""A CSV as a stream of pieces: a few thousand records each, cut into cells all at once.

This knows nothing of Canvas. It relies on `survey` having found the quotation marks and line ends of the file sound.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import IO, TypeAlias

import numpy as np
import numpy.typing as npt

from canvas.formats import WHITE_SPACE
from imports.check.hashing import WORD, Hashes, Ints, Mask, hash_cells, hash_text, words_of

Bytes: TypeAlias = npt.NDArray[np.uint8]

CHUNK = 1024 * 1024
# A record that goes on for longer has a quotation mark that was never closed; it must not fill the memory.
LONGEST_RECORD = 16 * CHUNK
QUOTE, COMMA, LF, CR = b'",\n\r'

_WHITE = np.zeros(256, np.bool_)
_WHITE_BYTES = WHITE_SPACE.encode()
_WHITE[list(_WHITE_BYTES)] = True
_USUAL_SPACES = 32
_HOLDS = ~_WHITE
_HOLDS[list(b'",')] = False
_MAY_NEED_TRIMMING = (b'"', b" ", b"\t", b"\v", b"\f")


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written: bytes to skip at its start, how its lines end, what separates its cells.

    `blank_lines`: they are records too.
    """

    skip: int = 0
    newline: bytes = b"\n"
    separator: int = COMMA
    blank_lines: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records, ended by line feeds; `line` is the physical line of the first, from 1."""

    data: bytes
    line: int


def blocks(stream: IO[bytes], form: Form) -> Iterator[Block]:
    """The file in blocks of about `CHUNK` bytes. A line end inside quotation marks ends no record."""
    stream.read(form.skip)
    carry, line = b"", 1
    while fresh := stream.read(CHUNK):
        data = carry + (fresh.replace(b"\r", b"\n") if form.newline == b"\r" else fresh)
        cut = last_record_end(data) or (len(data) if len(data) > LONGEST_RECORD else 0)
        if cut:
            yield Block(data[:cut], line)
            # Quicker than `bytes.count` where what is counted is frequent.
            line += int(np.count_nonzero(np.frombuffer(data, np.uint8, cut) == LF))
        carry = data[cut:]
    if carry:
        yield Block(carry + (b"\r\n" if form.newline == b"\r\n" else b"\n"), line)


def last_record_end(data: bytes) -> int:
    """Where the last whole record ends; 0 where none does."""
    if b'"' not in data:
        return data.rfind(b"\n") + 1
    buffer = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(buffer == LF)
    outside = np.searchsorted(np.flatnonzero(buffer == QUOTE), ends) % 2 == 0
    whole = ends[outside]
    return int(whole[-1]) + 1 if whole.size else 0


class Column:
    """The cells of one column, without quotation marks and outer spaces."""

    def __init__(self, data: bytes, buffer: Bytes, starts: Ints, ends: Ints, *, plain: bool = False) -> None:
        """`plain`: there is nothing in the data that would have to be taken off."""
        self.data = data
        self.buffer = buffer
        self.starts, self.ends = starts, ends
        self._escaped = False
        if not plain:
            self._unquote()
            self._trim()

    def __len__(self) -> int:
        return self.starts.size

    @cached_property
    def empty(self) -> Mask:
        empty: Mask = self.starts == self.ends
        return empty

    @cached_property
    def hash(self) -> Hashes:
        hashed = hash_cells(words_of(self.data), self.starts, self.ends)
        if self._escaped:
            for row in self._with_doubled_quotes():
                hashed[row] = hash_text(self.text(row))
        return hashed

    @cached_property
    def lowered_hash(self) -> Hashes:
        """The number of the text in small letters, as far as they are ASCII."""
        return Column(self.data.lower(), self.buffer, self.starts, self.ends, plain=True).hash

    @property
    def lengths(self) -> Ints:
        """In bytes."""
        return self.ends - self.starts

    def text(self, row: int) -> str:
        text = self.raw(row).decode(errors="surrogateescape")
        return text.replace('""', '"') if self._escaped else text

    def raw(self, row: int) -> bytes:
        """The cell as it is written, but for outer quotation marks and spaces."""
        return self.data[self.starts[row] : self.ends[row]]

    def joined(self, rows: Ints) -> bytes:
        """The raw cells of some rows, with a line feed behind each."""
        starts, lengths = self.starts[rows], self.lengths[rows] + 1
        behind = np.cumsum(lengths)
        places = np.repeat(starts - behind + lengths, lengths) + np.arange(int(lengths.sum()))
        joined = self.buffer[places]
        joined[behind - 1] = LF
        return joined.tobytes()

    def texts(self, rows: Ints) -> list[str]:
        data = self.data
        bounds = zip(self.starts[rows].tolist(), self.ends[rows].tolist(), strict=True)
        texts = [data[start:end].decode(errors="surrogateescape") for start, end in bounds]
        return [text.replace('""', '"') for text in texts] if self._escaped else texts

    def _unquote(self) -> None:
        quoted = (self.starts < self.ends) & (self.buffer[self.starts] == QUOTE)
        self.starts = self.starts + quoted
        self.ends = self.ends - quoted
        self._escaped = bool(quoted.any()) and b'""' in self.data

    def _trim(self) -> None:
        """A byte at a time, of all cells together; cells with more white space than is usual are left to the last."""
        for _ in range(_USUAL_SPACES):
            lead = (self.starts < self.ends) & _WHITE[self.buffer[self.starts]]
            self.starts = self.starts + lead
            trail = (self.starts < self.ends) & _WHITE[self.buffer[self.ends - 1]]
            self.ends = self.ends - trail
            if not (lead.any() or trail.any()):
                return
        for row in np.flatnonzero(lead | trail):
            cell = self.raw(int(row))
            self.starts[row] += len(cell) - len(cell.lstrip(_WHITE_BYTES))
            self.ends[row] = self.starts[row] + len(cell.strip(_WHITE_BYTES))

    def _with_doubled_quotes(self) -> list[int]:
        doubled = np.flatnonzero((self.buffer[:-1] == QUOTE) & (self.buffer[1:] == QUOTE))
        inside = np.searchsorted(doubled, self.ends - 1) > np.searchsorted(doubled, self.starts)
        return [int(row) for row in np.flatnonzero(inside)]


class Piece:
    """The records of a block; `starts` and `ends` are where they lie in `data`, without their line ends."""

    starts: Ints
    ends: Ints
    _first: Ints  # of each record, the place of its first separator among all, and of its last, the line end
    _last: Ints

    def __init__(self, block: Block, form: Form, first_record: int) -> None:
        self.data = block.data + bytes(WORD)
        self.buffer = np.frombuffer(self.data, np.uint8)
        self._line = block.line
        self._crlf = form.newline == b"\r\n"
        self._plain = not any(sign in self.data for sign in _MAY_NEED_TRIMMING)
        self._find_cells(form.separator, len(block.data))
        if not form.blank_lines:
            self._drop_blank_lines()
        self.first_record = first_record

    def __len__(self) -> int:
        return int(self.starts.size)

    @property
    def records(self) -> range:
        return range(self.first_record, self.first_record + len(self))

    def header_only(self) -> "Piece":
        """The first record of this piece."""
        return self._part(slice(0, 1), self.first_record)

    def without_header(self) -> "Piece":
        """This piece, the first of a file, from its second record on."""
        return self._part(slice(1, None), self.first_record + 1)

    def _part(self, rows: slice, first_record: int) -> "Piece":
        part = copy(self)
        part.first_record = first_record
        part.keep(rows)
        return part

    def keep(self, rows: slice | Mask) -> None:
        """Forget the other records."""
        self.starts, self.ends = self.starts[rows], self.ends[rows]
        self._first, self._last = self._first[rows], self._last[rows]

    def cell_counts(self) -> Ints:
        counts: Ints = self._last - self._first + 1
        return counts

    def count_filled(self) -> int:
        """How many records hold anything but separators, quotation marks and white space."""
        places = np.flatnonzero(_HOLDS[self.buffer])
        return int(np.count_nonzero(np.searchsorted(places, self.starts) < np.searchsorted(places, self.ends)))

    def line(self, row: int) -> int:
        return self._line + self.data.count(b"\n", 0, int(self.starts[row]))

    def lines(self) -> list[int]:
        """`line` of every row: for who wants them all, since each alone is counted from the beginning."""
        found: list[int] = (self._line + np.searchsorted(np.flatnonzero(self.buffer == LF), self.starts)).tolist()
        return found

    def cell(self, index: int) -> Column:
        """The cells of the column with this place, from 0; empty in rows that are too short, and for place -1."""
        if index < 0:
            nothing = np.zeros(len(self), np.int64)
            return Column(self.data, self.buffer, nothing, nothing, plain=True)
        at = self._first + index
        exists = at <= self._last
        if exists.all():
            starts = self.starts if index == 0 else self._separators[at - 1] + 1
            return Column(self.data, self.buffer, starts, self._ends_of(at), plain=self._plain)
        at = np.minimum(at, self._last)
        starts = np.where(exists, self._separators[np.maximum(at - 1, 0)] + 1, 0)
        ends = np.where(exists, self._ends_of(at), 0)
        return Column(self.data, self.buffer, starts, ends, plain=self._plain)

    def fields(self, row: int) -> list[str]:
        """All cells of one row, also those beyond the header, as they are written but for the quotation marks."""
        return [_unquoted(cell) for cell in self.raw_cells(row)]

    def raw_cells(self, row: int) -> list[bytes]:
        """All cells of one row as they are written."""
        bounds = [int(self.starts[row]) - 1, *map(int, self._separators[self._first[row] : self._last[row]])]
        ends = [*bounds[1:], int(self.ends[row])]
        return [self.data[start + 1 : end] for start, end in zip(bounds, ends, strict=True)]

    def cells_or_nothing(self, row: int) -> list[str | None]:
        """As `fields`, with None where nothing is written, not even quotation marks; no cells in a blank line."""
        cells = self.raw_cells(row)
        return [_unquoted(cell) if cell else None for cell in cells] if cells != [b""] else []

    def raw(self, row: int) -> bytes:
        """The row as it is written, without its line end."""
        return self.data[self.starts[row] : self.ends[row]]

    def _find_cells(self, separator: int, size: int) -> None:
        found = self.buffer[:size] == separator
        found |= self.buffer[:size] == LF
        if b'"' in self.data:
            found &= np.cumsum(self.buffer[:size] == QUOTE, dtype=np.int32) % 2 == 0
        self._separators: Ints = np.flatnonzero(found)
        self._last = np.flatnonzero(self.buffer[self._separators] == LF)
        self._first = np.concatenate((np.zeros(1, np.int64), self._last + 1))[: self._last.size]
        self.ends = self._ends_of(self._last)
        self.starts = np.concatenate((np.zeros(1, np.int64), self._separators[self._last] + 1))[: self._last.size]

    def _drop_blank_lines(self) -> None:
        filled = self.starts < self.ends
        if not filled.all():
            self.keep(filled)

    def _ends_of(self, at: Ints) -> Ints:
        ends: Ints = self._separators[at]
        if self._crlf:
            ends = ends - ((self.buffer[ends] == LF) & (ends > 0) & (self.buffer[ends - 1] == CR))
        return ends


def _unquoted(raw: bytes) -> str:
    if raw[:1] == b'"':
        raw = raw[1:-1].replace(b'""', b'"')
    return raw.decode(errors="surrogateescape")


def pieces(stream: IO[bytes], form: Form) -> Iterator[Piece]:
    """The file from its first record, the header among them, which has number 1."""
    record = 1
    for block in blocks(stream, form):
        piece = Piece(block, form, record)
        if len(piece):
            yield piece
        record += len(piece)
