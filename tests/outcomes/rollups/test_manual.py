"""The examples of the manual are computed, not claimed."""

import re
from pathlib import Path

import pytest

from outcomes.outcome.measured import MeasuredOutcome
from outcomes.rollups import statistics
from outcomes.rollups.calculation import Result, Scale, rollup

MANUAL = Path("docs/outcomes.md").read_text(encoding="utf-8")
METHODS = re.findall(r"^\| [^|]+ \| `(\w+)`(?:, (\d+))? \| [^|]+ \| ([\w. ]+) \|$", MANUAL, re.MULTILINE)


def test_the_manual_has_an_example_of_every_method() -> None:
    assert len(METHODS) == 7


@pytest.mark.parametrize("method, number, expected", METHODS)
def test_the_example_of_a_method_is_right(method: str, number: str, expected: str) -> None:
    results = [Result(score, time) for time, score in enumerate((2, 4, 3.5), start=1)]
    score = rollup(method, int(number) if number else None, results, Scale(4, 3))
    assert score == (None if expected == "none yet" else float(expected))


def test_the_examples_of_figures_are_right() -> None:
    scores = (1, 2.5, 3, 4, None)
    share = statistics.mastery_share(MeasuredOutcome(id=1, title="Writing", mastery=3), scores)
    for name, value in (("mean", statistics.mean(scores)), ("median", statistics.median(scores))):
        assert re.search(rf"^\| {name} \|.* {value} \|$", MANUAL, re.MULTILINE), name
    assert share == 0.5
