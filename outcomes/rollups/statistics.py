"""What many students' scores for an outcome come to together: mean, median, levels, share at mastery. Pure.

The rules are those of Canvas's aggregate rollups and mastery distribution, so that both can be compared to the last
digit. Students without a score count nowhere; 0 is a score.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from outcomes.outcome.measured import Level, MeasuredOutcome
from outcomes.outcome.scales import shown_levels
from outcomes.rollups.rounding import rounded as rounded  # noqa: PLC0414 - whoever needs figures needs it
from outcomes.rollups.sheet import Rows, Scores, Sheet

SomeScores = Iterable[float | None] | Scores

# Scores are split at this fraction of a point into two parts whose sums lose nothing.
_FINE = 2.0**20


@dataclass(frozen=True, slots=True)
class Distribution:
    """Students per level, `counts` in the order of `scales.shown_levels`.

    `below` is who has a score below the lowest level: Canvas counts them nowhere. `total` is everybody with a score.
    """

    levels: tuple[Level, ...]
    counts: tuple[int, ...]
    below: int
    total: int

    @property
    def percents(self) -> tuple[int, ...]:
        """Whole percents of `total` as Canvas rounds them: each alone, so that they may come to 99 or 101."""
        return tuple(int(rounded(100 * count / self.total, 0)) if self.total else 0 for count in self.counts)


@dataclass(frozen=True, slots=True)
class Figures:
    """One outcome, many students: `assessed` have a result, `reached` of them a score, `mastered` of those mastery.

    `mean` is rounded to two decimals, `median` is not, as in Canvas. `mastered` is None where Canvas says no mastery.
    `hides_points`: everybody with a score has only results whose points are not to be shown.
    """

    outcome: MeasuredOutcome
    students: int
    assessed: int
    reached: int
    mean: float | None
    median: float | None
    distribution: Distribution
    mastered: int | None
    hides_points: bool

    @property
    def mastery_share(self) -> float | None:
        """0 to 1, of those with a score."""
        return self.mastered / self.reached if self.mastered is not None and self.reached else None

    @property
    def not_assessed(self) -> int:
        return self.students - self.assessed

    @property
    def not_reached(self) -> int:
        """Who has results that make no score yet."""
        return self.assessed - self.reached


def mean(scores: SomeScores) -> float | None:
    """Rounded to two decimals; None without any score."""
    return _mean(_ordered(scores))


def median(scores: SomeScores) -> float | None:
    """The middle, or the mean of the two middles, not rounded; None without any score."""
    return _median(_ordered(scores))


def distribution(outcome: MeasuredOutcome, scores: SomeScores) -> Distribution:
    return _distribution(outcome, _ordered(scores))


def mastery_share(outcome: MeasuredOutcome, scores: SomeScores) -> float | None:
    """0 to 1; None without any score, and where Canvas says no mastery."""
    ordered = _ordered(scores)
    mastered = _mastered(outcome, ordered)
    return mastered / len(ordered) if mastered is not None and len(ordered) else None


def column_figures(sheet: Sheet, rows: Rows | None = None) -> list[Figures]:
    """The figures of every outcome of a sheet, over all students or those in `rows`."""
    scores, counts, hides = sheet.scores, sheet.counts, sheet.hides_points
    if rows is not None:
        scores, counts, hides = scores[rows], counts[rows], hides[rows]
    columns = scores.T.copy()
    columns.sort(axis=1)  # what is missing comes last
    there = ~np.isnan(scores)
    reached, assessed = np.count_nonzero(there, axis=0), np.count_nonzero(counts, axis=0)
    shown = (there & (hides != 1)).any(axis=0)
    found = []
    for place, outcome in enumerate(sheet.outcomes):
        ordered = columns[place, : reached[place]]
        found.append(
            Figures(
                outcome=outcome,
                students=len(scores),
                assessed=int(assessed[place]),
                reached=int(reached[place]),
                mean=_mean(ordered),
                median=_median(ordered),
                distribution=_distribution(outcome, ordered),
                mastered=_mastered(outcome, ordered),
                hides_points=bool(reached[place]) and not shown[place],
            )
        )
    return found


def _ordered(scores: SomeScores) -> Scores:
    """Ascending, only those that are."""
    values = scores if isinstance(scores, np.ndarray) else np.array(list(scores), np.float64)  # None becomes NaN
    ordered: Scores = np.sort(values[~np.isnan(values)])
    return ordered


def _mean(ordered: Scores) -> float | None:
    """Summed exactly, for a half must stay a half."""
    if not ordered.size:
        return None
    coarse = np.rint(ordered * _FINE) / _FINE
    return rounded(float(coarse.sum() + (ordered - coarse).sum()) / ordered.size)


def _median(ordered: Scores) -> float | None:
    if not ordered.size:
        return None
    lower, upper = float(ordered[(ordered.size - 1) // 2]), float(ordered[ordered.size // 2])
    return lower if lower == upper else (lower + upper) / 2


def _distribution(outcome: MeasuredOutcome, ordered: Scores) -> Distribution:
    """A score has the first level, from the top, whose points it reaches."""
    levels = shown_levels(outcome)
    reaching = [len(ordered) - place for place in _places(ordered, [level.points for level in levels])]
    counts = tuple(upto - above for above, upto in zip([0, *reaching], reaching, strict=False))
    below = len(ordered) - reaching[-1] if levels else 0
    return Distribution(levels, counts, below, len(ordered))


def _mastered(outcome: MeasuredOutcome, ordered: Scores) -> int | None:
    if outcome.mastery is None:
        return None
    return len(ordered) - _places(ordered, [outcome.mastery])[0]


def _places(ordered: Scores, points: npt.ArrayLike) -> list[int]:
    """How many scores are below each of the points."""
    below: list[int] = np.searchsorted(ordered, points, side="left").tolist()
    return below
