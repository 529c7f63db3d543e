"""Rounding as Canvas rounds: halves away from zero, by the decimal that was meant. Pure.

Python rounds 3.625 to 3.62, Canvas to 3.63. A double is seldom the decimal that it stands for: 2.675 is a little less,
and still 2.68 to Canvas, because 2.675 is what a half reads as there.
"""

import math

_WHOLE = 2.0**52  # from here on a double has no decimals


def rounded(value: float, digits: int = 2) -> float:
    """Infinite values and those too large for decimals stay as they are."""
    scale, size = 10.0**digits, abs(value)
    if not math.isfinite(value) or size * scale >= _WHOLE:
        return value
    whole = math.floor(size * scale)
    if size * scale - whole >= 0.5 or (whole + 0.5) / scale <= size:
        whole += 1
    return math.copysign(whole / scale, value)
