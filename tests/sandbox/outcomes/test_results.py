"""Single results, what is linked to them, distributions, and the gradebook's order and export."""

import csv
import io
import json
from typing import Any

import pytest

from sandbox.outcomes.linked import with_percents
from tests.sandbox.outcomes.classroom import Classroom


def test_a_result_shows_score_share_and_links(classroom: Classroom) -> None:
    number = classroom.result("ann", "o1", 3, percent=0.75, mastery=1)
    [result] = classroom.get("outcome_results")["outcome_results"]
    [alignment] = {
        one["id"] for one in classroom.get("outcome_results", **{"include[]": "alignments"})["linked"]["alignments"]
    }
    assert result == {
        "id": number,
        "mastery": True,
        "score": 3.0,
        "possible": 4.0,
        "hide_points": False,
        "hidden": False,
        "percent": 0.75,
        "submitted_or_assessed_at": "2026-01-05T10:00:00Z",
        "links": {
            "user": str(classroom.user("ann")),
            "learning_outcome": str(classroom.outcome("o1")),
            "alignment": alignment,
            "assignment": alignment,
        },
    }


def test_results_are_paged_by_student_outcome_and_id(classroom: Classroom) -> None:
    numbers = [
        classroom.result("dot", "o1", 1),
        classroom.result("dot", "o2", 1),
        classroom.result("dot", "o2", 2, "Quiz"),
        classroom.result("ann", "o1", 2),
    ]
    pages = [classroom.get("outcome_results", per_page=2, page=page)["outcome_results"] for page in (1, 2, 3)]
    assert [[one["id"] for one in page] for page in pages] == [numbers[:2], numbers[2:], []]


def test_hidden_results_are_shown_on_request(classroom: Classroom) -> None:
    classroom.result("ann", "o1", 3, hidden=1)
    assert classroom.get("outcome_results") == {"outcome_results": []}
    assert len(classroom.get("outcome_results", include_hidden="1")["outcome_results"]) == 1


@pytest.mark.parametrize("form", ["a,b", "a[]&b[]"])
def test_students_and_outcomes_can_be_picked_by_list_or_by_commas(form: str, classroom: Classroom) -> None:
    for student in ("ann", "bea", "cy"):
        classroom.result(student, "o1", 3)
        classroom.result(student, "o2", 3)
    users = ["sis_user_id:ann", str(classroom.user("cy"))]
    params: dict[str, Any] = {"user_ids": ",".join(users)} if form == "a,b" else {"user_ids[]": users}
    results = classroom.get("outcome_results", **params, **{"outcome_ids[]": classroom.outcome("o2")})[
        "outcome_results"
    ]
    found = {(one["links"]["user"], one["links"]["learning_outcome"]) for one in results}
    outcome = str(classroom.outcome("o2"))
    assert found == {(str(classroom.user("ann")), outcome), (str(classroom.user("cy")), outcome)}


def test_a_group_filters_by_its_direct_links(classroom: Classroom) -> None:
    group = classroom.desk.group("g")["id"]
    shown = classroom.get("outcome_rollups", sort_by="student", outcome_group_id=group, **{"include[]": "outcomes"})
    assert [one["vendor_guid"] for one in shown["linked"]["outcomes"]] == ["o1"]


def linked(classroom: Classroom, *includes: str, **params: Any) -> dict[str, Any]:
    answer = classroom.get("outcome_rollups", sort_by="student", **{"include[]": list(includes)}, **params)
    found: dict[str, Any] = answer["linked"]
    assert found.keys() == set(includes)
    return found


def test_linked_users_carry_what_the_institution_calls_them(classroom: Classroom) -> None:
    last = linked(classroom, "users")["users"][-1]
    names = {"name": "Ann Young", "display_name": "Ann Young", "sortable_name": "Young, Ann"}
    plain = {"id": str(classroom.user("ann")), **names}
    assert last == {**plain, "sis_id": "ann", "integration_id": None, "login_id": "z-ann"}
    classroom.desk.switch("bare_linked_users", on=True)
    assert linked(classroom, "users")["users"][-1] == plain


