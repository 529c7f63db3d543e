"""The order of a course's outcomes: moved about, saved in Canvas, followed by what was read."""

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditLine, User
from imports.models import Course
from outcomes import tasks
from outcomes.models import OutcomeOrder
from outcomes.rollups.moving import MOVES, moved
from outcomes.selectors.sheets import sheet_of
from outcomes.services import ordering
from outcomes.services import reading as readings
from tests.cast import Seat
from tests.outcomes.page import address, html_of, outcomes_in
from tests.outcomes.school import read_course
from tests.servers.practice import Practice

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(seat: Seat, designer: User) -> Client:
    return seat(designer)


@pytest.fixture
def read(course: Course) -> Course:
    read_course(course)
    return course


def shown_order(course: Course) -> list[int]:
    reading = readings.current(course)
    assert reading
    return [outcome.id for outcome in sheet_of(reading).outcomes]


def order_in_canvas(practice: Practice, course: Course) -> list[int]:
    answer = practice.api("GET", f"courses/{course.canvas_id}/outcome_rollups", params={"include[]": "outcomes"})
    return list(dict.fromkeys(outcome["id"] for outcome in answer["linked"]["outcomes"]))


def form_order(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'name="outcome"\s+value="(\d+)"', html)]


def save_all() -> None:
    for pk in ordering.due():
        tasks.save_order(pk)


def turned_round(browser: Client, course: Course) -> list[int]:
    """Ask for the present order turned round."""
    wanted = shown_order(course)[::-1]
    answer = browser.post(address(course, "order"), {"outcome": wanted})
    assert answer["Location"] == address(course, "order")
    return wanted


def test_a_saved_order_is_that_of_canvas_and_of_what_was_read(
    browser: Client, read: Course, practice: Practice
) -> None:
    wanted = turned_round(browser, read)
    before = outcomes_in(html_of(browser, read))
    save_all()
    assert OutcomeOrder.objects.get().state == "done"
    assert order_in_canvas(practice, read) == wanted
    assert shown_order(read) == wanted
    assert outcomes_in(html_of(browser, read)) == before[::-1]


def test_scores_move_with_their_outcomes(browser: Client, read: Course) -> None:
    reading = readings.current(read)
    assert reading
    before = sheet_of(reading)
    turned_round(browser, read)
    save_all()
    reading.refresh_from_db()
    after = sheet_of(reading)
    for column, outcome in enumerate(before.outcomes):
        moved_to = after.column(outcome.id)
        assert moved_to is not None
        assert (before.counts[:, column] == after.counts[:, moved_to]).all()


def test_who_saved_the_order_is_written_down_before_canvas_hears_of_it(
    browser: Client, read: Course, designer: User
) -> None:
    turned_round(browser, read)
    line = AuditLine.objects.get(verb="save_outcome_order")
    assert (line.actor, line.canvas_account) == (designer, read.canvas_account)
    assert OutcomeOrder.objects.get().state == "asked"


def test_a_move_changes_the_form_and_nothing_else(browser: Client, read: Course, practice: Practice) -> None:
    order = shown_order(read)
    practice.control("DELETE", "requests")
    answer = browser.post(address(read, "order"), {"outcome": order, "move": f"{order[2]}:earlier"}, headers=HTMX)
    html = answer.content.decode()
    assert form_order(html) == [order[0], order[2], order[1], *order[3:]]
    assert "<html" not in html
    assert "Not saved yet" in html
    assert not OutcomeOrder.objects.exists()
    assert not practice.requests_seen("POST", "/api/v1/")


def test_a_move_works_without_scripts(browser: Client, read: Course) -> None:
    order = shown_order(read)
    html = browser.post(address(read, "order"), {"outcome": order, "move": f"{order[-1]}:first"}).content.decode()
    assert "<html" in html
    assert form_order(html) == [order[-1], *order[:-1]]


def test_what_canvas_says_against_an_order_is_shown(browser: Client, read: Course, practice: Practice) -> None:
    refused = {"match": "POST /api/v1/courses/*/assign_outcome_order", "kind": "status", "status": 403}
    body = {"errors": [{"message": "users not specified and no access to all grades"}]}
    practice.control("POST", "faults", {**refused, "body": body})
    order = shown_order(read)
    turned_round(browser, read)
    save_all()
    html = html_of(browser, read)
    assert "Order not saved" in html
    assert "no access to all grades" in html
    assert shown_order(read) == order


