"""Abort, abort all, restore: the second look before each, and what a click leaves for the workers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditLine, CanvasAccount, Credential, User
from imports.models import Action, ImportRun
from imports.phases import Phase
from tests.cast import Seat
from tests.imports import rows


@pytest.fixture
def browser(seat: Seat, admin: User) -> Client:
    return seat(admin)


def address(name: str, run: ImportRun) -> str:
    return reverse(f"imports:{name}", args=[run.canvas_account.slug, run.pk])


def test_looking_at_the_abort_page_aborts_nothing(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=5, phase=Phase.RUNNING, progress=40)
    html = browser.get(address("abort", run)).content.decode()
    assert "stay applied; it is at 40 % now" in html
    assert not Action.objects.exists()


def test_an_abort_is_asked_for_in_the_name_of_who_clicked(
    browser: Client, canvas_account: CanvasAccount, admin: User
) -> None:
    run = rows.run(canvas_account, canvas_id=5, phase=Phase.RUNNING)
    answer = browser.post(address("abort", run))
    assert answer.headers["Location"] == run.get_absolute_url()
    action = Action.objects.get()
    assert (action.verb, action.run, action.asked_by) == ("abort", run, admin)
    assert AuditLine.objects.get().actor == admin


def test_an_abort_that_comes_too_late_says_so(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=5)
    html = browser.post(address("abort", run), follow=True).content.decode()
    assert "the import has ended" in html
    assert not Action.objects.exists()


def test_a_run_that_ended_offers_no_abort(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=5)
    assert address("abort", run) not in browser.get(run.get_absolute_url()).content.decode()


def test_the_abort_page_of_a_run_that_ended_says_so_and_has_no_button(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    run = rows.run(canvas_account, canvas_id=5)
    html = browser.get(address("abort", run)).content.decode()
    assert "the import has ended" in html
    assert "btn-danger" not in html


def test_abort_all_names_what_waits(browser: Client, canvas_account: CanvasAccount) -> None:
    rows.run(canvas_account, canvas_id=5, phase=Phase.WAITING, canvas_user="Nightly Feed")
    rows.run(canvas_account, canvas_id=4, phase=Phase.RUNNING)
    html = browser.get(reverse("imports:abort_all", args=[canvas_account.slug])).content.decode()
    assert "1 import waits:" in html
    assert "Import 5, Nightly Feed" in html
    assert "Import 4" not in html


def test_abort_all_cancels_here_and_asks_canvas(browser: Client, canvas_account: CanvasAccount) -> None:
    queued = rows.run(canvas_account, phase=Phase.QUEUED)
    browser.post(reverse("imports:abort_all", args=[canvas_account.slug]))
    queued.refresh_from_db()
    assert queued.phase == Phase.CANCELLED
    assert Action.objects.get().verb == "abort_all"


def test_each_way_to_restore_says_what_it_does_and_what_not(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=5, options={"batch_mode": True})
    html = browser.get(address("restore", run)).content.decode()
    for mode in ("all", "undelete_only", "unconclude_only", "batch_mode"):
        assert f'value="{mode}"' in html
    assert html.count('class="does"') == html.count('class="does-not"') == 4
    assert "checked" not in html


def test_without_a_full_batch_its_way_to_restore_is_said_to_do_nothing(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    plain = rows.run(canvas_account, canvas_id=5)
    batch = rows.run(canvas_account, canvas_id=6, options={"multi_term_batch_mode": True})
    words = "This import was no full batch"
    assert words in browser.get(address("restore", plain)).content.decode()
    assert words not in browser.get(address("restore", batch)).content.decode()


@pytest.mark.parametrize("mode", ["all", "undelete_only", "unconclude_only", "batch_mode"])
def test_a_restore_is_asked_for_in_the_chosen_way(browser: Client, canvas_account: CanvasAccount, mode: str) -> None:
    run = rows.run(canvas_account, canvas_id=5, options={"batch_mode": True})
    browser.post(address("restore", run), {"mode": mode})
    action = Action.objects.get()
    assert (action.verb, action.mode) == ("restore", mode)


def test_a_restore_without_a_choice_is_refused(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=5)
    answer = browser.post(address("restore", run), {})
    assert answer.status_code == 422
    assert "Choose what is to be restored." in answer.content.decode()


def test_after_30_days_the_page_says_that_it_is_too_late(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=5, at=rows.NOW - timedelta(days=31))
    assert "they are over" in browser.get(address("restore", run)).content.decode()
    assert address("restore", run) not in browser.get(run.get_absolute_url()).content.decode()


def test_a_token_that_may_not_restore_is_said_before_it_is_tried(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    Credential.objects.update(may_restore=False)
    run = rows.run(canvas_account, canvas_id=5)
    assert "may import but not restore" in browser.get(address("restore", run)).content.decode()
