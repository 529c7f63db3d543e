"""What each refusal of Canvas is recognised as."""

import pickle
from typing import Any

import pytest

from canvas import errors
from canvas.answers import LONGEST_MESSAGE, words_of
from canvas.client import CanvasClient
from tests.canvas import answers
from tests.canvas.scripted import ScriptedServer, answering

INVALID_TOKEN = {"errors": [{"message": "Invalid access token."}]}
EXPIRED_TOKEN = {"errors": [{"message": "Expired access token.", "expired_at": "2026-01-01T00:00:00Z"}]}
REVOKED_TOKEN = {"errors": [{"message": "Revoked access token."}]}
NARROW_TOKEN = {"errors": [{"message": "Insufficient scopes on access token."}]}
NO_CREDENTIALS = {"status": "unauthenticated", "errors": [{"message": "user authorization required"}]}
TRANSLATED_DENIAL = {"status": "unauthorised", "errors": [{"message": "l'utilisateur n'est pas autorisé"}]}
SIS_DISABLED = {"errors": ["SIS imports are not enabled for this account"]}
NOT_ROOT = {"errors": ["SIS imports can only be executed on root accounts"]}
NOT_ROOT_FOR_TERMS = {"message": "Terms only belong to root_accounts."}


@pytest.mark.parametrize(
    "status, document, headers, kind",
    [
        (401, NO_CREDENTIALS, [answers.CHALLENGE], errors.NotAuthenticated),
        (401, INVALID_TOKEN, [answers.CHALLENGE], errors.NotAuthenticated),
        (401, INVALID_TOKEN, [], errors.NotAuthenticated),
        (401, EXPIRED_TOKEN, [answers.CHALLENGE], errors.TokenExpired),
        (401, REVOKED_TOKEN, [answers.CHALLENGE], errors.TokenRevoked),
        (401, NARROW_TOKEN, [], errors.InsufficientScope),
        (401, answers.ACCESS_DENIED, [], errors.NotPermitted),
        (401, TRANSLATED_DENIAL, [], errors.NotPermitted),
        (403, answers.ACCESS_DENIED, [], errors.NotPermitted),
        (403, SIS_DISABLED, [], errors.SisNotEnabled),
        (400, NOT_ROOT, [], errors.NotRootAccount),
        (400, NOT_ROOT_FOR_TERMS, [], errors.NotRootAccount),
        (404, answers.NOT_FOUND, [], errors.NotFound),
        (422, {"errors": {"name": [{"message": "too long"}]}}, [], errors.Invalid),
    ],
)
def test_a_refusal_is_told_by_status_body_and_challenge(
    client: CanvasClient,
    site: ScriptedServer,
    status: int,
    document: Any,
    headers: list[tuple[str, str]],
    kind: type[errors.CanvasError],
) -> None:
    site.play(answering(document, status=status, headers=headers))

    with pytest.raises(errors.Refused) as caught:
        client.abort_sis_import(41)

    assert type(caught.value) is kind
    assert caught.value.fate is errors.Fate.REFUSED
    assert not caught.value.retryable
    assert (caught.value.method, caught.value.path) == ("PUT", "/api/v1/accounts/self/sis_imports/41/abort")
    assert caught.value.status == status


@pytest.mark.parametrize(
    "status, body", [(403, answers.THROTTLED), (429, b"429 Too Many Requests (Rate Limit Exceeded)\n"), (429, b"")]
)
def test_throttling_is_told_from_other_refusals(
    client: CanvasClient, site: ScriptedServer, status: int, body: bytes
) -> None:
    site.play(answering(status=status, body=body, headers=[("X-Rate-Limit-Remaining", "0.0")]))

    with pytest.raises(errors.Throttled) as caught:
        client.abort_sis_import(41)

    assert caught.value.retryable
    assert client.last_rate_limit == 0.0


@pytest.mark.parametrize(
    "document, words",
    [
        ({"errors": ["first", "second"]}, "first; second"),
        ({"errors": [{"message": "The file is odd."}]}, "The file is odd."),
        ({"message": "Invalid diffing_drop_status"}, "Invalid diffing_drop_status"),
        ({"error": "Invalid content type, UTF-8 required"}, "Invalid content type, UTF-8 required"),
        ({"error": True, "error_message": "Missing attachment"}, "Missing attachment"),
        ({"errors": "Invalid as_user_id"}, "Invalid as_user_id"),
        ({"errors": {"name": [{"attribute": "name", "message": "too long"}]}}, "name: too long"),
        ({"surprise": 3}, ""),
        (None, ""),
    ],
)
def test_the_words_of_canvas_are_found_in_every_shape(document: Any, words: str) -> None:
    assert words_of(document) == words


def test_the_words_of_canvas_are_kept_within_bounds() -> None:
    assert len(words_of({"message": "x" * 10_000})) == LONGEST_MESSAGE


def test_a_refusal_nested_beyond_reason_is_a_refusal_without_words(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(status=400, body=b'{"errors":' + b"[" * 900 + b"]" * 900 + b"}"))

    with pytest.raises(errors.Invalid, match="no reason"):
        client.abort_all_pending()


def test_an_invalid_request_says_why_in_the_words_of_canvas(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering({"message": "Invalid diffing_drop_status"}, status=400))

    with pytest.raises(errors.Invalid, match=r"^Canvas refuses: Invalid diffing_drop_status$") as caught:
        client.restore_states(41)

    assert caught.value.canvas_message == "Invalid diffing_drop_status"


def test_a_refusal_in_bare_text_labelled_json_is_understood(client: CanvasClient, site: ScriptedServer) -> None:
    text = b"cannot set both undelete_only and unconclude_only"
    site.play(answering(status=400, body=text, headers=[("Content-Type", "application/json")]))

    with pytest.raises(errors.Invalid, match="cannot set both"):
        client.restore_states(41, undelete_only=True, unconclude_only=True)


def test_a_file_too_large_for_the_site_is_named_so(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(status=413, body=answers.GATEWAY_PAGE, headers=[("Content-Type", "text/html")]))

    with pytest.raises(errors.Invalid, match="larger than the Canvas site accepts"):
        client.abort_all_pending()


def test_a_page_that_says_not_found_is_not_canvas(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(status=404, body=answers.GATEWAY_PAGE, headers=[("Content-Type", "text/html")]))

    with pytest.raises(errors.NotCanvas) as caught:
        client.account()

    assert "private details" not in str(caught.value)


def test_the_request_id_of_canvas_is_kept(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(answers.NOT_FOUND, status=404, headers=[("X-Request-Context-Id", "5f1c-77")]))

    with pytest.raises(errors.NotFound) as caught:
        client.sis_import(99)

    assert caught.value.request_id == "5f1c-77"


def _leaves(kind: type[errors.CanvasError]) -> list[type[errors.CanvasError]]:
    return [kind, *(leaf for child in kind.__subclasses__() for leaf in _leaves(child))]


@pytest.mark.parametrize("kind", _leaves(errors.CanvasError), ids=lambda kind: kind.__name__)
def test_an_error_survives_the_way_between_processes(kind: type[errors.CanvasError]) -> None:
    error = kind("A sentence.", method="GET", path="/api/v1/x", status=418, request_id="r", canvas_message="words")

    travelled = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)

    assert type(travelled) is kind
    assert (str(travelled), vars(travelled)) == (str(error), vars(error))


def test_the_drawing_of_the_tree_shows_every_error() -> None:
    drawn = errors.__doc__ or ""

    assert [kind.__name__ for kind in _leaves(errors.CanvasError) if kind.__name__ not in drawn] == []
