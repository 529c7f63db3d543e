"""SIS imports over HTTP: addresses, order of checks, shapes of answers."""

import io
import zipfile
from typing import Any

import pytest
import requests

from tests.servers.practice import Practice
from tests.servers.processes import wait_for

IMPORTS = "/api/v1/accounts/self/sis_imports"
TERMS = "term_id,name,status\nT1,Autumn,active\n"
BAD_TERMS = "term_id,name,status\nT1,Autumn,open\nT2,Spring,shut\n"


def finished(practice: Practice, batch: dict[str, Any]) -> dict[str, Any]:
    """The import when it has ended."""

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = practice.api("GET", f"accounts/self/sis_imports/{batch['id']}")
        return found if found["workflow_state"] not in {"created", "importing", "cleanup_batch"} else None

    found = wait_for(ended)
    assert found is not None
    return found


def zipped(**files: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return memory.getvalue()


def post_raw(practice: Practice, content: bytes, query: str = "", content_type: str | None = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {practice.token}", "Content-Type": content_type}
    return requests.post(f"{practice.url}{IMPORTS}{query}", data=content, headers=headers, timeout=30)


def test_a_fresh_import_is_created_and_says_who_sent_it(practice: Practice) -> None:
    """Even though the queue may have ended it before the answer left."""
    answer = practice.request("POST", f"{IMPORTS}.json", files={"attachment": ("terms.csv", TERMS)})
    batch = answer.json()
    assert answer.status_code == 200
    assert (batch["workflow_state"], batch["progress"], batch["ended_at"]) == ("created", 0, None)
    assert batch["data"] == {"import_type": "instructure_csv"}
    assert batch["user"]["id"] == 1


@pytest.mark.parametrize("account", ["self", "1", "default"])
def test_the_root_account_has_several_names(account: str, practice: Practice) -> None:
    assert practice.api("GET", f"accounts/{account}/sis_imports") == {"sis_imports": []}


@pytest.mark.parametrize("account", ["2", "site_admin", "sis_account_id:none", "hex:sis_account_id:6e6f6e65", "abc"])
def test_an_unknown_account_is_not_found(account: str, practice: Practice) -> None:
    answer = practice.request("GET", f"/api/v1/accounts/{account}/sis_imports")
    assert answer.status_code == 404
    assert answer.json() == {"errors": [{"message": "The specified resource does not exist."}]}


def test_a_sub_account_takes_no_imports(practice: Practice) -> None:
    finished(practice, practice.send("a.csv", "account_id,parent_account_id,name,status\nLAW,,Law,active\n"))
    for account in ("sis_account_id:LAW", "hex:sis_account_id:4C4157"):
        answer = practice.request("GET", f"/api/v1/accounts/{account}/sis_imports")
        assert answer.status_code == 400
        assert answer.json() == {"errors": ["SIS imports can only be executed on root accounts"]}
    terms = practice.request("GET", "/api/v1/accounts/sis_account_id:LAW/terms")
    assert (terms.status_code, terms.json()) == (400, {"message": "Terms only belong to root_accounts."})


def test_options_come_in_the_query_or_in_the_form(practice: Practice) -> None:
    batch = practice.request(
        "POST",
        f"{IMPORTS}?skip_deletes=true",
        files={"attachment": ("terms.csv", TERMS)},
        data={"diff_row_count_threshold": "1234567890123"},
    ).json()
    assert (batch["skip_deletes"], batch["diff_row_count_threshold"]) == (True, 1234567890123)


@pytest.mark.parametrize(
    "query, content_type, is_zipped",
    [
        ("?extension=csv", None, False),
        ("?extension=csv", "application/octet-stream", False),
        ("", "text/csv", False),
        ("", "text/plain; charset=utf-8", False),
        ("", "application/zip", True),
        ("", None, True),
        ("", "application/x-www-form-urlencoded", True),
    ],
)
def test_a_raw_body_is_imported_by_its_extension_or_type(
    query: str, content_type: str | None, is_zipped: bool, practice: Practice
) -> None:
    content = zipped(terms=TERMS) if is_zipped else TERMS.encode()
    batch = finished(practice, post_raw(practice, content, query, content_type).json())
    assert batch["workflow_state"] == "imported"
    assert batch["data"]["counts"]["terms"] == 1


def test_a_large_raw_body_is_taken(practice: Practice) -> None:
    rows = "".join(f"T{n},Term number {n},active\n" for n in range(60_000))
    content = f"term_id,name,status\n{rows}".encode()
    assert len(content) > 1 << 20
    batch = post_raw(practice, content, "?extension=csv").json()
    assert practice.api("PUT", f"accounts/self/sis_imports/{batch['id']}/abort")["workflow_state"] == "aborted"


def test_another_charset_is_refused(practice: Practice) -> None:
    answer = post_raw(practice, TERMS.encode(), content_type="text/csv; charset=iso-8859-1")
    assert (answer.status_code, answer.json()) == (400, {"error": "Invalid content type, UTF-8 required"})


def test_a_form_without_the_file_is_refused(practice: Practice) -> None:
    answer = practice.request("POST", IMPORTS, files={"other": ("terms.csv", TERMS)})
    assert (answer.status_code, answer.json()) == (400, {"error": True, "error_message": "Missing attachment"})


def test_imports_are_listed_newest_first_page_by_page(practice: Practice) -> None:
    ids = [practice.send("terms.csv", TERMS)["id"] for _ in range(3)]
    first = practice.request("GET", f"{IMPORTS}?per_page=2")
    assert [batch["id"] for batch in first.json()["sis_imports"]] == [ids[2], ids[1]]
    assert 'rel="last"' not in first.headers["Link"]
    second = requests.get(first.links["next"]["url"], headers={"Authorization": f"Bearer {practice.token}"}, timeout=30)
    assert [batch["id"] for batch in second.json()["sis_imports"]] == [ids[0]]
    assert 'rel="next"' not in second.headers["Link"]


def test_the_list_can_be_narrowed_to_states(practice: Practice) -> None:
    batch = finished(practice, practice.send("terms.csv", TERMS))
    listed = practice.api("GET", "accounts/self/sis_imports", params={"workflow_state[]": ["imported", "aborted"]})
    assert [found["id"] for found in listed["sis_imports"]] == [batch["id"]]
    assert practice.api("GET", "accounts/self/sis_imports", params={"workflow_state[]": "failed"})["sis_imports"] == []


def test_importing_is_a_list_without_pages(practice: Practice) -> None:
    answer = practice.request("GET", f"{IMPORTS}/importing")
    assert answer.json() == {"sis_imports": []}
    assert "Link" not in answer.headers


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", f"{IMPORTS}/999"),
        ("GET", f"{IMPORTS}/abc"),
        ("PUT", f"{IMPORTS}/999/abort"),
        ("PUT", f"{IMPORTS}/999/restore_states"),
        ("GET", f"{IMPORTS}/999/errors"),
        ("GET", "/api/v1/progress/999"),
        ("GET", "/files/999/download?verifier=x"),
    ],
)
def test_what_does_not_exist_is_not_found(method: str, path: str, practice: Practice) -> None:
    answer = practice.request(method, path)
    assert answer.status_code == 404
    assert answer.json() == {"errors": [{"message": "The specified resource does not exist."}]}


