"""Readings as a worker would have left them, for tests of pages that only read."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from django.utils import timezone

from accounts.models import CanvasAccount
from imports.models import Course
from outcomes.models import Reading
from outcomes.outcome.measured import Level, MeasuredOutcome
from outcomes.rollups.sheet import Sheet, Student

LEVELS = (Level("Exceeds", 4.0, "2B7ABC"), Level("Mastery", 3.0, "03893D"), Level("Beginning", 0.0, "555555"))
NOTHING = None  # no result
UNREACHED = "unreached"  # results, no score

Score = float | str | None
Line = tuple[Student, Sequence[Score]]


def outcome(number: int, title: str = "", **fields: object) -> MeasuredOutcome:
    values = {"levels": LEVELS, "mastery": 3.0, "points_possible": 4.0, "method": "highest", "path": ("Unit",)}
    return MeasuredOutcome(id=number, title=title or f"Outcome {number}", **(values | fields))  # type: ignore[arg-type]


def student(number: int, name: str = "", *places: tuple[int, str], sis_id: str = "") -> Student:
    """`name` as family name; in section 1 and active unless `places` says otherwise."""
    family = name or f"Student {number:04}"
    return Student(number, f"Ada {family}", f"{family}, Ada", sis_id, "", places or ((1, "active"),))


def course_of(canvas_account: CanvasAccount, canvas_id: int = 77, name: str = "Biology") -> Course:
    return Course.objects.create(canvas_account=canvas_account, canvas_id=canvas_id, name=name, course_code="BIO")


def keep(
    course: Course,
    outcomes: Sequence[MeasuredOutcome],
    rows: Iterable[Line],
    *,
    hides: bool = False,
    sections: Mapping[int, str] | None = None,
    **fields: object,
) -> Reading:
    """A complete reading with these students and their scores, outcome by outcome."""
    lines = list(rows)
    sheet = Sheet.blank(outcomes, [one for one, _ in lines])
    for row, (_, scores) in enumerate(lines):
        for column, score in enumerate(scores):
            sheet.counts[row, column] = 0 if score is NOTHING else 2
            sheet.scores[row, column] = score if isinstance(score, int | float) else np.nan
    sheet.hides_points[:] = int(hides)
    reading = Reading.objects.create(
        course=course,
        state=Reading.State.COMPLETE,
        began_at=timezone.now(),
        ended_at=timezone.now(),
        students=len(lines),
        outcome_count=len(outcomes),
        outcomes=[one.as_json() for one in outcomes],
        sections={str(number): name for number, name in (sections or {}).items()},
        **fields,
    )
    reading.pages.create(number=1, content=sheet.packed())
    return reading
