"""The front page: a card per Canvas account, and what needs attention."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import CanvasAccount, Credential, User
from accounts.rights import Role
from imports.models import Heartbeat, ImportRun, Watch
from imports.phases import Outcome, Phase
from tests.cast import Seat, person
from tests.imports import rows


@pytest.fixture
def browser(seat: Seat, registrar: User) -> Client:
    Heartbeat.objects.create(name="tick", at=timezone.now())
    return seat(registrar)


def overview(browser: Client) -> str:
    return browser.get(reverse("overview")).content.decode()


def test_who_has_no_role_is_told_whom_to_ask(seat: Seat, stranger: User) -> None:
    assert "You have no role on any Canvas account" in overview(seat(stranger))


def test_only_accounts_of_the_person_have_a_card(browser: Client) -> None:
    CanvasAccount.objects.create(name="Elsewhere", slug="elsewhere", base_url="https://canvas.example.edu")
    assert "Example University" in overview(browser)
    assert "Elsewhere" not in overview(browser)


def test_a_card_shows_what_runs_and_how_much_waits(browser: Client, canvas_account: CanvasAccount) -> None:
    rows.run(canvas_account, canvas_id=7, phase=Phase.RUNNING, progress=37)
    rows.run(canvas_account, canvas_id=8, phase=Phase.WAITING)
    rows.run(canvas_account, phase=Phase.QUEUED)
    html = overview(browser)
    assert "Import 7" in html
    assert 'value="37"' in html
    assert re.search(r"<dt>Waiting</dt>\s*<dd>\s*2\s*</dd>", html)


def test_a_card_shows_the_last_success_even_when_it_is_long_ago(browser: Client, canvas_account: CanvasAccount) -> None:
    rows.run(canvas_account, canvas_id=1, at=timezone.now() - timedelta(days=400))
    rows.run(canvas_account, canvas_id=2, outcome=Outcome.FAILED)
    year = (timezone.now() - timedelta(days=400)).year
    assert re.search(rf"<dt>Last success</dt>\s*<dd>\s*<time[^>]*>[^<]*{year}</time>", overview(browser))


def test_the_strip_has_one_mark_per_import_of_thirty_days(browser: Client, canvas_account: CanvasAccount) -> None:
    rows.run(canvas_account, canvas_id=1, at=timezone.now() - timedelta(days=3))
    rows.run(canvas_account, canvas_id=2, at=timezone.now() - timedelta(days=2), outcome=Outcome.FAILED)
    rows.run(canvas_account, canvas_id=3, at=timezone.now() - timedelta(days=31))
    html = overview(browser)
    assert re.findall(r'<rect class="fill-(\w+)"', html) == ["green", "red"]
    assert "2 imports in 30 days, 1 failed" in html
    assert "<title>Import 2: Failed, 1 min 30 s</title>" in html


def test_an_import_that_took_longer_stands_taller(browser: Client, canvas_account: CanvasAccount) -> None:
    at = timezone.now() - timedelta(days=2)
    rows.run(canvas_account, canvas_id=1, at=at, finished_at=at + timedelta(minutes=1))
    rows.run(canvas_account, canvas_id=2, at=at + timedelta(days=1), finished_at=at + timedelta(days=1, hours=1))
    short, tall = (float(height) for height in re.findall(r'height="([\d.]+)"\s+rx', overview(browser)))
    assert tall > 1.5 * short


def test_more_messages_than_usual_need_attention(browser: Client, canvas_account: CanvasAccount) -> None:
    for day in range(2, 10):
        rows.run(canvas_account, canvas_id=day, at=timezone.now() - timedelta(days=day), warning_count=12)
    rows.run(canvas_account, canvas_id=1, warning_count=25)
    assert "Import 1. 25 messages, where 12 are usual." in overview(browser)


def test_a_few_imports_do_not_make_a_custom(browser: Client, canvas_account: CanvasAccount) -> None:
    rows.run(canvas_account, canvas_id=2, at=timezone.now() - timedelta(days=2))
    rows.run(canvas_account, canvas_id=1, warning_count=500)
    assert "are usual" not in overview(browser)


@pytest.mark.parametrize(
    "state, words",
    [
        (Credential.State.EXPIRED, "The token has expired"),
        (Credential.State.REVOKED, "revoked in Canvas"),
        (Credential.State.UNREADABLE, "cannot be decrypted"),
    ],
)
def test_a_token_that_stopped_working_needs_attention(browser: Client, state: str, words: str) -> None:
    Credential.objects.update(state=state)
    assert words in overview(browser)


def test_an_account_without_a_token_needs_attention(browser: Client) -> None:
    Credential.objects.all().delete()
    assert "Nothing can be sent or watched without one." in overview(browser)


def test_a_canvas_that_does_not_answer_needs_attention(browser: Client, canvas_account: CanvasAccount) -> None:
    Watch.objects.create(canvas_account=canvas_account, trouble="Canvas cannot be reached.", trouble_since=rows.NOW)
    assert "Canvas cannot be reached." in overview(browser)


def test_a_launch_that_waits_for_an_answer_stands_before_failures(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    rows.run(canvas_account, canvas_id=3, outcome=Outcome.FAILED)
    asked = rows.run(canvas_account, phase=Phase.ASKED, problem="No sign tells.")
    html = overview(browser)
    assert html.index(f"Launch {asked.pk}. No sign tells.") < html.index("Import 3. 0 messages")


def test_old_failures_no_longer_need_attention(browser: Client, canvas_account: CanvasAccount) -> None:
    rows.run(canvas_account, canvas_id=3, at=timezone.now() - timedelta(days=4), outcome=Outcome.FAILED)
    assert "Nothing needs attention." in overview(browser)


def test_a_worker_that_does_not_run_is_said_first(browser: Client) -> None:
    Heartbeat.objects.all().delete()
    assert "No worker is running" in overview(browser)


def test_the_moving_part_is_sent_only_when_it_changed(browser: Client, canvas_account: CanvasAccount) -> None:
    found = re.search(r"\?seen=(\w+)", overview(browser))
    assert found
    query, headers = {"seen": found[1]}, {"HX-Request": "true"}
    assert browser.get(reverse("overview"), query, headers=headers).status_code == 204
    rows.run(canvas_account, canvas_id=9, phase=Phase.RUNNING)
    answer = browser.get(reverse("overview"), query, headers=headers)
    assert "Import 9" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_more_accounts_cost_no_more_queries(seat: Seat, canvas_account: CanvasAccount) -> None:
    def queries(user: User) -> int:
        browser = seat(user)
        overview(browser)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            overview(browser)
        return len(captured)

    few, many = person("Few", canvas_account, Role.ADMIN), person("Many", canvas_account, Role.ADMIN)
    for number in range(20):
        account = CanvasAccount.objects.create(
            name=f"College {number}", slug=f"college-{number}", base_url="https://canvas.example.edu"
        )
        many.memberships.create(canvas_account=account, role=Role.ADMIN)
        rows.run(account, canvas_id=number)
        rows.run(account, canvas_id=number + 100, phase=Phase.RUNNING)
    assert queries(many) == queries(few)
    assert ImportRun.objects.count() == 40
