"""What many students' scores come to together, by Canvas's own examples and at its edges."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.outcome.measured import Level, MeasuredOutcome
from outcomes.outcome.scales import mastery_place, shown_levels
from outcomes.rollups import statistics
from outcomes.rollups.sheet import Sheet, Student

FIVE = MeasuredOutcome(
    id=7,
    title="Writing",
    levels=(Level("Fine", 5), Level("Good", 3), Level("Not yet", 0)),
    mastery=3,
    points_possible=5,
)
STEPS = replace(FIVE, levels=tuple(Level(str(points), points) for points in (4, 3, 2, 1, 0)))
BARE = MeasuredOutcome(id=8, title="Reading", mastery=3)

AGGREGATES = (
    ((1, 2, 3, 40), 11.5, 2.5),
    ((5, 6, 70), 27.0, 6.0),
    ((1, None, 2.125, 2.13), 1.75, 2.125),
    ((3.62, 3.63), 3.63, 3.625),
    ((0,), 0.0, 0.0),
    ((0.01, 0.02), 0.02, 0.015),
    ((None, None), None, None),
    ((), None, None),
)


@pytest.mark.parametrize("scores, mean, median", AGGREGATES)
def test_mean_and_median_leave_out_who_has_no_score(
    scores: Sequence[float | None], mean: float | None, median: float | None
) -> None:
    assert (statistics.mean(scores), statistics.median(scores)) == (mean, median)


ROUNDINGS = ((3.625, 3.63), (2.675, 2.68), (1.005, 1.01), (2.844, 2.84), (-3.625, -3.63), (0.0, 0.0), (1e300, 1e300))


@pytest.mark.parametrize("value, expected", ROUNDINGS)
def test_halves_are_rounded_away_from_zero(value: float, expected: float) -> None:
    assert statistics.rounded(value) == expected


@pytest.mark.parametrize(
    "outcome, scores, counts, percents, below",
    [
        (STEPS, (4, 5, 2), (2, 0, 1, 0, 0), (67, 0, 33, 0, 0), 0),
        (FIVE, (5, 3, 0), (1, 1, 1), (33, 33, 33), 0),
        (FIVE, (2.99, None, 4.99), (0, 1, 1), (0, 50, 50), 0),
        (replace(FIVE, levels=FIVE.levels[:2]), (5, 3, 0, 2), (1, 1), (25, 25), 2),
        (FIVE, (), (0, 0, 0), (0, 0, 0), 0),
        (BARE, (4.5, 3, 1.5, 1.49, 0), (1, 1, 1, 2), (20, 20, 20, 40), 0),
        (MeasuredOutcome(id=9, title="Nothing known"), (1, 2), (), (), 0),
    ],
)
def test_a_score_has_the_first_level_that_it_reaches(
    outcome: MeasuredOutcome, scores: Sequence[float], counts: Sequence[int], percents: Sequence[int], below: int
) -> None:
    found = statistics.distribution(outcome, scores)
    assert (found.counts, found.percents, found.below) == (counts, percents, below)
    assert found.total == sum(score is not None for score in scores)


def test_the_share_at_mastery_is_of_those_with_a_score() -> None:
    assert statistics.mastery_share(FIVE, (3, 2.99, None, 5, 0)) == 0.5
    assert statistics.mastery_share(FIVE, (None,)) is None
    assert statistics.mastery_share(MeasuredOutcome(id=9, title="Nothing known"), (3,)) is None


SOME_SCORES = st.lists(st.none() | st.decimals(0, 6, places=2).map(float), max_size=12)


@given(SOME_SCORES, SOME_SCORES, st.data())
def test_columns_come_to_what_their_scores_come_to(
    left: list[float | None], right: list[float | None], data: st.DataObject
) -> None:
    size = min(len(left), len(right))
    sheet = Sheet.blank((STEPS, BARE), [Student(place, "A", "A") for place in range(size)])
    sheet.scores[:] = np.array([left[:size], right[:size]], np.float64).T
    sheet.counts[:] = (
        data.draw(st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=size, max_size=size)) or 0
    )
    places = data.draw(st.lists(st.sampled_from(range(size)), unique=True)) if size else []
    rows = np.array(places, np.intp)
    for place, (figures, scores) in enumerate(zip(statistics.column_figures(sheet, rows), (left, right), strict=True)):
        chosen = [scores[row] for row in places]
        assert (figures.mean, figures.median) == (statistics.mean(chosen), statistics.median(chosen))
        assert figures.distribution == statistics.distribution(figures.outcome, chosen)
        assert figures.mastery_share == statistics.mastery_share(figures.outcome, chosen)
        assert (figures.students, figures.assessed) == (len(chosen), sum(sheet.counts[rows, place] > 0))
        assert figures.reached == figures.distribution.total == sum(score is not None for score in chosen)
    assert statistics.column_figures(sheet) == statistics.column_figures(sheet, np.arange(size))


def test_points_are_hidden_where_everybody_with_a_score_has_them_hidden() -> None:
    sheet = Sheet.blank((FIVE, BARE), [Student(1, "A", "A"), Student(2, "B", "B")])
    sheet.scores[0] = (3, 3)
    sheet.scores[1, 1] = 2
    sheet.hides_points[:] = ((1, 1), (0, -1))
    assert [one.hides_points for one in statistics.column_figures(sheet)] == [True, False]


@pytest.mark.parametrize("count", range(1, 12))
def test_every_level_has_a_colour(count: int) -> None:
    levels = tuple(Level(str(points), points, "red;x" if points else "#0374b5") for points in range(count, -1, -1))
    colors = [level.color for level in shown_levels(replace(FIVE, levels=levels))]
    assert colors[-1] == "0374B5"
    assert all(len(color) == 6 and set(color) <= set("0123456789ABCDEF") for color in colors)


def test_colours_without_canvas_are_those_that_canvas_would_give() -> None:
    assert [level.color for level in shown_levels(STEPS)] == ["2B7ABC", "03893D", "FAB901", "E62429", "555555"]
    assert [level.color for level in shown_levels(FIVE)] == ["2B7ABC", "03893D", "555555"]


def test_the_lowest_level_at_mastery_is_marked() -> None:
    assert mastery_place(STEPS) == 1
    assert mastery_place(BARE) == 1
    assert mastery_place(replace(FIVE, mastery=6)) is None
