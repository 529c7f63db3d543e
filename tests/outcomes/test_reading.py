"""A course's rollups are read from Canvas whole, at a known price."""

import itertools

import pytest
from pytest_django import Settings

from accounts.models import CanvasAccount
from imports.models import Course
from outcomes.models import Reading
from outcomes.selectors.sheets import sheet_of
from outcomes.services import reading as readings
from tests.outcomes.school import read_course, remove_student
from tests.servers.practice import Practice


def shown_by_canvas(course: Course, practice: Practice) -> dict[tuple[int, int], tuple[float | None, int]]:
    """Score and number of results by student and outcome, over all pages."""
    found = {}
    for page in itertools.count(1):
        params: dict[str, str | int] = {"per_page": 100, "page": page, "sort_by": "student"}
        rollups = practice.api("GET", f"courses/{course.canvas_id}/outcome_rollups", params=params)["rollups"]
        for rollup in rollups:
            for score in rollup["scores"]:
                key = int(rollup["links"]["user"]), int(score["links"]["outcome"])
                found[key] = score["score"], score["count"]
        if not rollups:
            break
    return found


def held(reading: Reading) -> dict[tuple[int, int], tuple[float | None, int]]:
    """The same out of a reading."""
    sheet = sheet_of(reading)
    reached = sheet.is_reached
    return {
        (student.id, outcome.id): (
            float(sheet.scores[row, column]) if reached[row, column] else None,
            int(sheet.counts[row, column]),
        )
        for row, student in enumerate(sheet.students)
        for column, outcome in enumerate(sheet.outcomes)
        if sheet.counts[row, column]
    }


FLAGS: list[dict[str, bool]] = [
    {},
    {"bare_linked_users": True, "contributing_scores_in_rollups": True, "api_auth_error_updates": False},
    {"account_level_mastery_scales": True, "unsorted_rollups_leak": False},
]


@pytest.mark.parametrize("flags", FLAGS, ids=["hosted", "older", "scales of the account"])
def test_a_reading_holds_what_canvas_shows(flags: dict[str, bool], large_course: Course, practice: Practice) -> None:
    practice.control("POST", "flags", flags)
    reading = read_course(large_course)
    assert reading.state == "complete", reading.problem
    assert held(reading) == shown_by_canvas(large_course, practice)
    assert len(sheet_of(reading).students) == reading.students == 230


def test_a_reading_costs_a_request_per_hundred_students_and_three_more(
    large_course: Course, practice: Practice
) -> None:
    practice.control("DELETE", "requests")
    reading = read_course(large_course)
    assert reading.requests == len(practice.requests_seen("GET", "/api/v1/")) == 3 + 3


def test_a_new_reading_takes_the_place_of_the_one_before(course: Course) -> None:
    first, second = read_course(course), read_course(course)
    assert readings.current(course) == second
    assert list(course.readings.all()) == [second] != [first]


def test_a_reading_without_news_is_recognised(course: Course, practice: Practice) -> None:
    first = read_course(course)
    sheet = sheet_of(first)
    second = read_course(course)
    assert second.content_hash == first.content_hash
    assert sheet_of(second) is sheet
    remove_student(practice, sheet.students[0].id)
    third = read_course(course)
    assert third.content_hash != first.content_hash
    assert len(sheet_of(third).students) == len(sheet.students) - 1


def test_courses_are_read_a_few_at_a_time(university: CanvasAccount, settings: Settings, practice: Practice) -> None:
    settings.READINGS_AT_ONCE = 1
    one, other = (readings.ask(course=course) for course in Course.objects.order_by("pk"))
    assert readings.due() == [one.pk]
    assert readings.claim(reading=one)
    assert not readings.claim(reading=one)
    assert not readings.claim(reading=other)
    assert readings.due() == []


def test_an_urgent_reading_goes_first(university: CanvasAccount, settings: Settings) -> None:
    settings.READINGS_AT_ONCE = 1
    one, other = (readings.ask(course=course, urgency=5) for course in Course.objects.order_by("pk"))
    readings.ask(course=other.course)
    assert readings.due() == [other.pk]
    settings.READINGS_AT_ONCE = 2
    assert readings.due() == [other.pk, one.pk]
