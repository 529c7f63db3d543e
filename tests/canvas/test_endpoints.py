"""Each method asks the endpoint that Canvas has for it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

from canvas.client import CanvasClient
from canvas.errors import Unreadable
from tests.canvas import answers
from tests.canvas.conftest import LOOPBACK, TOKEN
from tests.canvas.scripted import Request, ScriptedServer, answering

ACCOUNT = "/api/v1/accounts/self"


def query_of(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.target.partition("?")[2])


@pytest.mark.parametrize(
    "ask, document, method, path",
    [
        (lambda canvas: canvas.account(), {"id": 1}, "GET", ACCOUNT),
        (lambda canvas: canvas.current_user(), {"id": 7, "name": "Ada"}, "GET", "/api/v1/users/self"),
        (lambda canvas: list(canvas.terms()), {"enrollment_terms": []}, "GET", f"{ACCOUNT}/terms"),
        (lambda canvas: list(canvas.roles()), [], "GET", f"{ACCOUNT}/roles"),
        (lambda canvas: list(canvas.sis_imports()), {"sis_imports": []}, "GET", f"{ACCOUNT}/sis_imports"),
        (lambda canvas: canvas.sis_import(41), answers.sis_import(), "GET", f"{ACCOUNT}/sis_imports/41"),
        (lambda canvas: canvas.abort_sis_import(41), answers.sis_import(), "PUT", f"{ACCOUNT}/sis_imports/41/abort"),
        (
            lambda canvas: canvas.abort_all_pending(),
            {"aborted": True},
            "PUT",
            f"{ACCOUNT}/sis_imports/abort_all_pending",
        ),
        (
            lambda canvas: canvas.restore_states(41),
            answers.progress(),
            "PUT",
            f"{ACCOUNT}/sis_imports/41/restore_states",
        ),
        (
            lambda canvas: list(canvas.sis_import_errors(41)),
            {"sis_import_errors": []},
            "GET",
            f"{ACCOUNT}/sis_imports/41/errors",
        ),
        (lambda canvas: canvas.progress(9), answers.progress(), "GET", "/api/v1/progress/9"),
    ],
)
def test_a_method_asks_its_endpoint(
    client: CanvasClient,
    site: ScriptedServer,
    ask: Callable[[CanvasClient], Any],
    document: Any,
    method: str,
    path: str,
) -> None:
    site.play(answering(document))

    ask(client)

    assert [(request.method, request.path) for request in site.requests] == [(method, path)]
    assert site.requests[0].body == b""


def test_an_account_may_be_named_by_its_sis_id(site: ScriptedServer) -> None:
    site.play(answering({"id": 3, "name": "Main"}))

    with CanvasClient(site.url + "/", TOKEN, account="sis_account_id:a/b", insecure_hosts=LOOPBACK) as canvas:
        canvas.account()

    assert site.requests[0].target == "/api/v1/accounts/sis_account_id:a%2Fb"


def test_the_list_of_imports_can_be_narrowed(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering({"sis_imports": []}))

    since, before = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    list(client.sis_imports(created_since=since, created_before=before, states=["created", "importing"], per_page=50))

    assert query_of(site.requests[0]) == [
        ("workflow_state[]", "created"),
        ("workflow_state[]", "importing"),
        ("created_since", "2026-01-01T00:00:00+00:00"),
        ("created_before", "2026-02-01T00:00:00+00:00"),
        ("per_page", "50"),
    ]


def test_rights_are_asked_for_by_name(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering({"import_sis": True, "manage_sis": False}))

    assert client.permissions(["import_sis", "manage_sis"]) == {"import_sis": True, "manage_sis": False}
    assert query_of(site.requests[0]) == [("permissions[]", "import_sis"), ("permissions[]", "manage_sis")]


def test_rights_in_another_shape_are_unreadable(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering([]))

    with pytest.raises(Unreadable):
        client.permissions(["import_sis"])


def test_a_restore_sends_only_what_is_asked(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(answers.progress()))

    client.restore_states(41, undelete_only=True)

    assert parse_qsl(site.requests[0].body.decode()) == [("undelete_only", "true")]


def test_messages_can_be_limited_to_failures(client: CanvasClient, site: ScriptedServer) -> None:
    item = {"sis_import_id": 41, "file": "users.csv", "message": "Malformed CSV", "row": 3}
    site.play(answering({"sis_import_errors": [item]}))

    assert [error.message for error in client.sis_import_errors(41, failures_only=True)] == ["Malformed CSV"]
    assert ("failure", "true") in query_of(site.requests[0])


def test_terms_are_read_with_their_ids(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering({"enrollment_terms": [{"id": 5, "name": "Spring", "sis_term_id": "S26"}, {"id": 1}]}))

    assert [(term.id, term.sis_term_id) for term in client.terms()] == [(5, "S26"), (1, None)]
