"""Abort, abort all, restore."""

from pathlib import Path

import pytest

from accounts.models import CanvasAccount, User
from imports.models import Action, ImportRun, Watch
from imports.phases import Outcome, Phase
from imports.services import actions
from imports.services.actions import ActionRefused
from tests.cast import connect
from tests.imports import desk, files
from tests.servers.practice import Practice, PracticeServer


def has_phase(run: ImportRun, *phases: Phase) -> bool:
    run.refresh_from_db()
    return run.phase in phases


def test_a_running_import_is_aborted(
    slow_canvas_account: CanvasAccount, slow_practice: Practice, tmp_path: Path
) -> None:
    run = desk.launch(slow_canvas_account, files.users(tmp_path, 2000))
    desk.work_until(lambda: has_phase(run, Phase.RUNNING), "the import running")

    action = actions.ask_abort(run=run, by=None)
    desk.work_until_ended(run)

    assert run.outcome == Outcome.ABORTED
    assert action is not None
    action.refresh_from_db()
    assert action.state == Action.State.DONE
    [import_] = slow_practice.sis_imports()
    assert import_["workflow_state"] == "aborted"


def test_what_is_not_sent_yet_is_cancelled_at_once_and_never_sent(
    canvas_account: CanvasAccount, registrar: User, practice: Practice, tmp_path: Path
) -> None:
    run = desk.launch(canvas_account, files.users(tmp_path, 1))

    assert actions.ask_abort(run=run, by=registrar) is None
    desk.work()

    run.refresh_from_db()
    assert run.phase == Phase.CANCELLED
    assert practice.sis_imports() == []


def test_an_import_that_has_ended_cannot_be_aborted(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    run = desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 1)))

    with pytest.raises(ActionRefused, match="ended"):
        actions.ask_abort(run=run, by=None)


def test_a_second_abort_is_refused_while_the_first_is_on_its_way(
    slow_canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    run = desk.launch(slow_canvas_account, files.users(tmp_path, 1000))
    desk.work_until(lambda: has_phase(run, Phase.RUNNING, Phase.PREPARING), "the import in Canvas")
    actions.ask_abort(run=run, by=None)

    with pytest.raises(ActionRefused, match="already"):
        actions.ask_abort(run=run, by=None)


def test_abort_all_aborts_what_waits_and_leaves_what_runs(
    slow_canvas_account: CanvasAccount, slow_practice: Practice, tmp_path: Path
) -> None:
    running = desk.launch(slow_canvas_account, files.users(tmp_path, 2000))
    desk.work_until(lambda: has_phase(running, Phase.RUNNING), "the first import running")
    for number in (1, 2):
        slow_practice.send("users.csv", files.users(tmp_path, 60, first=number * 1000).read_bytes())

    action = actions.ask_abort_all(canvas_account=slow_canvas_account, by=None)
    desk.work_until(lambda: slow_canvas_account.runs.filter(outcome=Outcome.ABORTED).count() == 2, "two aborts")

    action.refresh_from_db()
    running.refresh_from_db()
    assert (action.state, running.phase) == (Action.State.DONE, Phase.RUNNING)


@pytest.mark.parametrize(
    "mode, outcome",
    [
        ("all", Outcome.RESTORED),
        ("undelete_only", Outcome.PARTLY_RESTORED),
        ("unconclude_only", Outcome.PARTLY_RESTORED),
        ("batch_mode", Outcome.PARTLY_RESTORED),
    ],
)
def test_a_finished_import_is_restored(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path, mode: str, outcome: Outcome
) -> None:
    run = desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 3)))

    action = actions.ask_restore(run=run, mode=mode, by=None)
    desk.work_until(lambda: not Action.objects.filter(state__in=Action.OPEN).exists(), "the end of the restore")

    run.refresh_from_db()
    action.refresh_from_db()
    assert (action.state, action.answer) == (Action.State.DONE, "Restored.")
    assert (run.phase, run.outcome) == (Phase.FINISHED, outcome)


def test_a_restore_whose_progress_cannot_be_read_is_followed_by_its_import(
    slow_canvas_account: CanvasAccount, slow_practice: Practice, tmp_path: Path
) -> None:
    run = desk.work_until_ended(desk.launch(slow_canvas_account, files.users(tmp_path, 60)))
    slow_practice.control(
        "POST", "faults", {"match": "GET /api/v1/progress/*", "kind": "status", "status": 404, "times": 1000}
    )

    action = actions.ask_restore(run=run, mode="all", by=None)
    desk.work_until(lambda: not Action.objects.filter(state__in=Action.OPEN).exists(), "the end of the restore")

    action.refresh_from_db()
    run.refresh_from_db()
    assert (action.state, run.outcome) == (Action.State.DONE, Outcome.RESTORED)
    assert Watch.objects.get().trouble == ""


def test_a_restore_that_canvas_forgets_ends_and_leaves_the_account_well(
    slow_canvas_account: CanvasAccount, slow_practice: Practice, tmp_path: Path
) -> None:
    run = desk.work_until_ended(desk.launch(slow_canvas_account, files.users(tmp_path, 60)))
    action = actions.ask_restore(run=run, mode="all", by=None)
    desk.work()
    slow_practice.control("POST", "reset")

    desk.work_until(lambda: not Action.objects.filter(state__in=Action.OPEN).exists(), "the end of the restore")

    action.refresh_from_db()
    assert action.state == Action.State.REFUSED
    assert Watch.objects.get().trouble == ""


def test_a_lost_answer_to_an_abort_is_made_good(
    slow_canvas_account: CanvasAccount, slow_practice: Practice, tmp_path: Path
) -> None:
    run = desk.launch(slow_canvas_account, files.users(tmp_path, 2000))
    desk.work_until(lambda: has_phase(run, Phase.RUNNING), "the import running")
    slow_practice.control("POST", "faults", {"match": "PUT /api/v1/*/abort", "kind": "cut_after", "times": 1})

    action = actions.ask_abort(run=run, by=None)
    desk.work_until(lambda: not Action.objects.filter(state__in=Action.OPEN).exists(), "the end of the abort")

    run.refresh_from_db()
    assert run.outcome == Outcome.ABORTED
    assert action is not None
    action.refresh_from_db()
    assert action.state == Action.State.DONE


def test_a_token_that_may_not_restore_is_said_so(db: None, quick_canvas: PracticeServer, tmp_path: Path) -> None:
    canvas_account = connect(quick_canvas.site("noadmin"))
    run = desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 1)))

    action = actions.ask_restore(run=run, mode="all", by=None)
    desk.work_until(lambda: not Action.objects.filter(state__in=Action.OPEN).exists(), "the end of the restore")

    action.refresh_from_db()
    assert action.state == Action.State.REFUSED
    assert "may not" in action.answer