def test_linked_outcomes_name_their_group_and_published_assignments(classroom: Classroom) -> None:
    classroom.result("ann", "o1", 3)
    classroom.alignment("o1", "Draft")
    classroom.desk.site.db().execute("UPDATE assignments SET workflow_state = 'unpublished' WHERE title = 'Draft'")
    first, *_ = linked(classroom, "outcomes")["outcomes"]
    assert first["group_id"] == str(classroom.desk.group("g")["id"])
    assert (first["alignments"], first["id"]) == (["assignment_1"], classroom.outcome("o1"))
    assert isinstance(first["id"], int)


def test_linked_paths_leave_the_root_out(classroom: Classroom) -> None:
    paths = linked(classroom, "outcome_paths")["outcome_paths"]
    assert [[part["name"] for part in one["parts"]] for one in paths] == [["G", "Zeal"], ["Art"], ["Mind"]]


def test_linked_alignments_are_those_of_the_page_or_of_the_outcomes(classroom: Classroom) -> None:
    classroom.result("ann", "o1", 3)
    classroom.alignment("o2", "Draft")
    url = f"{classroom.url}/courses/{classroom.course.id}/assignments"
    essay = {"id": "assignment_1", "name": "Essay", "html_url": f"{url}/1"}
    draft = {"id": "assignment_2", "name": "Draft", "html_url": f"{url}/2"}
    found = linked(classroom, "alignments", "outcomes.alignments", "assignments")
    assert found["alignments"] == [essay]
    assert found["outcomes.alignments"] == [essay, draft]
    assert found["assignments"] == [{**essay, "submission_types": "online_upload"}]


def test_linked_groups_links_and_course(classroom: Classroom) -> None:
    found = linked(classroom, "outcome_groups", "outcome_links")
    assert [one["title"] for one in found["outcome_groups"]] == ["Music", "G"]
    assert [one["outcome"]["title"] for one in found["outcome_links"]] == ["Zeal", "Art", "Mind"]
    whole = classroom.get("outcome_rollups", aggregate="course", **{"include[]": "courses"})
    assert whole["linked"] == {"courses": [{"id": str(classroom.course.id), "name": "Music"}]}


def test_outcomes_that_nobody_has_a_result_for_can_be_left_out(classroom: Classroom) -> None:
    classroom.result("ann", "o2", 3)
    found = linked(classroom, "outcomes", **{"exclude[]": "missing_outcome_results"})["outcomes"]
    assert [one["vendor_guid"] for one in found] == ["o2"]


PERCENTS = (
    ((4, 3, 2, 1, 0), (4, 5, 2), [67, 0, 33, 0, 0]),
    ((5, 3, 0), (5, 3, 0), [33, 33, 33]),
    ((5, 3, 1), (5, 0), [50, 0, 0]),
    ((5, 3), (), [0, 0]),
)


@pytest.mark.parametrize("points, scores, expected", PERCENTS)
def test_rating_percents_are_shares_of_scored_students(
    points: tuple[int, ...], scores: tuple[float, ...], expected: list[int]
) -> None:
    ratings = [{"points": float(number), "description": ""} for number in points]
    assert [rating["percent"] for rating in with_percents(ratings, scores)] == expected


def test_rating_percents_are_added_to_linked_outcomes_only_for_the_word_true(classroom: Classroom) -> None:
    for student, score in (("ann", 4), ("bea", 3), ("cy", 2)):
        classroom.result(student, "o1", score)
    asked = linked(classroom, "outcomes", rating_percents="true", per_page=1)["outcomes"][0]["ratings"]
    assert [rating["percent"] for rating in asked] == [33, 33, 33, 0, 0]
    assert "percent" not in linked(classroom, "outcomes", rating_percents="1")["outcomes"][0]["ratings"][0]


def test_the_order_of_outcomes_is_saved_per_person(classroom: Classroom) -> None:
    settings = f"/api/v1/courses/{classroom.course.id}/learning_mastery_gradebook_settings"
    o1, o3 = classroom.outcome("o1"), classroom.outcome("o3")
    body = json.dumps([{"outcome_id": o3, "position": 0}, {"outcome_id": o1, "position": 1}])
    path = f"/api/v1/courses/{classroom.course.id}/assign_outcome_order"
    saved = classroom.request("POST", path, data=body, headers={"Content-Type": "application/json"})
    assert (saved.status_code, saved.content) == (204, b"")

    def order(arrangement: str) -> list[str]:
        chosen = {"learning_mastery_gradebook_settings": {"outcome_arrangement": arrangement}}
        assert classroom.request("PUT", settings, json=chosen).status_code == 200
        return [one["vendor_guid"] for one in linked(classroom, "outcomes")["outcomes"]]

    assert order("custom") == ["o3", "o1", "o2"]
    assert order("alphabetical") == ["o2", "o3", "o1"]
    assert order("upload_order") == ["o1", "o2", "o3"]


