"""What Canvas inherits from the language it is written in: how numbers round, and how values look in messages."""

import json
import math
from collections.abc import Iterable

# Beyond this a double has no decimals left to round.
_WHOLE = 2.0**59


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
