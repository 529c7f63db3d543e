"""A course's rollups are read from Canvas whole, at a known price."""

from imports.models import Course
from outcomes.selectors.sheets import sheet_of
from outcomes.services import reading as readings
from tests.outcomes.school import read_course
from tests.servers.practice import Practice


def test_a_reading_holds_what_canvas_shows(course: Course, practice: Practice) -> None:
    reading = read_course(course)
    assert reading.state == "complete", reading.problem
    shown = practice.api("GET", f"courses/{course.canvas_id}/outcome_rollups", params={"per_page": 100})
    theirs = {
        (int(rollup["links"]["user"]), int(score["links"]["outcome"])): (score["score"], score["count"])
        for rollup in shown["rollups"]
        for score in rollup["scores"]
    }
    sheet = sheet_of(reading)
    reached = sheet.is_reached
    ours = {
        (student.id, outcome.id): (
            sheet.scores[row, column] if reached[row, column] else None,
            sheet.counts[row, column],
        )
        for row, student in enumerate(sheet.students)
        for column, outcome in enumerate(sheet.outcomes)
        if sheet.counts[row, column]
    }
    assert ours == theirs
    assert len(sheet.students) == shown["meta"]["pagination"]["count"]


def test_a_reading_costs_a_request_per_hundred_students_and_three_more(course: Course, practice: Practice) -> None:
    practice.control("DELETE", "requests")
    reading = read_course(course)
    assert reading.requests == len(practice.requests_seen("GET", f"/courses/{course.canvas_id}/")) == 1 + 3


def test_a_new_reading_takes_the_place_of_the_one_before(course: Course) -> None:
    first, second = read_course(course), read_course(course)
    assert readings.current(course) == second
    assert list(course.readings.all()) == [second] != [first]
