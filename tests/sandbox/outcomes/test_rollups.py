"""Rollups of students: rows, pages, orders, excludes, scores."""

from typing import Any

import pytest

from tests.sandbox.outcomes.classroom import Classroom


@pytest.fixture
def scored(classroom: Classroom) -> Classroom:
    """o1: ann 2, bea 4, cy 3, dot 3; o2: ann 1 alone; eve nothing."""
    for student, score in (("ann", 2), ("bea", 4), ("cy", 3), ("dot", 3)):
        classroom.result(student, "o1", score)
    classroom.result("ann", "o2", 1, "Quiz")
    return classroom


def test_a_student_has_a_row_per_section_with_the_state_of_each_enrollment(scored: Classroom) -> None:
    a, b = scored.section("a"), scored.section("b")
    rollups = scored.get("outcome_rollups", sort_by="student")["rollups"]
    found = [(one["links"]["user"], one["links"]["section"], one["links"]["status"]) for one in rollups]
    order = (("eve", a, "active"), ("eve", b, "completed"), ("dot", a, "inactive"), ("cy", b, "completed"),
             ("bea", a, "active"), ("bea", b, "active"), ("ann", a, "active"))  # fmt: skip
    assert found == [(str(scored.user(name)), str(section), state) for name, section, state in order]
    assert rollups[0]["scores"] == []
    assert rollups[4]["scores"] == rollups[5]["scores"]


def test_a_section_shows_its_own_rows_only(scored: Classroom) -> None:
    b = scored.section("b")
    assert {section for _, section in scored.rows(section_id=b, sort_by="student")} == {b}
    assert scored.names(section_id=b, sort_by="student") == ["eve", "cy", "bea"]


def test_pages_count_students_and_the_meta_says_how_many(scored: Classroom) -> None:
    answer = scored.get("outcome_rollups", sort_by="student", per_page=2, page=2, **{"include[]": "users"})
    pagination = answer["meta"]["pagination"]
    assert [user["name"] for user in answer["linked"]["users"]] == ["Cy Moss", "Bea Xu"]
    assert [one["links"]["user"] for one in answer["rollups"]].count(str(scored.user("bea"))) == 2
    counts = {name: pagination[name] for name in ("per_page", "page", "count", "page_count")}
    assert counts == {"per_page": 2, "page": 2, "count": 5, "page_count": 3}
    assert "page={page}" in pagination["template"]
    assert {"current", "next", "prev", "first", "last"} <= pagination.keys()


def test_a_page_behind_the_last_is_empty(scored: Classroom) -> None:
    assert scored.rows(sort_by="student", page=9) == []


def test_unsorted_rollups_come_for_everybody_on_every_page(scored: Classroom) -> None:
    answer = scored.get("outcome_rollups", per_page=2, **{"include[]": "users"})
    assert len(answer["linked"]["users"]) == 2
    assert scored.names(per_page=2) == ["dot", "cy", "bea", "ann", "eve"]
    assert scored.names(per_page=1, sort_by="student_sis_id") == ["dot", "cy", "bea", "ann", "eve"]


def test_without_the_leak_unsorted_rollups_are_those_of_the_page(scored: Classroom) -> None:
    scored.desk.switch("unsorted_rollups_leak", on=False)
    first_by_id = sorted(("ann", "bea", "cy", "dot", "eve"), key=scored.user)[:2]
    assert scored.names(per_page=2) == first_by_id


ORDERS: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({"sort_by": "student"}, ["eve", "dot", "cy", "bea", "ann"]),
    ({"sort_by": "student", "sort_order": "desc"}, ["ann", "bea", "cy", "dot", "eve"]),
    ({"sort_by": "student_name"}, ["eve", "dot", "cy", "bea", "ann"]),
    ({"sort_by": "student_sis_id"}, ["ann", "bea", "cy", "dot", "eve"]),
    ({"sort_by": "student_login_id"}, ["eve", "dot", "cy", "bea", "ann"]),
    ({"sort_by": "outcome"}, ["ann", "dot", "cy", "bea", "eve"]),
    ({"sort_by": "outcome", "sort_order": "desc"}, ["bea", "cy", "dot", "ann", "eve"]),
    ({"sort_by": "contributing_score"}, ["ann", "dot", "cy", "bea", "eve"]),
    ({"sort_by": "contributing_score", "sort_order": "desc"}, ["bea", "cy", "dot", "ann", "eve"]),
)


