"""Faults on demand: each kind as a client meets it."""

from http.client import HTTPConnection
from typing import Any

import pytest
import requests

from tests.servers.practice import Practice

SELF = "/api/v1/accounts/self"
IMPORTS = "/api/v1/accounts/self/sis_imports"
UPLOAD = {"files": {"attachment": ("users.csv", b"user_id,login_id,status\nu1,one,active\n")}}


def fault(practice: Practice, kind: str, match: str = f"GET {SELF}", **settings: object) -> dict[str, Any]:
    made: dict[str, Any] = practice.control("POST", "faults", {"match": match, "kind": kind, **settings})
    return made


def test_a_status_comes_once_and_then_all_is_well(practice: Practice) -> None:
    fault(practice, "status", status=503)
    assert [practice.request("GET", SELF).status_code for _ in range(2)] == [503, 200]


def test_a_fault_lasts_as_many_times_as_it_was_told(practice: Practice) -> None:
    fault(practice, "status", times=3)
    assert [practice.request("GET", SELF).status_code for _ in range(4)] == [500, 500, 500, 200]


def test_a_status_may_have_a_body_of_choice(practice: Practice) -> None:
    body = {"errors": ["SIS imports are not enabled for this account"]}
    fault(practice, "status", status=403, body=body)
    assert practice.request("GET", SELF).json() == body


def test_a_server_error_looks_as_canvas_makes_it(practice: Practice) -> None:
    fault(practice, "status")
    answer = practice.request("GET", SELF).json()
    assert answer["errors"] == [{"message": "An error occurred.", "error_code": "internal_server_error"}]
    assert isinstance(answer["error_report_id"], int)


def test_html_comes_from_a_proxy(practice: Practice) -> None:
    fault(practice, "html")
    answer = practice.request("GET", SELF)
    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "502 Bad Gateway" in answer.text


@pytest.mark.parametrize("status, reason", [(403, "403 Forbidden"), (429, "429 Too Many Requests")])
def test_throttling_is_plain_text(status: int, reason: str, practice: Practice) -> None:
    fault(practice, "throttle", status=status)
    answer = practice.request("GET", SELF)
    assert (answer.status_code, answer.text) == (status, f"{reason} (Rate Limit Exceeded)\n")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Rate-Limit-Remaining"] == "0.0"


def test_an_expired_token_is_expired_for_one_request(practice: Practice) -> None:
    fault(practice, "expired")
    refused = practice.request("GET", SELF)
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (401, "Expired access token.")
    assert practice.request("GET", SELF).status_code == 200


def test_a_cut_answer_is_not_json(practice: Practice) -> None:
    whole = practice.request("GET", SELF).text
    fault(practice, "truncate")
    cut = practice.request("GET", SELF)
    assert cut.status_code == 200
    assert whole.startswith(cut.text)
    assert 0 < len(cut.text) < len(whole)


def test_a_wrong_content_type_leaves_the_body_alone(practice: Practice) -> None:
    fault(practice, "content_type", content_type="application/octet-stream")
    answer = practice.request("GET", SELF)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.json()["id"] == 1


@pytest.mark.parametrize("kind", ["latency", "drip"])
def test_a_slow_answer_comes_whole_in_the_end(kind: str, practice: Practice) -> None:
    fault(practice, kind, seconds=0.1)
    assert practice.request("GET", SELF).json()["id"] == 1


def test_latency_keeps_the_whole_answer_back(practice: Practice) -> None:
    fault(practice, "latency", seconds=20)
    with pytest.raises(requests.ReadTimeout):
        requests.get(practice.url + SELF, headers={"Authorization": f"Bearer {practice.token}"}, timeout=0.2)


def test_a_drip_sends_the_head_at_once_and_the_body_slowly(wire: HTTPConnection, practice: Practice) -> None:
    fault(practice, "drip", seconds=100)
    wire.request("GET", SELF, headers={"Authorization": f"Bearer {practice.token}"})
    answer = wire.getresponse()
    assert wire.sock is not None
    wire.sock.settimeout(0.2)
    with pytest.raises(TimeoutError):
        answer.read()


@pytest.mark.parametrize("kind", ["cut_before", "cut_during"])
def test_a_connection_cut_before_the_request_was_read_changes_nothing(kind: str, practice: Practice) -> None:
    fault(practice, kind, f"POST {IMPORTS}")
    with pytest.raises(requests.ConnectionError):
        practice.request("POST", IMPORTS, **UPLOAD)
    assert practice.sis_imports() == []


def test_a_connection_cut_after_the_request_was_read_has_applied_it(practice: Practice) -> None:
    fault(practice, "cut_after", f"POST {IMPORTS}")
    with pytest.raises(requests.ConnectionError):
        practice.request("POST", IMPORTS, **UPLOAD)
    assert len(practice.sis_imports()) == 1


def test_a_refused_upload_is_not_applied(practice: Practice) -> None:
    fault(practice, "status", f"POST {IMPORTS}")
    assert practice.request("POST", IMPORTS, **UPLOAD).status_code == 500
    assert practice.sis_imports() == []


@pytest.mark.parametrize(
    "match, hit",
    [
        ("GET /api/v1/accounts/*/sis_imports", True),
        ("* /api/v1/accounts/*/sis_imports", True),
        ("GET /api/v1/accounts/*/sis_imports.json", True),
        ("GET /api/v1/**", True),
        ("GET /api/v1/accounts/*", False),
        ("GET /api/v1/*/sis_imports", False),
        ("POST /api/v1/accounts/*/sis_imports", False),
    ],
)
def test_a_fault_hits_what_its_pattern_says(match: str, hit: bool, practice: Practice) -> None:
    fault(practice, "status", match)
    assert practice.request("GET", f"{IMPORTS}?page=1").status_code == (500 if hit else 200)


def test_faults_of_one_site_leave_other_sites_alone(practice: Practice) -> None:
    fault(practice, "status")
    neighbour = Practice(practice.url, f"{practice.token}-next-door")
    assert neighbour.request("GET", SELF).status_code == 200


def test_faults_that_wait_are_listed_and_can_be_called_off(practice: Practice) -> None:
    made = fault(practice, "status", status=503, times=2)
    assert practice.control("GET", "faults") == [made]
    assert (made["kind"], made["times"], made["status"]) == ("status", 2, 503)
    practice.control("DELETE", "faults")
    assert practice.control("GET", "faults") == []
    assert practice.request("GET", SELF).status_code == 200


def test_the_control_interface_has_no_faults(practice: Practice) -> None:
    fault(practice, "status", "* /**")
    assert practice.request("GET", "/sandbox/faults").status_code == 200


@pytest.mark.parametrize(
    "description",
    [
        {"match": f"GET {SELF}", "kind": "earthquake"},
        {"match": "accounts", "kind": "status"},
        {"match": f"GET {SELF}", "kind": "status", "times": 0},
        {"match": f"GET {SELF}", "kind": "status", "times": "two"},
        {"match": f"GET {SELF}", "kind": "status", "status": 99},
        {"match": f"GET {SELF}", "kind": "latency", "seconds": "long"},
        {"match": f"GET {SELF}", "kind": "expired", "seconds": 2},
        {"kind": "status"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_with_a_reason(
    description: dict[str, object], practice: Practice
) -> None:
    answer = practice.request("POST", "/sandbox/faults", json=description)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"]
    assert practice.control("GET", "faults") == []
