"""What outcomes are aligned with in a course: asked by student or by assignment, answered by a worker."""

import pytest
from django.test import Client

from accounts.models import User
from imports.models import Course
from outcomes.models import AlignmentList, Reading
from outcomes.rollups.sheet import Student
from outcomes.selectors.alignments import assignments, students
from outcomes.selectors.sheets import sheet_of
from tests.cast import Seat
from tests.outcomes.library import PATH, wait_no_more, work
from tests.outcomes.school import read_course
from tests.servers.practice import Practice


@pytest.fixture
def reading(course: Course) -> Reading:
    return read_course(course)


def an_assignment(reading: Reading) -> tuple[int, str]:
    """One that Canvas knows alignments of directly; a quiz has them by its question bank alone."""
    measured = [one for one in assignments(reading) if one[1] != f"Assignment {one[0]}"]
    return measured[0]


def page(course: Course) -> str:
    return f"{PATH}courses/{course.canvas_id}/alignments/"


def ask(browser: Client, course: Course, by: str, target: int) -> str:
    """The address of the answer, once a worker has fetched it."""
    answer = browser.post(page(course), {"by": by, "target": target})
    assert answer.status_code == 302, answer.text
    work()
    return str(answer.headers["Location"])


def test_an_assignment_tells_which_outcomes_it_measures(
    reading: Reading, course: Course, designer: User, seat: Seat, practice: Practice
) -> None:
    browser = seat(designer)
    number, title = an_assignment(reading)
    shown = browser.get(ask(browser, course, "assignment", number)).text
    theirs = practice.api("GET", f"courses/{course.canvas_id}/outcome_alignments", params={"assignment_id": number})
    assert theirs
    for one in theirs:
        assert f"outcome/{one['learning_outcome_id']}/" in shown
        assert one["url"] in shown
    assert title in shown


def test_a_student_has_alignments_of_quizzes_too(
    reading: Reading, course: Course, designer: User, seat: Seat, practice: Practice
) -> None:
    browser = seat(designer)
    number, name = students(reading)[0]
    shown = browser.get(ask(browser, course, "student", number)).text
    theirs = practice.api("GET", f"courses/{course.canvas_id}/outcome_alignments", params={"student_id": number})
    assert f"{len(theirs)} alignment" in shown
    assert name in shown


def test_no_address_and_no_log_holds_a_student(
    reading: Reading, course: Course, designer: User, seat: Seat, caplog: pytest.LogCaptureFixture, practice: Practice
) -> None:
    caplog.set_level("INFO")
    practice.control("POST", "faults", {"match": "GET /api/v1/courses/*/outcome_alignments", "kind": "html"})
    student: Student = max(sheet_of(reading).students, key=lambda one: one.id)
    AlignmentList.objects.create(course=course, by="assignment", target=1, wanted_at=None)
    address = ask(seat(designer), course, "student", student.id)
    asked = AlignmentList.objects.get(by="student")
    assert address == f"{page(course)}?list={asked.pk}"
    told = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert student.name not in told
    assert f"student_id={student.id}" not in told


def test_the_answer_comes_by_itself(reading: Reading, course: Course, designer: User, seat: Seat) -> None:
    browser = seat(designer)
    number, _ = an_assignment(reading)
    address = browser.post(page(course), {"by": "assignment", "target": number}).headers["Location"]
    assert "hx-get" in browser.get(address).text
    work()
    fragment = browser.get(f"{address}&seen=1", headers={"HX-Request": "true"}).text
    assert fragment.strip().startswith("<section")
    assert "hx-get" not in fragment
    version = AlignmentList.objects.get().version
    assert browser.get(f"{address}&seen={version}", headers={"HX-Request": "true"}).status_code == 204


def test_a_question_that_fails_is_asked_again(
    reading: Reading, course: Course, designer: User, seat: Seat, practice: Practice
) -> None:
    browser = seat(designer)
    number, _ = an_assignment(reading)
    practice.control(
        "POST", "faults", {"match": "GET /api/v1/courses/*/outcome_alignments", "kind": "html", "times": 9}
    )
    address = ask(browser, course, "assignment", number)
    assert AlignmentList.objects.get().problem
    practice.control("DELETE", "faults")
    wait_no_more()
    work()
    assert "alignment" in browser.get(address).text
    assert AlignmentList.objects.get().problem == ""


def test_who_is_not_in_the_course_is_not_asked_for(
    reading: Reading, course: Course, designer: User, seat: Seat
) -> None:
    for told in ({"by": "student", "target": "99999"}, {"by": "student"}, {"by": "nobody", "target": "1"}, {}):
        assert seat(designer).post(page(course), told).status_code == 422
    assert not AlignmentList.objects.exists()


def test_a_course_that_was_not_read_says_what_to_do_first(course: Course, designer: User, seat: Seat) -> None:
    assert "This course has not been read" in seat(designer).get(page(course)).text


def test_an_outcome_shows_what_was_looked_up_by_assignment(
    reading: Reading, course: Course, designer: User, seat: Seat
) -> None:
    browser = seat(designer)
    number, _ = an_assignment(reading)
    ask(browser, course, "assignment", number)
    found = AlignmentList.objects.get().found[0]
    shown = browser.get(f"{PATH}outcome/{found['outcome']}/").text
    work()
    shown = browser.get(f"{PATH}outcome/{found['outcome']}/").text
    assert "looked up by assignment" in shown
    assert found["url"] in shown


def test_the_rollups_of_a_course_lead_to_its_alignments(
    reading: Reading, course: Course, designer: User, seat: Seat
) -> None:
    rollups = f"{PATH}courses/{course.canvas_id}/"
    assert f'href="{page(course)}"' in seat(designer).get(rollups).content.decode()


def test_another_courses_list_is_not_shown_here(reading: Reading, course: Course, designer: User, seat: Seat) -> None:
    other = Course.objects.exclude(pk=course.pk)[0]
    browser = seat(designer)
    ask(browser, course, "assignment", an_assignment(reading)[0])
    pk = AlignmentList.objects.get().pk
    assert 'id="alignments"' not in browser.get(f"{page(other)}?list={pk}").text


def test_who_may_not_read_outcomes_asks_nothing(
    reading: Reading, course: Course, viewer: User, registrar: User, stranger: User, seat: Seat
) -> None:
    assert seat(viewer).get(page(course)).status_code == 403
    assert seat(registrar).post(page(course), {"by": "student", "target": 1}).status_code == 403
    assert seat(stranger).get(page(course)).status_code == 404
