"""What an import left behind that was aborted or undone: said to be unknown, with a way to make it known."""

from pathlib import Path

from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount, User
from accounts.rights import Role
from imports.models import ImportRun, Lesson
from imports.phases import Outcome, Phase
from imports.services import actions, knowing
from tests.cast import Seat, person
from tests.imports import desk, files
from tests.servers.practice import Practice


def aborted(account: CanvasAccount, path: Path, by: User) -> ImportRun:
    """Launched, and aborted while Canvas imports it."""
    run = desk.launch(account, path, by=by)

    def is_running() -> bool:
        run.refresh_from_db()
        return run.phase == Phase.RUNNING

    desk.work_until(is_running, "the import's beginning")
    actions.ask_abort(run=run, by=by)
    desk.work_until_ended(run)
    desk.work()
    assert run.outcome == Outcome.ABORTED
    return run


def forecast_page(browser: Client, account: CanvasAccount, path: Path) -> str:
    upload = desk.upload(account, path)
    address = reverse("imports:forecast", args=[account.slug, upload.pk])
    browser.post(address)
    desk.make_forecasts()
    return " ".join(browser.post(address).content.decode().split())


def test_after_an_abort_the_forecast_says_what_is_not_known_and_what_to_do(
    slow_canvas_account: CanvasAccount, slow_practice: Practice, seat: Seat, tmp_path: Path
) -> None:
    registrar = person("Rosa", slow_canvas_account, Role.REGISTRAR)
    people = files.users(tmp_path, 200)
    run = aborted(slow_canvas_account, people, registrar)
    told = forecast_page(seat(registrar), slow_canvas_account, people)
    assert f"{run}</a> left behind is not known, so these numbers may be off. It ended as: Aborted." in told
    assert "Importing the same files again with the same options" in told

    slow_practice.control("POST", "speed", {"rows_per_second": 100_000})
    desk.work_until_ended(desk.launch(slow_canvas_account, people, by=registrar))
    desk.work()
    assert knowing.knowledge_of(slow_canvas_account).is_complete
    assert "left behind" not in forecast_page(seat(registrar), slow_canvas_account, people)


def test_other_files_or_options_do_not_make_it_known(
    canvas_account: CanvasAccount, registrar: User, tmp_path: Path
) -> None:
    people = files.users(tmp_path, 3)
    run = desk.work_until_ended(desk.launch(canvas_account, people, by=registrar))
    desk.work()
    Lesson.objects.update(problem="Its files are no longer kept.")
    options = {"override_sis_stickiness": "on"}
    desk.work_until_ended(desk.launch(canvas_account, people, by=registrar, options=options))
    desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 4), by=registrar))
    desk.work()
    assert knowing.knowledge_of(canvas_account).uncertain == run


def test_what_was_undone_after_the_same_files_went_through_again_is_not_known(
    canvas_account: CanvasAccount, registrar: User, admin: User, tmp_path: Path
) -> None:
    people = files.users(tmp_path, 3)
    first = desk.work_until_ended(desk.launch(canvas_account, people, by=registrar))
    desk.work_until_ended(desk.launch(canvas_account, people, by=registrar))
    desk.work()
    actions.ask_restore(run=first, mode="all", by=admin)

    def is_undone() -> bool:
        first.refresh_from_db()
        return first.outcome == Outcome.RESTORED

    desk.work_until(is_undone, "the restore")
    assert knowing.knowledge_of(canvas_account).uncertain == first
    desk.work_until_ended(desk.launch(canvas_account, people, by=registrar))
    desk.work()
    assert knowing.knowledge_of(canvas_account).uncertain is None
