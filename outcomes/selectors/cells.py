"""One student's score for one outcome, and the results that it was made from."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np

from outcomes.models import Contributions, Reading
from outcomes.outcome.measured import MeasuredOutcome
from outcomes.rollups.calculation import Result
from outcomes.rollups.contributed import Contributed, Thing
from outcomes.rollups.explaining import is_explained_by, method_sentence, method_words
from outcomes.rollups.sheet import Student
from outcomes.selectors.grid import Cell, Scale, cell_of
from outcomes.selectors.sheets import sheet_of


@dataclass(frozen=True, slots=True)
class Opened:
    """A cell that somebody looks into. `score` is None where there is none yet."""

    student: Student
    outcome: MeasuredOutcome
    cell: Cell
    score: float | None
    hides_points: bool

    @property
    def method(self) -> str:
        return method_words(self.outcome)

    @property
    def sentence(self) -> str:
        return method_sentence(self.outcome)


@dataclass(frozen=True, slots=True)
class Line:
    """One result. `cell` shows its score on the outcome's scale."""

    thing: Thing
    cell: Cell | None
    at: datetime | None


def opened(reading: Reading, *, outcome_id: int, user_id: int) -> Opened | None:
    """None where the course has no such student or outcome."""
    sheet = sheet_of(reading)
    column = sheet.column(outcome_id)
    row = next((place for place, student in enumerate(sheet.students) if student.id == user_id), None)
    if row is None or column is None:
        return None
    score = float(sheet.scores[row, column])
    outcome = sheet.outcomes[column]
    return Opened(
        student=sheet.students[row],
        outcome=outcome,
        cell=cell_of(sheet, row, column, Scale.of(outcome)),
        score=None if np.isnan(score) else score,
        hides_points=bool(sheet.hides_points[row, column] == 1),
    )


def explained(cell: Opened, contributions: Contributions) -> dict[str, Any]:
    """For the template: `lines`, newest first, and whether they come to the score by the outcome's method."""
    if contributions.state != Contributions.State.COMPLETE:
        return {}
    scores = _contributed(contributions.pk, str(contributions.reading.ended_at)).of_student(cell.student.id)
    scale = Scale.of(cell.outcome)
    lines = [
        Line(
            thing=one.thing,
            cell=None if one.score is None else scale.cell(one.score, hides_points=cell.hides_points),
            at=datetime.fromtimestamp(one.time, UTC) if one.time else None,
        )
        for one in scores
    ]
    results = [Result(one.score, one.time) for one in scores]
    return {"lines": lines, "is_explained": is_explained_by(cell.score, results, cell.outcome)}


@lru_cache(maxsize=8)
def _contributed(pk: int, _ended_at: str) -> Contributed:
    """What is complete never changes; `_ended_at` tells readings apart where numbers are given out again."""
    content = Contributions.objects.values_list("content", flat=True).get(pk=pk)
    return Contributed.unpacked(bytes(content or b""))