def test_messages_are_listed_with_a_count(practice: Practice) -> None:
    batch = finished(practice, practice.send("terms.csv", BAD_TERMS))
    answer = practice.request("GET", f"{IMPORTS}/{batch['id']}/errors?per_page=1")
    [message] = answer.json()["sis_import_errors"]
    assert (message["sis_import_id"], message["file"], message["row"]) == (batch["id"], "terms.csv", 3)
    assert "page=2&per_page=1" in answer.links["last"]["url"]
    assert len(practice.api("GET", "accounts/self/sis_import_errors")["sis_import_errors"]) == 2
    failures = practice.api("GET", f"accounts/self/sis_imports/{batch['id']}/errors", params={"failure": "true"})
    assert failures["sis_import_errors"] == []


def test_a_finished_import_can_no_longer_be_aborted(practice: Practice) -> None:
    batch = finished(practice, practice.send("terms.csv", TERMS))
    assert practice.request("PUT", f"{IMPORTS}/{batch['id']}/abort").status_code == 404


def test_abort_all_pending_always_says_yes(practice: Practice) -> None:
    assert practice.api("PUT", "accounts/self/sis_imports/abort_all_pending") == {"aborted": True}


def test_a_restore_is_followed_by_its_progress(practice: Practice) -> None:
    batch = finished(practice, practice.send("terms.csv", TERMS))
    progress = practice.api("PUT", f"accounts/self/sis_imports/{batch['id']}/restore_states")
    assert (progress["tag"], progress["context_id"]) == ("sis_batch_state_restore", batch["id"])
    assert progress["url"] == f"{practice.url}/api/v1/progress/{progress['id']}"
    wait_for(lambda: practice.api("GET", f"progress/{progress['id']}")["workflow_state"] == "completed")
    assert practice.api("GET", f"accounts/self/sis_imports/{batch['id']}")["workflow_state"] == "restored"
    assert practice.request("POST", f"/api/v1/progress/{progress['id']}/cancel").status_code == 403


