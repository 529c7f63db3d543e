"""Each method about outcomes asks the endpoint that Canvas has for it, and reads the shapes that it answers in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canvas.client import CanvasClient
from canvas.errors import AnswerTimedOut, CanvasError, Invalid, NotFound, NotPermitted, Throttled, Unreadable
from canvas.outcomes import Context, OutcomeEndpoints
from canvas.result_records import RatingCount
from canvas.transport import Timeouts
from tests.canvas import answers
from tests.canvas.conftest import MakeTransport
from tests.canvas.scripted import ScriptedServer, answering, falling_silent_after_reading
from tests.canvas.test_endpoints import query_of

COURSE, ACCOUNT = Context.course(3), Context.account(1)
SETTINGS = {"learning_mastery_gradebook_settings": {"outcome_arrangement": "custom"}}
OUTCOME: dict[str, Any] = {"id": 42, "title": "Writing"}
PAGING = {"pagination": {"page": 1, "per_page": 100, "count": 1, "page_count": 1}}
AGGREGATE: dict[str, Any] = {"rollups": [{"scores": [], "links": {"course": "3"}}]}
IMPORT = {
    "id": 7,
    "created_at": "2026-01-05T10:00:00Z",
    "ended_at": None,
    "updated_at": "2026-01-05T10:00:00Z",
    "progress": 0,
    "workflow_state": "created",
    "data": {"import_type": "instructure_csv"},
    "processing_errors": [],
}


@pytest.mark.parametrize(
    "ask, document, method, path",
    [
        (lambda one: one.read_import(COURSE, 7), IMPORT, "GET", "courses/3/outcome_imports/7"),
        (lambda one: one.read_import(ACCOUNT, "latest"), IMPORT, "GET", "accounts/1/outcome_imports/latest"),
        (lambda one: one.created_group_ids(COURSE, 7), ["4"], "GET", "courses/3/outcome_imports/7/created_group_ids"),
        (lambda one: list(one.groups(one.root)), [], "GET", "accounts/self/outcome_groups"),
        (lambda one: list(one.links(COURSE)), [], "GET", "courses/3/outcome_group_links"),
        (lambda one: one.outcome(42), OUTCOME, "GET", "outcomes/42"),
        (lambda one: one.update_outcome(42, {"title": "Writing"}), OUTCOME, "PUT", "outcomes/42"),
        (lambda one: one.alignments(3, student_id=9), [], "GET", "courses/3/outcome_alignments"),
        (lambda one: list(one.results(3)), {"outcome_results": []}, "GET", "courses/3/outcome_results"),
        (lambda one: one.rollup_page(3, 1, with_outcomes=True), {"meta": PAGING}, "GET", "courses/3/outcome_rollups"),
        (lambda one: one.aggregate(3), AGGREGATE, "GET", "courses/3/outcome_rollups"),
        (lambda one: one.contributing_scores(3, 42), {}, "GET", "courses/3/outcomes/42/contributing_scores"),
        (
            lambda one: one.distribution(3),
            {"outcome_distributions": {}},
            "GET",
            "courses/3/outcome_mastery_distribution",
        ),
        (lambda one: one.assign_order(3, [42]), {}, "POST", "courses/3/assign_outcome_order"),
        (
            lambda one: one.change_gradebook_settings(3, {}),
            SETTINGS,
            "PUT",
            "courses/3/learning_mastery_gradebook_settings",
        ),
        (lambda one: one.course("sis_course_id:B/1"), {"id": 3}, "GET", "courses/sis_course_id:B%2F1"),
        (lambda one: list(one.courses()), [], "GET", "accounts/self/courses"),
        (lambda one: list(one.sections(3)), [], "GET", "courses/3/sections"),
        (lambda one: list(one.sub_accounts()), [], "GET", "accounts/self/sub_accounts"),
    ],
)
def test_a_method_asks_its_endpoint(
    client: CanvasClient, site: ScriptedServer, ask: Callable[[Any], Any], document: Any, method: str, path: str
) -> None:
    site.play(answering(document))

    ask(client.outcomes)

    asked = [(request.method, request.target.partition("?")[0]) for request in site.requests]
    assert asked == [(method, f"/api/v1/{path}")]
    assert client.requests_sent == 1


def test_rollups_are_always_asked_for_by_student(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering({"meta": PAGING}), answering({"meta": PAGING}))

    client.outcomes.rollup_page(3, 1, with_outcomes=True)
    client.outcomes.rollup_page(3, 2, with_outcomes=False)

    first, second = map(query_of, site.requests)
    assert second == [("sort_by", "student"), ("page", "2"), ("per_page", "100"), ("include[]", "users")]
    assert set(first) - set(second) == {
        ("page", "1"),
        ("include[]", "outcomes"),
        ("include[]", "outcome_paths"),
        ("include[]", "outcomes.alignments"),
        ("add_defaults", "true"),
    }


def test_a_page_of_rollups_is_read(client: CanvasClient, site: ScriptedServer) -> None:
    score = {"score": 3, "title": "Lab", "submitted_at": "2026-02-01T10:00:00Z", "count": 2, "hide_points": False}
    linked = {
        "users": [{"id": "9", "name": "Ada Byron", "sortable_name": "Byron, Ada", "sis_id": "S9"}, {"id": "10"}],
        "outcomes": [
            {**OUTCOME, "mastery_points": 3.0, "alignments": ["assignment_1"], "group_id": "5",
             "ratings": [{"description": "No", "points": 0, "color": "#666666"}, {"description": "Yes", "points": 5}]},
            {"id": 43, "title": "Reading", "alignments": None},
        ],
        "outcome_paths": [{"id": 42, "parts": [{"name": "Core"}, {"name": "Writing"}]}],
        "outcomes.alignments": [{"id": "assignment_1", "name": "Essay", "html_url": ""}],
    }  # fmt: skip
    rollups = [
        {"scores": [{**score, "links": {"outcome": "42"}}], "links": {"user": "9", "section": place, "status": state}}
        for place, state in (("5", "active"), ("6", "completed"))
    ]
    nothing = {"score": None, "count": 1, "hide_points": None, "links": {"outcome": 43, "contributing_scores": []}}
    rollups.append({"scores": [nothing], "links": {"user": 10, "section": 5, "status": "active"}})
    pagination = {"page": 1, "per_page": 100, "count": 2, "page_count": 1}
    site.play(answering({"rollups": rollups, "linked": linked, "meta": {"pagination": pagination}}))

    page = client.outcomes.rollup_page(3, 1, with_outcomes=True)

    assert [(one.user_id, one.section_id, one.status) for one in page.rollups] == [
        (9, 5, "active"),
        (9, 6, "completed"),
        (10, 5, "active"),
    ]
    assert [(one.outcome_id, one.score, one.count, one.hide_points) for one in page.rollups[0].scores] == [
        (42, 3.0, 2, False)
    ]
    assert [(one.score, one.count) for one in page.rollups[2].scores] == [(None, 1)]
    assert [(one.id, one.sortable_name, one.sis_id) for one in page.users] == [(9, "Byron, Ada", "S9"), (10, "", None)]
    assert [rating.description for rating in page.outcomes[0].ratings] == ["Yes", "No"]
    assert [rating.color for rating in page.outcomes[0].ratings] == ["", "666666"]
    assert [(one.alignments, one.group_id) for one in page.outcomes] == [(("assignment_1",), 5), ((), None)]
    assert (page.paths, page.alignments) == ({42: ("Core", "Writing")}, {"assignment_1": "Essay"})
    assert (page.page, page.page_count, page.count) == (1, 1, 2)


@pytest.mark.parametrize("missing", ["page", "page_count", "count"])
def test_a_page_that_does_not_say_what_it_is_part_of_is_unreadable(
    missing: str, client: CanvasClient, site: ScriptedServer
) -> None:
    pagination = {name: number for name, number in PAGING["pagination"].items() if name != missing}
    site.play(answering({"rollups": [], "meta": {"pagination": pagination}}))

    with pytest.raises(Unreadable, match=missing):
        client.outcomes.rollup_page(3, 1, with_outcomes=False)


def test_an_aggregate_can_leave_students_out(client: CanvasClient, site: ScriptedServer) -> None:
    scores = [
        {"score": 2.5, "count": 4, "title": None, "submitted_at": None, "links": {"outcome": "42"}},
        {"score": None, "count": 2, "links": {"outcome": "43"}},
    ]
    site.play(answering({"rollups": [{"scores": scores, "links": {"course": "3"}}]}))

    found = client.outcomes.aggregate(3, stat="median", excluded=["inactive_enrollments"])

    assert [(one.outcome_id, one.score, one.count) for one in found.scores] == [(42, 2.5, 4), (43, None, 2)]
    assert (found.user_id, found.section_id) == (None, None)
    assert query_of(site.requests[0]) == [
        ("aggregate", "course"),
        ("aggregate_stat", "median"),
        ("exclude[]", "inactive_enrollments"),
    ]


@pytest.mark.parametrize("document", [[], {}, {"rollups": []}, {"rollups": [AGGREGATE, AGGREGATE]}])
def test_an_aggregate_in_another_shape_is_unreadable(document: Any, client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(document))

    with pytest.raises(Unreadable):
        client.outcomes.aggregate(3)


def test_results_are_read_page_by_page_with_the_quiz_they_come_from(client: CanvasClient, site: ScriptedServer) -> None:
    links = {"user": "9", "learning_outcome": "42", "alignment": "assessment_question_bank_4"}
    first: dict[str, Any] = {
        "id": 1,
        "score": 3.0,
        "possible": 4.0,
        "percent": 0.75,
        "hide_points": False,
        "hidden": False,
    }
    first |= {"mastery": True, "submitted_or_assessed_at": "2026-02-01T10:00:00Z"}
    next_page = f'<{site.url}/api/v1/courses/3/outcome_results?page=2>; rel="next"'
    site.play(
        answering(
            {"outcome_results": [{**first, "links": {**links, "assignment": "assignment_8"}}]},
            headers=[("Link", next_page)],
        ),
        answering({"outcome_results": [{"id": 2, "score": None, "links": {**links, "assignment": None}}]}),
    )

    found = list(client.outcomes.results(3, outcome_ids=[42, 43]))

    assert [(one.id, one.score, one.percent, one.assignment) for one in found] == [
        (1, 3.0, 0.75, "assignment_8"),
        (2, None, None, ""),
    ]
    assert query_of(site.requests[0])[:2] == [("outcome_ids[]", "42"), ("outcome_ids[]", "43")]
    assert client.requests_sent == 2


def test_a_distribution_is_read(client: CanvasClient, site: ScriptedServer) -> None:
    ratings = [{"description": "Yes", "points": 3, "count": 2, "student_ids": ["1", "2"], "color": "#666666"}]
    document = {"outcome_distributions": {"42": {"outcome_id": "42", "ratings": ratings, "total_students": 3}}}
    site.play(answering(document))

    [found] = client.outcomes.distribution(3)

    assert (found.outcome_id, found.total, found.ratings[0].count) == (42, 3, 2)


def test_an_odd_rating_does_not_hide_a_distribution(client: CanvasClient, site: ScriptedServer) -> None:
    ratings = [{"description": None, "points": "many", "count": {}}, "text"]
    site.play(answering({"outcome_distributions": {"42": {"outcome_id": "42", "ratings": ratings}}}))

    [found] = client.outcomes.distribution(3)

    assert found.ratings == (RatingCount("", 0.0, 0),)


def test_alignments_in_another_shape_are_unreadable(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering({"message": "all is well"}))

    with pytest.raises(Unreadable, match="no list of alignments"):
        client.outcomes.alignments(3, student_id=9)


def test_an_order_is_sent_as_a_bare_list(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(status=204, body=b""))

    client.outcomes.assign_order(3, [43, 42])

    sent = json.loads(site.requests[0].body)
    assert sent == [{"outcome_id": 43, "position": 0}, {"outcome_id": 42, "position": 1}]


@pytest.mark.parametrize("group_id, path", [(None, "outcome_imports"), (5, "outcome_imports/group/5")])
def test_an_import_goes_into_the_root_or_a_group(
    group_id: int | None, path: str, client: CanvasClient, site: ScriptedServer, small_csv: Path
) -> None:
    site.play(answering(IMPORT))

    made = client.outcomes.create_import(COURSE, small_csv, filename="outcomes.csv", group_id=group_id)

    assert (made.id, made.state, made.progress, made.ended_at) == (7, "created", 0, None)
    assert site.requests[0].path == f"/api/v1/courses/3/{path}"
    assert b'name="import_type"' in site.requests[0].body
    assert b"instructure_csv" in site.requests[0].body


def test_messages_of_an_import_are_rows_and_texts(client: CanvasClient, site: ScriptedServer) -> None:
    errors = [[2, "The outcome is odd"], [None, "Nobody knows where"], "not a pair"]
    site.play(answering({**IMPORT, "workflow_state": "succeeded", "processing_errors": errors}))

    found = client.outcomes.read_import(COURSE, 7)

    assert found.processing_errors == ((2, "The outcome is odd"), (None, "Nobody knows where"))


@pytest.mark.parametrize(
    "status, document, kind, words",
    [
        (403, {"status": "forbidden", "message": "insufficient permissions"}, NotPermitted, "insufficient permissions"),
        (401, answers.ACCESS_DENIED, NotPermitted, "not authorized"),
        (400, {"status": "bad_request", "message": "invalid section id"}, Invalid, "invalid section id"),
        (404, {"message": "Import is still being processed"}, NotFound, "still being processed"),
        (404, answers.NOT_FOUND, NotFound, "does not exist"),
    ],
)
def test_a_refusal_keeps_canvas_s_words(
    status: int, document: Any, kind: type[CanvasError], words: str, client: CanvasClient, site: ScriptedServer
) -> None:
    site.play(answering(document, status=status))

    with pytest.raises(kind) as caught:
        client.outcomes.rollup_page(3, 1, with_outcomes=False)

    assert words in caught.value.canvas_message
    assert client.requests_sent == 1


def test_a_throttled_page_is_asked_for_again_a_few_times(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(*[answering(status=403, body=answers.THROTTLED)] * 3)

    with pytest.raises(Throttled):
        client.outcomes.rollup_page(3, 1, with_outcomes=False)

    assert client.requests_sent == len(site.requests) == 3


def test_what_all_students_come_to_is_not_asked_for_again_while_canvas_may_be_at_it(
    site: ScriptedServer, make_transport: MakeTransport
) -> None:
    site.play(falling_silent_after_reading, falling_silent_after_reading)
    endpoints = OutcomeEndpoints(make_transport(timeouts=Timeouts(2, 0.2, 5)), "self")

    for ask in (endpoints.aggregate, endpoints.distribution):
        with pytest.raises(AnswerTimedOut):
            ask(3)

    assert len(site.requests) == 2
