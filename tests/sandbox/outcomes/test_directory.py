"""Courses, sections and people, as the pages of rollups need them."""

from typing import Any

import pytest

from tests.sandbox.outcomes.classroom import Classroom

COURSES: tuple[tuple[str, dict[str, Any], list[str]], ...] = (
    ("self", {}, ["Music", "Torts"]),
    ("sis_account_id:law", {}, ["Torts"]),
    ("self", {"search_term": "mus"}, ["Music"]),
    ("self", {"search_term": "TOR 1"}, ["Torts"]),
    ("self", {"with_enrollments": "true"}, ["Music"]),
    ("self", {"with_enrollments": "false"}, ["Torts"]),
    ("self", {"state[]": "unpublished"}, ["Music", "Torts"]),
    ("self", {"state[]": "completed"}, []),
    ("self", {"enrollment_term_id": "1"}, ["Music", "Torts"]),
    ("self", {"per_page": 1, "page": 2}, ["Torts"]),
)


@pytest.mark.parametrize("account, params, names", COURSES)
def test_courses_of_an_account_are_filtered(
    account: str, params: dict[str, Any], names: list[str], classroom: Classroom
) -> None:
    answer = classroom.request("GET", f"/api/v1/accounts/{account}/courses", params=params)
    assert [course["name"] for course in answer.json()] == names


def test_a_course_is_found_by_its_sis_id(classroom: Classroom) -> None:
    answer = classroom.request("GET", "/api/v1/courses/sis_course_id:music?include[]=term&include[]=total_students")
    found = answer.json()
    assert (found["id"], found["sis_course_id"], found["term"]["name"]) == (
        classroom.course.id, "music", "Default Term",
    )  # fmt: skip
    assert found["total_students"] == 3


def test_sections_tell_their_number_of_students(classroom: Classroom) -> None:
    sections = classroom.get("sections", **{"include[]": "total_students"})
    assert [(one["name"], one["sis_section_id"], one["total_students"]) for one in sections] == [
        ("Music A", "a", 3), ("Music B", "b", 1),
    ]  # fmt: skip


USERS: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({"enrollment_type[]": "student,student_view"}, ["Eve Ábel", "Bea Xu", "Ann Young"]),
    ({"enrollment_type[]": "teacher"}, ["Thea Teacher"]),
    (
        {"enrollment_type[]": "student", "enrollment_state[]": ["completed", "inactive"]},
        ["Dot Ash", "Cy Moss", "Eve Ábel"],
    ),
    ({"search_term": "xu"}, ["Bea Xu"]),
    ({"search_term": "z-ann"}, ["Ann Young"]),
)


@pytest.mark.parametrize("params, names", USERS)
def test_people_of_a_course_are_filtered(params: dict[str, Any], names: list[str], classroom: Classroom) -> None:
    assert sorted(user["name"] for user in classroom.get("users", **params)) == sorted(names)


def test_a_person_carries_enrollments_on_request(classroom: Classroom) -> None:
    [user] = classroom.get("users", search_term="bea", **{"include[]": ["enrollments", "email", "avatar_url"]})
    assert [one["course_section_id"] for one in user["enrollments"]] == [classroom.section("a"), classroom.section("b")]
    assert user.keys() >= {"email", "avatar_url", "sis_user_id", "login_id"}
    assert classroom.request("GET", "/api/v1/users/sis_user_id:bea").json()["id"] == user["id"]
