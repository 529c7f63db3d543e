"""Sheets out of the database, kept in memory for the next click: a complete reading never changes."""

from functools import lru_cache

from outcomes.measured import MeasuredOutcome
from outcomes.models import Reading
from outcomes.sheet import Sheet

# A sheet of 5,000 students and 200 outcomes takes 21 MiB.
_KEPT = 6


def sheet_of(reading: Reading) -> Sheet:
    """The sheet of a complete reading."""
    if reading.state != Reading.State.COMPLETE:
        raise ValueError("only complete readings are shown")
    return _sheet(reading.pk, str(reading.ended_at), tuple(reading.order))


@lru_cache(maxsize=_KEPT)
def _sheet(pk: int, _ended_at: str, order: tuple[int, ...]) -> Sheet:
    """`_ended_at` tells readings apart where a database was made anew and gives out the same numbers again."""
    reading = Reading.objects.get(pk=pk)
    pages = reading.pages.order_by("number").values_list("content", flat=True)
    sheet = Sheet.joined([MeasuredOutcome.from_json(one) for one in reading.outcomes], map(bytes, pages))
    return _ordered(sheet, order) if order else sheet


def _ordered(sheet: Sheet, order: tuple[int, ...]) -> Sheet:
    """Outcomes that the order does not name come last, as in Canvas."""
    wanted = {outcome_id: place for place, outcome_id in enumerate(order)}
    places = range(len(sheet.outcomes))
    return sheet.with_columns(sorted(places, key=lambda place: wanted.get(sheet.outcomes[place].id, len(wanted))))
