"""Who gets which page of the section Outcomes: every address of it, with every role."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount, User
from outcomes.models import Snapshot
from outcomes.urls import urlpatterns
from tests.cast import Seat
from tests.outcomes.test_programs import browser, program, read_program, school
from tests.outcomes.test_snapshots import snapshot

__all__ = ["browser", "program", "read_program", "school", "snapshot"]

# What takes more than the right to outcomes: it changes what is told of small groups, or cannot be undone.
MANAGED = {"smallest_group_policy", "snapshot_delete"}
NOT_ALLOWED = 405


@pytest.fixture
def addresses(snapshot: Snapshot) -> dict[str, str]:
    """By name of the route; `tree` is there with and without a place, and the one with it counts."""
    program = snapshot.program
    course = program.canvas_account.courses.filter(readings__state="complete")[0]
    reading = course.readings.filter(state="complete")[0]
    numbers = {
        "canvas_id": course.canvas_id,
        "outcome_id": reading.outcomes[0]["id"],
        "user_id": 1,
        "pk": program.pk,
        "number": snapshot.pk,
        "group": 1,
    }
    given: dict[str, object] = {"slug": program.canvas_account.slug, "place": "root", **numbers}
    found = {}
    for route in urlpatterns:
        values = {name: given[name] for name in route.pattern.converters}
        if "rules/" in str(route.pattern):
            values["place"] = 0  # of the rule among the rules
        found[str(route.name)] = reverse(f"outcomes:{route.name}", kwargs={"slug": given["slug"], **values})
    return found


def statuses(browser: Client, address: str) -> Iterator[int]:
    """Of looking and of sending."""
    for ask in (browser.get, browser.post):
        answer: Any = ask(address)
        if answer.streaming:
            b"".join(answer.streaming_content)  # read to its end, which closes the file
        yield answer.status_code


def refused(browser: Client, addresses: dict[str, str], status: int) -> set[str]:
    """What is answered with that status and nothing else, as far as the method is allowed there."""
    return {name for name, address in addresses.items() if set(statuses(browser, address)) - {NOT_ALLOWED} == {status}}


def test_a_stranger_finds_nothing_anywhere(addresses: dict[str, str], stranger: User, seat: Seat) -> None:
    assert refused(seat(stranger), addresses, 404) == set(addresses)


@pytest.mark.parametrize("role", ["viewer", "registrar"])
def test_who_may_not_read_outcomes_is_refused_everywhere(
    role: str, addresses: dict[str, str], seat: Seat, request: pytest.FixtureRequest
) -> None:
    assert refused(seat(request.getfixturevalue(role)), addresses, 403) == set(addresses)


@pytest.mark.parametrize("role, kept_back", [("designer", MANAGED), ("admin", set[str]())])
def test_who_may_read_outcomes_is_refused_what_is_managed_alone(
    role: str, kept_back: set[str], addresses: dict[str, str], seat: Seat, request: pytest.FixtureRequest
) -> None:
    browser = seat(request.getfixturevalue(role))
    looked = {name: next(statuses(browser, address)) for name, address in addresses.items()}
    assert {name for name, status in looked.items() if status == 403} == kept_back
    # A rule and a student that are not there, and the group of a tree that nobody has read.
    assert {name for name, status in looked.items() if status == 404} <= {"tree_group", "cell", "program_student"}


def test_nothing_of_one_account_is_found_under_another(addresses: dict[str, str], seat: Seat, superuser: User) -> None:
    CanvasAccount.objects.create(name="Elsewhere", slug="elsewhere", base_url="https://canvas.example.edu")
    browser = seat(superuser)
    moved = {name: address.replace("/c/example-university/", "/c/elsewhere/") for name, address in addresses.items()}
    numbered = {name: moved[name] for name in moved if "/programs/" in moved[name] or "/courses/" in moved[name]}
    found = {name for name, address in numbered.items() if 404 not in statuses(browser, address)}
    assert found == {"courses", "list_again", "programs", "program_new", "smallest_group_policy"}
