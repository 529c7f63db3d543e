"""Small charts as numbers that an SVG is drawn from. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from outcomes.programs.figures import Figures, Scale

WIDTH = 120.0
BELOW = "9AA4B2"
# Where there is no colour of a level: at mastery and below it.
REACHED, MISSED = "03893D", "9AA4B2"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: where it begins and how wide it is, of `WIDTH`; its colour as six hexadecimal digits."""

    x: float
    width: float
    color: str
    name: str
    count: int

    @property
    def percent(self) -> float:
        return 100 * self.width / WIDTH


def bar(figures: Figures, scales: Sequence[Scale]) -> list[Piece]:
    """How scores spread over levels, the highest first; at mastery or not where the scales differ."""
    if figures.scale is not None and any(figures.levels):
        levels = scales[figures.scale].levels
        names = [(level.description, level.color) for level in levels] + [("below the lowest level", BELOW)]
        return _pieces([(name, color, count) for (name, color), count in zip(names, figures.levels, strict=True)])
    missed = figures.judged - figures.mastered
    return _pieces([("at mastery", REACHED, figures.mastered), ("not at mastery", MISSED, missed)])


def _pieces(parts: Sequence[tuple[str, str, int]]) -> list[Piece]:
    whole = sum(count for _, _, count in parts)
    found, x = [], 0.0
    for name, color, count in parts:
        width = WIDTH * count / whole if whole else 0.0
        if count:
            found.append(Piece(round(x, 2), round(width, 2), color, name, count))
        x += width
    return found


@dataclass(frozen=True, slots=True)
class Dot:
    """A value over time. `share` is 0 to 1; a dot is drawn the larger, the more students it stands for."""

    x: float
    y: float
    radius: float
    name: str
    share: float
    students: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Dots from left to right and the lines between neighbours, on a field of `width` x `height`."""

    dots: tuple[Dot, ...]
    lines: tuple[str, ...]
    names: tuple[tuple[float, str], ...]
    width: float
    height: float


_TREND_WIDTH, _TREND_HEIGHT, _EDGE = 640.0, 180.0, 84.0
_LETTER = 6.5  # how wide one is about, in the names below the field


def trend(values: Sequence[tuple[str, Figures]]) -> Trend:
    """Share at mastery by term, in time. Where there is nothing to show no dot stands, and no line goes across.

    Of many terms not all are named, so that names do not run into each other; the latest is.
    """
    step = (_TREND_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)
    widest = _LETTER * (max((len(name) for name, _ in values), default=0) + 2)
    named_every, latest = max(1, ceil(widest / step)), len(values) - 1
    most = max((one.students for _, one in values), default=0)
    dots: list[Dot | None] = []
    for place, (name, one) in enumerate(values):
        if one.share is None:
            dots.append(None)
            continue
        radius = 3 + 4 * (one.students / most) ** 0.5 if most else 3
        x, y = _EDGE + place * step, _height(one.share)
        dots.append(Dot(round(x, 1), round(y, 1), round(radius, 1), name, one.share, one.students))
    pairs = ((left, right) for left, right in pairwise(dots) if left and right)
    return Trend(
        dots=tuple(dot for dot in dots if dot),
        lines=tuple(f"M{left.x} {left.y}L{right.x} {right.y}" for left, right in pairs),
        names=tuple(
            (round(_EDGE + place * step, 1), name)
            for place, (name, _) in enumerate(values)
            if (latest - place) % named_every == 0
        ),
        width=_TREND_WIDTH,
        height=_TREND_HEIGHT,
    )


def _height(share: float) -> float:
    return 16 + (1 - share) * (_TREND_HEIGHT - 48)
