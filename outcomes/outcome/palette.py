"""The colours that Canvas gives to levels which have none of their own, where it is asked for them. Pure.

Lists of outcomes come without colours; the rule is that of `add_defaults` in Canvas.
"""

import re
from collections.abc import Sequence

_BLUE, _GREEN, _YELLOW, _ORANGE, _RED, _GREY = "2B7ABC", "03893D", "FAB901", "D97900", "E62429", "555555"
# By the number of levels and the place of the one that is mastery.
_PALETTES = {
    (1, 0): (_GREEN,),
    (2, 0): (_GREEN, _GREY),
    (2, 1): (_GREEN, _GREY),
    (3, 0): (_GREEN, _YELLOW, _GREY),
    (3, 1): (_BLUE, _GREEN, _GREY),
    (3, 2): (_GREEN, _YELLOW, _GREY),
    (4, 0): (_GREEN, _YELLOW, _RED, _GREY),
    (4, 1): (_BLUE, _GREEN, _YELLOW, _GREY),
    (4, 3): (_GREEN, _YELLOW, _RED, _GREY),
    (5, 1): (_BLUE, _GREEN, _YELLOW, _RED, _GREY),
    (6, 1): (_BLUE, _GREEN, _YELLOW, _ORANGE, _RED, _GREY),
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
