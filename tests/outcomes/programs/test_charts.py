"""Charts of programs, as numbers that they are drawn from."""

from itertools import pairwise

import pytest

from outcomes.programs.charts import trend
from outcomes.programs.figures import HIDDEN, Figures

HALF = Figures(20, 20, mastered=10, judged=20)


@pytest.mark.parametrize("terms", [1, 3, 8, 30])
def test_names_of_terms_do_not_run_into_each_other_and_the_latest_is_told(terms: int) -> None:
    chart = trend([(f"Autumn {2000 + number}", HALF) for number in range(terms)])
    assert len(chart.dots) == terms
    assert chart.names[-1][1] == f"Autumn {2000 + terms - 1}"
    assert all(right - left > 70 for (left, _), (right, _) in pairwise(chart.names))


def test_a_hidden_term_has_no_dot_and_no_line_crosses_it() -> None:
    chart = trend([("Spring", HALF), ("Summer", HIDDEN), ("Autumn", HALF)])
    assert [dot.name for dot in chart.dots] == ["Spring", "Autumn"]
    assert not chart.lines
    assert len(chart.names) == 3
