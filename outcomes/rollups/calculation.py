"""How a student's results for one outcome become one score: Canvas's calculation methods, to the last digit. Pure.

The rules are those of Canvas's class `RollupScore`; its tests' examples are tests here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from canvas.result_records import OutcomeResult
from outcomes.outcome.measured import MeasuredOutcome
from outcomes.rollups.rounding import rounded

USUAL_WEIGHT = 65  # per cent that the newest result has, where the outcome does not say
USUAL_TIMES = 5  # results at mastery that "number of times" asks for, where the outcome does not say

_BANK = "assessment_question_bank_"


class Scale(NamedTuple):
    """`points` are what 100 % stands for."""

    points: float
    mastery: float

    @classmethod
    def of(cls, outcome: MeasuredOutcome) -> "Scale":
        """Mastery stands in for points that an outcome lacks."""
        mastery, points = outcome.mastery or 0.0, outcome.points_possible or 0.0
        return cls(points if points > 0 else mastery, mastery)


class Result(NamedTuple):
    """One result of one student.

    `percent` is 0 to 1. `time` is when it was submitted, else assessed, in seconds; 0, the oldest, where nobody knows.
    `quiz` names the quiz whose question banks gave several results for the same outcome; empty for anything else.
    """

    score: float | None
    time: float = 0
    percent: float | None = None
    possible: float | None = None
    quiz: str = ""

    @classmethod
    def of(cls, result: OutcomeResult) -> "Result":
        """As Canvas lists it. Only results of question banks belong to a quiz, and the assignment tells which."""
        moment = result.submitted_or_assessed_at
        return cls(
            score=result.score,
            time=moment.timestamp() if moment else 0,
            percent=result.percent,
            possible=result.possible,
            quiz=result.assignment if result.alignment.startswith(_BANK) else "",
        )


def recomputed(
    outcomes: Iterable[MeasuredOutcome], results: Iterable[OutcomeResult], *, new_decaying_average: bool
) -> dict[tuple[int, int], float | None]:
    """The scores by student and outcome, from all results of a course; those of other outcomes are passed over.

    As in Canvas, who has no result that counts is absent, and None is who has not reached a score.
    """
    known = {outcome.id: outcome for outcome in outcomes}
    found: dict[tuple[int, int], list[Result]] = defaultdict(list)
    for result in results:
        if result.outcome_id in known and result.score is not None:
            found[result.user_id, result.outcome_id].append(Result.of(result))
    scores = {}
    for key, counted in found.items():
        outcome = known[key[1]]
        method = effective_method(outcome.method, new_decaying_average=new_decaying_average)
        scores[key] = rollup(method, outcome.method_number, counted, Scale.of(outcome))
    return scores


def rollup(method: str, number: int | None, results: Iterable[Result], scale: Scale) -> float | None:
    """The score, rounded to two decimals at the very end; None where there is none, or not yet.

    `method` is one that `effective_method` gives. Raises KeyError for a method that Canvas does not have.
    """
    formula = _FORMULAS[method]
    counted = [result for result in results if result.score is not None]
    score = formula(counted, number, scale) if counted else None
    return None if score is None else rounded(score)


def effective_method(method: str | None, *, new_decaying_average: bool) -> str:
    """The method that is really used: none means the highest, and the recursive average needs a flag of the site."""
    if method == "standard_decaying_average" and not new_decaying_average:
        return "weighted_average"
    return method or "highest"


def _own_scores(results: Sequence[Result], scale: Scale) -> list[float]:
    """Each result on the scale of the outcome."""
    return [(result.score or 0.0) if result.percent is None else result.percent * scale.points for result in results]


def _by_age(results: Sequence[Result], scale: Scale) -> list[float]:
    """Oldest first; each result of a quiz counts with what the whole quiz came to."""
    ordered = sorted(results, key=lambda result: result.time)
    quizzes: dict[str, list[Result]] = defaultdict(list)
    for result in ordered:
        if result.quiz:
            quizzes[result.quiz].append(result)
    whole = {quiz: _of_quiz(members, scale) for quiz, members in quizzes.items()}
    scores = zip(ordered, _own_scores(ordered, scale), strict=True)
    return [own if (of_quiz := whole.get(result.quiz)) is None else of_quiz for result, own in scores]


def _of_quiz(results: Sequence[Result], scale: Scale) -> float | None:
    """By the points that its question banks gave; None where they gave none."""
    possible = fsum(result.possible or 0.0 for result in results)
    if not possible:
        return None
    return fsum((result.possible or 0.0) * (result.percent or 0.0) for result in results) / possible * scale.points


def _mean(scores: Sequence[float]) -> float:
    return fsum(scores) / len(scores)


def _highest(results: Sequence[Result], _number: int | None, scale: Scale) -> float:
    return max(_own_scores(results, scale))


def _latest(results: Sequence[Result], _number: int | None, scale: Scale) -> float:
    return _by_age(results, scale)[-1]


def _average(results: Sequence[Result], _number: int | None, scale: Scale) -> float:
    return _mean(_by_age(results, scale))


def _number_of_times(results: Sequence[Result], number: int | None, scale: Scale) -> float | None:
    """The mean of all scores at mastery, not only of as many as are needed."""
    mastered = [score for score in _own_scores(results, scale) if score >= scale.mastery]
    return _mean(mastered) if len(mastered) >= (number or USUAL_TIMES) else None


def _weighted_average(results: Sequence[Result], number: int | None, scale: Scale) -> float:
    """The newest against the mean of all older ones."""
    *older, newest = _by_age(results, scale)
    weight = number or USUAL_WEIGHT
    return newest * weight / 100 + _mean(older) * (100 - weight) / 100 if older else newest


def _decaying_average(results: Sequence[Result], number: int | None, scale: Scale) -> float:
    """Each newer result takes its weight of what the older ones came to."""
    score, *newer = _by_age(results, scale)
    weight = number or USUAL_WEIGHT
    for next_score in newer:
        score = score * (100 - weight) / 100 + next_score * weight / 100
    return score


_FORMULAS: Mapping[str, Callable[[Sequence[Result], int | None, Scale], float | None]] = {
    "highest": _highest,
    "latest": _latest,
    "average": _average,
    "n_mastery": _number_of_times,
    "decaying_average": _weighted_average,
    "weighted_average": _weighted_average,
    "standard_decaying_average": _decaying_average,
}
