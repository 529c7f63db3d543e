"""The life of a token: saved, checked by the worker, taken into use, replaced, and marked when it stops working."""

import logging

import pytest
from django.test import Client

from accounts.connections import client_for
from accounts.models import AuditLine, CanvasAccount, Credential, User
from accounts.tasks import verify_credential
from tests.cast import Seat
from tests.servers.practice import Practice, PracticeServer

State = Credential.State


def page_of(canvas_account: CanvasAccount) -> str:
    return f"/settings/accounts/{canvas_account.slug}/"


def save_token(client: Client, canvas_account: CanvasAccount, token: str) -> Credential:
    """Through the page, as a person does; the worker has not looked at it yet."""
    answer = client.post(f"{page_of(canvas_account)}token/", {"token": token})
    assert answer.status_code == 302
    return canvas_account.credentials.latest("pk")


def shown(client: Client, canvas_account: CanvasAccount) -> str:
    return client.get(page_of(canvas_account)).content.decode()


@pytest.fixture
def desk(seat: Seat, admin: User) -> Client:
    return seat(admin)


@pytest.fixture
def second(quick_canvas: PracticeServer) -> Practice:
    return quick_canvas.site()


def test_a_saved_token_is_shown_as_being_checked_by_a_part_that_asks_for_itself(
    desk: Client, canvas_account: CanvasAccount, second: Practice
) -> None:
    save_token(desk, canvas_account, second.token)
    page = shown(desk, canvas_account)
    assert "is being checked with Canvas" in page
    assert f'hx-get="{page_of(canvas_account)}credential/?seen=' in page


def test_the_live_part_answers_204_while_nothing_has_changed(
    desk: Client, canvas_account: CanvasAccount, second: Practice
) -> None:
    saved = save_token(desk, canvas_account, second.token)
    answer = desk.get(f"{page_of(canvas_account)}credential/", {"seen": saved.seen})
    assert answer.status_code == 204


def test_the_live_part_shows_the_facts_and_stops_asking_once_the_token_is_checked(
    desk: Client, canvas_account: CanvasAccount, second: Practice
) -> None:
    saved = save_token(desk, canvas_account, second.token)
    verify_credential(saved.pk)
    answer = desk.get(f"{page_of(canvas_account)}credential/", {"seen": saved.seen}).content.decode()
    assert second.api("GET", "users/self")["name"] in answer
    assert second.api("GET", "accounts/self")["name"] in answer
    assert "works" in answer
    assert "hx-trigger" not in answer


def test_until_the_new_token_is_accepted_the_former_one_is_used(
    desk: Client, canvas_account: CanvasAccount, second: Practice
) -> None:
    former = canvas_account.credential
    save_token(desk, canvas_account, second.token)
    assert canvas_account.credential == former


def test_an_accepted_token_takes_the_place_of_the_former_which_is_wiped(
    desk: Client, canvas_account: CanvasAccount, second: Practice
) -> None:
    former = canvas_account.credentials.get()
    saved = save_token(desk, canvas_account, second.token)
    verify_credential(saved.pk)
    former.refresh_from_db()
    assert canvas_account.credential == saved
    assert (former.state, bytes(former.sealed_token)) == (State.REPLACED, b"")


def test_the_accepted_token_is_the_one_that_reaches_canvas(
    desk: Client, canvas_account: CanvasAccount, second: Practice
) -> None:
    verify_credential(save_token(desk, canvas_account, second.token).pk)
    second.control("DELETE", "requests")
    with client_for(canvas_account) as canvas:
        canvas.account()
    assert second.requests_seen("GET", "/accounts/self")


@pytest.mark.parametrize("token", ["nonsense", "practice-expired-x"])
def test_a_refused_token_is_wiped_and_the_former_stays_in_use(
    token: str, desk: Client, canvas_account: CanvasAccount
) -> None:
    former = canvas_account.credential
    saved = save_token(desk, canvas_account, token)
    verify_credential(saved.pk)
    saved.refresh_from_db()
    assert canvas_account.credential == former
    assert (saved.state, bytes(saved.sealed_token)) == (State.REFUSED, b"")
    assert "was refused" in shown(desk, canvas_account)


def test_the_page_says_what_a_read_only_token_may_not_do(
    desk: Client, canvas_account: CanvasAccount, quick_canvas: PracticeServer
) -> None:
    saved = save_token(desk, canvas_account, quick_canvas.site("readonly").token)
    verify_credential(saved.pk)
    saved.refresh_from_db()
    assert saved.may_import is False
    assert "SIS Data - import" in shown(desk, canvas_account)


