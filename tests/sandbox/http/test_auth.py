"""Tokens and what Canvas says about bad ones."""

from typing import Any

import pytest
import requests

from tests.servers.practice import Practice, PracticeServer

CHALLENGE = 'Bearer realm="canvas-lms"'
IMPORTS = "/api/v1/accounts/self/sis_imports"


def get(practice: Practice, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{practice.url}{path}", headers=headers, timeout=30)


@pytest.mark.parametrize("header", [None, "practice-x", "bearer practice-x", "Basic cHJhY3RpY2U6eA=="])
def test_without_a_bearer_token_one_has_to_authenticate(header: str | None, practice: Practice) -> None:
    answer = get(practice, IMPORTS, **({"Authorization": header} if header else {}))
    assert answer.status_code == 401
    assert answer.json() == {"status": "unauthenticated", "errors": [{"message": "user authorization required"}]}
    assert answer.headers["WWW-Authenticate"] == CHALLENGE


@pytest.mark.parametrize("path", [IMPORTS, "/api/v1/accounts/999/sis_imports", "/api/v1/users/self"])
def test_a_token_of_another_sort_is_invalid_before_anything_else_is_looked_at(path: str, practice: Practice) -> None:
    answer = get(practice, path, Authorization="Bearer 7~secret")
    assert answer.status_code == 401
    assert answer.json() == {"errors": [{"message": "Invalid access token."}]}
    assert answer.headers["WWW-Authenticate"] == CHALLENGE


def test_an_expired_token_says_since_when(quick_canvas: PracticeServer) -> None:
    answer = quick_canvas.site("expired").request("GET", IMPORTS)
    assert answer.status_code == 401
    [error] = answer.json()["errors"]
    assert error["message"] == "Expired access token."
    assert error["expired_at"].endswith("Z")
    assert answer.headers["WWW-Authenticate"] == CHALLENGE


def test_a_token_may_be_a_parameter(practice: Practice) -> None:
    answer = get(practice, f"/api/v1/users/self?access_token={practice.token}")
    assert answer.status_code == 200


def test_without_a_token_an_unknown_account_is_not_found_first(practice: Practice) -> None:
    assert get(practice, "/api/v1/accounts/999/sis_imports").status_code == 404


# Endpoint, and the status for a token with both rights, with `manage_sis` alone, with `import_sis` alone. The site has
# no import yet: 404 is what somebody reads who may ask.
PERMISSIONS = [
    ("GET", IMPORTS, 200, 200, 200),
    ("GET", f"{IMPORTS}/importing", 200, 200, 200),
    ("POST", IMPORTS, 200, 403, 200),
    ("GET", f"{IMPORTS}/1", 404, 404, 404),
    ("PUT", f"{IMPORTS}/1/restore_states", 404, 404, 403),
    ("PUT", f"{IMPORTS}/1/abort", 404, 404, 404),
    ("PUT", f"{IMPORTS}/abort_all_pending", 200, 200, 200),
    ("GET", f"{IMPORTS}/1/errors", 404, 404, 404),
    ("GET", "/api/v1/accounts/self/sis_import_errors", 200, 200, 200),
]


@pytest.mark.parametrize("method, path, both, manage, only_import", PERMISSIONS)
def test_each_right_opens_its_endpoints(
    method: str, path: str, both: int, manage: int, only_import: int, quick_canvas: PracticeServer
) -> None:
    options: dict[str, Any] = {"files": {"attachment": ("users.csv", b"")}} if method == "POST" else {}
    for sort, status in (("", both), ("readonly", manage), ("noadmin", only_import)):
        answer = quick_canvas.site(sort).request(method, path, **options)
        assert answer.status_code == status
        if status != 403:
            continue
        assert answer.status_code == 403
        refusal = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
        assert answer.json() == refusal
        assert "WWW-Authenticate" not in answer.headers


def test_rights_can_be_asked_for(quick_canvas: PracticeServer) -> None:
    asked = {"permissions[]": ["import_sis", "manage_sis"]}
    path = "accounts/self/permissions"
    assert quick_canvas.site().api("GET", path, params=asked) == {"import_sis": True, "manage_sis": True}
    assert quick_canvas.site("readonly").api("GET", path, params=asked) == {"import_sis": False, "manage_sis": True}
    assert quick_canvas.site("noadmin").api("GET", path, params=asked) == {"import_sis": True, "manage_sis": False}


def test_an_older_site_refuses_with_the_status_of_a_bad_token(quick_canvas: PracticeServer) -> None:
    older = quick_canvas.site("readonly")
    older.control("POST", "flags", {"api_auth_error_updates": False})
    answer = older.request("POST", IMPORTS, files={"attachment": ("users.csv", b"")})
    assert (answer.status_code, answer.json()["status"]) == (401, "unauthorized")
    assert "WWW-Authenticate" not in answer.headers


def test_an_account_closed_to_imports_says_so_before_it_looks_at_rights(quick_canvas: PracticeServer) -> None:
    closed = quick_canvas.site("readonly")
    closed.control("POST", "flags", {"sis_imports": False})
    for method in ("GET", "POST"):
        answer = closed.request(method, IMPORTS)
        assert answer.status_code == 403
        assert answer.json() == {"errors": ["SIS imports are not enabled for this account"]}


@pytest.mark.parametrize("word", ["Revoked access token.", "Insufficient scopes on access token."])
def test_rarer_refusals_are_had_by_a_fault(word: str, practice: Practice) -> None:
    body = {"errors": [{"message": word}]}
    practice.control("POST", "faults", {"match": f"GET {IMPORTS}", "kind": "status", "status": 401, "body": body})
    answer = practice.request("GET", IMPORTS)
    assert (answer.status_code, answer.json()) == (401, body)
