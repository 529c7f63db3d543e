"""An outcome and its criterion, as they are stored."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.outcomes.rows import insert, update

LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Rating:
    points: float
    description: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """The scale of one outcome; ratings by points, descending."""

    ratings: tuple[Rating, ...]
    mastery_points: float
    points_possible: float | None

    @classmethod
    def of(cls, ratings: Iterable[tuple[float, str]], mastery_points: float | None) -> "Criterion":
        """Mastery is the highest rating where it is not given; without ratings nothing says how many points exist."""
        tiers = sorted(
            (Rating(points, text or "No Comment") for points, text in ratings), key=lambda tier: -tier.points
        )
        highest = tiers[0].points if tiers else None
        mastery = mastery_points if mastery_points is not None else highest or 0.0
        return cls(tuple(tiers), mastery, highest)

    @classmethod
    def load(cls, stored: str) -> "Criterion":
        data = json.loads(stored)
        ratings = tuple(Rating(points, text) for points, text in data["ratings"])
        return cls(ratings, data["mastery_points"], data["points_possible"])

    def dump(self) -> str:
        data = {
            "ratings": [(rating.points, rating.description) for rating in self.ratings],
            "mastery_points": self.mastery_points,
            "points_possible": self.points_possible,
        }
        return json.dumps(data)


DEFAULT_CRITERION = Criterion.of(
    ((5.0, "Exceeds Expectations"), (3.0, "Meets Expectations"), (0.0, "Does Not Meet Expectations")), 3.0
)

# Stored columns in Canvas's own order, which is the order in which it names what changed.
_COLUMNS = (
    "short_description",
    "description",
    "rubric_criterion",
    "workflow_state",
    "vendor_guid",
    "display_name",
    "calculation_method",
    "calculation_int",
)
_NAMES_IN_MESSAGES = {"rubric_criterion": "data"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`short_description` is the title. An outcome without context is global."""

    id: int
    context_type: str | None
    context_id: int | None
    short_description: str
    display_name: str | None
    description: str | None
    vendor_guid: str | None
    calculation_method: str | None
    calculation_int: int | None
    criterion: Criterion
    workflow_state: str
    outcome_import_id: int | None

    @classmethod
    def of(cls, row: sqlite3.Row) -> "Outcome":
        columns = {name: row[name] for name in cls.__slots__ if name != "criterion"}
        stored = row["rubric_criterion"]
        return cls(**columns, criterion=Criterion.load(stored) if stored else DEFAULT_CRITERION)

    @property
    def scale_points(self) -> float:
        """The points that 100 % stands for."""
        return self.criterion.points_possible or self.criterion.mastery_points

    def changed_names(self, other: "Outcome") -> list[str]:
        """Canvas's names of the attributes in which the two differ."""
        mine, others = self.columns(), other.columns()
        return [_NAMES_IN_MESSAGES.get(name, name) for name in _COLUMNS if mine[name] != others[name]]

    def columns(self) -> Mapping[str, Any]:
        """What `save` writes."""
        named = {name: getattr(self, name) for name in _COLUMNS if name != "rubric_criterion"}
        return named | {"rubric_criterion": self.criterion.dump()}

    def complaints(self) -> dict[str, str]:
        """Names that are too long, by attribute."""
        too_long = f"is too long (maximum is {LONGEST_NAME} characters)"
        names = ("short_description", "vendor_guid", "display_name")
        return {name: too_long for name in names if len(getattr(self, name) or "") > LONGEST_NAME}


def load(db: sqlite3.Connection, outcome_id: int) -> Outcome | None:
    row = db.execute("SELECT * FROM learning_outcomes WHERE id = ?", (outcome_id,)).fetchone()
    return row and Outcome.of(row)


def save(db: sqlite3.Connection, outcome: Outcome, now: str) -> int:
    """Write it; an id of 0 makes a new one. The id."""
    values = dict(outcome.columns()) | {"outcome_import_id": outcome.outcome_import_id}
    if outcome.id:
        update(db, "learning_outcomes", outcome.id, **values)
        return outcome.id
    place = {"context_type": outcome.context_type, "context_id": outcome.context_id}
    return insert(db, "learning_outcomes", **place, **values, created_at=now)


def friendly_description(
    db: sqlite3.Connection, outcome_id: int, context_key: tuple[str | None, int | None]
) -> str | None:
    row = db.execute(
        "SELECT description FROM outcome_friendly_descriptions "
        "WHERE learning_outcome_id = ? AND context_type = ? AND context_id = ?",
        (outcome_id, *context_key),
    ).fetchone()
    return row and str(row["description"])


def describe_friendly(db: sqlite3.Connection, outcome_id: int, context_key: tuple[str, int], text: str) -> None:
    """Keep the friendly description that a context gives to an outcome; a blank one removes it."""
    if text.strip():
        db.execute(
            "INSERT OR REPLACE INTO outcome_friendly_descriptions VALUES (?, ?, ?, ?)", (outcome_id, *context_key, text)
        )
    else:
        db.execute(
            "DELETE FROM outcome_friendly_descriptions "
            "WHERE learning_outcome_id = ? AND context_type = ? AND context_id = ?",
            (outcome_id, *context_key),
        )
