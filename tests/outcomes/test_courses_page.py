"""The page of courses: which there are, what has been read of them, and reading them."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import CanvasAccount, User
from imports.models import Course, Directory
from imports.services import watching
from outcomes.models import Reading
from outcomes.services import reading as readings
from tests.cast import Seat
from tests.outcomes.kept import course_of, keep, outcome, student
from tests.outcomes.page import address, texts
from tests.outcomes.school import list_places, read_course
from tests.servers.practice import Practice

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(seat: Seat, designer: User) -> Client:
    return seat(designer)


def page(browser: Client, canvas_account: CanvasAccount, **query: str | int) -> str:
    answer = browser.get(reverse("outcomes:courses", args=[canvas_account.slug]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def names(html: str) -> list[str]:
    rows = re.findall(r'<th scope="row">(.*?)<div', html, re.DOTALL)
    return [texts(row) for row in rows]


@pytest.fixture
def three(canvas_account: CanvasAccount) -> list[Course]:
    Directory.objects.create(canvas_account=canvas_account, wanted_at=None, listed_at=timezone.now())
    return [
        course_of(canvas_account, number, name) for number, name in ((1, "Biology"), (2, "Chemistry"), (3, "Drama"))
    ]


def test_courses_are_found_by_words_term_and_department(
    browser: Client, university: CanvasAccount, practice: Practice
) -> None:
    watching.watch_over(university)
    first, second = Course.objects.order_by("canvas_id")
    assert sorted(names(page(browser, university))) == sorted([first.name, second.name])
    assert names(page(browser, university, text=second.sis_course_id)) == [second.name]
    departments = {course.sub_account_canvas_id: course.name for course in (first, second)}
    for number, name in departments.items():
        assert name in names(page(browser, university, department=number or 0))


def test_only_courses_that_were_read_can_be_shown(
    browser: Client, canvas_account: CanvasAccount, three: list[Course]
) -> None:
    keep(three[1], [outcome(1)], [(student(11), [3.0])])
    assert names(page(browser, canvas_account, rollups="read")) == ["Chemistry"]


def test_what_is_there_of_a_course_is_told(browser: Client, canvas_account: CanvasAccount, three: list[Course]) -> None:
    keep(three[0], [outcome(1), outcome(2)], [(student(11), [3.0, 1.0])])
    Reading.objects.create(course=three[1], state=Reading.State.RUNNING, pages_done=1, pages_all=4)
    Reading.objects.create(course=three[2], state=Reading.State.FAILED, problem="The token may not see the grades.")
    biology, chemistry, drama = (texts(row) for row in page(browser, canvas_account).split("<tr>")[2:5])
    assert "1 2 Read just now" in biology
    assert "Being read 25 %" in chemistry
    assert "Read rollups" not in chemistry
    assert "Not read The token may not see the grades." in drama
    assert "Try again" in drama


def test_the_table_follows_a_reading_and_then_rests(browser: Client, university: CanvasAccount, course: Course) -> None:
    where = reverse("outcomes:courses", args=[university.slug])
    assert "hx-trigger" not in page(browser, university)
    back = browser.post(address(course, "read"), {"query": "text=bio"})
    assert back["Location"] == f"{where}?text=bio"
    live = page(browser, university)
    seen = re.search(r"seen=(\w+)", live)
    assert seen
    assert browser.get(where, {"seen": seen[1]}, headers=HTMX).status_code == 204
    read_course(course)
    rested = browser.get(where, {"seen": seen[1]}, headers=HTMX).content.decode()
    assert "<html" not in rested
    assert "Read again" in rested
    assert "hx-trigger" not in rested


def test_courses_are_listed_again_when_asked(browser: Client, university: CanvasAccount) -> None:
    browser.post(reverse("outcomes:list_again", args=[university.slug]))
    assert "Courses are being listed" in page(browser, university)
    list_places(university)
    assert "as Canvas listed them just now" in texts(page(browser, university))


def test_before_the_first_listing_the_page_says_that_it_waits(browser: Client, canvas_account: CanvasAccount) -> None:
    html = page(browser, canvas_account)
    assert "Courses are being listed" in html
    assert "hx-trigger" in html


def test_where_no_course_fits_the_page_says_so(
    browser: Client, canvas_account: CanvasAccount, three: list[Course]
) -> None:
    assert "No course fits" in page(browser, canvas_account, text="Zoology")


def test_many_courses_come_in_pages_at_a_bounded_price(
    browser: Client, canvas_account: CanvasAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Directory.objects.create(canvas_account=canvas_account, wanted_at=None, listed_at=timezone.now())
    for number in range(1, 72):
        course_of(canvas_account, number, f"Course {number:03}")
    with django_assert_max_num_queries(15):
        assert len(names(page(browser, canvas_account))) == 50
    second = page(browser, canvas_account, page=2)
    assert names(second)[0] == "Course 051"
    assert "More courses" not in second
    assert page(browser, canvas_account, page="9" * 18)


def test_a_reading_that_is_asked_for_twice_is_made_once(browser: Client, course: Course) -> None:
    for _ in range(2):
        browser.post(address(course, "read"))
    assert readings.ask(course=course) == Reading.objects.get(course=course)


def test_who_has_nothing_to_do_with_outcomes_may_not_have_courses_read(
    seat: Seat, three: list[Course], viewer: User, registrar: User
) -> None:
    for person in (viewer, registrar):
        assert seat(person).post(address(three[0], "read")).status_code == 403
    assert not Reading.objects.exists()