def test_a_canvas_that_stumbles_is_asked_again(browser: Client, read: Course, practice: Practice) -> None:
    match = "PUT /api/v1/courses/*/learning_mastery_gradebook_settings"
    practice.control("POST", "faults", {"match": match, "kind": "cut_after", "times": 1})
    wanted = turned_round(browser, read)
    save_all()
    asked = OutcomeOrder.objects.get()
    assert (asked.state, asked.attempts) == ("asked", 1)
    OutcomeOrder.objects.update(try_at=asked.asked_at)
    save_all()
    assert OutcomeOrder.objects.get().state == "done"
    assert order_in_canvas(practice, read) == wanted


def test_a_canvas_whose_newer_gradebook_is_off_has_the_order_and_does_not_use_it(
    browser: Client, read: Course, practice: Practice
) -> None:
    practice.control("POST", "flags", {"outcome_gradebook": False})
    turned_round(browser, read)
    save_all()
    assert OutcomeOrder.objects.get().state == "done"
    assert "no setting to use it" in browser.get(address(read, "order_state")).content.decode()


def test_an_order_whose_workers_die_is_given_up_and_says_so(browser: Client, read: Course) -> None:
    turned_round(browser, read)
    for _ in range(6):
        asked = OutcomeOrder.objects.get()
        assert ordering.claim(order=asked)
        OutcomeOrder.objects.update(lease_until=asked.asked_at)
    save_all()
    assert OutcomeOrder.objects.get().state == "refused"
    assert "has stopped" in html_of(browser, read)


def test_without_a_token_an_order_ends_and_the_page_says_what_to_do(browser: Client, read: Course) -> None:
    turned_round(browser, read)
    read.canvas_account.credentials.all().delete()
    save_all()
    html = html_of(browser, read)
    assert "Order not saved" in html
    assert "Nothing was sent. There is no working token" in html
    assert "Then save the order again." in html
    assert ordering.due() == []


def test_the_page_follows_an_order_until_it_is_saved(browser: Client, read: Course) -> None:
    wanted = turned_round(browser, read)
    assert "Order is being saved" in html_of(browser, read)
    assert form_order(browser.get(address(read, "order")).content.decode()) == wanted
    asked = OutcomeOrder.objects.get()
    where = address(read, "order_state")
    assert browser.get(where, {"seen": f"{asked.pk}-asked-0"}, headers=HTMX).status_code == 204
    save_all()
    told = browser.get(where, {"seen": f"{asked.pk}-asked-0"}, headers=HTMX).content.decode()
    assert "Order saved" in told
    assert "hx-trigger" not in told


def test_an_order_of_other_outcomes_is_refused(browser: Client, read: Course) -> None:
    order = shown_order(read)
    for wrong in (order[1:], [*order, order[0]], [*order[1:], 999]):
        answer = browser.post(address(read, "order"), {"outcome": wrong}, follow=True)
        assert "Order them once more" in answer.content.decode()
    assert not OutcomeOrder.objects.exists()


def test_one_order_at_a_time_is_on_its_way(browser: Client, read: Course) -> None:
    turned_round(browser, read)
    answer = browser.post(address(read, "order"), {"outcome": shown_order(read)}, follow=True)
    assert "being saved already" in answer.content.decode()
    assert OutcomeOrder.objects.count() == AuditLine.objects.filter(verb="save_outcome_order").count() == 1


def test_who_has_nothing_to_do_with_outcomes_orders_nothing(
    seat: Seat, read: Course, viewer: User, registrar: User
) -> None:
    for person in (viewer, registrar):
        assert seat(person).post(address(read, "order"), {"outcome": shown_order(read)}).status_code == 403
    assert not OutcomeOrder.objects.exists()


@given(st.lists(st.integers(), unique=True, max_size=6), st.integers(), st.sampled_from([*MOVES, "nowhere"]))
def test_a_move_loses_nothing(order: list[int], what: int, move: str) -> None:
    assert sorted(moved(order, what, move)) == sorted(order)


@pytest.mark.parametrize(
    "move, order",
    [("first", [2, 1, 3]), ("earlier", [2, 1, 3]), ("later", [1, 3, 2]), ("last", [1, 3, 2]), ("nowhere", [1, 2, 3])],
)
def test_a_thing_is_moved_within_an_order(move: str, order: list[int]) -> None:
    assert moved([1, 2, 3], 2, move) == order
    assert moved([1, 2, 3], 9, move) == [1, 2, 3]
