"""Adding, moving and archiving Canvas accounts."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.connections import NoCredential, client_for
from accounts.models import AuditLine, CanvasAccount, Credential, User
from accounts.tasks import verify_credential
from tests.cast import Seat
from tests.servers.practice import Practice


@pytest.fixture
def desk(seat: Seat, superuser: User) -> Client:
    return seat(superuser)


def form(practice: Practice, **changes: str) -> dict[str, str]:
    return {
        "name": "North Campus",
        "base_url": practice.url,
        "canvas_account_id": "self",
        "token": practice.token,
        **changes,
    }


def test_a_new_account_is_saved_and_its_token_waits_to_be_checked(desk: Client, practice: Practice) -> None:
    answer = desk.post("/settings/accounts/add/", form(practice), follow=True)
    assert "is being checked with Canvas" in answer.content.decode()
    assert CanvasAccount.objects.get().slug == "north-campus"


def test_a_new_account_can_be_used_once_its_token_is_accepted(desk: Client, practice: Practice) -> None:
    desk.post("/settings/accounts/add/", form(practice))
    canvas_account = CanvasAccount.objects.get()
    with pytest.raises(NoCredential):
        client_for(canvas_account)
    verify_credential(canvas_account.credentials.get().pk)
    with client_for(canvas_account) as canvas:
        assert canvas.account().name == practice.api("GET", "accounts/self")["name"]


@pytest.mark.parametrize(
    "changes, complaint",
    [
        ({"base_url": "http://canvas.example.edu"}, "https only"),
        ({"name": ""}, "This field is required"),
        ({"canvas_account_id": "1/../2"}, "Enter a valid value"),
        ({"token": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_right_is_refused_and_the_token_not_shown(
    changes: dict[str, str], complaint: str, desk: Client, practice: Practice
) -> None:
    answer = desk.post("/settings/accounts/add/", form(practice, **changes)).content.decode()
    assert complaint in answer
    assert practice.token not in answer
    assert not CanvasAccount.objects.exists()


def test_a_name_is_given_once(desk: Client, practice: Practice, canvas_account: CanvasAccount) -> None:
    answer = desk.post("/settings/accounts/add/", form(practice, name=canvas_account.name.upper()))
    assert "There is a Canvas account of that name" in answer.content.decode()


def test_names_that_differ_only_in_signs_get_addresses_of_their_own(desk: Client, practice: Practice) -> None:
    desk.post("/settings/accounts/add/", form(practice, name="North: Campus"))
    desk.post("/settings/accounts/add/", form(practice, name="North Campus"))
    assert set(CanvasAccount.objects.values_list("slug", flat=True)) == {"north-campus", "north-campus-2"}


def test_an_account_id_that_canvas_does_not_know_is_refused(desk: Client, practice: Practice) -> None:
    desk.post("/settings/accounts/add/", form(practice, canvas_account_id="4711"))
    credential = Credential.objects.get()
    verify_credential(credential.pk)
    credential.refresh_from_db()
    assert credential.state == Credential.State.REFUSED


def test_another_address_wipes_the_token_at_once(desk: Client, canvas_account: CanvasAccount) -> None:
    desk.post(
        f"/settings/accounts/{canvas_account.slug}/address/",
        {"base_url": "canvas.example.edu", "canvas_account_id": "1", "token": "new-token"},
    )
    canvas_account.refresh_from_db()
    former = canvas_account.credentials.earliest("pk")
    assert (canvas_account.base_url, canvas_account.canvas_account_id) == ("https://canvas.example.edu", "1")
    assert canvas_account.credential is None
    assert bytes(former.sealed_token) == b""


def test_an_archived_account_is_gone_from_all_pages_and_its_token_wiped(
    desk: Client, canvas_account: CanvasAccount
) -> None:
    desk.post(f"/settings/accounts/{canvas_account.slug}/archive/")
    assert desk.get(f"/settings/accounts/{canvas_account.slug}/").status_code == 404
    assert bytes(Credential.objects.get().sealed_token) == b""
    assert AuditLine.objects.get(verb="archive_canvas_account").canvas_account == canvas_account


def test_asking_whether_to_archive_changes_nothing(desk: Client, canvas_account: CanvasAccount) -> None:
    page = desk.get(f"/settings/accounts/{canvas_account.slug}/archive/").content.decode()
    assert f"Archive {canvas_account}?" in page
    assert CanvasAccount.objects.get().archived_at is None


def test_the_name_of_an_archived_account_stays_with_its_history(
    desk: Client, practice: Practice, canvas_account: CanvasAccount
) -> None:
    desk.post(f"/settings/accounts/{canvas_account.slug}/archive/")
    answer = desk.post("/settings/accounts/add/", form(practice, name=canvas_account.name))
    assert "It was archived" in answer.content.decode()


def test_the_list_needs_as_many_queries_for_many_accounts_as_for_one(
    desk: Client, practice: Practice, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        CanvasAccount.objects.create(name=f"Campus {number}", slug=f"campus-{number}", base_url=practice.url)
    with django_assert_max_num_queries(8):
        page = desk.get("/settings/accounts/").content.decode()
    assert page.count("none in use") == 5


def test_before_the_first_account_the_page_says_what_to_do(desk: Client) -> None:
    assert "Add a Canvas account" in desk.get("/settings/accounts/").content.decode()
