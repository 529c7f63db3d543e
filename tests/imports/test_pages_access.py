"""Who gets which page: nobody sees that an account exists without a role, and each role its own."""

import pytest
from django.urls import reverse

from accounts.models import CanvasAccount, User
from imports.models import ImportRun, Upload
from tests.cast import Seat
from tests.imports import rows

OF_ACCOUNT = ["list", "changes", "abort_all", "new"]
OF_RUN = ["detail", "status", "messages", "messages_csv", "abort", "restore", "send_again"]
OF_UPLOAD = ["upload", "upload_state"]
POST_ONLY = {"send_again"}
# What a role does not carry is refused with 403, since its holder knows of the account.
REFUSED_TO = {
    "viewer": {"abort_all", "new", "messages", "messages_csv", "abort", "restore", "upload", "upload_state"},
    "designer": {"abort_all", "messages", "messages_csv", "abort", "restore", "upload", "upload_state"},
    "registrar": {"restore"},
    "admin": set[str](),
}


@pytest.fixture
def run(canvas_account: CanvasAccount) -> ImportRun:
    return rows.run(canvas_account, canvas_id=1)


@pytest.fixture
def given(canvas_account: CanvasAccount) -> Upload:
    return rows.upload(canvas_account, users=1)


def addresses(run: ImportRun, given: Upload) -> dict[str, str]:
    slug = run.canvas_account.slug
    found = {name: reverse(f"imports:{name}", args=[slug]) for name in OF_ACCOUNT}
    found |= {name: reverse(f"imports:{name}", args=[slug, run.pk]) for name in OF_RUN}
    return found | {name: reverse(f"imports:{name}", args=[slug, given.pk]) for name in OF_UPLOAD}


def test_a_stranger_finds_nothing_anywhere(run: ImportRun, given: Upload, stranger: User, seat: Seat) -> None:
    browser = seat(stranger)
    answers = {
        name: (browser.post if name in POST_ONLY else browser.get)(address).status_code
        for name, address in addresses(run, given).items()
    }
    assert set(answers.values()) == {404}, answers


@pytest.mark.parametrize("role", list(REFUSED_TO))
def test_a_role_is_refused_what_it_does_not_carry(
    role: str, run: ImportRun, given: Upload, seat: Seat, request: pytest.FixtureRequest
) -> None:
    browser = seat(request.getfixturevalue(role))
    pages = {name: address for name, address in addresses(run, given).items() if name not in POST_ONLY}
    refused = {name for name, address in pages.items() if browser.get(address).status_code == 403}
    assert refused == REFUSED_TO[role]


def test_a_run_is_not_found_under_another_account(run: ImportRun, seat: Seat, superuser: User) -> None:
    other = CanvasAccount.objects.create(name="Elsewhere", slug="elsewhere", base_url="https://canvas.example.edu")
    answer = seat(superuser).get(reverse("imports:detail", args=[other.slug, run.pk]))
    assert answer.status_code == 404


def test_a_viewer_sees_how_many_messages_there_are_and_none_of_them(run: ImportRun, viewer: User, seat: Seat) -> None:
    ImportRun.objects.filter(pk=run.pk).update(warning_count=3)
    rows.message(run, "No login_id given for user U7")
    html = seat(viewer).get(run.get_absolute_url()).content.decode()
    assert "may name students" in html
    assert "U7" not in html
    assert reverse("imports:messages", args=[run.canvas_account.slug, run.pk]) not in html