def test_two_restore_modes_at_once_are_refused_in_bare_text(practice: Practice) -> None:
    batch = finished(practice, practice.send("terms.csv", TERMS))
    answer = practice.request(
        "PUT", f"{IMPORTS}/{batch['id']}/restore_states", data={"undelete_only": "1", "unconclude_only": "yes"}
    )
    assert (answer.status_code, answer.text) == (400, "cannot set both undelete_only and unconclude_only")
    assert answer.headers["Content-Type"].startswith("application/json")


def test_a_file_is_downloaded_by_its_link_alone(practice: Practice) -> None:
    batch = finished(practice, practice.send("terms.csv", TERMS))
    [csv] = batch["csv_attachments"]
    assert csv["url"].startswith(f"{practice.url}/files/{csv['id']}/download?download_frd=1&verifier=")
    answer = requests.get(csv["url"], timeout=30)
    assert answer.text == TERMS
    assert "terms.csv" in answer.headers["Content-Disposition"]
    assert requests.get(csv["url"] + "x", timeout=30).status_code == 404


def test_terms_are_listed_with_their_sis_ids(practice: Practice) -> None:
    finished(practice, practice.send("terms.csv", TERMS))
    terms = practice.api("GET", "accounts/self/terms")["enrollment_terms"]
    assert {term["sis_term_id"] for term in terms} == {None, "T1"}
    autumn = practice.api("GET", "accounts/self/terms/sis_term_id:T1")
    assert (autumn["name"], autumn["workflow_state"]) == ("Autumn", "active")
    assert practice.request("GET", "/api/v1/accounts/self/terms/999").status_code == 404


@pytest.mark.parametrize(
    "params, found",
    [
        ({}, [2, 1]),
        ({"created_since": "2026-01-05T09:30:00Z"}, [2]),
        ({"created_before": "2026-01-05T09:31:00Z"}, [1]),
        ({"created_since": "2026-01-05T09:31:00Z"}, []),
        ({"created_since": "yesterday"}, [2, 1]),
        ({"created_before": "soon"}, [2, 1]),
        ({"workflow_state[]": ["imported_with_messages", "unheard-of"]}, [2]),
        ({"workflow_state[]": "unheard-of"}, [2, 1]),
    ],
)
def test_the_list_is_filtered_strictly_and_forgives_nonsense(
    params: dict[str, Any], found: list[int], still_practice: Practice
) -> None:
    finished(still_practice, still_practice.send("terms.csv", TERMS))
    still_practice.control("POST", "clock", {"advance_seconds": 60})
    finished(still_practice, still_practice.send("terms.csv", BAD_TERMS))
    listed = still_practice.api("GET", "accounts/self/sis_imports", params=params)["sis_imports"]
    assert [batch["id"] for batch in listed] == found
