"""The control interface: reset, clock, request log, objects."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from tests.servers.practice import Practice, PracticeServer, practice_server
from tests.servers.processes import wait_for

USERS = "user_id,login_id,first_name,last_name,status\nu1,one,Ada,One,active\nu2,two,Bo,Two,active\n"


def imported(practice: Practice, content: str = USERS) -> int:
    batch = practice.send("users.csv", content)
    wait_for(lambda: practice.api("GET", f"accounts/self/sis_imports/{batch['id']}")["progress"] == 100)
    return int(batch["id"])


def test_the_log_tells_method_path_status_and_bytes_of_each_request(practice: Practice) -> None:
    practice.request("GET", "/api/v1/accounts/self?include[]=x")
    practice.request("PUT", "/api/v1/accounts/self/sis_imports/9/abort", data=b"12345")
    lines = practice.control("GET", "requests")
    assert [(line["method"], line["path"], line["status"], line["bytes"]) for line in lines] == [
        ("GET", "/api/v1/accounts/self", 200, 0),
        ("PUT", "/api/v1/accounts/self/sis_imports/9/abort", 404, 5),
    ]
    assert all(datetime.fromisoformat(line["at"]) for line in lines)


def test_a_token_in_the_address_is_not_logged(practice: Practice) -> None:
    requests.get(f"{practice.url}/api/v1/users/self?access_token={practice.token}", timeout=30)
    assert practice.token not in practice.request("GET", "/sandbox/requests").text


def test_a_connection_that_was_cut_is_logged_without_status(practice: Practice) -> None:
    practice.control("POST", "faults", {"match": "GET /api/v1/users/self", "kind": "cut_after"})
    with pytest.raises(requests.ConnectionError):
        practice.request("GET", "/api/v1/users/self")
    assert [line["status"] for line in practice.control("GET", "requests")] == [None]


def test_the_log_can_be_emptied(practice: Practice) -> None:
    practice.request("GET", "/api/v1/users/self")
    practice.control("DELETE", "requests")
    assert practice.control("GET", "requests") == []


def test_the_log_of_one_site_is_not_that_of_another(practice: Practice) -> None:
    practice.request("GET", "/api/v1/users/self")
    neighbour = Practice(practice.url, f"{practice.token}-next-door")
    assert neighbour.control("GET", "requests") == []


def test_a_clock_stands_still_until_it_is_moved(still_practice: Practice) -> None:
    before = datetime.fromisoformat(still_practice.control("GET", "clock")["now"])
    after = datetime.fromisoformat(still_practice.control("POST", "clock", {"advance_seconds": 86400})["now"])
    assert after - before == timedelta(days=1)


@pytest.mark.parametrize("seconds", [-1, "soon", None, 10**10])
def test_a_clock_is_moved_by_sensible_numbers_only(seconds: object, still_practice: Practice) -> None:
    answer = still_practice.request("POST", "/sandbox/clock", json={"advance_seconds": seconds})
    assert answer.status_code == 400


def test_objects_are_listed_page_by_page(practice: Practice) -> None:
    imported(practice)
    everybody = practice.control("GET", "objects/users?per_page=100")
    first = practice.request("GET", "/sandbox/objects/users?per_page=1")
    assert {"u1", "u2"} <= {user["sis_user_id"] for user in everybody}
    assert first.json() == everybody[:1]
    assert 'rel="next"' in first.headers["Link"]


def test_an_unknown_kind_of_object_is_not_found(practice: Practice) -> None:
    assert practice.request("GET", "/sandbox/objects/unicorns").status_code == 404


def test_a_reset_site_is_as_on_its_first_day(practice: Practice) -> None:
    imported(practice)
    practice.control("POST", "faults", {"match": "GET /api/v1/users/self", "kind": "status"})
    practice.control("POST", "reset")
    assert practice.sis_imports() == []
    assert len(practice.control("GET", "objects/users")) == 1
    assert practice.request("GET", "/api/v1/users/self").status_code == 200


def test_nobody_sees_a_site_half_reset(practice: Practice) -> None:
    seen: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            seen.append(practice.request("GET", "/api/v1/users/self").status_code)

    onlookers = [threading.Thread(target=look) for _ in range(3)]
    for onlooker in onlookers:
        onlooker.start()
    for _ in range(20):
        practice.control("POST", "reset")
    over.set()
    for onlooker in onlookers:
        onlooker.join()
    assert set(seen) == {200}


def test_nothing_of_a_removed_site_stays_on_the_disk(tmp_path: Path) -> None:
    with practice_server("--data", str(tmp_path)) as server:
        site = server.site()
        imported(site)
        assert [path for path in tmp_path.rglob("*") if path.is_file() and b"Ada" in path.read_bytes()]
        site.control("DELETE", "site")
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert site.sis_imports() == []
        assert len(site.control("GET", "objects/users")) == 1


def test_a_site_is_removed_while_it_imports(slow_practice: Practice) -> None:
    rows = "".join(f"u{number},login{number},A,B,active\n" for number in range(1000))
    slow_practice.send("users.csv", USERS.splitlines()[0] + "\n" + rows)
    slow_practice.control("DELETE", "site")
    assert slow_practice.sis_imports() == []


def test_the_control_interface_needs_a_practice_token(practice: Practice) -> None:
    assert requests.get(f"{practice.url}/sandbox/requests", timeout=30).status_code == 401
    stranger = Practice(practice.url, "7~secret")
    assert stranger.request("POST", "/sandbox/reset").status_code == 401


def test_the_control_interface_opens_to_an_expired_token(quick_canvas: PracticeServer) -> None:
    expired = quick_canvas.site("expired")
    expired.request("GET", "/api/v1/users/self")
    assert [line["status"] for line in expired.control("GET", "requests")] == [401]


@pytest.mark.parametrize("body", ["{", "[1]", "\xff"])
def test_a_body_that_is_no_json_object_is_refused(body: str, practice: Practice) -> None:
    answer = practice.request("POST", "/sandbox/clock", data=body.encode("latin-1"))
    assert answer.status_code == 400


def test_an_object_is_changed_by_hand(practice: Practice) -> None:
    imported(practice)
    logins = practice.control("GET", "objects/logins")
    path = f"/sandbox/objects/logins/{logins[-1]['id']}"
    edited = practice.request("PUT", path, json={"unique_id": "by-hand"}).json()
    assert (edited["unique_id"], edited["stuck"]) == ("by-hand", "unique_id")
    assert practice.request("PUT", path, json={"id": 9}).status_code == 400
    assert practice.request("PUT", "/sandbox/objects/logins/999", json={}).status_code == 404
    assert practice.request("PUT", "/sandbox/objects/planets/1", json={}).status_code == 404
