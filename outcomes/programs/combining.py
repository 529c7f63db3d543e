"""Scores of many courses put together: every score counts, or only each student's latest. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from outcomes.rollups.sheet import Mask, Sheet

Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]

UNJUDGED = -1


@dataclass(frozen=True)
class ScoredCells:
    """Every score of every student, one place each in all arrays: whose it is, of which course and outcome.

    `outcome` and `scale` are places in lists kept elsewhere. `time` are seconds since 1970 of the latest result, 0
    where Canvas gives none. `mastered` is 1, 0, or `UNJUDGED` where Canvas says no mastery. `course` ascends in the
    order in which courses decide ties. `row` is the place of the student in the sheet of the course.
    """

    student: Numbers
    course: Numbers
    row: Numbers
    outcome: Numbers
    score: npt.NDArray[np.float64]
    time: Numbers
    scale: Numbers
    mastered: Numbers
    hides_points: Mask

    def __len__(self) -> int:
        return len(self.student)

    def at(self, places: Places) -> Self:
        return type(self)(*(values[places] for values in self.arrays()))

    def arrays(self) -> Iterator[Any]:
        """In the order of the fields."""
        return (getattr(self, name) for name in self.__dataclass_fields__)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        return cls(*(np.concatenate(arrays) for arrays in zip(*(part.arrays() for part in parts), strict=True)))


def scored_cells(sheet: Sheet, *, course: int, outcomes: Mapping[int, int], scales: Sequence[int]) -> ScoredCells:
    """The scores of one course. `outcomes`: places by column, for those that are wanted; `scales`: by column."""
    wanted = np.zeros(len(sheet.outcomes), bool)
    wanted[list(outcomes)] = True
    rows, columns = np.nonzero(sheet.is_reached & wanted)
    students = np.array([student.id for student in sheet.students], np.int64)
    places = np.array([outcomes.get(column, -1) for column in range(len(sheet.outcomes))], np.int64)
    mastery = np.array([np.nan if one.mastery is None else one.mastery for one in sheet.outcomes], np.float64)
    scores = sheet.scores[rows, columns]
    reach = mastery[columns]
    return ScoredCells(
        student=students[rows],
        course=np.full(len(rows), course, np.int64),
        row=rows.astype(np.int64),
        outcome=places[columns],
        score=scores,
        time=sheet.times[rows, columns],
        scale=np.array(scales, np.int64)[columns],
        mastered=np.where(np.isnan(reach), UNJUDGED, scores >= reach).astype(np.int64),
        hides_points=sheet.hides_points[rows, columns] == 1,
    )


def latest(cells: ScoredCells) -> Places:
    """The places of each student's latest score for each outcome, by student and outcome.

    Latest is the score whose newest result is newest. Of equal times the later course in order decides.
    """
    order: Places = np.lexsort((cells.course, cells.time, cells.outcome, cells.student))
    student, outcome = cells.student[order], cells.outcome[order]
    is_last = np.ones(len(order), bool)
    is_last[:-1] = (student[1:] != student[:-1]) | (outcome[1:] != outcome[:-1])
    return order[is_last]


def by_outcome(cells: ScoredCells, places: Places) -> Iterator[tuple[int, Places]]:
    """The places, told apart by outcome."""
    order = places[np.argsort(cells.outcome[places], kind="stable")]
    numbers, starts = np.unique(cells.outcome[order], return_index=True)
    yield from zip(numbers.tolist(), np.split(order, starts[1:]), strict=False)
