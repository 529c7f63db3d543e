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
    return _sheet(reading.pk, str(reading.ended_at))


@lru_cache(maxsize=_KEPT)
def _sheet(pk: int, _ended_at: str) -> Sheet:
    """`_ended_at` tells readings apart where a database was made anew and gives out the same numbers again."""
    reading = Reading.objects.get(pk=pk)
    pages = reading.pages.order_by("number").values_list("content", flat=True)
    return Sheet.joined([MeasuredOutcome.from_json(one) for one in reading.outcomes], map(bytes, pages))