@pytest.mark.parametrize("params, expected", ORDERS)
def test_students_come_in_the_order_asked_for_and_without_score_last(
    params: dict[str, str], expected: list[str], scored: Classroom
) -> None:
    scored.desk.switch("unsorted_rollups_leak", on=False)
    targets = {
        "sort_outcome_id": str(scored.outcome("o1")),
        "sort_alignment_id": f"D_{scored.alignment('o1', 'Essay')}",
    }
    assert scored.names(**targets, **params) == expected


EXCLUDES = (
    (["missing_user_rollups"], ["dot", "cy", "bea", "ann"]),
    (["concluded_enrollments"], ["eve", "dot", "bea", "ann"]),
    (["inactive_enrollments"], ["eve", "cy", "bea", "ann"]),
    (["concluded_enrollments", "inactive_enrollments", "missing_user_rollups"], ["bea", "ann"]),
    (["something_else"], ["eve", "dot", "cy", "bea", "ann"]),
)


@pytest.mark.parametrize("excludes, expected", EXCLUDES)
def test_excluded_students_are_neither_shown_nor_counted(
    excludes: list[str], expected: list[str], scored: Classroom
) -> None:
    params: dict[str, Any] = {"exclude[]": excludes, "sort_by": "student"}
    assert scored.names(**params) == expected
    assert scored.get("outcome_rollups", **params)["meta"]["pagination"]["count"] == len(expected)


def test_a_section_decides_by_the_enrollments_in_it(scored: Classroom) -> None:
    params = {"exclude[]": "concluded_enrollments", "sort_by": "student", "section_id": scored.section("b")}
    assert scored.names(**params) == ["bea"]


def test_a_score_carries_title_time_and_number_of_results(classroom: Classroom) -> None:
    classroom.result("ann", "o1", 3, "Essay", submitted_at="2026-02-01T10:00:00.000000Z", hide_points=1)
    classroom.result("ann", "o1", 4, "Laboratory", submitted_at=None, assessed_at="2026-02-03T09:00:00.000000Z")
    assert classroom.score("ann", "o1") == {
        "score": 4.0,
        "title": "Laboratory",
        "submitted_at": "2026-02-03T09:00:00Z",
        "count": 2,
        "hide_points": False,
        "links": {"outcome": str(classroom.outcome("o1"))},
    }


def test_a_score_that_the_method_does_not_yield_is_null_and_another_is_absent(classroom: Classroom) -> None:
    classroom.result("ann", "o3", 4, hide_points=1)
    score = classroom.score("ann", "o3")
    assert score is not None
    assert (score["score"], score["count"], score["hide_points"]) == (None, 1, None)
    assert classroom.score("ann", "o1") is None


TITLES = (
    ("Ann Young, Essay", "2026-01-01T00:00:00.000000Z", "Essay"),
    ("Ann Young, Jr., Essay", "2026-01-01T00:00:00.000000Z", "Jr."),
    ("Ann Young, Essay, second part", "2026-01-01T00:00:00.000000Z", "Essay"),
    ("Essay", "2026-01-01T00:00:00.000000Z", None),
    ("Ann Young, Essay", None, None),
)


@pytest.mark.parametrize("stored, at, shown", TITLES)
def test_a_title_is_the_second_piece_between_commas(
    stored: str, at: str | None, shown: str | None, classroom: Classroom
) -> None:
    classroom.result("ann", "o1", 3, title=stored, submitted_at=at)
    score = classroom.score("ann", "o1")
    assert score is not None
    assert score["title"] == shown


UNCOUNTED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("a result without score", {"score": None}),
    ("a hidden result", {"hidden": 1}),
    ("a deleted result", {"workflow_state": "deleted"}),
)


@pytest.mark.parametrize("what, columns", UNCOUNTED, ids=[what for what, _ in UNCOUNTED])
def test_what_does_not_count_leaves_no_score(what: str, columns: dict[str, Any], classroom: Classroom) -> None:
    classroom.result("ann", "o1", **({"score": 3} | columns))
    assert classroom.score("ann", "o1") is None


