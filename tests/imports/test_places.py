"""The courses and departments of a Canvas account, listed by a worker for pages to choose from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports import tasks
from imports.models import Course, Directory, SubAccount
from imports.selectors import places as shown
from imports.selectors.places import Wanted
from imports.services import places, watching
from tests.canvas.answers import ACCESS_DENIED
from tests.cast import Seat
from tests.servers.practice import Practice

COURSES = """course_id,short_name,long_name,status,term_id,account_id
B1,BIO 101,Basic Biology,active,T1,BIO
B2,BIO 102,Genetics,active,T1,BIO
H1,HIS 101,Old History,active,,HIS
"""
ACCOUNTS = """account_id,parent_account_id,name,status
SCI,,Science,active
BIO,SCI,Biology,active
HIS,,History,active
"""
PAGE = "/c/example-university/outcomes/tree/places/"
TERMS = "term_id,name,status\nT1,Spring,active\n"


def fill(practice: Practice) -> None:
    for name, content in (("accounts.csv", ACCOUNTS), ("terms.csv", TERMS), ("courses.csv", COURSES)):
        practice.send(name, content)


def collect() -> None:
    for pk in places.due():
        tasks.collect_places(pk)


@pytest.fixture
def listed(canvas_account: CanvasAccount, practice: Practice) -> CanvasAccount:
    fill(practice)
    places.want(canvas_account=canvas_account)
    collect()
    return canvas_account


def test_courses_and_departments_are_listed_when_somebody_wants_them(listed: CanvasAccount) -> None:
    assert [course.name for course in shown.courses(listed)] == ["Basic Biology", "Genetics", "Old History"]
    assert [(one.name, one.depth) for one in shown.departments(listed)] == [
        ("History", 0),
        ("Science", 0),
        ("Biology", 1),
    ]
    assert places.due() == []


def test_courses_are_found_by_words_in_name_code_or_sis_id(listed: CanvasAccount) -> None:
    assert [course.sis_course_id for course in shown.courses(listed, Wanted(text="bio gen"))] == ["B2"]


def test_courses_of_a_department_are_also_those_below_it(listed: CanvasAccount) -> None:
    science = SubAccount.objects.get(name="Science").canvas_id
    assert {course.sis_course_id for course in shown.courses(listed, Wanted(sub_account=science))} == {"B1", "B2"}


def test_courses_are_found_by_term(listed: CanvasAccount) -> None:
    watch = watching.watch_over(listed)
    assert shown.term_names(listed) == {int(term["id"]): term["name"] for term in watch.terms}
    spring = Course.objects.get(sis_course_id="B1").term_canvas_id
    assert {course.sis_course_id for course in shown.courses(listed, Wanted(term=spring))} == {"B1", "B2"}


def test_a_course_that_is_gone_is_kept_and_no_longer_offered(listed: CanvasAccount, practice: Practice) -> None:
    practice.send("courses.csv", "course_id,short_name,long_name,status\nH1,HIS 101,Old History,deleted\n")
    places.want(canvas_account=listed, anew=True)
    collect()
    assert not shown.courses(listed).filter(sis_course_id="H1").exists()
    assert Course.objects.filter(sis_course_id="H1", is_listed=False).exists()


def test_what_is_fresh_is_not_listed_again_unless_anew(listed: CanvasAccount) -> None:
    places.want(canvas_account=listed)
    assert places.due() == []
    places.want(canvas_account=listed, anew=True)
    assert len(places.due()) == 1


def test_a_listing_that_fails_says_why_and_is_tried_again(canvas_account: CanvasAccount, practice: Practice) -> None:
    practice.control("POST", "faults", {"match": "GET /api/v1/accounts/*/courses", "kind": "html", "times": 9})
    directory = places.want(canvas_account=canvas_account)
    collect()
    directory.refresh_from_db()
    assert directory.problem
    assert directory.wanted_at is not None
    practice.control("DELETE", "faults")
    Directory.objects.update(try_at=directory.try_at - timedelta(hours=1))
    collect()
    directory.refresh_from_db()
    assert directory.problem == ""
    assert directory.listed_at is not None


def test_what_the_token_may_not_list_is_said_and_not_asked_for_again_by_who_looks(
    canvas_account: CanvasAccount, practice: Practice, seat: Seat, designer: User
) -> None:
    fault = {"match": "GET /api/v1/accounts/*/courses", "kind": "status", "status": 403, "body": ACCESS_DENIED}
    practice.control("POST", "faults", fault)
    browser = seat(designer)
    browser.get(PAGE)
    collect()
    for _ in range(2):
        page = browser.get(PAGE, headers={"HX-Request": "true"}).text
        assert "may not list courses" in page
        assert "hx-trigger" not in page
    assert places.due() == []

    Directory.objects.update(try_at=timezone.now() - timedelta(seconds=1))
    browser.get(PAGE)
    collect()
    assert Directory.objects.get().listed_at


def test_without_a_token_the_places_say_so_and_nobody_waits(
    canvas_account: CanvasAccount, seat: Seat, designer: User
) -> None:
    canvas_account.credentials.all().delete()
    browser = seat(designer)
    browser.get(PAGE)
    collect()
    page = browser.get(PAGE, headers={"HX-Request": "true"}).text
    assert "There is no working token for this Canvas account. An admin can enter one" in page
    assert "hx-trigger" not in page
    assert places.due() == []
