"""The worked examples of Canvas's calculation methods, exact to the last digit."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.rollups.calculation import Result, Scale, effective_method, rollup
from outcomes.rollups.rounding import rounded
from sandbox import ruby
from sandbox.outcomes import calculation as practice
from tests.sandbox.outcomes.test_calculation import CASES

FIVE = Scale(5, 3)


def dated(*scores: float | None) -> list[Result]:
    """Results by their age, oldest first."""
    return [Result(score, time) for time, score in enumerate(scores, start=1)]


@pytest.mark.parametrize(
    "method, number, scores, expected",
    [
        *CASES,
        ("highest", None, (3, None, 1), 3.0),
        ("highest", None, (0,), 0.0),
        ("standard_decaying_average", 75, (3,), 3.0),
        ("latest", None, (), None),
        ("latest", None, (None,), None),
    ],
)
def test_a_method_gives(
    method: str, number: int | None, scores: Sequence[float | None], expected: float | None
) -> None:
    assert rollup(method, number, dated(*scores), FIVE) == expected


def test_the_latest_result_is_the_one_with_the_greatest_date() -> None:
    assert rollup("latest", None, [Result(4), Result(3, 20), Result(1, 10)], FIVE) == 3.0


@pytest.mark.parametrize(
    "method, flag, used",
    [
        ("standard_decaying_average", False, "weighted_average"),
        ("standard_decaying_average", True, "standard_decaying_average"),
        ("decaying_average", False, "decaying_average"),
        ("decaying_average", True, "decaying_average"),
        ("weighted_average", True, "weighted_average"),
        (None, True, "highest"),
        ("", False, "highest"),
    ],
)
def test_the_new_decaying_average_needs_its_flag(method: str | None, flag: bool, used: str) -> None:
    assert effective_method(method, new_decaying_average=flag) == used


EQUAL = ((0.6, 1), (0.7, 1), (0.4, 1)), ((0.5, 1), (0.8, 1), (0.6, 1))
WEIGHTED = ((0.6, 3), (0.1, 5), (0.4, 2)), ((0.5, 5), (0.8, 2), (0.6, 3))
Banks = tuple[tuple[float, float], ...]


def quizzes(newer: Banks, older: Banks) -> list[Result]:
    """Results of two quizzes, by the shares reached and the points possible in each question bank."""
    return [
        Result(share * possible, time, share, possible, quiz=f"assignment_{time}")
        for time, banks in ((2, newer), (1, older))
        for share, possible in banks
    ]


@pytest.mark.parametrize(
    "method, results, expected",
    [
        ("decaying_average", quizzes(*EQUAL), 2.9),
        ("decaying_average", quizzes(*WEIGHTED), 1.84),
        ("latest", quizzes(*EQUAL), 2.83),
        ("latest", quizzes(*WEIGHTED), 1.55),
        ("highest", quizzes(*EQUAL), 4.0),
        ("n_mastery", quizzes(*EQUAL)[:2], None),
    ],
)
def test_the_banks_of_a_quiz_count_as(method: str, results: list[Result], expected: float | None) -> None:
    assert rollup(method, None, results, FIVE) == expected


def test_a_share_counts_on_the_scale_of_the_outcome() -> None:
    assert rollup("latest", None, [Result(7, 1, 0.7, 10)], FIVE) == 3.5


def test_mastery_stands_in_for_points_that_an_outcome_lacks() -> None:
    assert rollup("latest", None, [Result(7, 1, 0.7, 10)], Scale(3, 3)) == 2.1


SHARES = st.decimals(0, 1, places=3).map(float)
RESULTS = st.builds(
    Result,
    score=st.decimals(0, 10, places=2).map(float),
    time=st.integers(0, 6),
    percent=st.none() | SHARES,
    possible=st.none() | st.decimals(0, 20, places=1).map(float),
    quiz=st.sampled_from(["", "", "assignment_1", "assignment_2"]),
)


@given(
    st.sampled_from(["highest", "latest", "average", "n_mastery", "decaying_average", "standard_decaying_average"]),
    st.none() | st.integers(1, 10) | st.integers(50, 99),
    st.lists(RESULTS, max_size=8),
    st.builds(Scale, st.sampled_from([1.0, 3.0, 4.0, 5.0, 7.5]), st.decimals(0, 5, places=2).map(float)),
)
def test_a_method_gives_what_the_practice_canvas_gives(
    method: str, number: int | None, results: list[Result], scale: Scale
) -> None:
    theirs = [
        practice.Result(
            one.score or 0.0, str(one.time or ""), one.percent, one.possible, int(one.quiz[-1:] or 0) or None
        )
        for one in results
    ]
    expected = practice.rollup(method, number, theirs, practice.Scale(scale.points, scale.mastery))
    assert rollup(method, number, results, scale) == expected


@given(st.floats(-1e6, 1e6) | st.decimals(-100, 100, places=3).map(float), st.integers(0, 4))
def test_a_number_is_rounded_as_the_practice_canvas_rounds_it(value: float, digits: int) -> None:
    assert rounded(value, digits) == ruby.rounded(value, digits)
