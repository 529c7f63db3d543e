"""What `uw-restclients-canvas`, as it is, reads of accounts, courses, people and outcomes."""

from collections.abc import Callable

import pytest
from uw_canvas.accounts import Accounts
from uw_canvas.courses import Courses
from uw_canvas.enrollments import Enrollments
from uw_canvas.outcome_groups import OutcomeGroups
from uw_canvas.outcome_results import OutcomeResults
from uw_canvas.outcomes import Outcomes
from uw_canvas.sections import Sections
from uw_canvas.terms import Terms
from uw_canvas.users import Users

from tests.servers.practice import Practice

Configure = Callable[[Practice], None]


@pytest.fixture(autouse=True)
def configured(configure: Configure, university: Practice) -> None:
    configure(university)


@pytest.fixture
def seeded(configure: Configure, practice: Practice) -> int:
    """The number of a course with outcomes and results."""
    practice.control("POST", "reset")
    practice.control("POST", "seed", {"courses": 2, "students": 12, "outcomes": 6, "seed": 1})
    course: int = practice.api("GET", "accounts/self/courses")[0]["id"]
    return course


def test_accounts_are_read() -> None:
    accounts = Accounts()
    root, arts = accounts.get_account("self"), accounts.get_account_by_sis_id("arts")
    assert (root.account_id, root.parent_account_id) == (1, None)
    assert (arts.name, arts.sis_account_id, arts.parent_account_id) == ("Faculty of Arts", "arts", 1)
    assert [found.sis_account_id for found in accounts.get_sub_accounts(1, params={})] == ["arts"]
    assert [found.sis_account_id for found in accounts.get_sub_accounts_by_sis_id("arts")] == ["music"]
    assert [found.sis_account_id for found in accounts.get_all_sub_accounts(1)] == ["arts", "music"]
    assert [found.sis_account_id for found in accounts.get_all_sub_accounts_by_sis_id("arts")] == ["music"]


def test_terms_are_read() -> None:
    assert {term.name for term in Terms().get_all_terms()} > {"Autumn"}
    autumn = Terms().get_term_by_sis_id("T1")
    assert (autumn.name, autumn.workflow_state, autumn.start_at.year) == ("Autumn", "active", 2026)


def test_courses_are_read() -> None:
    courses = Courses()
    harmony = courses.get_course_by_sis_id("C1", params={})
    assert (harmony.name, harmony.code, harmony.term.name) == ("Harmony", "MUS 1", "Autumn")
    assert courses.get_course(harmony.course_id, params={}).sis_course_id == "C1"
    assert [course.name for course in courses.get_courses_in_account(1, params={})] == ["Harmony", "Counterpoint"]
    assert len(courses.get_courses_in_account_by_sis_id("arts", params={})) == 2
    assert [course.name for course in courses.get_published_courses_in_account(1, params={})] == ["Harmony"]
    assert len(courses.get_published_courses_in_account_by_sis_id("music", params={})) == 1
    assert [course.name for course in courses.get_courses_for_regid("ann", params={})] == ["Harmony"]


def test_sections_are_read() -> None:
    sections = Sections()
    monday = sections.get_section_by_sis_id("S1", params={})
    assert (monday.name, monday.sis_section_id) == ("Monday", "S1")
    assert sections.get_section(monday.section_id, params={}).course_id == monday.course_id
    assert [found.name for found in sections.get_sections_in_course_by_sis_id("C1", params={})] == ["Monday", "Tuesday"]
    with_students = sections.get_sections_with_students_in_course_by_sis_id("C1", params={})
    assert [[student.sis_user_id for student in found.students] for found in with_students] == [["ann"], ["bea"]]


def test_users_are_read() -> None:
    users = Users()
    ann = users.get_user_by_sis_id("ann", params={})
    assert (ann.name, ann.login_id) == ("Ann Young", "ann.y")
    assert users.get_user(ann.user_id, params={}).sis_user_id == "ann"
    [login] = users.get_user_logins_by_sis_id("ann")
    assert (login.unique_id, login.sis_user_id) == ("ann.y", "ann")
    names = [user.sis_user_id for user in users.get_users_for_sis_course_id("C1", params={"include": ["enrollments"]})]
    assert names == ["tea", "bea", "ann"]


def test_enrollments_are_read() -> None:
    enrollments = Enrollments()
    found = enrollments.get_enrollments_for_course_by_sis_id("C1", params={})
    assert [(one.sis_user_id, one.sis_section_id, one.role) for one in found] == [
        ("ann", "S1", "StudentEnrollment"),
        ("bea", "S2", "StudentEnrollment"),
        ("tea", "S1", "TeacherEnrollment"),
    ]
    monday = enrollments.get_enrollments_for_section_by_sis_id("S1", params={})
    assert [one.login_id for one in monday] == ["ann.y", "tea.t"]
    [hers] = enrollments.get_enrollments_for_regid("ann", params={}, include_courses=True)
    assert (hers.status, hers.course.name, hers.current_score) == ("active", "Harmony", None)


def test_outcomes_and_their_groups_are_read(seeded: int) -> None:
    groups = OutcomeGroups()
    root = groups.get_outcome_groups_by_course(seeded)[0]
    listed = [
        number
        for group in groups.get_outcome_groups_by_course(seeded)
        for number in groups.get_outcome_list_by_course_and_group(seeded, group.outcome_group_id)
    ]
    assert (root.context_type, root.context_id, root.has_parent) == ("Course", seeded, False)
    outcome = Outcomes().get_outcome_by_id(listed[0])
    assert (outcome.outcome_id, len(outcome.ratings) > 1) == (listed[0], True)


def test_results_are_read(seeded: int) -> None:
    results, outcomes = OutcomeResults().get_outcome_results_by_course(seeded, params={"include": ["outcomes"]})
    assert {result.learning_outcome_id for result in results} <= {str(outcome.outcome_id) for outcome in outcomes}
    assert all(result.user_id is not None for result in results)
    assert len(results) > 10
