"""A first pass over a file: can Canvas read it at all? Where not, the place of the first thing wrong, and what it is.

Canvas reads the whole file before its first row, with Ruby's strict CSV: one bad byte or stray quotation mark anywhere
and the file is skipped. Ruby takes the first line end that it meets for that of the file and refuses any other.
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import numpy as np

from imports.check.encodings import MARK, guess, utf16_of
from imports.check.hashing import Ints
from imports.check.pieces import COMMA, CR, LF, QUOTE, Block, Form, blocks
from imports.check.sources import Source

HEAD = 64 * 1024
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError)

_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Fault(Exception):
    """Why Canvas skips the file; `rule` is its id, `line` physical, 0 where it is no matter of a line."""

    rule: str
    line: int = 0
    value: str = ""


def fault_of(broken: Exception) -> Fault:
    """What one of `UNREADABLE` says of a file in an archive."""
    return Fault("file.locked" if "password" in str(broken) else "file.damaged")


def form_of(source: Source, *, semicolons: bool = False) -> Form:
    """How the file seems to be written, by its beginning. `semicolons`: they may be its separators.

    Raises Fault where it cannot be opened, or is UTF-16.
    """
    try:
        with source.open() as stream:
            head = stream.read(HEAD)
    except UNREADABLE as broken:
        raise fault_of(broken) from broken
    if rule := _utf16(head, source):
        raise Fault(rule, 1)
    skip = len(MARK) if head.startswith(MARK) else 0
    first_end = _LINE_END.search(head)
    newline = first_end[0] if first_end else b"\n"
    header = head.partition(newline)[0]
    separator = ord(";") if semicolons and header.count(b";") > header.count(b",") else COMMA
    return Form(skip, newline, separator)


def _utf16(head: bytes, source: Source) -> str:
    """Without a mark and with ASCII alone it passes for UTF-8, and Canvas complains of its header."""
    codec = utf16_of(head)
    if not codec:
        return ""
    passes = codec != "utf-16" and guess(source, unmarked=False) == "utf-8"
    return "file.utf-16-unmarked" if passes else "file.utf-16"


def survey(source: Source, form: Form, on_bytes: Callable[[int], None], *, utf8: bool = True) -> None:
    """Look through the whole file. Raises Fault for the first thing that makes Canvas skip it: bytes before form.

    `utf8`: every byte must belong to a character.
    """
    try:
        with source.open() as stream:
            fault = _look_through(stream, form, on_bytes, utf8=utf8)
    except UNREADABLE as broken:
        raise fault_of(broken) from broken
    if fault:
        if fault.rule == "file.not-utf-8":
            raise _named_encoding(source, fault)
        raise fault


def _look_through(stream: IO[bytes], form: Form, on_bytes: Callable[[int], None], *, utf8: bool) -> Fault | None:
    """A byte that is not UTF-8 counts before anything wrong in the form, wherever it is."""
    found: Fault | None = None
    for block in blocks(stream, form):
        if utf8 and (bad := _bad_byte(block)):
            return bad
        found = found or _form_fault(block, form)
        on_bytes(len(block.data))
    return found


def is_sound(block: Block, form: Form) -> bool:
    """Whether one block, looked at alone, has nothing that would make Canvas skip the file."""
    return not (_bad_byte(block) or _form_fault(block, form))


def _bad_byte(block: Block) -> Fault | None:
    try:
        block.data.decode()
    except UnicodeDecodeError as bad:
        line = block.line + block.data.count(b"\n", 0, bad.start)
        return Fault("file.not-utf-8", line, f"byte {block.data[bad.start]:#04x}")
    return None


def _form_fault(block: Block, form: Form) -> Fault | None:
    if b'"' not in block.data:
        return _line_end_fault(block, form, None)
    buffer = np.frombuffer(block.data, np.uint8)
    quotes = np.flatnonzero(buffer == QUOTE)
    faults = [_quote_fault(block, form, buffer, quotes), _line_end_fault(block, form, quotes)]
    return min(filter(None, faults), key=lambda fault: fault.line, default=None)


def _quote_fault(block: Block, form: Form, buffer: np.typing.NDArray[np.uint8], quotes: Ints) -> Fault | None:
    """Opening marks begin a cell or follow a closing one (a doubled mark); closing ones end a cell or are doubled."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = buffer[opening - 1]
    stray = (opening > 0) & (before != form.separator) & (before != LF) & (before != QUOTE)
    after = buffer[np.minimum(closing + 1, buffer.size - 1)]
    tail = (after != form.separator) & (after != LF) & (after != QUOTE) & (after != CR)
    places = [
        (int(marks[bad][0]), rule)
        for marks, bad, rule in ((opening, stray, "file.stray-quote"), (closing, tail, "file.text-after-quote"))
        if bad.any()
    ]
    if quotes.size % 2:
        places.append((int(quotes[-1]), "file.unclosed-quote"))
    if not places:
        return None
    place, rule = min(places)
    return Fault(rule, block.line + block.data.count(b"\n", 0, place), _surroundings(block.data, place))


def _line_end_fault(block: Block, form: Form, quotes: Ints | None) -> Fault | None:
    """Only what is outside quotation marks ends lines."""
    crlf = form.newline == b"\r\n"
    if b"\r" not in block.data and not crlf:
        return None
    pairs = block.data.count(b"\r\n")
    if crlf and pairs == block.data.count(b"\r") == block.data.count(b"\n"):
        return None
    wrong = rb"\r(?!\n)|(?<!\r)\n" if crlf else rb"\r"
    for found in re.finditer(wrong, block.data):
        place = found.start()
        if quotes is None or np.searchsorted(quotes, place) % 2 == 0:
            return Fault("file.mixed-line-ends", block.line + block.data.count(b"\n", 0, place), "")
    return None


def _surroundings(data: bytes, place: int) -> str:
    line = data[data.rfind(b"\n", 0, place) + 1 :].partition(b"\n")[0][:200]
    return line.decode(errors="replace").rstrip("\r")


def _named_encoding(source: Source, fault: Fault) -> Fault:
    rule = {"cp1252": "file.windows-1252"}.get(guess(source), fault.rule)
    return Fault(rule, fault.line, fault.value)
