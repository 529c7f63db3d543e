"""How an outcome in a course makes scores, in words, and whether results come to a score. Pure."""

from collections.abc import Sequence

from outcomes.outcome.measured import MeasuredOutcome
from outcomes.outcome.wording import formula, method_in_words
from outcomes.rollups.calculation import Result, Scale, rollup
from outcomes.rollups.rounding import rounded


def method_words(outcome: MeasuredOutcome) -> str:
    """How a student's results become a score, in a few words."""
    return method_in_words(outcome.method, outcome.method_number) or "Method not told"


def method_sentence(outcome: MeasuredOutcome) -> str:
    """How Canvas makes the score, as a sentence."""
    told = formula(outcome.method, outcome.method_number, outcome.mastery)
    return told or "Canvas does not say here how it makes the score."


def is_explained_by(score: float | None, results: Sequence[Result], outcome: MeasuredOutcome) -> bool:
    """Whether these results, by the outcome's method, come to this score.

    Where they do not, they are on another scale (quizzes count by percent), or something has changed since.
    """
    method = outcome.method or "highest"
    ways = {method, "weighted_average"} if method == "standard_decaying_average" else {method}
    try:
        found = [rollup(way, outcome.method_number, results, Scale.of(outcome)) for way in ways]
    except KeyError:
        return False
    return score in found


def score_words(score: float) -> str:
    """Two decimals at most, and no more than are needed."""
    return f"{rounded(score):.2f}".rstrip("0").rstrip(".")
