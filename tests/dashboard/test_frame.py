"""What stands around every page: navigation, account switcher, and the plain pages for errors."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount, User
from accounts.rights import Role
from tests.cast import Seat


@pytest.fixture
def second_account(registrar: User) -> CanvasAccount:
    account = CanvasAccount.objects.create(name="Zeta College", slug="zeta", base_url="https://canvas.example.edu")
    registrar.memberships.create(canvas_account=account, role=Role.VIEWER)
    return account


def html_of(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def test_who_has_one_account_gets_no_switcher(seat: Seat, registrar: User) -> None:
    html = html_of(seat(registrar), reverse("overview"))
    assert "Example University" in html
    assert "switcher" not in html


def test_who_has_several_switches_between_them(seat: Seat, registrar: User, second_account: CanvasAccount) -> None:
    html = html_of(seat(registrar), reverse("overview"))
    assert f'href="{second_account.get_absolute_url()}"' in html


def test_the_account_last_visited_is_the_one_that_the_navigation_leads_to(
    seat: Seat, registrar: User, second_account: CanvasAccount
) -> None:
    browser = seat(registrar)
    assert reverse("imports:new", args=["example-university"]) in html_of(browser, reverse("overview"))
    browser.get(second_account.get_absolute_url())
    navigation = html_of(browser, reverse("accounts:profile")).split("</nav>")[0]
    assert second_account.get_absolute_url() in navigation.split("nav-main")[1]


def test_a_launch_is_offered_only_where_the_role_carries_it(
    seat: Seat, registrar: User, second_account: CanvasAccount
) -> None:
    browser = seat(registrar)
    assert "New import" in html_of(browser, reverse("imports:list", args=["example-university"]))
    assert "New import" not in html_of(browser, second_account.get_absolute_url())


@pytest.mark.parametrize(
    "name, section", [("overview", "Overview"), ("accounts:settings", "Settings"), ("accounts:profile", "Settings")]
)
def test_the_navigation_says_where_one_is(seat: Seat, registrar: User, name: str, section: str) -> None:
    navigation = html_of(seat(registrar), reverse(name)).split("</nav>")[0]
    here = navigation.split('aria-current="page"')
    assert len(here) == 2
    assert here[1].split("</a>")[0].strip("> \n") == section


def test_the_limits_of_an_account_are_among_its_settings_and_found_from_there(seat: Seat, admin: User) -> None:
    account = html_of(seat(admin), "/settings/accounts/example-university/")
    for page in (reverse(f"imports:{name}", args=["example-university"]) for name in ("limits", "house_rules")):
        assert page in account
        navigation = html_of(seat(admin), page).split("</nav>")[0]
        assert navigation.split('aria-current="page"')[1].split("</a>")[0].strip("> \n") == "Settings"


def test_what_does_not_exist_is_said_in_plain_words(seat: Seat, registrar: User) -> None:
    answer = seat(registrar).get("/no/such/page/")
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()


def test_a_refusal_says_what_the_role_lacks(seat: Seat, viewer: User) -> None:
    answer = seat(viewer).get(reverse("imports:new", args=["example-university"]))
    assert answer.status_code == 403
    assert "does not let you upload files and launch imports" in answer.content.decode()


def test_logging_out_takes_a_post(seat: Seat, registrar: User) -> None:
    browser = seat(registrar)
    assert browser.get(reverse("accounts:logout")).status_code == 405
    browser.post(reverse("accounts:logout"))
    assert browser.get(reverse("overview")).status_code == 302


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(seat: Seat, registrar: User) -> None:
    policy = seat(registrar).get(reverse("overview")).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
