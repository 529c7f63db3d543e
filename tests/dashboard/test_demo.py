"""What the demo puts into the practice Canvas."""

from accounts.models import CanvasAccount
from dashboard import demo
from outcomes.models import Reading
from tests.servers.practice import Practice
from tests.servers.processes import wait_for


def test_an_empty_practice_site_is_filled_with_a_university(practice: Practice) -> None:
    demo.fill_practice_site(practice.url, practice.token)
    assert len(practice.control("GET", "objects/courses?per_page=100")) == 12
    assert practice.control("GET", "objects/outcome_results?per_page=1")


def test_a_practice_site_that_is_in_use_stays_as_it_is(practice: Practice) -> None:
    batch = practice.send("courses.csv", "course_id,short_name,long_name,status\nC1,MUS 1,Harmony,active\n")
    wait_for(lambda: practice.api("GET", f"accounts/self/sis_imports/{batch['id']}")["workflow_state"] == "imported")
    demo.fill_practice_site(practice.url, practice.token)
    assert [course["name"] for course in practice.control("GET", "objects/courses")] == ["Harmony"]


def test_a_second_start_changes_nothing(practice: Practice) -> None:
    demo.fill_practice_site(practice.url, practice.token)
    users = practice.control("GET", "objects/users?per_page=100")
    demo.fill_practice_site(practice.url, practice.token)
    assert practice.control("GET", "objects/users?per_page=100") == users


def test_some_courses_are_read_from_the_start(canvas_account: CanvasAccount, practice: Practice) -> None:
    demo.fill_practice_site(practice.url, practice.token)
    demo.have_courses_read(canvas_account)
    assert canvas_account.courses.count() == 12
    assert Reading.objects.filter(state="waiting").count() == demo.COURSES_READ
