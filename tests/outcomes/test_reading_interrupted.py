"""A reading that is cut, overtaken, slowed down or refused goes on where it stood, or says why it does not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.connections import client_for
from accounts.models import CanvasAccount, Credential
from imports.models import Course
from outcomes import tasks
from outcomes.models import Reading
from outcomes.selectors.sheets import sheet_of
from outcomes.services import reading as readings
from tests.canvas.answers import ACCESS_DENIED
from tests.outcomes.school import read_course, read_on, remove_student, set_enrollments
from tests.outcomes.test_reading import held, shown_by_canvas
from tests.servers.practice import Practice

TRIES = 4  # of one request, before a worker lets go of the reading
ROLLUPS = "GET /api/v1/courses/*/outcome_rollups"


@pytest.fixture
def stop_after_page(large_course: Course, practice: Practice) -> Callable[[], Reading]:
    """A reading that a worker has left after one more page, because Canvas is busy; Canvas is at rest again then."""

    def stop() -> Reading:
        practice.control("POST", "throttle", {"enabled": True, "cost": 450})
        reading = read_course(large_course)
        practice.control("POST", "throttle", {"enabled": False})
        return reading

    return stop


def fault(practice: Practice, kind: str, match: str = ROLLUPS, times: int = TRIES, **settings: Any) -> None:
    practice.control("POST", "faults", {"match": match, "kind": kind, "times": times, **settings})


def students_of(reading: Reading) -> set[int]:
    return {student.id for student in sheet_of(reading).students}


def test_a_reading_leaves_the_rest_of_the_token_s_share_to_others(stop_after_page: Callable[[], Reading]) -> None:
    for pages in (1, 2):
        reading = stop_after_page()
        assert (reading.state, reading.pages_done, reading.pages_all, reading.problem) == ("waiting", pages, 3, "")
        assert reading.try_at > timezone.now()
        assert readings.due() == []


@pytest.mark.parametrize("kind", ["cut_before", "cut_during", "cut_after", "truncate", "html", "status", "throttle"])
def test_a_reading_goes_on_from_the_page_where_it_was_cut(
    kind: str, stop_after_page: Callable[[], Reading], large_course: Course, practice: Practice
) -> None:
    practice.control("DELETE", "requests")
    reading = stop_after_page()
    fault(practice, kind)
    read_on(reading)
    assert (reading.state, reading.pages_done) == ("waiting", 1)
    assert reading.problem
    assert reading.try_at > timezone.now()
    read_on(reading)
    assert (reading.state, reading.problem) == ("complete", "")
    assert reading.requests == len(practice.requests_seen("GET", f"/courses/{large_course.canvas_id}/")) == 6 + TRIES
    assert held(reading) == shown_by_canvas(large_course, practice)


@pytest.mark.parametrize(
    "kind, settings", [("drip", {"seconds": 0.3}), ("latency", {"seconds": 0.3}), ("content_type", {})]
)
def test_a_slow_or_mislabelled_page_is_read_all_the_same(
    kind: str, settings: dict[str, Any], large_course: Course, practice: Practice
) -> None:
    fault(practice, kind, times=1, **settings)
    reading = read_course(large_course)
    assert (reading.state, reading.requests) == ("complete", 6)


def test_another_worker_goes_on_when_the_first_one_is_dead(
    stop_after_page: Callable[[], Reading], large_course: Course, practice: Practice
) -> None:
    reading = stop_after_page()
    Reading.objects.filter(pk=reading.pk).update(try_at=timezone.now())
    assert readings.claim(reading=reading)
    tasks.read_course(reading.pk)
    assert (reading.state, reading.pages_done, readings.due()) == ("running", 1, [])
    Reading.objects.filter(pk=reading.pk).update(lease_until=timezone.now())
    assert readings.due() == [reading.pk]
    practice.control("DELETE", "requests")
    read_on(reading)
    assert reading.state == "complete"
    assert len(practice.requests_seen("GET", "/outcome_rollups")) == 2 + 2
    assert held(reading) == shown_by_canvas(large_course, practice)


@pytest.fixture
def overtaken(stop_after_page: Callable[[], Reading]) -> Reading:
    """A reading as a worker knows it that was thought dead; meanwhile another one has brought it to its end."""
    reading = stop_after_page()
    Reading.objects.filter(pk=reading.pk).update(try_at=timezone.now())
    assert readings.claim(reading=reading)
    Reading.objects.filter(pk=reading.pk).update(lease_until=timezone.now())
    assert read_on(Reading.objects.get(pk=reading.pk)).state == "complete"
    return reading


def wake(reading: Reading) -> None:
    """The worker that was thought dead goes on with what it knows."""
    with client_for(reading.course.canvas_account) as canvas:
        readings.read(reading=reading, canvas=canvas)


def test_a_worker_that_was_thought_dead_changes_nothing_any_more(overtaken: Reading) -> None:
    before = Reading.objects.values().get()
    wake(overtaken)
    assert Reading.objects.values().get() == before
    assert overtaken.pages.count() == 3


def test_an_overtaken_worker_does_not_throw_away_pages_when_the_course_has_changed(
    overtaken: Reading, practice: Practice
) -> None:
    complete = Reading.objects.get(pk=overtaken.pk)
    remove_student(practice, max(students_of(complete)))
    wake(overtaken)
    assert readings.current(overtaken.course) == complete
    assert len(students_of(complete)) == 230
    assert overtaken.pages.count() == 3


def test_pages_that_lie_hours_apart_do_not_make_one_reading(
    stop_after_page: Callable[[], Reading], large_course: Course, practice: Practice
) -> None:
    reading = stop_after_page()
    Reading.objects.filter(pk=reading.pk).update(began_at=timezone.now() - timedelta(hours=4))
    practice.control("DELETE", "requests")
    assert (read_on(reading).state, reading.restarts) == ("waiting", 1)
    assert read_on(reading).state == "complete"
    assert len(practice.requests_seen("GET", "/outcome_rollups")) == 3 + 2
    assert held(reading) == shown_by_canvas(large_course, practice)


def test_a_reading_that_takes_hours_again_and_again_is_given_up(stop_after_page: Callable[[], Reading]) -> None:
    reading = stop_after_page()
    Reading.objects.filter(pk=reading.pk).update(began_at=timezone.now() - timedelta(hours=4), restarts=5)
    assert read_on(reading).state == "failed"
    assert "that took hours" in reading.problem


def test_a_reading_that_kills_its_workers_is_given_up(large_course: Course) -> None:
    reading = readings.ask(course=large_course)
    Reading.objects.filter(pk=reading.pk).update(attempts=10)
    assert read_on(reading).state == "failed"
    assert "never came to an end" in reading.problem


def test_a_course_that_changes_while_it_is_read_is_read_anew(
    stop_after_page: Callable[[], Reading], large_course: Course, practice: Practice
) -> None:
    first = read_course(large_course)
    gone = sheet_of(first).students[0].id
    reading = stop_after_page()
    remove_student(practice, gone)
    read_on(reading)
    assert (reading.state, reading.restarts, reading.pages_done) == ("waiting", 1, 0)
    assert readings.current(large_course) == first
    read_on(reading)
    assert readings.current(large_course) == reading
    assert students_of(reading) == students_of(first) - {gone}


def test_who_leaves_and_who_joins_between_two_pages_are_noticed_though_their_number_stays(
    large_course: Course, stop_after_page: Callable[[], Reading], practice: Practice
) -> None:
    students = sheet_of(read_course(large_course)).students
    early, late = students[5].id, students[-5].id
    remove_student(practice, early)
    reading = stop_after_page()
    remove_student(practice, late)
    set_enrollments(practice, early, "active")
    read_on(reading)
    assert (reading.state, reading.restarts) == ("waiting", 1)
    assert students_of(read_on(reading)) == {one.id for one in students} - {late}


def test_a_course_that_never_rests_is_given_up(stop_after_page: Callable[[], Reading], practice: Practice) -> None:
    reading = stop_after_page()
    Reading.objects.filter(pk=reading.pk).update(restarts=5, students=17)
    read_on(reading)
    assert reading.state == "failed"
    assert "changed while it was read" in reading.problem
    assert not reading.pages.exists()


def test_a_half_done_reading_is_not_shown(stop_after_page: Callable[[], Reading], large_course: Course) -> None:
    first = read_course(large_course)
    half = stop_after_page()
    assert half.pages_done == 1
    assert readings.current(large_course) == first
    with pytest.raises(ValueError, match="complete"):
        sheet_of(half)
    read_on(half)
    assert readings.current(large_course) == half


def test_a_deleted_course_keeps_what_was_read_of_it(course: Course, practice: Practice) -> None:
    first = read_course(course)
    practice.control("PUT", f"objects/courses/{course.canvas_id}", {"workflow_state": "deleted"})
    reading = read_course(course)
    assert reading.state == "failed"
    assert "does not have this course any more" in reading.problem
    assert readings.current(course) == first


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_without_the_right_says_which_right_is_missing(status: int, course: Course, practice: Practice) -> None:
    fault(practice, "status", times=1, status=status, body=ACCESS_DENIED)
    reading = read_course(course)
    assert (reading.state, reading.requests) == ("failed", 1)
    assert "may not see the grades" in reading.problem


def test_an_expired_token_ends_the_reading(course: Course, practice: Practice) -> None:
    fault(practice, "expired", times=1)
    reading = read_course(course)
    assert (reading.state, reading.problem) == ("failed", "The token has expired.")


def test_without_a_token_the_reading_waits_and_says_for_what(course: Course, practice: Practice) -> None:
    Credential.objects.all().delete()
    reading = read_course(course)
    assert (reading.state, reading.attempts) == ("waiting", 0)
    assert "no working token" in reading.problem


def test_without_a_token_a_reading_whose_worker_died_waits_and_says_for_what(
    stop_after_page: Callable[[], Reading],
) -> None:
    reading = stop_after_page()
    Reading.objects.filter(pk=reading.pk).update(try_at=timezone.now())
    assert readings.claim(reading=reading)
    Reading.objects.filter(pk=reading.pk).update(lease_until=timezone.now())
    Credential.objects.all().delete()
    assert (read_on(reading).state, reading.pages_done) == ("waiting", 1)
    assert "no working token" in reading.problem
    assert readings.due() == []


def test_sections_without_names_are_no_reason_to_give_up(course: Course, practice: Practice) -> None:
    fault(practice, "status", "GET /api/v1/courses/*/sections", times=1, status=403, body=ACCESS_DENIED)
    reading = read_course(course)
    assert (reading.state, reading.sections) == ("complete", {})


def test_a_site_that_cannot_give_an_aggregate_is_not_asked_for_the_other(course: Course, practice: Practice) -> None:
    fault(practice, "latency", times=1, seconds=0)  # the page
    fault(practice, "html")
    reading = read_course(course)
    assert (reading.state, reading.aggregates, reading.requests) == ("complete", {}, 2 + TRIES)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_read_no_more_courses_than_allowed_and_none_twice(canvas_account: CanvasAccount) -> None:
    courses = [Course.objects.create(canvas_account=canvas_account, canvas_id=one, name="A") for one in (1, 2, 3)]
    asked = [readings.ask(course=course) for course in courses]

    def claim(pk: int) -> bool:
        try:
            return readings.claim(reading=Reading.objects.get(pk=pk))
        finally:
            connection.close()

    # SQLite is kept in memory in tests, where threads cannot wait for each other: there they come one by one.
    with ThreadPoolExecutor(8 if connection.vendor == "postgresql" else 1) as workers:
        claimed = list(workers.map(claim, [reading.pk for reading in asked] * 4))
    assert sum(claimed) == Reading.objects.filter(state="running").count() == 2
