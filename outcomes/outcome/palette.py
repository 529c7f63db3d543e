"""The colours that Canvas gives to levels which have none of their own, where it is asked for them. Pure.

Lists of outcomes come without colours; the rule is that of `add_defaults` in Canvas.
"""

import re
from collections.abc import Sequence

BLUE, GREEN, YELLOW, ORANGE, RED, GREY = "2B7ABC", "03893D", "FAB901", "D97900", "E62429", "555555"
# By the number of levels and the place of the one that is mastery.
_PALETTES = {
    (1, 0): (GREEN,),
    (2, 0): (GREEN, GREY),
    (2, 1): (GREEN, GREY),
    (3, 0): (GREEN, YELLOW, GREY),
    (3, 1): (BLUE, GREEN, GREY),
    (3, 2): (GREEN, YELLOW, GREY),
    (4, 0): (GREEN, YELLOW, RED, GREY),
    (4, 1): (BLUE, GREEN, YELLOW, GREY),
    (4, 3): (GREEN, YELLOW, RED, GREY),
    (5, 1): (BLUE, GREEN, YELLOW, RED, GREY),
    (6, 1): (BLUE, GREEN, YELLOW, ORANGE, RED, GREY),
}
_COLOR = re.compile(r"[0-9A-Fa-f]{6}")


def colors(points: Sequence[float], mastery: float | None, given: Sequence[str]) -> tuple[str, ...]:
    """Six hexadecimal digits for each level, best first, or empty text; what is given and is a colour stays."""
    kept = tuple(color if _COLOR.fullmatch(color) else "" for color in given)
    palette = _PALETTES.get((len(points), mastery_place(points, mastery)), ("",) * len(points))
    return tuple(own or default for own, default in zip(kept, palette, strict=True))


def mastery_place(points: Sequence[float], mastery: float | None) -> int:
    """The place of the level that stands for mastery, as Canvas marks it where none has exactly its points."""
    if mastery in points:
        return points.index(mastery)
    return 0 if len(points) <= 4 else 1
