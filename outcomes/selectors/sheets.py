"""Sheets out of the database, kept in memory for the next click: a complete reading never changes."""

from dataclasses import dataclass, field
from functools import lru_cache

from outcomes.models import Reading
from outcomes.outcome.measured import MeasuredOutcome
from outcomes.rollups.sheet import Sheet

# A sheet of 5,000 students and 200 outcomes takes 21 MiB.
_KEPT = 6


@dataclass(frozen=True, slots=True)
class _Content:
    """What tells sheets apart: a reading that brought no news shares the sheet of the one before it."""

    course: int
    told_by: str
    order: tuple[int, ...]
    reading: int = field(compare=False)


def sheet_of(reading: Reading) -> Sheet:
    """The sheet of a complete reading."""
    if reading.state != Reading.State.COMPLETE:
        raise ValueError("only complete readings are shown")
    # The time where there is no hash: a database that was made anew gives out the same numbers again.
    told_by = reading.content_hash or f"{reading.pk} of {reading.ended_at}"
    return _sheet(_Content(reading.course_id, told_by, tuple(reading.order), reading.pk))


@lru_cache(maxsize=_KEPT)
def _sheet(content: _Content) -> Sheet:
    reading = Reading.objects.get(pk=content.reading)
    pages = reading.pages.order_by("number").values_list("content", flat=True)
    sheet = Sheet.joined([MeasuredOutcome.from_json(one) for one in reading.outcomes], map(bytes, pages))
    return _ordered(sheet, content.order) if content.order else sheet


def _ordered(sheet: Sheet, order: tuple[int, ...]) -> Sheet:
    """Outcomes that the order does not name come last, as in Canvas."""
    wanted = {outcome_id: place for place, outcome_id in enumerate(order)}
    places = range(len(sheet.outcomes))
    return sheet.with_columns(sorted(places, key=lambda place: wanted.get(sheet.outcomes[place].id, len(wanted))))
