"""Our mean or median of a whole course beside the one that Canvas computed. Pure.

Never silently different: whoever shows ours shows what this says about Canvas's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from outcomes.outcome.measured import MeasuredOutcome
from outcomes.rollups.rounding import rounded
from outcomes.rollups.statistics import Figures

Stat = Literal["mean", "median"]
# {stat: {outcome, as text: [score, number of students with a result]}}, as a reading keeps them
Aggregates = Mapping[str, Mapping[str, Sequence[float | int | None]]]


class Verdict(StrEnum):
    """What a comparison comes to; the label is a sentence, empty where there is nothing to say."""

    SAME = "same"
    NOT_GIVEN = "not given"
    OTHER_STUDENTS = "other students"
    OTHER_SCORES = "other scores"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Verdict.SAME: "",
    Verdict.NOT_GIVEN: "Canvas did not give its own figure when the course was read.",
    Verdict.OTHER_STUDENTS: "Canvas counted another number of students with results: somebody joined, left or got a "
    "first result while the course was read. Read it again.",
    Verdict.OTHER_SCORES: "Canvas counted the same number of students and comes to another figure: scores changed "
    "while the course was read, or Canvas computes this one otherwise. Read it again; where it stays, trust Canvas.",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One statistic of one outcome. `counted` is how many students with a result Canvas counted."""

    outcome: MeasuredOutcome
    stat: Stat
    ours: float | None
    canvas: float | None
    assessed: int
    counted: int
    verdict: Verdict

    @property
    def is_same(self) -> bool:
        return self.verdict == Verdict.SAME


def compared(figures: Iterable[Figures], aggregates: Aggregates, stat: Stat) -> list[Compared]:
    """In the order of the figures, which must be of all students: Canvas's are."""
    theirs = aggregates.get(stat)
    return [_compared(one, theirs, stat) for one in figures]


def differences(figures: Sequence[Figures], aggregates: Aggregates) -> list[Compared]:
    """What is not the same, of both statistics."""
    stats: tuple[Stat, ...] = ("mean", "median")
    return [one for stat in stats for one in compared(figures, aggregates, stat) if not one.is_same]


def _compared(figures: Figures, theirs: Mapping[str, Sequence[float | int | None]] | None, stat: Stat) -> Compared:
    ours = figures.mean if stat == "mean" else figures.median
    # An outcome without any result is not in Canvas's answer.
    score, count = (theirs or {}).get(str(figures.outcome.id), (None, 0))
    if theirs is None:
        verdict = Verdict.NOT_GIVEN
    elif count != figures.assessed:
        verdict = Verdict.OTHER_STUDENTS
    else:
        verdict = Verdict.SAME if _shown(ours) == _shown(score) else Verdict.OTHER_SCORES
    return Compared(figures.outcome, stat, ours, score, figures.assessed, int(count or 0), verdict)


def _shown(value: float | None) -> float | None:
    """To two decimals, which is what people see: a median has more."""
    return None if value is None else rounded(value)
