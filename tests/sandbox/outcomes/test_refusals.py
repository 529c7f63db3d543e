"""What results and rollups refuse, in Canvas's words and Canvas's order."""

from typing import Any

import pytest

from tests.sandbox.outcomes.classroom import Classroom

OF_USERS = "can only include id's of users in the outcome context"
OF_OUTCOMES = "can only include id's of outcomes in the outcome context"
OF_GROUPS = "can only include an outcome group id in the outcome context"

BAD: tuple[tuple[dict[str, Any], str], ...] = (
    ({"aggregate": "section"}, "invalid aggregate parameter value"),
    ({"aggregate": "course", "aggregate_stat": "mode"}, "invalid aggregate_stat parameter value"),
    ({"sort_by": "grade"}, "invalid sort_by parameter value"),
    ({"sort_by": "outcome"}, "missing required sort_outcome_id parameter value"),
    ({"sort_by": "outcome", "sort_outcome_id": "x1"}, "invalid sort_outcome_id parameter value"),
    ({"sort_by": "contributing_score"}, "missing required sort_alignment_id parameter value"),
    ({"sort_by": "contributing_score", "sort_alignment_id": "55"}, "invalid sort_alignment_id parameter value"),
    ({"sort_by": "contributing_score", "sort_alignment_id": "d_55"}, "invalid sort_alignment_id parameter value"),
    ({"sort_by": "student", "sort_order": "up"}, "invalid sort_order parameter value"),
    ({"include[]": "teachers"}, "invalid include: teachers"),
    ({"include[]": "courses"}, "can't include courses unless aggregate is 'course'"),
    ({"include[]": "users", "aggregate": "course"}, "can't include users unless aggregate is not set"),
    ({"outcome_ids[]": "999"}, OF_OUTCOMES),
    ({"outcome_ids": "1,999"}, OF_OUTCOMES),
    ({"outcome_group_id": "999"}, OF_GROUPS),
    ({"outcome_group_id": "1", "outcome_ids[]": "1"}, "can't filter by both outcome_ids and outcome_group_id"),
    ({"user_ids[]": "1"}, OF_USERS),
    ({"user_ids[]": "sis_user_id:tea"}, OF_USERS),
    ({"user_ids[]": "sis_user_id:nobody"}, OF_USERS),
    ({"section_id": "999"}, "invalid section id"),
    ({"section_id": "1", "user_ids[]": "sis_user_id:ann"}, "cannot specify both user_ids and section_id"),
)


@pytest.mark.parametrize("params, message", BAD)
def test_a_bad_parameter_is_refused_with(params: dict[str, Any], message: str, classroom: Classroom) -> None:
    refusal = {"status": "bad_request", "message": message}
    assert classroom.refused("outcome_rollups", **params) == (400, refusal)


IN_ORDER = (
    {"aggregate": "x"},
    {"aggregate_stat": "x"},
    {"sort_by": "x"},
    {"include[]": "x"},
    {"outcome_ids[]": "999"},
    {"user_ids[]": "999"},
)
MESSAGES = (
    "invalid aggregate parameter value",
    "invalid aggregate_stat parameter value",
    "invalid sort_by parameter value",
    "invalid include: x",
    OF_OUTCOMES,
    OF_USERS,
)


@pytest.mark.parametrize("first", range(len(IN_ORDER)))
def test_the_first_check_that_fails_speaks(first: int, classroom: Classroom) -> None:
    params = {name: value for one in IN_ORDER[first:] for name, value in one.items()}
    assert classroom.refused("outcome_rollups", **params)[1]["message"] == MESSAGES[first]


def test_results_know_nothing_of_the_parameters_of_rollups(classroom: Classroom) -> None:
    assert classroom.get("outcome_results", aggregate="x", sort_by="x") == {"outcome_results": []}


def test_an_unknown_course_is_not_found(classroom: Classroom) -> None:
    answer = classroom.request("GET", "/api/v1/courses/999/outcome_rollups")
    assert answer.status_code == 404
    assert answer.json() == {"errors": [{"message": "The specified resource does not exist."}]}


STRANGERS: tuple[tuple[str, dict[str, str], int, str], ...] = (
    ("ann", {}, 403, "users not specified and no access to all grades"),
    ("obs", {}, 403, "users not specified and no access to all grades"),
    ("ann", {"user_ids[]": "sis_user_id:tea"}, 400, "specified users not enrolled"),
    ("ann", {"user_ids[]": "sis_user_id:bea"}, 403, "not authorized to read grades for specified users"),
    ("obs", {"user_ids[]": "sis_user_id:bea"}, 403, "not authorized to read grades for specified users"),
)


@pytest.mark.parametrize("viewer, params, status, message", STRANGERS)
def test_who_may_not_see_all_grades_is_refused(
    viewer: str, params: dict[str, str], status: int, message: str, classroom: Classroom
) -> None:
    found = classroom.refused("outcome_rollups", as_user_id=f"sis_user_id:{viewer}", **params)
    assert (found[0], found[1]["message"]) == (status, message)


@pytest.mark.parametrize("viewer", ["ann", "obs", "tea"])
def test_students_their_observers_and_teachers_see_a_students_rollup(viewer: str, classroom: Classroom) -> None:
    classroom.result("ann", "o1", 3)
    score = classroom.score("ann", "o1", as_user_id=f"sis_user_id:{viewer}")
    assert score is not None
    assert score["score"] == 3.0


def test_grades_held_back_are_hidden_from_students_alone(classroom: Classroom) -> None:
    classroom.result("ann", "o1", 3, posted=0)
    assert classroom.score("ann", "o1", as_user_id="sis_user_id:ann") is None
    assert classroom.score("ann", "o1") is not None


@pytest.mark.parametrize("what", ["outcome_mastery_distribution", "outcomes/1/contributing_scores"])
def test_distributions_and_contributing_scores_need_the_right_to_all_grades(what: str, classroom: Classroom) -> None:
    refusal = {"status": "forbidden", "message": "insufficient permissions"}
    assert classroom.refused(what, as_user_id="sis_user_id:ann") == (403, refusal)


def test_nobody_can_be_acted_as_who_is_not_there(classroom: Classroom) -> None:
    found = classroom.refused("outcome_rollups", as_user_id="999")
    assert found == (401, {"errors": "Invalid as_user_id"})


def test_an_outcome_of_elsewhere_has_no_contributing_scores(classroom: Classroom) -> None:
    refusal = {"status": "bad_request", "message": "outcome not found in this context"}
    assert classroom.refused("outcomes/999/contributing_scores") == (400, refusal)