def test_the_page_says_that_a_token_may_import_but_not_restore(
    desk: Client, canvas_account: CanvasAccount, quick_canvas: PracticeServer
) -> None:
    saved = save_token(desk, canvas_account, quick_canvas.site("noadmin").token)
    verify_credential(saved.pk)
    saved.refresh_from_db()
    assert (saved.may_import, saved.may_restore) == (True, False)


def test_while_canvas_is_away_a_new_token_waits_to_be_checked(desk: Client, canvas_account: CanvasAccount) -> None:
    CanvasAccount.objects.update(base_url="http://127.0.0.1:1")
    saved = save_token(desk, canvas_account, "practice-whatever")
    verify_credential(saved.pk)
    saved.refresh_from_db()
    assert saved.is_checking
    assert saved.check_due_at
    assert "tries again" in shown(desk, canvas_account)


def test_a_token_saved_over_one_that_is_being_checked_replaces_it(
    desk: Client, canvas_account: CanvasAccount, practice: Practice, second: Practice
) -> None:
    first = save_token(desk, canvas_account, practice.token)
    save_token(desk, canvas_account, second.token)
    verify_credential(first.pk)
    first.refresh_from_db()
    assert (first.state, bytes(first.sealed_token)) == (State.REPLACED, b"")


def test_a_routine_check_finds_that_the_token_in_use_has_expired(
    desk: Client, canvas_account: CanvasAccount, practice: Practice
) -> None:
    used = canvas_account.credentials.get()
    practice.control("POST", "faults", {"match": "GET /api/v1/accounts/self", "kind": "expired", "times": 1})
    verify_credential(used.pk)
    used.refresh_from_db()
    assert used.state == State.EXPIRED
    assert "Nothing can be sent or read with this token" in shown(desk, canvas_account)


def test_a_token_that_works_again_is_shown_as_working(desk: Client, canvas_account: CanvasAccount) -> None:
    used = canvas_account.credentials.get()
    Credential.objects.update(state=State.UNREACHABLE, problem="Canvas did not answer.")
    verify_credential(used.pk)
    assert "Canvas did not answer." not in shown(desk, canvas_account)


def test_a_routine_check_while_canvas_is_away_keeps_the_token_in_use(canvas_account: CanvasAccount) -> None:
    CanvasAccount.objects.update(base_url="http://127.0.0.1:1")
    used = canvas_account.credentials.get()
    verify_credential(used.pk)
    used.refresh_from_db()
    assert (used.state, used.is_used) == (State.UNREACHABLE, True)


def test_every_change_of_a_token_leaves_an_audit_line(
    desk: Client, canvas_account: CanvasAccount, second: Practice, admin: User
) -> None:
    verify_credential(save_token(desk, canvas_account, second.token).pk)
    verify_credential(save_token(desk, canvas_account, "nonsense").pk)
    lines = AuditLine.objects.filter(canvas_account=canvas_account).order_by("pk").values_list("verb", "actor_name")
    assert list(lines) == [
        ("save_token", str(admin)),
        ("accept_token", "Easel"),
        ("save_token", str(admin)),
        ("refuse_token", "Easel"),
    ]


def test_a_token_is_in_no_page_log_audit_line_or_repr(
    desk: Client, canvas_account: CanvasAccount, second: Practice, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        saved = save_token(desk, canvas_account, second.token)
        waiting = shown(desk, canvas_account)
        verify_credential(saved.pk)
        settled = shown(desk, canvas_account)
    saved.refresh_from_db()
    audit = [str((line, line.subject, line.detail)) for line in AuditLine.objects.all()]
    with client_for(canvas_account) as canvas:
        reprs = [repr(saved), str(saved), repr(canvas), repr(vars(saved))]
    logged = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    assert not [text for text in (waiting, settled, *audit, *reprs, *logged) if second.token in text]


def test_a_mistyped_token_is_not_shown_again_in_the_form(desk: Client, canvas_account: CanvasAccount) -> None:
    answer = desk.post(f"{page_of(canvas_account)}token/", {"token": "two words"}).content.decode()
    assert "has no spaces" in answer
    assert "two words" not in answer


def test_the_word_before_a_pasted_token_is_dropped(
    desk: Client, canvas_account: CanvasAccount, second: Practice
) -> None:
    saved = save_token(desk, canvas_account, f"Bearer {second.token}\n")
    verify_credential(saved.pk)
    assert canvas_account.credential == saved
