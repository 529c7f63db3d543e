"""The line of stages that an import goes through."""

from datetime import UTC, datetime, timedelta

import pytest

from imports.models import ImportRun
from imports.phases import Outcome, Phase
from imports.stages import sentence, stages_of

START = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def seconds(number: int) -> datetime:
    return START + timedelta(seconds=number)


def of_another_tool(**fields: object) -> ImportRun:
    return ImportRun(at=START, canvas_created_at=START, **fields)


def test_a_run_goes_through_its_stages_one_after_the_other() -> None:
    run = of_another_tool(phase=Phase.RUNNING, canvas_started_at=seconds(5), prepared_at=seconds(6))
    assert [(stage.name, stage.state) for stage in stages_of(run)] == [
        ("In Canvas's queue", "done"),
        ("Preparing", "done"),
        ("Importing", "now"),
        ("Ended", "ahead"),
    ]


def test_what_never_happened_is_left_out_at_the_end() -> None:
    run = of_another_tool(phase=Phase.FINISHED, outcome=Outcome.ABORTED, finished_at=seconds(3))
    assert [stage.name for stage in stages_of(run)] == ["In Canvas's queue", "Ended"]


def test_no_stage_seems_to_begin_before_the_one_ahead_of_it() -> None:
    """Canvas truncates its times to seconds, and its clock is not ours."""
    run = of_another_tool(phase=Phase.PREPARING, canvas_started_at=seconds(-1))
    assert [stage.at for stage in stages_of(run)] == [START, START, None, None]


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_can_be_said_and_placed(phase: Phase) -> None:
    run = of_another_tool(phase=phase, outcome=Outcome.IMPORTED if phase == Phase.FINISHED else "")
    assert sentence(run).endswith(".")
    assert sum(stage.state == "now" for stage in stages_of(run)) <= 1


@pytest.mark.parametrize(
    "place, words", [(1, "It is next."), (2, "One import is before it."), (5, "4 imports are before it.")]
)
def test_a_waiting_run_says_how_many_are_before_it(place: int, words: str) -> None:
    assert sentence(of_another_tool(phase=Phase.WAITING), place=place).endswith(words)
