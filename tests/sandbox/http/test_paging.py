"""The `Link` header, by the rules of Canvas's lists."""

import io
import re
from email.message import Message
from pathlib import Path

import pytest

from sandbox.http.answers import Stop
from sandbox.http.bodies import Body
from sandbox.http.paging import asked_page, counted_link, uncounted_link
from sandbox.http.requests import Request

LIST = "/api/v1/accounts/self/sis_imports"


def request(query: str) -> Request:
    body = Body(io.BytesIO(), 0)
    return Request("GET", f"{LIST}?{query}", Message(), body, base="http://canvas.test", incoming=Path())


def relations(link: tuple[str, str]) -> dict[str, str]:
    return {rel: address for address, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', link[1])}


@pytest.mark.parametrize(
    "query, number, size",
    [
        ("", 1, 10),
        ("page=3", 3, 10),
        ("per_page=50", 1, 50),
        ("per_page=1000", 1, 100),
        ("per_page=0", 1, 1),
        ("per_page=-5", 1, 1),
        ("per_page=lots", 1, 1),
    ],
)
def test_the_page_asked_for_is_kept_in_bounds(query: str, number: int, size: int) -> None:
    page = asked_page(request(query))
    assert (page.number, page.size) == (number, size)


@pytest.mark.parametrize("page", ["first", "0", "-1", "1.5", "bookmark:abc"])
def test_a_page_that_is_no_number_is_not_found(page: str) -> None:
    with pytest.raises(Stop) as stopped:
        asked_page(request(f"page={page}"))
    assert stopped.value.answer.status == 404


@pytest.mark.parametrize(
    "query, total, expected",
    [
        ("per_page=10", 0, {"current": 1, "first": 1, "last": 1}),
        ("per_page=10", 10, {"current": 1, "first": 1, "last": 1}),
        ("per_page=10", 11, {"current": 1, "next": 2, "first": 1, "last": 2}),
        ("per_page=10&page=2", 25, {"current": 2, "next": 3, "prev": 1, "first": 1, "last": 3}),
        ("per_page=10&page=9", 25, {"current": 9, "prev": 8, "first": 1, "last": 3}),
    ],
)
def test_a_counted_list_names_its_last_page(query: str, total: int, expected: dict[str, int]) -> None:
    asked = request(query)
    found = relations(counted_link(asked, asked_page(asked), total))
    numbers = {rel: int(re.findall(r"[?&]page=(\d+)", address)[0]) for rel, address in found.items()}
    assert numbers == expected
    assert list(numbers) == list(expected)


@pytest.mark.parametrize(
    "query, shown, expected",
    [
        ("per_page=10", 0, {"current", "first", "last"}),
        ("per_page=10", 4, {"current", "first", "last"}),
        ("per_page=10", 10, {"current", "next", "first"}),
        ("per_page=10&page=2", 4, {"current", "prev", "first", "last"}),
        ("per_page=10&page=2", 0, {"current", "next", "prev", "first"}),
    ],
)
def test_an_uncounted_list_promises_a_next_page_without_knowing(query: str, shown: int, expected: set[str]) -> None:
    asked = request(query)
    assert set(relations(uncounted_link(asked, asked_page(asked), shown))) == expected


def test_links_keep_the_other_parameters_and_never_the_token() -> None:
    asked = request(
        "workflow_state%5B%5D=created&workflow_state%5B%5D=imported&access_token=practice-x&api_key=k&page=2"
    )
    current = relations(counted_link(asked, asked_page(asked), 30))["current"]
    query = "workflow_state%5B%5D=created&workflow_state%5B%5D=imported&page=2&per_page=10"
    assert current == f"http://canvas.test{LIST}?{query}"


def test_a_header_that_grows_too_long_loses_its_least_important_links() -> None:
    asked = request(f"page=2&filter={'x' * 2500}")
    assert set(relations(counted_link(asked, asked_page(asked), 50))) == {"next", "last"}
