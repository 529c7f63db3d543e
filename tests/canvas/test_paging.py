"""From page to page by the Link header, and not an inch further."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas import paging
from canvas.client import CanvasClient
from canvas.errors import ForbiddenAddress, Unreadable
from tests.canvas import answers
from tests.canvas.scripted import Act, ScriptedServer, answering

PATH = "/api/v1/accounts/self/sis_imports"


def page(*ids: int, following: str | None = None) -> Act:
    links = [("Link", f'<https://unused.example/>; rel="current",<{following}>; rel="next"')] if following else []
    return answering({"sis_imports": [answers.sis_import(number) for number in ids]}, headers=links)


def test_all_pages_are_read_in_order(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(
        page(5, 4, following=f"{site.url}{PATH}?page=2&per_page=2"),
        page(3, 2, following=f"{site.url}{PATH}?page=3&per_page=2"),
        page(1),
    )

    assert [found.id for found in client.sis_imports(per_page=2)] == [5, 4, 3, 2, 1]
    assert [request.target.partition("?")[2] for request in site.requests] == [
        "per_page=2",
        "page=2&per_page=2",
        "page=3&per_page=2",
    ]


def test_a_page_is_not_fetched_before_it_is_needed(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(page(5, 4, following=f"{site.url}{PATH}?page=2"))

    assert [found.id for found in itertools.islice(client.sis_imports(), 2)] == [5, 4]
    assert site.connections == 1


def test_an_empty_page_ends_the_list_even_if_it_offers_a_next_one(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(page(1, following=f"{site.url}{PATH}?page=2"), page(following=f"{site.url}{PATH}?page=3"))

    assert [found.id for found in client.sis_imports()] == [1]
    assert site.connections == 2


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example.edu/next",
        "http://127.0.0.1:1/next",
        "https://127.0.0.1/next",
        "//[broken",
        "//host:port/",
    ],
)
def test_a_link_that_leaves_the_site_is_not_followed(client: CanvasClient, site: ScriptedServer, address: str) -> None:
    site.play(page(1, following=address))

    with pytest.raises(ForbiddenAddress):
        list(client.sis_imports())

    assert site.connections == 1


def test_a_link_back_to_a_page_already_read_ends_in_an_error(client: CanvasClient, site: ScriptedServer) -> None:
    second, third = f"{site.url}{PATH}?page=2", f"{site.url}{PATH}?page=3"
    site.play(page(3, following=second), page(2, following=third), page(1, following=second))

    with pytest.raises(Unreadable, match="already read"):
        list(client.sis_imports())


@pytest.mark.parametrize("document", [{"other": []}, {"sis_imports": {}}, {"sis_imports": None}])
def test_an_answer_without_the_list_is_unreadable(client: CanvasClient, site: ScriptedServer, document: object) -> None:
    site.play(answering(document))

    with pytest.raises(Unreadable, match="no list of sis imports"):
        list(client.sis_imports())


def test_a_bare_list_is_taken_as_well(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering([answers.sis_import(3)]))

    assert [found.id for found in client.sis_imports()] == [3]


def test_an_address_may_contain_what_separates_links() -> None:
    header = '<https://a.example/x?ids=1,2;3>; rel="next", <https://a.example/>; title="a, b"; rel=first'

    assert paging.links(header) == {"next": "https://a.example/x?ids=1,2;3", "first": "https://a.example/"}


ADDRESSES = st.text(st.characters(codec="ascii", exclude_characters='<>"', exclude_categories=["Cc"]), min_size=1)
RELATIONS = st.sampled_from(["current", "next", "prev", "first", "last"])


@given(st.dictionaries(RELATIONS, ADDRESSES))
def test_every_well_formed_header_is_read_back(wanted: dict[str, str]) -> None:
    header = ",".join(f'<{address}>; rel="{relation}"' for relation, address in wanted.items())

    assert paging.links(header) == wanted


@given(st.text())
def test_no_header_is_too_odd_to_be_read(header: str) -> None:
    assert all(f"<{address}>" in header for address in paging.links(header).values())
