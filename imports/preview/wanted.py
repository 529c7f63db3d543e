"""What a row of the file wants an outcome to be, by Canvas's rules about blank cells, scales and methods.

Source: `lib/outcomes/csv_importer.rb`, `lib/outcomes/import.rb`, `app/models/outcome_calculation_method.rb`.
"""

from collections.abc import Mapping
from dataclasses import replace

from imports.check.outcome_numbers import number
from imports.check.outcome_rows import DEFAULT_MASTERY, OutcomeRow
from imports.preview.present import Outcome, Rating

DEFAULT_RATINGS: tuple[Rating, ...] = (
    (5.0, "Exceeds Expectations"),
    (3.0, "Meets Expectations"),
    (0.0, "Does Not Meet Expectations"),
)
USUAL_NUMBERS: Mapping[str, int] = {
    "decaying_average": 65,
    "weighted_average": 65,
    "standard_decaying_average": 65,
    "n_mastery": 5,
}
_NO_COMMENT = "No Comment"


def blank(owner: str) -> Outcome:
    """What a new outcome begins with."""
    return Outcome(0, "", mastery=DEFAULT_MASTERY, ratings=DEFAULT_RATINGS, owner=owner)


def wanted(start: Outcome, row: OutcomeRow, *, columns: frozenset[str], new_average: bool | None) -> Outcome:
    """The outcome `start` as the row would have it. `columns` are those that the file has."""
    outcome = replace(
        start,
        guid=row.guid,
        title=row["title"],
        description=_kept_blank(start.description, row.get("description", "")),
        display_name=_kept_blank(start.display_name, row.get("display_name", "")),
        friendly=row.get("friendly_description", "") if "friendly_description" in columns else start.friendly,
    )
    return _scored(outcome, row, new_average=new_average) if start.has_own_scale else outcome


def _kept_blank(prior: str, given: str) -> str:
    return prior if not prior.strip() and not given.strip() else given


def _scored(outcome: Outcome, row: OutcomeRow, *, new_average: bool | None) -> Outcome:
    method = saved_method(row.get("calculation_method", ""), outcome.method, new_average=new_average)
    given = row.get("calculation_int", "").strip()
    times = int(given) if given.lstrip("+-").isdecimal() else USUAL_NUMBERS.get(method)
    ratings, mastery = _scale(outcome, row)
    return replace(outcome, method=method, number=times, ratings=ratings, mastery=mastery)


def saved_method(given: str, prior: str, *, new_average: bool | None) -> str:
    """What Canvas stores. Where its feature is not known, a blank cell leaves either kind of decaying average alone."""
    if new_average is None:
        decaying = ("decaying_average", "standard_decaying_average")
        if given in ("", "standard_decaying_average"):
            return prior if prior in decaying else "decaying_average"
        return given
    if not given:
        return "standard_decaying_average" if new_average else "decaying_average"
    return (
        "decaying_average" if given == ("weighted_average" if new_average else "standard_decaying_average") else given
    )


def _scale(outcome: Outcome, row: OutcomeRow) -> tuple[tuple[Rating, ...], float | None]:
    """Ratings or mastery points that differ replace the whole scale; mastery points alone leave no ratings behind."""
    ratings = ratings_of(row)
    mastery = number(row["mastery_points"]) if "mastery_points" in row else None
    differs = bool(ratings) and ratings != outcome.ratings
    if not differs and (mastery is None or mastery == outcome.mastery):
        return outcome.ratings, outcome.mastery
    highest = ratings[0][0] if ratings else 0.0
    return ratings, highest if mastery is None else mastery


def ratings_of(row: OutcomeRow) -> tuple[Rating, ...]:
    """By points, descending; a rating without words gets Canvas's."""
    tiers = [(number(points) or 0.0, text[0] if text and text[0] else _NO_COMMENT) for points, *text in row.ratings]
    return tuple(sorted(tiers, key=lambda tier: -tier[0]))


def differences(before: Outcome, after: Outcome, *, with_friendly: bool) -> list[tuple[str, str, str]]:
    """Field, old and new, by the columns of the file. A guid that only spells the id of what had none is no change."""
    changes = [
        ("vendor_guid", before.guid or after.guid, after.guid),
        ("title", before.title, after.title),
        ("description", before.description, after.description),
        ("display_name", before.display_name, after.display_name),
        ("calculation_method", before.method, after.method),
        ("calculation_int", _shown(before.number), _shown(after.number)),
        ("mastery_points", _shown(before.mastery), _shown(after.mastery)),
        ("ratings", shown_ratings(before.ratings), shown_ratings(after.ratings)),
    ]
    if with_friendly:
        changes.append(("friendly_description", before.friendly, after.friendly))
    return [(name, old, new) for name, old, new in changes if old != new]


def shown_ratings(ratings: tuple[Rating, ...]) -> str:
    return ", ".join(f"{_shown(points)} {text}" for points, text in ratings)


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
