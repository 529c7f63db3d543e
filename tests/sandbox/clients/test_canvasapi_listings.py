"""What `canvasapi`, as it is, reads of accounts, courses, sections and people."""

from collections.abc import Callable
from typing import Any

import pytest
from canvasapi import Canvas
from canvasapi.exceptions import ResourceDoesNotExist

from tests.servers.practice import Practice


@pytest.fixture
def canvas(connect: Callable[[Practice], Canvas], university: Practice) -> Canvas:
    return connect(university)


@pytest.fixture
def harmony(canvas: Canvas) -> Any:
    """The course with people."""
    return canvas.get_course("C1", use_sis_id=True)


def test_the_token_tells_whose_it_is(canvas: Canvas) -> None:
    assert canvas.get_current_user().id == 1
    assert [account.id for account in canvas.get_accounts()] == [1]


def test_accounts_lead_to_what_is_below_them(canvas: Canvas) -> None:
    root, arts = canvas.get_account(1), canvas.get_account("arts", use_sis_id=True)
    assert [account.name for account in root.get_subaccounts()] == ["Faculty of Arts"]
    assert [account.sis_account_id for account in root.get_subaccounts(recursive=True)] == ["arts", "music"]
    assert [account.name for account in arts.get_subaccounts()] == ["School of Music"]
    assert [course.name for course in arts.get_courses()] == ["Harmony", "Counterpoint"]
    assert [course.name for course in arts.get_courses(published=False)] == ["Counterpoint"]


def test_terms_are_read_in_a_list_and_one_by_one(canvas: Canvas) -> None:
    root = canvas.get_account(1)
    [autumn] = [term for term in root.get_enrollment_terms() if term.sis_term_id == "T1"]
    assert root.get_enrollment_term(autumn).name == "Autumn"


def test_people_of_an_account_are_found(canvas: Canvas) -> None:
    root, arts = canvas.get_account(1), canvas.get_account("arts", use_sis_id=True)
    assert [user.sis_user_id for user in arts.get_users()] == ["tea", "bea", "ann"]
    assert {user.sis_user_id for user in root.get_users()} == {None, "ann", "bea", "tea"}
    assert [user.name for user in root.get_users(search_term="bea.x")] == ["Bea Xu"]
    assert [admin.user["id"] for admin in root.get_admins()] == [1]


def test_a_person_is_found_by_any_id(canvas: Canvas) -> None:
    ann = canvas.get_user("ann", "sis_user_id")
    assert canvas.get_user(ann.id).name == canvas.get_user("ann.y", "sis_login_id").name == "Ann Young"
    assert ann.get_profile()["login_id"] == "ann.y"
    assert [login.unique_id for login in ann.get_user_logins()] == ["ann.y"]
    assert [course.name for course in ann.get_courses()] == ["Harmony"]
    assert [enrollment.sis_section_id for enrollment in ann.get_enrollments()] == ["S1"]
    with pytest.raises(ResourceDoesNotExist):
        canvas.get_user("nobody", "sis_user_id")


def test_a_course_shows_its_sections(canvas: Canvas, harmony: Any) -> None:
    sections = list(harmony.get_sections(include=["total_students"]))
    assert [(section.name, section.total_students) for section in sections] == [("Monday", 1), ("Tuesday", 1)]
    assert harmony.get_section(sections[0].id).sis_section_id == "S1"
    monday = canvas.get_section("S1", use_sis_id=True)
    assert [enrollment.user["login_id"] for enrollment in monday.get_enrollments()] == ["ann.y", "tea.t"]
    counterpoint = canvas.get_course("C2", use_sis_id=True)
    with pytest.raises(ResourceDoesNotExist):
        counterpoint.get_section(monday.id)


def test_a_course_shows_its_people(canvas: Canvas, harmony: Any) -> None:
    students = list(harmony.get_users(enrollment_type=["student"], include=["email", "enrollments"]))
    assert [student.email for student in students] == ["bea@example.edu", "ann@example.edu"]
    assert harmony.get_user(students[0].id, include=["enrollments"]).enrollments[0]["type"] == "StudentEnrollment"
    with pytest.raises(ResourceDoesNotExist):
        harmony.get_user(1)


def test_enrollments_are_filtered_and_read_one_by_one(canvas: Canvas, harmony: Any) -> None:
    [teacher] = harmony.get_enrollments(type=["TeacherEnrollment"])
    assert teacher.sis_user_id == "tea"
    assert canvas.get_account(1).get_enrollment(teacher.id).user["name"] == "Thea Teacher"
    ann = canvas.get_user("ann", "sis_user_id")
    [hers] = harmony.get_enrollments(user_id=ann.id)
    assert hers.grades["html_url"].endswith(f"/courses/{harmony.id}/grades/{ann.id}")
    assert hers.grades["final_score"] is None
