"""Where outcomes are aligned and assessed, as far as courses have been read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from django.db.models import Count, Max

from accounts.models import CanvasAccount
from outcomes.models import Reading
from outcomes.selectors.sheets import sheet_of


@dataclass(frozen=True, slots=True)
class Use:
    """An outcome in one course: what it is aligned with there, by name and by what it is (`assignment_12`)."""

    course_pk: int
    course_canvas_id: int
    course: str
    reading_pk: int
    alignments: tuple[str, ...]
    assets: tuple[str, ...]

    @property
    def things(self) -> list[tuple[str, str]]:
        """(name, address below the course's, empty where there is none)."""
        known = self.assets or ("",) * len(self.alignments)
        return [(readable(name), _address(asset)) for name, asset in zip(self.alignments, known, strict=True)]


Uses = Mapping[int, tuple[Use, ...]]


def _address(asset: str) -> str:
    kind, _, number = asset.rpartition("_")
    return f"assignments/{number}" if kind == "assignment" and number.isdecimal() else ""


def readable(name: str) -> str:
    """The name of an aligned thing; Canvas names no quiz that is aligned through its question bank."""
    kind, _, number = name.rpartition("_")
    return f"{kind.replace('_', ' ').capitalize()} {number}" if kind and number.isdecimal() else name


def uses_of(canvas_account: CanvasAccount) -> Uses:
    """By outcome: the courses that were read and have it. Kept in memory until a course is read again."""
    complete = Reading.objects.filter(course__canvas_account=canvas_account, state=Reading.State.COMPLETE)
    seen = complete.aggregate(count=Count("pk"), newest=Max("pk"), ended=Max("ended_at"))
    return _uses(canvas_account.pk, str(seen))


@lru_cache(maxsize=32)
def _uses(canvas_account_pk: int, _seen: str) -> Uses:
    """`_seen` changes whenever a reading comes or goes."""
    complete = Reading.objects.filter(course__canvas_account=canvas_account_pk, state=Reading.State.COMPLETE)
    rows = complete.order_by("course__name", "course_id", "-pk").values_list(
        "pk", "course_id", "course__canvas_id", "course__name", "outcomes"
    )
    found: dict[int, list[Use]] = {}
    done: set[int] = set()
    for pk, course_pk, course_canvas_id, name, outcomes in rows.iterator(chunk_size=50):
        if course_pk in done:  # an earlier reading of the same course
            continue
        done.add(course_pk)
        for one in outcomes:
            assets = tuple(one.get("assets", ()))
            use = Use(course_pk, course_canvas_id, name, pk, tuple(one["alignments"]), assets)
            found.setdefault(one["id"], []).append(use)
    return MappingProxyType({outcome_id: tuple(uses) for outcome_id, uses in found.items()})


def courses_read(canvas_account: CanvasAccount) -> int:
    """How many courses have a complete reading."""
    complete = Reading.objects.filter(course__canvas_account=canvas_account, state=Reading.State.COMPLETE)
    return complete.values("course").distinct().count()


@dataclass(frozen=True, slots=True)
class Assessed:
    """An outcome in a course: how many students have a result for it, and of how many."""

    use: Use
    reading: Reading
    with_result: int
    students: int


def assessed_in(outcome_id: int, uses: Sequence[Use]) -> list[Assessed]:
    """The courses of an outcome with their counts; give it no more of them than a page shows."""
    readings = Reading.objects.in_bulk([use.reading_pk for use in uses])
    found = []
    for use in uses:
        reading = readings.get(use.reading_pk)
        if reading is not None:
            counts, students = _counts(reading.pk, str(reading.ended_at))
            found.append(Assessed(use, reading, counts.get(outcome_id, 0), students))
    return found


@lru_cache(maxsize=2000)
def _counts(reading_pk: int, _ended_at: str) -> tuple[Mapping[int, int], int]:
    """Students with a result by outcome, and students in all. Small, so that many courses fit where sheets do not."""
    sheet = sheet_of(Reading.objects.get(pk=reading_pk))
    with_result = (sheet.counts > 0).sum(axis=0)
    return {one.id: int(with_result[place]) for place, one in enumerate(sheet.outcomes)}, len(sheet.students)
