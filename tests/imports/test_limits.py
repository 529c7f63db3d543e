"""Limits as an admin sets them, and what past imports suggest."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount, User
from imports.models import Limit
from imports.phases import Outcome
from tests.cast import Seat
from tests.imports import rows


@pytest.fixture
def browser(seat: Seat, admin: User) -> Client:
    return seat(admin)


def address(canvas_account: CanvasAccount) -> str:
    return reverse("imports:limits", args=[canvas_account.slug])


def imported(
    canvas_account: CanvasAccount, *, days_ago: int, deleted: object, outcome: Outcome = Outcome.IMPORTED
) -> None:
    at = rows.NOW - timedelta(days=days_ago)
    rows.run(canvas_account, at=at, outcome=outcome, statistics={"Pseudonym": {"deleted": deleted}})


def page(browser: Client, canvas_account: CanvasAccount) -> str:
    return browser.get(address(canvas_account)).content.decode()


def test_the_last_thirty_imports_suggest_twice_the_most_that_one_removed(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    for day in range(30):
        imported(canvas_account, days_ago=day, deleted=77 if day == 29 else 3)
    imported(canvas_account, days_ago=30, deleted=5000)
    imported(canvas_account, days_ago=1, deleted=9000, outcome=Outcome.FAILED)
    assert "154 users" in page(browser, canvas_account)


def test_fewer_than_five_imports_suggest_nothing(browser: Client, canvas_account: CanvasAccount) -> None:
    for day in range(4):
        imported(canvas_account, days_ago=day, deleted=50)
    assert "Suggested" not in page(browser, canvas_account)


@pytest.mark.parametrize("told", [None, "many", {}])
def test_what_canvas_counts_in_a_way_of_its_own_counts_as_none(
    browser: Client, canvas_account: CanvasAccount, told: object
) -> None:
    for day in range(5):
        imported(canvas_account, days_ago=day, deleted=told)
    assert "10 users" in page(browser, canvas_account)


@pytest.mark.parametrize(
    "kind, scope, place, word",
    [
        ("user", "term", "fall", "Users belong to no term"),
        ("user", "department", "", "Users belong to no term"),
        ("course", "account", "arts", "has no place"),
    ],
)
def test_a_limit_that_would_never_be_over_is_refused(
    browser: Client, canvas_account: CanvasAccount, kind: str, scope: str, place: str, word: str
) -> None:
    form = {"kind": kind, "scope": scope, "place": place, "most": 5, "unit": "rows", "floor": 0}
    answer = browser.post(address(canvas_account), form)
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert not Limit.objects.exists()


def test_a_limit_for_one_place_stands_beside_the_one_for_the_others(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    form = {"kind": "course", "scope": "department", "place": " arts ", "most": 60, "unit": "percent", "floor": 0}
    browser.post(address(canvas_account), form)
    html = page(browser, canvas_account)
    assert "60 % of courses in department arts" in html
    assert "each department" in html
    assert Limit.objects.get().place == "arts"


def test_a_suggestion_that_was_taken_is_suggested_no_more(browser: Client, canvas_account: CanvasAccount) -> None:
    for day in range(5):
        imported(canvas_account, days_ago=day, deleted=30)
    assert "At most 60 users" in page(browser, canvas_account)
    browser.post(address(canvas_account), {"kind": "user", "scope": "account", "most": 60, "unit": "rows", "floor": 0})
    html = page(browser, canvas_account)
    assert "At most 60 users" not in html
    assert "At most 10 courses" in html


@pytest.mark.parametrize("name", ["limits", "house_rules"])
def test_limits_and_rules_are_settings_of_the_canvas_account_and_found_there(
    browser: Client, canvas_account: CanvasAccount, name: str
) -> None:
    there = reverse(f"imports:{name}", args=[canvas_account.slug])
    settings = reverse("accounts:canvas_account", args=[canvas_account.slug])
    assert f'href="{there}"' in browser.get(settings).content.decode()
    html = browser.get(there).content.decode()
    assert f'href="{settings}"' in html
    assert html.split('aria-current="page"')[1].split("</a>")[0].strip("> \n") == "Settings"
