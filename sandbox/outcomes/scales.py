"""Proficiency scales and calculation methods of accounts and courses, and the colours of ratings."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sandbox.outcomes import contexts
from sandbox.outcomes.contexts import Context

Json = dict[str, Any]

SCALE, METHOD = "proficiency", "calculation_method"

# Points, description, whether it is mastery, colour.
_DEFAULT = (
    (4.0, "Exceeds Mastery", False, "0374B5"),
    (3.0, "Mastery", True, "0B874B"),
    (2.0, "Near Mastery", False, "FAB901"),
    (1.0, "Below Mastery", False, "D97900"),
    (0.0, "No Evidence", False, "E0061F"),
)

_BLUE, _GREEN, _YELLOW, _ORANGE, _RED, _GREY = "2B7ABC", "03893D", "FAB901", "D97900", "E62429", "555555"
# Number of ratings, and place of the one that is mastery.
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


@dataclass(frozen=True, slots=True)
class Proficiency:
    """A scale and the context it comes from; ratings are JSON with points, description, mastery and colour."""

    ratings: tuple[Json, ...]
    context_type: str
    context_id: int

    @property
    def points_possible(self) -> float:
        return float(self.ratings[0]["points"])

    @property
    def mastery_points(self) -> float:
        return next(float(rating["points"]) for rating in self.ratings if rating["mastery"])


@dataclass(frozen=True, slots=True)
class MethodChoice:
    method: str
    number: int | None


def stored(db: sqlite3.Connection, start: Context, kind: str) -> tuple[Any, Context] | None:
    """The nearest setting on the way up from a context, and where it was found."""
    for context in contexts.chain(db, start):
        row = db.execute(
            "SELECT data FROM outcome_scales WHERE context_type = ? AND context_id = ? AND kind = ?",
            (*context.key, kind),
        ).fetchone()
        if row is not None:
            return json.loads(row["data"]), context
    return None


def keep(db: sqlite3.Connection, context: Context, kind: str, data: Any) -> None:
    db.execute("INSERT OR REPLACE INTO outcome_scales VALUES (?, ?, ?, ?)", (*context.key, kind, json.dumps(data)))


def proficiency(db: sqlite3.Connection, context: Context) -> Proficiency:
    """The scale that holds in a context; where nobody set one, Canvas's own for the root account."""
    found = stored(db, context, SCALE)
    if found is not None:
        ratings, owner = found
        return Proficiency(tuple(ratings), *owner.key)
    names = ("points", "description", "mastery", "color")
    ratings = tuple(dict(zip(names, rating, strict=True)) for rating in _DEFAULT)
    return Proficiency(ratings, *contexts.chain(db, context)[-1].key)


def method(db: sqlite3.Connection, context: Context) -> MethodChoice | None:
    """The calculation method that a course or an account above it has set."""
    found = stored(db, context, METHOD)
    return None if found is None else MethodChoice(found[0]["calculation_method"], found[0]["calculation_int"])


def complaints(ratings: Sequence[Json]) -> list[str]:
    """What Canvas says against a new scale; ratings in the order given."""
    if not ratings:
        return ["Missing required ratings"]
    said = []
    if sum(1 for rating in ratings if rating["mastery"]) != 1:
        said.append("Exactly one rating can have mastery")
    points = [float(rating["points"]) for rating in ratings]
    said += [
        f"Points should be strictly decreasing: {left} <= {right}" for left, right in pairwise(points) if left <= right
    ]
    return said


def with_defaults(ratings: Sequence[Json], mastery_points: float) -> list[Json]:
    """Ratings of an outcome with the flag of mastery and a colour, as `add_defaults` asks for; colours stay."""
    place = _mastery_place([rating["points"] for rating in ratings], mastery_points)
    palette = _PALETTES.get((len(ratings), place), ())
    marked = [{**rating, "mastery": number == place} for number, rating in enumerate(ratings)]
    return [{"color": palette[number], **rating} if palette else rating for number, rating in enumerate(marked)]


def _mastery_place(points: Sequence[float], mastery_points: float) -> int:
    if mastery_points in points:
        return points.index(mastery_points)
    return 0 if len(points) <= 4 else 1
