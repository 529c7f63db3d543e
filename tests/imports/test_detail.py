"""The page of one import: where it stands, in plain words, and how the page follows it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import CanvasAccount, User
from imports.models import Action, ImportRun
from imports.phases import ACTIVE, Outcome, Phase
from tests.cast import Seat
from tests.imports import rows

TEXTS = {
    Outcome.IMPORTED: "has nothing to remark",
    Outcome.WITH_MESSAGES: "imported what it could",
    Outcome.PARTLY_APPLIED: "some of it was applied",
    Outcome.FAILED: "gave up",
    Outcome.REFUSED: "did not take the files",
    Outcome.ABORTED: "stay applied",
    Outcome.RESTORED: "taken back the changes",
    Outcome.PARTLY_RESTORED: "taken back a part",
    Outcome.LOST: "no longer knows",
}


@pytest.fixture
def browser(seat: Seat, registrar: User) -> Client:
    return seat(registrar)


def html_of(browser: Client, run: ImportRun) -> str:
    answer = browser.get(run.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def status(run: ImportRun) -> str:
    return reverse("imports:status", args=[run.canvas_account.slug, run.pk])


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_end_is_said_in_plain_words(browser: Client, canvas_account: CanvasAccount, outcome: Outcome) -> None:
    run = rows.run(canvas_account, canvas_id=1, outcome=outcome)
    assert TEXTS[outcome] in html_of(browser, run)


@pytest.mark.parametrize("phase", list(Phase))
def test_a_page_polls_only_while_something_can_change(
    browser: Client, canvas_account: CanvasAccount, phase: Phase
) -> None:
    run = rows.run(canvas_account, phase=phase)
    assert (f"{status(run)}?seen=1" in html_of(browser, run)) == (phase in ACTIVE)


def test_a_page_polls_on_while_messages_are_collected(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=1, messages_state=ImportRun.Messages.DUE)
    assert status(run) in html_of(browser, run)


def test_nothing_is_sent_while_the_run_is_as_the_page_shows_it(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, phase=Phase.RUNNING, canvas_id=1)
    assert browser.get(status(run), {"seen": run.version}).status_code == 204
    ImportRun.objects.move(run.pk, Phase.RUNNING, Phase.CLEANING)
    answer = browser.get(status(run), {"seen": run.version})
    assert answer.status_code == 200
    assert "Cleaning up" in answer.content.decode()


def test_the_end_tells_the_rest_of_the_page_to_look_again(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=1)
    assert "runEnded" in browser.get(status(run)).headers["HX-Trigger"]
    active = rows.run(canvas_account, canvas_id=2, phase=Phase.RUNNING)
    assert "HX-Trigger" not in browser.get(status(active)).headers


def test_who_waits_sees_its_place_in_the_queue(browser: Client, canvas_account: CanvasAccount) -> None:
    rows.run(canvas_account, canvas_id=1, phase=Phase.RUNNING)
    rows.run(canvas_account, canvas_id=2, phase=Phase.WAITING)
    third = rows.run(canvas_account, canvas_id=3, phase=Phase.WAITING)
    assert "2 imports are before it." in html_of(browser, third)


def test_progress_stands_in_the_title_and_in_the_bar(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=41, phase=Phase.RUNNING, progress=37)
    html = html_of(browser, run)
    assert 'data-title="37 % · Import 41 · Easel"' in html
    assert 'value="37"' in html


def test_pace_and_time_left_are_told_by_the_rows_of_our_files(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(
        canvas_account,
        canvas_id=1,
        phase=Phase.RUNNING,
        progress=50,
        upload=rows.upload(canvas_account, users=20_000),
        canvas_started_at=timezone.now() - timedelta(seconds=100),
    )
    html = html_of(browser, run)
    assert "10,000" in html
    assert "Rows per second" in html
    assert "Left, by the pace so far" in html


def test_the_upload_to_canvas_has_a_bar_of_its_own(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, phase=Phase.SUBMITTING, upload=rows.upload(canvas_account, users=1), bytes_sent=450)
    assert 'value="50"' in html_of(browser, run)


def test_clean_up_is_a_stage_only_of_a_full_batch(browser: Client, canvas_account: CanvasAccount) -> None:
    plain = rows.run(canvas_account, canvas_id=1, phase=Phase.RUNNING)
    batch = rows.run(canvas_account, canvas_id=2, phase=Phase.RUNNING, options={"batch_mode": True})
    assert "Clean-up" not in html_of(browser, plain)
    assert "Clean-up" in html_of(browser, batch)


def test_counts_and_changes_are_shown_by_kind(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(
        canvas_account,
        canvas_id=1,
        counts={"users": 4, "courses": 0, "batch_courses_deleted": 1234},
        statistics={"total_state_changes": 5, "Enrollment": {"created": 8, "deleted": 209}, "Course": {"created": 0}},
    )
    html = html_of(browser, run)
    assert "Users" in html
    assert "1,234" in html
    assert "Enrollment" in html
    assert "209" in html
    assert '<th scope="row">Course</th>' not in html


def test_a_run_that_waits_for_an_answer_offers_the_answer(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(
        canvas_account, phase=Phase.ASKED, problem="No sign tells.", upload=rows.upload(canvas_account, users=1)
    )
    html = html_of(browser, run)
    assert "No sign tells." in html
    browser.post(reverse("imports:send_again", args=[canvas_account.slug, run.pk]))
    run.refresh_from_db()
    assert run.phase == Phase.QUEUED


def test_what_people_asked_for_is_shown_with_what_came_of_it(
    browser: Client, canvas_account: CanvasAccount, registrar: User
) -> None:
    run = rows.run(canvas_account, canvas_id=1)
    Action.objects.create(
        canvas_account=canvas_account, run=run, verb="abort", state="refused", asked_by=registrar, answer="Too late."
    )
    html = html_of(browser, run)
    assert "Too late." in html
    assert "Rosa Example" in html


def test_only_the_admin_sees_audit_lines(
    browser: Client, seat: Seat, admin: User, canvas_account: CanvasAccount
) -> None:
    run = rows.run(canvas_account, canvas_id=1)
    assert "<h2>Audit</h2>" in html_of(seat(admin), run)
    assert "<h2>Audit</h2>" not in html_of(browser, run)


def test_the_moving_part_asks_little_of_the_database(
    browser: Client, canvas_account: CanvasAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    run = rows.run(canvas_account, canvas_id=1, phase=Phase.RUNNING, upload=rows.upload(canvas_account, users=9))
    browser.get(status(run))  # the session remembers the account once
    with django_assert_max_num_queries(5):
        browser.get(status(run), {"seen": 1})
    with django_assert_max_num_queries(8):
        browser.get(status(run), {"seen": 0})
