"""One student over the courses of a program: for people with the right to outcomes, never in an address by name."""

import pytest
from django.test import Client

from accounts.models import User
from outcomes.models import Program
from outcomes.outcome.measured import Level
from outcomes.programs.figures import Scale
from outcomes.programs.matching import SharedOutcome
from outcomes.selectors.students import CourseScore, Person, StudentOutcome, people
from tests.cast import Seat
from tests.outcomes.programs.defined import at
from tests.outcomes.test_programs import browser, program, read_program, school

__all__ = ["browser", "program", "read_program", "school"]


@pytest.fixture
def busy(read_program: Program) -> Person:
    """Somebody who is in several courses."""
    return max(people(read_program), key=lambda one: len(one.courses))


def test_a_student_is_found_by_part_of_the_name_and_by_sis_id(
    busy: Person, read_program: Program, browser: Client
) -> None:
    for text in (busy.name.split()[-1][:4].lower(), busy.sis_id):
        shown = browser.post(at(read_program, "program_students"), {"text": text})
        assert busy in shown.context["found"]


def test_only_the_latest_score_counts_unless_every_course_does(
    busy: Person, read_program: Program, browser: Client
) -> None:
    address = at(read_program, "program_student", busy.id)
    latest = browser.get(address).context["outcomes"]
    several = [line for line in latest if len(line.scores) > 1]
    assert several
    assert all([score.is_counted for score in line.scores].count(True) == 1 for line in latest)
    assert all(line.scores[0].is_counted for line in latest)
    every = browser.get(address, {"counting": "every"}).context["outcomes"]
    assert all(score.is_counted for line in every for score in line.scores)


def test_scores_on_different_scales_come_to_nothing_together() -> None:
    outcome = SharedOutcome(1, (1,), "", "Writing", "Writing")
    five, four = Scale((Level("Meets", 5),), 5), Scale((Level("Meets", 4),), 4)
    scores = [CourseScore("A", "", scale, 4.0, None, None, None, is_counted=True) for scale in (five, four)]
    assert StudentOutcome(outcome, tuple(scores)).together is None
    assert StudentOutcome(outcome, (scores[0], scores[0])).together == 4.0


def test_somebody_who_is_in_no_course_is_not_found(read_program: Program, browser: Client) -> None:
    assert browser.get(at(read_program, "program_student", 999_999)).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "registrar"])
def test_who_may_not_see_outcomes_sees_no_program(
    role: str, read_program: Program, seat: Seat, request: pytest.FixtureRequest
) -> None:
    visitor = seat(request.getfixturevalue(role))
    for name in ("program", "program_csv", "program_xlsx", "program_report", "program_students", "snapshots"):
        assert visitor.get(at(read_program, name)).status_code == 403


def test_a_stranger_finds_no_program(read_program: Program, stranger: User, seat: Seat) -> None:
    assert seat(stranger).get(at(read_program, "program")).status_code == 404
