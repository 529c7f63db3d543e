"""The watch over a Canvas account: cheap, quick while things move, and patient in trouble."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.connections import client_for
from accounts.models import CanvasAccount, Credential
from canvas.records import SisImport
from imports import tasks
from imports.kinds.sis import heard
from imports.models import ImportRun, Watch
from imports.phases import IN_CANVAS, Outcome, Phase
from imports.services import watching
from tests.imports import desk, files
from tests.servers.practice import Practice


def look(canvas_account: CanvasAccount) -> Watch:
    """One look at Canvas, now."""
    watch = watching.watch_over(canvas_account)
    Watch.objects.filter(pk=watch.pk).update(poll_at=timezone.now())
    tasks.look(watch.pk)
    watch.refresh_from_db()
    return watch


def test_one_list_request_covers_all_active_runs(
    slow_canvas_account: CanvasAccount, slow_practice: Practice, tmp_path: Path
) -> None:
    for number in range(6):
        slow_practice.send("users.csv", files.users(tmp_path, 60, first=number * 100 + 1).read_bytes())
    look(slow_canvas_account)
    assert slow_canvas_account.runs.filter(phase__in=IN_CANVAS).count() == 6
    slow_practice.control("DELETE", "requests")

    look(slow_canvas_account)

    asked = [(seen["method"], seen["path"]) for seen in slow_practice.control("GET", "requests")]
    assert asked == [("GET", "/api/v1/accounts/self/sis_imports")]


def test_the_rhythm_is_quick_while_things_move_and_slows_down_when_they_do_not(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path, settings: Settings
) -> None:
    settings.POLL_SLOWEST = 6.0
    practice.send("users.csv", files.users(tmp_path, 2).read_bytes())
    desk.work_until(lambda: canvas_account.runs.filter(outcome=Outcome.IMPORTED).exists(), "the import's end")

    intervals = [look(canvas_account).interval for _ in range(12)]

    assert intervals == sorted(intervals)
    assert intervals[-1] == intervals[-2] == 6.0


def test_the_whole_history_is_collected_page_by_page_and_goes_on_where_it_stopped(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    content = files.users(tmp_path, 1).read_bytes()
    for _ in range(12):
        practice.send("users.csv", content)
    watch = look(canvas_account)
    ImportRun.objects.all().delete()
    client = client_for(canvas_account)

    rounds = 0
    while not watch.history_complete:
        watching.collect_history(watch=watch, canvas=client, at_most=5)
        rounds += 1

    assert canvas_account.runs.count() == 12
    assert rounds > 1


def test_nothing_is_missed_however_much_was_imported_while_nobody_looked(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    content = files.users(tmp_path, 1).read_bytes()
    practice.send("users.csv", content)
    look(canvas_account)
    for _ in range(310):
        practice.send("users.csv", content)

    look(canvas_account)

    assert canvas_account.runs.count() == 311


def test_a_token_that_may_not_read_terms_watches_all_the_same(
    canvas_account: CanvasAccount, practice: Practice
) -> None:
    practice.control(
        "POST", "faults", {"match": "GET /api/v1/accounts/*/terms", "kind": "status", "status": 403, "times": 100}
    )

    watch = look(canvas_account)

    assert (watch.trouble, watch.terms) == ("", [])


def test_the_roles_of_the_account_are_kept_by_name_and_number(
    canvas_account: CanvasAccount, practice: Practice
) -> None:
    made = practice.control("POST", "roles", {"name": "Grader", "base_role_type": "TaEnrollment"})

    roles = look(canvas_account).roles or []

    assert {"id": made["id"], "name": "Grader", "base_role_type": "TaEnrollment"} in roles
    assert "StudentEnrollment" in {role["name"] for role in roles}


def test_which_roles_there_are_is_unknown_to_a_token_that_may_not_see_them(
    canvas_account: CanvasAccount, practice: Practice
) -> None:
    practice.control(
        "POST", "faults", {"match": "GET /api/v1/accounts/*/roles", "kind": "status", "status": 403, "times": 100}
    )

    watch = look(canvas_account)

    assert (watch.trouble, watch.roles) == ("", None)
    assert watch.roles_at


def test_trouble_is_said_in_plain_words_and_asked_about_less_often(
    canvas_account: CanvasAccount, practice: Practice
) -> None:
    practice.control("POST", "faults", {"match": "GET /api/v1/**", "kind": "expired", "times": 100})

    watch = look(canvas_account)

    assert "expired" in watch.trouble
    assert watch.interval >= 2
    assert canvas_account.credentials.get().state == Credential.State.EXPIRED


def test_trouble_that_is_over_is_forgotten(canvas_account: CanvasAccount, practice: Practice) -> None:
    practice.control("POST", "faults", {"match": "GET /api/v1/**", "kind": "expired", "times": 1})
    assert look(canvas_account).trouble

    watch = look(canvas_account)

    assert (watch.trouble, watch.trouble_since) == ("", None)
    assert canvas_account.credentials.get().state == Credential.State.WORKING


def test_an_import_that_canvas_has_forgotten_is_shown_as_gone(
    slow_canvas_account: CanvasAccount, slow_practice: Practice, tmp_path: Path
) -> None:
    slow_practice.send("users.csv", files.users(tmp_path, 500).read_bytes())
    look(slow_canvas_account)
    run = slow_canvas_account.runs.get()
    slow_practice.control("POST", "reset")
    ImportRun.objects.update(heard_at=timezone.now() - timedelta(minutes=1))

    look(slow_canvas_account)

    run.refresh_from_db()
    assert (run.phase, run.outcome) == (Phase.FINISHED, Outcome.LOST)


def test_two_workers_do_not_speak_for_one_account_at_once(canvas_account: CanvasAccount) -> None:
    watch = watching.watch_over(canvas_account)

    assert watching.claim(watch=watch)
    assert not watching.claim(watch=watch)


@pytest.mark.parametrize("state", ["importing", "cleanup_batch", "a word of next year"])
def test_full_progress_and_an_end_time_do_not_mean_done(state: str) -> None:
    said = heard(
        SisImport.from_json(
            {"id": 7, "workflow_state": state, "progress": 100, "ended_at": "2026-01-05T09:30:05Z", "data": {}}
        )
    )

    assert said.phase is not Phase.FINISHED
    assert said.outcome is None


def test_terms_that_an_import_brings_can_be_chosen_at_once(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    look(canvas_account)
    practice.send("terms.csv", "term_id,name,status\nF26,Autumn 2026,active\n")

    desk.work_until(lambda: canvas_account.runs.filter(outcome=Outcome.IMPORTED).exists(), "the import's end")

    names = [term["name"] for term in watching.watch_over(canvas_account).terms]
    assert "Autumn 2026" in names
