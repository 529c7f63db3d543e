"""How the results of one student for one outcome become one score. Pure functions; no database."""

from collections.abc import Callable, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from sandbox.ruby import mean, rounded

USUAL_WEIGHT = 65
USUAL_TIMES = 5


class Scale(NamedTuple):
    """What the score is measured on: `points` is what 100 % stands for."""

    points: float
    mastery: float


class Result(NamedTuple):
    """One result. `time` is a text that sorts by age, empty where nothing is known (then it counts as the oldest).

    `quiz` tells the quiz whose question banks gave results for the same outcome; None for anything else.
    """

    score: float
    time: str = ""
    percent: float | None = None
    possible: float | None = None
    quiz: int | None = None


def rollup(method: str | None, number: int | None, results: Sequence[Result], scale: Scale) -> float | None:
    """The student's score, rounded to two decimals at the very end; None where the method yields none.

    `method` is as stored, null meaning `highest`. `standard_decaying_average` is recursive; where its flag is off
    the caller passes `weighted_average` instead (see `effective_method`).
    """
    if not results:
        return None
    score = _FORMULAS[method or "highest"](results, number, scale)
    return None if score is None else rounded(score)


def effective_method(method: str | None, *, new_decaying_average: bool) -> str:
    """The method that is really used."""
    if method == "standard_decaying_average" and not new_decaying_average:
        return "weighted_average"
    return method or "highest"


def _own_scores(results: Sequence[Result], scale: Scale) -> list[float]:
    """Each result on the outcome's scale."""
    return [result.score if result.percent is None else result.percent * scale.points for result in results]


def _scores_by_age(results: Sequence[Result], scale: Scale) -> list[float]:
    """Oldest first; the results of one quiz all count with the quiz's weighted average."""
    ordered = sorted(results, key=lambda result: result.time)
    scores = _own_scores(ordered, scale)
    quizzes = {result.quiz for result in ordered if result.quiz is not None}
    for quiz in quizzes:
        members = [place for place, result in enumerate(ordered) if result.quiz == quiz]
        average = _quiz_score([ordered[place] for place in members], scale)
        if average is not None:
            for place in members:
                scores[place] = average
    return scores


def _quiz_score(results: Sequence[Result], scale: Scale) -> float | None:
    possible = fsum(result.possible or 0 for result in results)
    if not possible:
        return None
    return fsum((result.possible or 0) * (result.percent or 0) for result in results) / possible * scale.points


def _highest(results: Sequence[Result], number: int | None, scale: Scale) -> float | None:  # noqa: ARG001 - all formulas are called alike
    return max(_own_scores(results, scale))


def _latest(results: Sequence[Result], number: int | None, scale: Scale) -> float | None:  # noqa: ARG001 - all formulas are called alike
    return _scores_by_age(results, scale)[-1]


def _average(results: Sequence[Result], number: int | None, scale: Scale) -> float | None:  # noqa: ARG001 - all formulas are called alike
    return mean(_scores_by_age(results, scale))


def _n_mastery(results: Sequence[Result], number: int | None, scale: Scale) -> float | None:
    """The mean of all scores at mastery, once there are enough of them."""
    mastered = [score for score in _own_scores(results, scale) if score >= scale.mastery]
    return mean(mastered) if len(mastered) >= (number or USUAL_TIMES) else None


def _weighted_average(results: Sequence[Result], number: int | None, scale: Scale) -> float | None:
    """The newest against the mean of all older ones."""
    *older, newest = _scores_by_age(results, scale)
    if not older:
        return newest
    weight = number or USUAL_WEIGHT
    return newest * weight / 100 + mean(older) * (100 - weight) / 100


def _decaying_average(results: Sequence[Result], number: int | None, scale: Scale) -> float | None:
    """Each newer score takes its share of what the older ones came to."""
    first, *rest = _scores_by_age(results, scale)
    weight = number or USUAL_WEIGHT
    for score in rest:
        first = first * (100 - weight) / 100 + score * weight / 100
    return first


_Formula = Callable[[Sequence[Result], int | None, Scale], float | None]
_FORMULAS: Mapping[str, _Formula] = {
    "highest": _highest,
    "latest": _latest,
    "average": _average,
    "n_mastery": _n_mastery,
    "decaying_average": _weighted_average,
    "weighted_average": _weighted_average,
    "standard_decaying_average": _decaying_average,
}


def course_mean(scores: Sequence[float | None]) -> float | None:
    """Of the students that have a score, rounded to two decimals."""
    known = [score for score in scores if score is not None]
    return rounded(mean(known)) if known else None


def course_median(scores: Sequence[float | None]) -> float | None:
    """The middle of the scores, or the mean of the two middles, not rounded."""
    known = sorted(score for score in scores if score is not None)
    if not known:
        return None
    middle = len(known) // 2
    return known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2


def percent(score: float, possible: float | None, *, scale_points: float) -> float:
    """A result's share of what was possible, 0 to 1; `scale_points` steps in where nothing was possible."""
    points = possible or scale_points
    return score / points if points else 0.0