ORDERS = (
    ('[{"outcome_id": 999, "position": 0}]', "bad_request"),
    ('[{"outcome_id": "1", "position": 0}]', "bad_request"),
)


@pytest.mark.parametrize("body, status", ORDERS)
def test_an_order_with_outcomes_of_elsewhere_is_refused(body: str, status: str, classroom: Classroom) -> None:
    path = f"/api/v1/courses/{classroom.course.id}/assign_outcome_order"
    answer = classroom.request("POST", path, data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json() == {"status": status, "message": "Outcomes do not belong to Course"}


@pytest.mark.parametrize("body", ["", "{}", "[1]", "nonsense"])
def test_a_body_that_is_no_list_sets_no_order(body: str, classroom: Classroom) -> None:
    path = f"/api/v1/courses/{classroom.course.id}/assign_outcome_order"
    answer = classroom.request("POST", path, data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


def test_contributing_scores_are_raw_and_say_what_they_came_from(classroom: Classroom) -> None:
    classroom.result("ann", "o1", 3)
    classroom.result("bea", "o1", None, "Draft")
    classroom.desk.site.db().execute("UPDATE assignments SET workflow_state = 'unpublished' WHERE title = 'Draft'")
    answer = classroom.get(f"outcomes/{classroom.outcome('o1')}/contributing_scores")
    key = f"D_{classroom.alignment('o1', 'Essay')}"
    assert answer["outcome"] == {"id": str(classroom.outcome("o1")), "title": "Zeal"}
    [alignment] = answer["alignments"]
    assert (alignment["alignment_id"], alignment["associated_asset_type"]) == (key, "Assignment")
    assert answer["scores"] == [
        {
            "user_id": str(classroom.user("ann")),
            "alignment_id": key,
            "score": 3.0,
            "submitted_or_assessed_at": "2026-01-05T10:00:00Z",
        }
    ]
    all_ = classroom.get(f"outcomes/{classroom.outcome('o1')}/contributing_scores", show_unpublished_assignments="1")
    assert [one["score"] for one in all_["scores"]] == [3.0, None]


def test_a_distribution_counts_students_per_rating_and_those_below_only_in_the_total(classroom: Classroom) -> None:
    for student, score in (("ann", 4), ("bea", 3), ("cy", 3), ("dot", -1)):
        classroom.result(student, "o1", score)
    answer = classroom.get("outcome_mastery_distribution", **{"include[]": "alignment_distributions"})
    found = answer["outcome_distributions"][str(classroom.outcome("o1"))]
    assert [rating["count"] for rating in found["ratings"]] == [1, 2, 0, 0, 0]
    assert found["ratings"][0]["student_ids"] == [str(classroom.user("ann"))]
    assert (found["ratings"][0]["color"], found["total_students"]) == ("#666666", 4)
    [by_alignment] = found["alignment_distributions"].values()
    assert by_alignment["total_students"] == 4
    assert len(answer["students"]) == 5


def test_a_distribution_takes_colours_from_the_defaults_on_request(classroom: Classroom) -> None:
    answer = classroom.get("outcome_mastery_distribution", add_defaults="true")
    ratings = answer["outcome_distributions"][str(classroom.outcome("o1"))]["ratings"]
    assert [rating["color"] for rating in ratings] == ["2B7ABC", "03893D", "FAB901", "E62429", "555555"]


def test_the_export_has_a_row_per_student(classroom: Classroom) -> None:
    classroom.result("bea", "o1", 3)
    answer = classroom.request("GET", f"/courses/{classroom.course.id}/outcome_rollups.csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert "Outcomes-Music.csv" in answer.headers["Content-Disposition"]
    assert rows[0][:5] == [
        "Student name", "Student ID", "Student SIS ID", "G > Zeal result", "G > Zeal mastery points",
    ]  # fmt: skip
    assert [row[0] for row in rows[1:]] == ["Eve Ábel", "Dot Ash", "Cy Moss", "Bea Xu", "Ann Young"]
    assert rows[4] == ["Bea Xu", str(classroom.user("bea")), "bea", "3.0", "3.0", "", "3.0", "", "3.0"]
