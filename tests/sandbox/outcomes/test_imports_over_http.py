"""Outcome imports as a tool sends and follows them."""

from typing import Any

import pytest
import requests

from tests.servers.practice import Practice, PracticeServer
from tests.servers.processes import wait_for

CSV = "vendor_guid,object_type,title\ng,group,G\na,outcome,A\n"
KEYS = [
    "id", "created_at", "ended_at", "updated_at", "progress", "workflow_state", "data", "processing_errors", "user",
]  # fmt: skip


def post(practice: Practice, query: str = "", **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {practice.token}", **options.pop("headers", {})}
    address = f"{practice.url}/api/v1/accounts/self/outcome_imports{query}"
    return requests.post(address, headers=headers, timeout=30, **options)


def finished(practice: Practice, import_id: object = "latest") -> dict[str, Any]:
    def ended() -> dict[str, Any] | None:
        answer = practice.request("GET", f"/api/v1/accounts/self/outcome_imports/{import_id}")
        found: dict[str, Any] = answer.json()
        return found if found.get("workflow_state") in {"succeeded", "failed"} else None

    found = wait_for(ended)
    assert found is not None
    return found


def test_a_fresh_import_is_created_and_a_finished_one_has_the_same_keys(still_practice: Practice) -> None:
    created = post(still_practice, files={"attachment": ("outcomes.csv", CSV)}).json()
    assert list(created) == KEYS
    assert (created["workflow_state"], created["progress"], created["processing_errors"]) == ("created", 0, [])
    assert created["data"] == {"import_type": "instructure_csv"}
    assert list(created["user"]) == ["id", "name", "created_at", "sortable_name", "short_name"]
    done = finished(still_practice, created["id"])
    assert list(done) == KEYS
    assert (done["workflow_state"], done["progress"], done["ended_at"]) == ("succeeded", 100, None)


WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {"files": {"attachment": ("x.csv", CSV)}}),
    ("/", {"files": {"attachment": ("x.csv", CSV)}}),
    ("?import_type=instructure_csv", {"data": CSV, "headers": {"Content-Type": "text/csv"}}),
    ("?extension=csv", {"data": CSV, "headers": {"Content-Type": "text/csv; charset=latin-1"}}),
    ("", {"data": CSV, "headers": {"Content-Type": "text/csv; charset=UTF-8"}}),
    ("", {"data": CSV, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}),
    ("", {"data": CSV.encode()}),
)


@pytest.mark.parametrize("query, options", WAYS)
def test_a_file_comes_as_a_part_or_as_the_body(query: str, options: dict[str, Any], practice: Practice) -> None:
    answer = post(practice, query, **options)
    assert answer.status_code == 200
    assert finished(practice, answer.json()["id"])["workflow_state"] == "succeeded"
    groups = practice.api("GET", f"accounts/self/outcome_imports/{answer.json()['id']}/created_group_ids")
    assert groups == [str(practice.api("GET", "accounts/self/outcome_groups")[1]["id"])]


def test_a_body_that_says_it_is_not_utf8_is_refused_and_leaves_nothing(practice: Practice) -> None:
    answer = post(practice, data=CSV, headers={"Content-Type": "text/csv; charset=ISO-8859-1"})
    assert (answer.status_code, answer.json()) == (400, {"error": "Invalid content type, UTF-8 required"})
    assert practice.request("GET", "/api/v1/accounts/self/outcome_imports/1").status_code == 404


def test_another_import_type_is_a_server_error(practice: Practice) -> None:
    assert post(practice, "?import_type=xml", data=CSV).status_code == 500


def test_a_token_without_the_right_sees_imports_but_makes_none(quick_canvas: PracticeServer) -> None:
    readonly = quick_canvas.site("readonly")
    answer = post(readonly, data=CSV)
    assert answer.status_code == 403
    assert readonly.request("GET", "/api/v1/accounts/self/outcome_imports/latest").status_code == 404


def test_an_import_into_a_group_lands_there(practice: Practice) -> None:
    post(practice, data=CSV)
    finished(practice)
    group = practice.api("GET", "accounts/self/outcome_imports/latest/created_group_ids")[0]
    sent = post(practice, f"/group/{group}", data="vendor_guid,object_type,title\nb,outcome,B\n")
    assert finished(practice, sent.json()["id"])["processing_errors"] == []
    linked = practice.api("GET", f"accounts/self/outcome_groups/{group}/outcomes")
    assert [one["outcome"]["title"] for one in linked] == ["B"]


def test_what_is_asked_of_an_unknown_or_unfinished_import_is_not_found(practice: Practice) -> None:
    imports = "/api/v1/accounts/self/outcome_imports"
    latest = practice.request("GET", f"{imports}/latest")
    assert (latest.status_code, latest.json()) == (404, {"message": "ActiveRecord::RecordNotFound"})
    unknown = practice.request("GET", f"{imports}/7")
    assert unknown.status_code == 404
    assert unknown.json()["message"].startswith("Couldn't find OutcomeImport with 'id'=7 ")
    practice.control("POST", "speed", {"rows_per_second": 1})
    post(practice, data=CSV)
    running = practice.request("GET", f"{imports}/1/created_group_ids")
    assert (running.status_code, running.json()) == (404, {"message": "Import is still being processed"})
    practice.control("POST", "speed", {"rows_per_second": None})
    post(practice, data="x\ny\n")
    assert finished(practice, 2)["workflow_state"] == "failed"
    failed = practice.request("GET", f"{imports}/latest/created_group_ids")
    assert (failed.status_code, failed.json()) == (404, {"message": "Import has failed"})


def test_an_import_belongs_to_its_own_context(practice: Practice) -> None:
    practice.control("POST", "seed", {"courses": 1, "students": 1, "outcomes": 1, "seed": 1})
    post(practice, data=CSV)
    finished(practice)
    assert practice.request("GET", "/api/v1/courses/1/outcome_imports/1").status_code == 404
    assert practice.request("GET", "/api/v1/courses/99/outcome_imports/1").status_code == 404


def test_progress_follows_the_rows_and_imports_run_one_after_another(practice: Practice) -> None:
    practice.control("POST", "speed", {"rows_per_second": 40})
    rows = "".join(f"a{number},outcome,A\n" for number in range(60))
    first = post(practice, data=f"vendor_guid,object_type,title\n{rows}").json()["id"]
    second = post(practice, data=CSV).json()["id"]
    path = "accounts/self/outcome_imports"
    wait_for(lambda: 0 < practice.api("GET", f"{path}/{first}")["progress"] < 100)
    assert practice.api("GET", f"{path}/latest")["id"] == first
    assert practice.api("GET", f"{path}/{second}")["workflow_state"] == "created"
    practice.control("POST", "speed", {"rows_per_second": None})
    assert finished(practice, second)["workflow_state"] == "succeeded"
    assert practice.api("GET", f"{path}/latest")["id"] == second


def test_the_group_of_an_import_is_shown_where_the_flag_says_so(practice: Practice) -> None:
    practice.control("POST", "flags", {"outcome_imports_name_their_group": True})
    assert post(practice, "/group/5", data=CSV).json()["learning_outcome_group_id"] == 5


def test_a_flag_that_is_none_is_refused(practice: Practice) -> None:
    for body in ({"no_such_flag": True}, {"outcome_gradebook": "yes"}):
        assert practice.request("POST", "/sandbox/flags", json=body).status_code == 400
    assert practice.control("GET", "flags")["outcome_gradebook"] is True
