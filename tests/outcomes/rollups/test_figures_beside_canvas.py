"""Our figures beside Canvas's own: the same, or different with a reason."""

from dataclasses import replace

import pytest

from imports.models import Course
from outcomes.outcome.measured import MeasuredOutcome
from outcomes.rollups.beside_canvas import Verdict, compared, differences
from outcomes.rollups.sheet import Sheet, Student
from outcomes.rollups.statistics import Figures, column_figures
from outcomes.selectors.sheets import sheet_of
from tests.outcomes.school import read_course


def figures_of(*scores: float | None) -> Figures:
    """Of one outcome, numbered 7, where everybody has results."""
    sheet = Sheet.blank(
        [MeasuredOutcome(id=7, title="Writing")], [Student(one, "A", "A") for one in range(len(scores))]
    )
    sheet.scores[:, 0] = scores
    sheet.counts[:] = 1
    return column_figures(sheet)[0]


@pytest.mark.parametrize(
    "scores, canvas, verdict",
    [
        ((1, 2, 4), [2.33, 3], Verdict.SAME),
        ((None, None), [None, 2], Verdict.SAME),
        ((1, 2, 4), [2.33, 4], Verdict.OTHER_STUDENTS),
        ((1, 2, 4), [2.34, 3], Verdict.OTHER_SCORES),
        ((1, 2, None), [None, 3], Verdict.OTHER_SCORES),
        ((None,), [0, 1], Verdict.OTHER_SCORES),
    ],
)
def test_a_mean_is_compared(scores: tuple[float | None, ...], canvas: list[float | None], verdict: Verdict) -> None:
    [found] = compared([figures_of(*scores)], {"mean": {"7": canvas}}, "mean")
    assert found.verdict == verdict
    assert (found.verdict.label == "") is found.is_same
    assert (found.canvas, found.counted) == tuple(canvas)


def test_a_median_is_compared_as_it_is_shown() -> None:
    [found] = compared([figures_of(3.62, 3.63)], {"median": {"7": [3.625, 2]}}, "median")
    assert (found.ours, found.is_same) == (3.625, True)


def test_an_outcome_that_canvas_leaves_out_has_no_results() -> None:
    blank = replace(figures_of(), assessed=0)
    assert compared([blank], {"mean": {}}, "mean")[0].is_same
    assert compared([figures_of(3)], {"mean": {}}, "mean")[0].verdict == Verdict.OTHER_STUDENTS


def test_what_canvas_did_not_give_is_not_called_the_same() -> None:
    assert [one.verdict for one in differences([figures_of(3)], {"mean": {"7": [3, 1]}})] == [Verdict.NOT_GIVEN]


def test_a_course_that_rested_while_it_was_read_has_no_differences(large_course: Course) -> None:
    reading = read_course(large_course)
    assert differences(column_figures(sheet_of(reading)), reading.aggregates) == []
    assert all(reading.aggregates[stat] for stat in ("mean", "median"))
