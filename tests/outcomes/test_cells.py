"""What lies behind a cell: the results of one student for one outcome, and how they make the score."""

import pytest
from django.test import Client

from accounts.models import User
from imports.models import Course
from outcomes import tasks
from outcomes.models import Contributions, Reading
from outcomes.rollups.sheet import Sheet
from outcomes.selectors.sheets import sheet_of
from outcomes.services import contributing
from tests.cast import Seat
from tests.outcomes.page import address, texts
from tests.outcomes.school import read_course
from tests.servers.practice import Practice

HTMX = {"HX-Request": "true"}
_TRIES = 4  # of one request, before the client gives up for now


@pytest.fixture
def browser(seat: Seat, designer: User) -> Client:
    return seat(designer)


@pytest.fixture
def sheet(course: Course) -> Sheet:
    return sheet_of(read_course(course))


def a_cell(sheet: Sheet) -> tuple[int, int]:
    """An outcome and a student with several results for it."""
    row, column = divmod(int(sheet.counts.argmax()), len(sheet.outcomes))
    return sheet.outcomes[column].id, sheet.students[row].id


def opened(browser: Client, course: Course, cell: tuple[int, int]) -> str:
    answer = browser.get(address(course, "cell", *cell), headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def fetch_all() -> None:
    for pk in contributing.due():
        tasks.fetch_contributions(pk)


def theirs(practice: Practice, course: Course, cell: tuple[int, int]) -> set[tuple[str, float]]:
    """Names and scores as Canvas gives them to everybody who asks."""
    told = practice.api("GET", f"courses/{course.canvas_id}/outcomes/{cell[0]}/contributing_scores")
    names = {thing["alignment_id"]: thing["associated_asset_name"] for thing in told["alignments"]}
    return {
        (names[score["alignment_id"]], score["score"]) for score in told["scores"] if score["user_id"] == str(cell[1])
    }


def test_a_cell_waits_for_a_worker_and_then_shows_the_results(
    browser: Client, course: Course, sheet: Sheet, practice: Practice
) -> None:
    cell = a_cell(sheet)
    waiting = opened(browser, course, cell)
    assert "Being fetched from Canvas" in waiting
    assert "hx-trigger" in waiting
    fetch_all()
    shown = opened(browser, course, cell)
    assert "hx-trigger" not in shown
    expected = theirs(practice, course, cell)
    assert len(expected) > 1
    for name, score in expected:
        assert name in texts(shown)
        assert f"{score:g}" in texts(shown)


def test_one_request_serves_all_students_of_an_outcome(
    browser: Client, course: Course, sheet: Sheet, practice: Practice
) -> None:
    outcome_id, _ = a_cell(sheet)
    practice.control("DELETE", "requests")
    for student in sheet.students[:5]:
        opened(browser, course, (outcome_id, student.id))
        fetch_all()
    assert len(practice.requests_seen("GET", "/api/v1/")) == 1


def test_a_site_without_contributing_scores_tells_them_by_single_results(
    browser: Client, course: Course, sheet: Sheet, practice: Practice
) -> None:
    cell = a_cell(sheet)
    expected = theirs(practice, course, cell)
    gone = {"match": "GET /api/v1/courses/*/outcomes/*/contributing_scores", "kind": "status", "status": 404}
    practice.control("POST", "faults", {**gone, "times": 9, "body": {"errors": [{"message": "no such page"}]}})
    opened(browser, course, cell)
    fetch_all()
    shown = texts(opened(browser, course, cell))
    for name, score in expected:
        assert name in shown
        assert f"{score:g}" in shown


def test_why_results_could_not_be_fetched_is_said(
    browser: Client, course: Course, sheet: Sheet, practice: Practice
) -> None:
    refused = {
        "match": "GET /api/v1/courses/*/outcomes/*/contributing_scores",
        "kind": "status",
        "status": 403,
        "times": 9,
    }
    practice.control("POST", "faults", {**refused, "body": {"errors": [{"message": "insufficient permissions"}]}})
    cell = a_cell(sheet)
    opened(browser, course, cell)
    fetch_all()
    shown = opened(browser, course, cell)
    assert "Not fetched" in shown
    assert "may not see the grades" in shown
    assert "hx-trigger" not in shown


def test_without_a_token_a_cell_says_so_and_waits_for_nobody(browser: Client, course: Course, sheet: Sheet) -> None:
    course.canvas_account.credentials.all().delete()
    cell = a_cell(sheet)
    opened(browser, course, cell)
    fetch_all()
    shown = opened(browser, course, cell)
    assert "There is no working token for this Canvas account. An admin can enter one" in shown
    assert "hx-trigger" not in shown


def test_a_canvas_that_stumbles_is_asked_again(
    browser: Client, course: Course, sheet: Sheet, practice: Practice
) -> None:
    practice.control(
        "POST",
        "faults",
        {"match": "GET /api/v1/courses/*/outcomes/*/contributing_scores", "kind": "status", "times": _TRIES},
    )
    cell = a_cell(sheet)
    opened(browser, course, cell)
    fetch_all()
    waiting = Contributions.objects.get()
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    Contributions.objects.update(try_at=waiting.reading.ended_at)
    fetch_all()
    assert Contributions.objects.get().state == "complete"


def test_results_that_kill_their_workers_are_given_up_and_say_so(
    browser: Client, course: Course, sheet: Sheet, practice: Practice
) -> None:
    cell = a_cell(sheet)
    opened(browser, course, cell)
    for _ in range(4):
        wanted = Contributions.objects.get()
        assert contributing.claim(contributions=wanted)
        Contributions.objects.update(lease_until=wanted.try_at)
    practice.control("DELETE", "requests")
    fetch_all()
    assert "has stopped" in opened(browser, course, cell)
    assert practice.requests_seen("GET", "contributing_scores") == []


def test_nothing_is_fetched_for_a_reading_that_was_replaced_meanwhile(course: Course, sheet: Sheet) -> None:
    replaced = course.readings.get()
    read_course(course)
    with pytest.raises(Reading.DoesNotExist):
        contributing.ask(reading=replaced, outcome_id=sheet.outcomes[0].id)


def test_results_go_with_the_reading_that_they_explain(browser: Client, course: Course, sheet: Sheet) -> None:
    opened(browser, course, a_cell(sheet))
    read_course(course)
    assert not Contributions.objects.exists()


def test_scores_come_to_the_rollup_by_the_method_that_is_named(browser: Client, course: Course, sheet: Sheet) -> None:
    explained = 0
    for outcome in sheet.outcomes:
        for student in sheet.students[:8]:
            opened(browser, course, (outcome.id, student.id))
            fetch_all()
            shown = texts(opened(browser, course, (outcome.id, student.id)))
            explained += "these results come to just this" in shown
    assert explained


def test_without_scripts_a_cell_is_a_page_of_its_own(browser: Client, course: Course, sheet: Sheet) -> None:
    answer = browser.get(address(course, "cell", *a_cell(sheet)))
    assert b"<h1>" in answer.content
    assert "HX-Push-Url" not in answer


def test_the_address_of_the_table_stays_while_a_cell_is_open(browser: Client, course: Course, sheet: Sheet) -> None:
    answer = browser.get(address(course, "cell", *a_cell(sheet)), headers=HTMX)
    assert answer["HX-Push-Url"] == "false"


@pytest.mark.parametrize("outcome_id, user_id", [(0, 1), (10**30, 1), (1, 10**30)])
def test_a_cell_that_is_not_there_is_not_found(
    browser: Client, course: Course, sheet: Sheet, outcome_id: int, user_id: int
) -> None:
    assert browser.get(address(course, "cell", outcome_id, user_id)).status_code == 404
    assert not Contributions.objects.exists()


def test_results_are_for_those_who_have_to_do_with_outcomes(
    seat: Seat, course: Course, sheet: Sheet, viewer: User, registrar: User
) -> None:
    where = address(course, "cell", *a_cell(sheet))
    assert [seat(person).get(where).status_code for person in (viewer, registrar)] == [403, 403]