def test_results_of_deleted_alignments_and_unlinked_outcomes_do_not_count(classroom: Classroom) -> None:
    classroom.result("ann", "o1", 3)
    classroom.result("ann", "o2", 3)
    db = classroom.desk.site.db()
    db.execute(
        "UPDATE outcome_alignments SET workflow_state = 'deleted' WHERE id = ?", (classroom.alignment("o1", "Essay"),)
    )
    db.execute(
        "UPDATE outcome_links SET workflow_state = 'deleted' WHERE learning_outcome_id = ?", (classroom.outcome("o2"),)
    )
    assert classroom.get("outcome_rollups", sort_by="student_name")["rollups"][-1]["scores"] == []


def test_an_account_scale_replaces_scale_and_method_of_the_outcomes(classroom: Classroom) -> None:
    classroom.result("ann", "o3", 3, percent=0.75, possible=4)
    classroom.result("ann", "o3", 2, "Quiz", percent=0.5, possible=4)
    desk = classroom.desk
    ratings = [{"description": "A", "points": 10, "mastery": True, "color": "03893D"}]
    root = "/api/v1/accounts/1"
    assert classroom.request("POST", f"{root}/outcome_proficiency", json={"ratings": ratings}).status_code == 200
    chosen = {"calculation_method": "highest"}
    assert classroom.request("POST", f"{root}/outcome_calculation_method", json=chosen).status_code == 200
    before = classroom.score("ann", "o3")
    desk.switch("account_level_mastery_scales", on=True)
    after = classroom.score("ann", "o3")
    assert before is not None
    assert after is not None
    assert (before["score"], after["score"]) == (None, 7.5)


def test_older_versions_list_contributing_scores_on_request(scored: Classroom) -> None:
    scored.desk.switch("contributing_scores_in_rollups", on=True)
    plain, asked = scored.score("ann", "o2"), scored.score("ann", "o2", contributing_scores="true")
    assert plain is not None
    assert asked is not None
    assert "contributing_scores" not in plain["links"]
    [one] = asked["links"]["contributing_scores"]
    assert (one["association_type"], one["title"], one["score"]) == ("Assignment", "Ann Student, Quiz", 1.0)


def test_an_aggregate_is_one_rollup_without_pages(scored: Classroom) -> None:
    answer = scored.request("GET", f"/api/v1/courses/{scored.course.id}/outcome_rollups?aggregate=course&per_page=1")
    [rollup] = answer.json()["rollups"]
    assert answer.json().keys() == {"rollups"}
    assert "Link" not in answer.headers
    assert rollup["links"] == {"course": str(scored.course.id)}
    assert [(one["score"], one["count"], one["title"]) for one in rollup["scores"]] == [(3.0, 4, None), (1.0, 1, None)]


AGGREGATES: tuple[tuple[dict[str, str], float, int], ...] = (
    ({}, 2.75, 4),
    ({"aggregate_stat": "mean"}, 2.75, 4),
    ({"aggregate_stat": "median"}, 2.5, 4),
    ({"exclude[]": "concluded_enrollments"}, 2.67, 3),
    ({"exclude[]": "inactive_enrollments", "aggregate_stat": "median"}, 3.0, 3),
    ({"exclude[]": "missing_user_rollups"}, 2.75, 4),
)


@pytest.mark.parametrize("params, expected, count", AGGREGATES)
def test_aggregates_respect_the_statistic_and_excludes(
    params: dict[str, str], expected: float, count: int, classroom: Classroom
) -> None:
    for student, score in (("ann", 2), ("bea", 4), ("cy", 3), ("dot", 2)):
        classroom.result(student, "o1", score)
    [score] = classroom.get("outcome_rollups", aggregate="course", **params)["rollups"][0]["scores"]
    assert (score["score"], score["count"]) == (expected, count)


def test_an_aggregate_of_scores_nobody_reached_is_null(classroom: Classroom) -> None:
    classroom.result("ann", "o3", 1)
    classroom.result("bea", "o3", 1)
    [score] = classroom.get("outcome_rollups", aggregate="course")["rollups"][0]["scores"]
    assert (score["score"], score["count"]) == (None, 2)


def test_an_aggregate_can_be_of_some_students(scored: Classroom) -> None:
    users = [scored.user("ann"), scored.user("bea")]
    scores = scored.get("outcome_rollups", aggregate="course", **{"user_ids[]": users})["rollups"][0]["scores"]
    assert [(one["score"], one["count"]) for one in scores] == [(3.0, 2), (1.0, 1)]
