"""What a file that is not UTF-8 seems to be, and the same file as UTF-8."""

import codecs
import re
from collections.abc import Iterator
from typing import IO

from imports.check.sources import Source

MARK = codecs.BOM_UTF8
_CHUNK = 1024 * 1024
_SAMPLE = 4 * _CHUNK

# What real text in Windows-1252 has beyond ASCII: letters, quotation marks, dashes. Five bytes are undefined.
_WORDLIKE = re.compile(
    "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0160\u0161\u017d\u017e\u0152\u0153\u0178\u2013-\u201d\u2026\u20ac]"
)


def guess(source: Source, *, unmarked: bool = True) -> str:
    """The codec's name: `utf-8`, `utf-16`, `utf-16-le`, `utf-16-be`, `utf-32`, `cp1252`; empty where none fits.

    Without `unmarked`, UTF-16 is none that fits unless a mark says so.
    """
    with source.open() as stream:
        sample = stream.read(_SAMPLE)
        # The mark of the one begins like that of the other.
        if sample.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return "utf-32"
        codec = utf16_of(sample)
        return codec if codec == "utf-16" or (codec and unmarked) else _guess_of_bytes(sample, stream)


def utf16_of(sample: bytes) -> str:
    """The codec of a file that begins so, by its mark, or where every second byte is NUL but for a few foreign letters.

    Empty where it is not UTF-16.
    """
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    first, second = sample[0:1000:2], sample[1:1000:2]
    if len(sample) > 3 and 10 * second.count(0) > 7 * len(second) and not first.count(0):
        return "utf-16-le"
    if len(sample) > 3 and 10 * first.count(0) > 7 * len(first) and not second.count(0):
        return "utf-16-be"
    return ""


def _guess_of_bytes(sample: bytes, stream: IO[bytes]) -> str:
    """The first foreign letter may be far behind the beginning: the sample in which UTF-8 ends decides."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    while sample:
        try:
            decoder.decode(sample)
        except UnicodeDecodeError:
            return "cp1252" if _is_windows_1252(sample) else ""
        sample = stream.read(_SAMPLE)
    return "utf-8" if not decoder.getstate()[0] else ""


def _is_windows_1252(sample: bytes) -> bool:
    """Mostly letters, and not mostly UTF-8 into which a few stray bytes have come."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    high = [letter for letter in text if ord(letter) > 127]
    likely = sum(1 for letter in high if _WORDLIKE.match(letter))
    as_utf8 = sum(1 for letter in sample.decode(errors="ignore") if ord(letter) > 127)
    return 2 * likely >= len(high) and 4 * as_utf8 < len(high)


def converted(source: Source) -> Iterator[bytes]:
    """The file as UTF-8, in pieces. Raises ValueError where its encoding is not known."""
    codec = guess(source)
    if not codec:
        raise ValueError("no encoding fits this file")
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    with source.open() as stream:
        while chunk := stream.read(_CHUNK):
            yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()
