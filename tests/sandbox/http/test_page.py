"""The page at the front door."""

import requests

from tests.servers.practice import Practice
from tests.servers.processes import wait_for


def imported(practice: Practice, term: str) -> int:
    """The id of an import of one term, at its end."""
    number: int = practice.send("terms.csv", f"term_id,name,status\n{term}\n")["id"]
    wait_for(lambda: practice.api("GET", f"accounts/self/sis_imports/{number}")["progress"] == 100)
    return number


def test_the_page_shows_how_to_send_a_file(practice: Practice) -> None:
    page = requests.get(practice.url, timeout=30)
    assert page.headers["Content-Type"].startswith("text/html")
    assert f"'{practice.url}/api/v1/accounts/self/sis_imports.json" in page.text


def test_a_site_is_shown_to_who_knows_its_token(practice: Practice) -> None:
    number = imported(practice, "T1,Autumn,active")
    page = requests.post(practice.url, data={"token": practice.token}, timeout=30).text
    assert "<td>terms</td><td class=number>2</td><td class=number>0</td>" in page
    assert "<td>imported</td>" in page
    assert "<td>terms.csv</td>" in page
    assert f"<td>/api/v1/accounts/self/sis_imports/{number}</td>" in page


def test_the_token_is_never_written_into_the_page(practice: Practice) -> None:
    assert practice.token not in requests.post(practice.url, data={"token": practice.token}, timeout=30).text


def test_what_is_no_practice_token_opens_nothing(practice: Practice) -> None:
    page = requests.post(practice.url, data={"token": "<b>7~secret</b>"}, timeout=30).text
    assert "begins with" in page
    assert "7~secret" not in page


def test_what_clients_wrote_is_shown_as_text(practice: Practice) -> None:
    practice.request("GET", "/api/v1/<script>alert(1)</script>")
    page = requests.post(practice.url, data={"token": practice.token}, timeout=30).text
    assert "<script>" not in page


def test_the_page_tells_the_site_s_time_and_what_was_deleted(still_practice: Practice) -> None:
    now = still_practice.control("GET", "clock")["now"]
    imported(still_practice, "T1,Autumn,active")
    imported(still_practice, "T1,Autumn,deleted")
    page = requests.post(still_practice.url, data={"token": still_practice.token}, timeout=30).text
    assert f"<b>{now[:19].replace('T', ' ')}</b>" in page
    assert "<td>terms</td><td class=number>1</td><td class=number>1</td>" in page
