"""Methods and scores in words. Pure."""

from collections.abc import Sequence

from outcomes.calculation import USUAL_TIMES, USUAL_WEIGHT, Result, Scale, rollup
from outcomes.measured import MeasuredOutcome


def method_words(outcome: MeasuredOutcome) -> str:
    """The method by the name that Canvas's pages give it, with its number."""
    number = outcome.method_number
    match outcome.method:
        case "highest":
            return "Highest"
        case "latest":
            return "Most Recent Score"
        case "average":
            return "Average"
        case "n_mastery":
            return f"Number of Times, {number or USUAL_TIMES}"
        case "decaying_average" | "weighted_average":
            return f"Weighted Average, {number or USUAL_WEIGHT} %"
        case "standard_decaying_average":
            return f"Decaying Average, {number or USUAL_WEIGHT} %"
    return outcome.method.replace("_", " ").capitalize() or "Method not told"


def method_sentence(outcome: MeasuredOutcome) -> str:
    """How Canvas makes the score, as a sentence."""
    weight = outcome.method_number or USUAL_WEIGHT
    times = outcome.method_number or USUAL_TIMES
    match outcome.method:
        case "highest":
            return "The highest score counts."
        case "latest":
            return "The most recent score counts."
        case "average":
            return "All scores count alike: their mean."
        case "n_mastery":
            return (
                f"At least {times} scores must reach mastery. Then the mean of all scores at mastery counts; until "
                "then there is no score."
            )
        case "decaying_average" | "weighted_average":
            return f"The most recent score counts {weight} %, the mean of all older ones {100 - weight} %."
        case "standard_decaying_average":
            return (
                f"From the oldest on, each newer score counts {weight} % against what came of the older ones. Where "
                f"the site has not switched this method on, Canvas takes the most recent score at {weight} % and the "
                "mean of the older ones instead."
            )
    return "Canvas does not say here how it makes the score."


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
    return f"{score:.2f}".rstrip("0").rstrip(".")
