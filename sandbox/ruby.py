"""What Canvas inherits from the language it is written in: how it reads and rounds numbers, and shows values."""

import json
import math
import re
from collections.abc import Iterable

_TRUE = frozenset("yes y true t on 1".split())
# As long as Python reads numbers, and longer than anything that means one.
_INTEGER = re.compile(r"\s*([+-]?[0-9]{1,1000})")
_DECIMAL = re.compile(r"\s*([+-]?[0-9]{1,300}(?:\.[0-9]{1,300})?)")

# Beyond this a double has no decimals left to round.
_WHOLE = 2.0**59


def integer(text: str) -> int:
    """The whole number at the beginning of a text, as its `to_i` reads it; 0 where there is none."""
    found = _INTEGER.match(text)
    return int(found[1]) if found else 0


def decimal(text: str) -> float:
    """The number at the beginning of a text, as its `to_f` reads it; 0 where there is none."""
    found = _DECIMAL.match(text)
    return float(found[1]) if found else 0.0


def truth(text: str | None) -> bool:
    """Canvas's reading of a boolean: a word for yes, else whether the number at the beginning is another than 0."""
    word = (text or "").strip().lower()
    return word in _TRUE or integer(word) != 0


def rounded(value: float, digits: int = 2) -> float:
    """Half away from zero, and by the decimal that was meant: 3.625 is 3.63 and 2.675 is 2.68."""
    if abs(value) >= _WHOLE or not math.isfinite(value):
        return value
    scale = 10.0**digits
    size = abs(value)
    whole = math.floor(size * scale + 0.5)
    if (whole + 0.5) / scale <= size:
        whole += 1
    return math.copysign(whole / scale, value)


def mean(values: Iterable[float]) -> float:
    """Summed without the loss that plain addition of many doubles has."""
    numbers = list(values)
    return math.fsum(numbers) / len(numbers)


def listed(names: Iterable[str]) -> str:
    """A list as its `inspect` writes it: `["title", "vendor_guid"]`."""
    return json.dumps(list(names), ensure_ascii=False)


def inspected(text: str) -> str:
    """A text whose bytes are not all UTF-8, as its `inspect` writes it: `"caf\\xE9"`.

    The offending bytes are lone surrogates, as Python's `surrogateescape` reads them.
    """
    return '"' + "".join(map(_inspected_character, text)) + '"'


def _inspected_character(character: str) -> str:
    if 0xDC80 <= ord(character) <= 0xDCFF:
        return f"\\x{ord(character) - 0xDC00:02X}"
    return json.dumps(character, ensure_ascii=False)[1:-1]
