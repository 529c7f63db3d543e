"""The worked examples of Canvas's calculation methods, exact to the last digit."""

from collections.abc import Sequence

import pytest

from sandbox.outcomes.calculation import (
    Result,
    Scale,
    course_mean,
    course_median,
    effective_method,
    percent,
    rollup,
)
from sandbox.ruby import rounded

FIVE = Scale(5, 3)


def dated(*scores: float) -> list[Result]:
    """Results in the order of their age, oldest first."""
    return [Result(score, f"2026-01-{day:02}") for day, score in enumerate(scores, start=1)]


# Those of Canvas's own tests.
CASES = (
    ("highest", None, (3, 1), 3.0),
    ("average", None, (2, 3, 3.5), 2.83),
    ("n_mastery", 3, (3, 1), None),
    ("n_mastery", 3, (3, 1, 2), None),
    ("n_mastery", 3, (4, 5, 1, 3, 2, 3), 3.75),
    ("n_mastery", 1, (1, 2), None),
    ("n_mastery", 1, (1, 2, 3), 3.0),
    ("n_mastery", 1, (1, 2, 3, 4), 3.5),
    ("n_mastery", 3, (3, 4, 3), 3.33),
    ("n_mastery", None, (3, 3, 3, 3), None),
    ("n_mastery", None, (3, 3, 3, 3, 3), 3.0),
    ("decaying_average", 65, (2, 3, 4), 3.48),
    ("weighted_average", 75, (3, 1, 5, 4), 3.75),
    ("decaying_average", 65, (2, 3), 2.65),
    ("decaying_average", None, (2, 3), 2.65),
    ("decaying_average", 65, (2.123,), 2.12),
    ("weighted_average", 75, (1, 3, 4), 3.5),
    ("standard_decaying_average", 65, (2, 3, 4), 3.53),
    ("standard_decaying_average", None, (2, 3, 4), 3.53),
    ("standard_decaying_average", 75, (1, 3, 4), 3.63),
)


@pytest.mark.parametrize("method, number, scores, expected", [*CASES, (None, None, (1, 3, 2), 3.0)])
def test_a_method_gives(
    method: str | None, number: int | None, scores: Sequence[float], expected: float | None
) -> None:
    assert rollup(method, number, dated(*scores), FIVE) == expected


def test_without_results_there_is_no_score() -> None:
    assert rollup("highest", None, [], FIVE) is None


def test_the_latest_result_is_the_one_with_the_greatest_date() -> None:
    results = [Result(4), Result(3, "2026-02-02"), Result(1, "2026-02-01")]
    assert rollup("latest", None, results, FIVE) == 3.0


@pytest.mark.parametrize(
    "method, flag, used",
    [
        ("standard_decaying_average", False, "weighted_average"),
        ("standard_decaying_average", True, "standard_decaying_average"),
        ("decaying_average", False, "decaying_average"),
        ("decaying_average", True, "decaying_average"),
        ("weighted_average", True, "weighted_average"),
        (None, True, "highest"),
    ],
)
def test_the_new_decaying_average_needs_its_flag(method: str | None, flag: bool, used: str) -> None:
    assert effective_method(method, new_decaying_average=flag) == used


EQUAL = ((0.6, 1), (0.7, 1), (0.4, 1)), ((0.5, 1), (0.8, 1), (0.6, 1))
WEIGHTED = ((0.6, 3), (0.1, 5), (0.4, 2)), ((0.5, 5), (0.8, 2), (0.6, 3))
Banks = tuple[tuple[float, float], ...]


def quizzes(newer: Banks, older: Banks) -> list[Result]:
    """Results of two quizzes by the shares reached and the points possible in each question bank."""
    return [
        Result(share * possible, f"2026-02-0{2 - number}", share, possible, quiz=number)
        for number, banks in enumerate((newer, older))
        for share, possible in banks
    ]


QUIZZES = (
    ("decaying_average", quizzes(*EQUAL), 2.9),
    ("decaying_average", quizzes(*WEIGHTED), 1.84),
    ("latest", quizzes(*EQUAL), 2.83),
    ("latest", quizzes(*WEIGHTED), 1.55),
    ("highest", quizzes(*EQUAL), 4.0),
    ("n_mastery", quizzes(*EQUAL)[:2], None),
)


@pytest.mark.parametrize("method, results, expected", QUIZZES)
def test_the_banks_of_a_quiz_count_as(method: str, results: list[Result], expected: float | None) -> None:
    assert rollup(method, None, results, FIVE) == expected


def test_mastery_stands_in_for_points_that_an_outcome_lacks() -> None:
    assert rollup("latest", None, [Result(7, "2026", 0.7, 10)], Scale(3, 3)) == 2.1


ROUNDINGS = ((3.625, 3.63), (2.675, 2.68), (1.005, 1.01), (2.844, 2.84), (-3.625, -3.63), (0.0, 0.0), (1e300, 1e300))


@pytest.mark.parametrize("value, expected", ROUNDINGS)
def test_halves_are_rounded_away_from_zero(value: float, expected: float) -> None:
    assert rounded(value) == expected


AGGREGATES = (
    ((1, 2, 3, 40), 11.5, 2.5),
    ((5, 6, 70), 27.0, 6.0),
    ((1, None, 2.125, 2.13), 1.75, 2.125),
    ((None, None), None, None),
)


@pytest.mark.parametrize("scores, mean, median", AGGREGATES)
def test_a_course_aggregate_ignores_students_without_score(
    scores: Sequence[float | None], mean: float | None, median: float | None
) -> None:
    assert (course_mean(scores), course_median(scores)) == (mean, median)


@pytest.mark.parametrize("score, possible, expected", [(3, 4, 0.75), (3, 0, 0.6), (3, None, 0.6)])
def test_a_result_is_a_share_of_what_was_possible(score: float, possible: float | None, expected: float) -> None:
    assert percent(score, possible, scale_points=5) == expected
