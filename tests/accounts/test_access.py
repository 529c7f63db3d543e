"""Who gets which page: 404 for what is not theirs to know of, 403 for what their role does not carry."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount, User
from accounts.urls import urlpatterns
from tests.cast import Seat

OPEN = {"login", "set_password"}
EVERYBODYS = {"settings", "profile", "password", "canvas_accounts", "logout"}
# Pages over all accounts; who has no business there learns nothing from a 403.
OVERARCHING = {"people", "person_add", "person", "person_link", "person_active", "audit", "audit_csv",
               "canvas_account_add"}  # fmt: skip
OF_AN_ACCOUNT = {"canvas_account", "credential", "token", "address", "archive", "member_add", "member_role",
                 "member_remove"}  # fmt: skip
POST_ONLY = {"member_add", "member_role", "member_remove", "person_link", "person_active", "logout"}
SUPERUSERS = {"canvas_account_add", "person_add", "person_link", "person_active", "address", "archive"}


@pytest.fixture
def addresses(canvas_account: CanvasAccount, viewer: User) -> dict[str, str]:
    """Every route of the app, of the shared Canvas account and the viewer where it names one."""
    given: dict[str, object] = {"slug": canvas_account.slug, "pk": viewer.pk, "uidb64": "MQ", "token": "none"}
    return {
        route.name: reverse(f"accounts:{route.name}", kwargs={name: given[name] for name in route.pattern.converters})
        for route in urlpatterns
        if route.name
    }


def statuses(client: Client, addresses: dict[str, str], names: set[str]) -> dict[str, int]:
    """By GET where the route takes it, by POST otherwise."""
    return {
        name: (client.post if name in POST_ONLY else client.get)(addresses[name]).status_code for name in sorted(names)
    }


def test_every_route_is_in_exactly_one_group() -> None:
    names = [route.name for route in urlpatterns]
    assert sorted(filter(None, names)) == sorted([*OPEN, *EVERYBODYS, *OVERARCHING, *OF_AN_ACCOUNT])


def test_who_has_not_signed_in_gets_the_sign_in_page(addresses: dict[str, str]) -> None:
    for name in EVERYBODYS | OVERARCHING | OF_AN_ACCOUNT:
        answer = Client().get(addresses[name])
        assert (name, answer.status_code) == (name, 302)
        assert answer.headers["Location"].startswith("/login/")


def test_the_open_pages_open(addresses: dict[str, str]) -> None:
    assert set(statuses(Client(), addresses, OPEN).values()) == {200}


def test_a_stranger_finds_nothing_of_an_account(seat: Seat, stranger: User, addresses: dict[str, str]) -> None:
    assert set(statuses(seat(stranger), addresses, OF_AN_ACCOUNT).values()) == {404}


@pytest.mark.parametrize("who", ["viewer", "designer", "registrar"])
def test_a_role_below_admin_does_not_manage_an_account(
    who: str, seat: Seat, request: pytest.FixtureRequest, addresses: dict[str, str]
) -> None:
    client = seat(request.getfixturevalue(who))
    assert set(statuses(client, addresses, OF_AN_ACCOUNT).values()) == {403}


@pytest.mark.parametrize("who", ["stranger", "viewer", "designer", "registrar"])
def test_a_role_below_admin_gets_no_overarching_page(
    who: str, seat: Seat, request: pytest.FixtureRequest, addresses: dict[str, str]
) -> None:
    client = seat(request.getfixturevalue(who))
    assert set(statuses(client, addresses, OVERARCHING).values()) == {403}


def test_an_admin_gets_everything_but_what_only_superusers_may(
    seat: Seat, admin: User, addresses: dict[str, str]
) -> None:
    client = seat(admin)
    assert set(statuses(client, addresses, SUPERUSERS).values()) == {403}
    pages = (OVERARCHING | OF_AN_ACCOUNT) - SUPERUSERS - POST_ONLY
    assert set(statuses(client, addresses, pages).values()) == {200}


def test_a_superuser_gets_every_page(seat: Seat, superuser: User, addresses: dict[str, str]) -> None:
    pages = (EVERYBODYS | OVERARCHING | OF_AN_ACCOUNT) - POST_ONLY
    assert set(statuses(seat(superuser), addresses, pages).values()) == {200}


def test_what_changes_something_is_not_done_by_following_a_link(
    seat: Seat, superuser: User, addresses: dict[str, str]
) -> None:
    client = seat(superuser)
    assert {client.get(addresses[name]).status_code for name in POST_ONLY} == {405}


def test_everybody_gets_their_own_settings(seat: Seat, stranger: User, addresses: dict[str, str]) -> None:
    assert set(statuses(seat(stranger), addresses, EVERYBODYS - POST_ONLY).values()) == {200}


def test_settings_lead_a_viewer_only_where_a_viewer_may_go(seat: Seat, viewer: User) -> None:
    page = seat(viewer).get("/settings/").content.decode()
    assert "/settings/profile/" in page
    assert "/settings/people/" not in page
    assert "/settings/audit/" not in page


def test_a_form_without_its_secret_is_refused(superuser: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(superuser)
    assert client.post("/settings/people/add/", {"username": "nora"}).status_code == 403
