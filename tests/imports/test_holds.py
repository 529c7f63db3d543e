"""A launch that would remove too much waits for a second person, whichever way it came."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AuditLine, CanvasAccount, User
from accounts.rights import Role
from imports import tasks
from imports.models import Hold, ImportRun, Limit
from imports.phases import Outcome, Phase
from imports.services import holding, launching
from tests.cast import Seat, person
from tests.imports import desk, files, leaving
from tests.imports.leaving import held_launch, leavers, script, sent
from tests.servers.practice import Practice


@pytest.fixture
def founded(canvas_account: CanvasAccount, registrar: User, tmp_path: Path) -> CanvasAccount:
    """An account into which Easel has imported sixty users."""
    return leaving.found(canvas_account, tmp_path, registrar)


@pytest.fixture
def second_admin(canvas_account: CanvasAccount) -> User:
    return person("Bea", canvas_account, Role.ADMIN)


def test_a_launch_below_all_limits_goes_straight_through(
    founded: CanvasAccount, registrar: User, tmp_path: Path
) -> None:
    run = desk.launch(founded, leavers(tmp_path, 3), by=registrar)
    assert run.phase == Phase.QUEUED
    assert desk.work_until_ended(run).statistics["Pseudonym"]["deleted"] == 3


def test_a_launch_over_a_limit_says_which_and_by_how_much_and_sends_nothing(
    founded: CanvasAccount, practice: Practice, registrar: User, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    desk.work()
    run.refresh_from_db()
    assert run.phase == Phase.HELD
    assert run.hold.reasons == ["It removes 40 users (66.7 % of 60); the limit is 5 %."]
    assert sent(practice) == 1


def test_a_launch_from_the_page_is_forecast_by_the_worker_and_then_held(
    founded: CanvasAccount, practice: Practice, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    upload = desk.upload(founded, leavers(tmp_path, 40), by=registrar)
    seat(registrar).post(upload.get_absolute_url(), {"once_key": "k"})
    run = upload.runs.get()
    assert run.phase == Phase.CHECKING
    desk.work()
    run.refresh_from_db()
    assert run.phase == Phase.HELD
    assert sent(practice) == 1


@pytest.mark.parametrize("wait", [[], ["--wait"]])
def test_a_script_gets_exit_code_six_whether_it_waits_or_not(
    founded: CanvasAccount, practice: Practice, tmp_path: Path, wait: list[str]
) -> None:
    code, told = script(leavers(tmp_path, 40), "--account", founded.name, *wait)
    assert (code, told["phase"]) == (6, "held")
    assert "the limit is 5 %" in told["problem"]
    assert sent(practice) == 1


def test_a_second_person_approves_and_it_is_sent(
    founded: CanvasAccount, registrar: User, admin: User, seat: Seat, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    address = reverse("imports:hold", args=[founded.slug, run.pk])
    assert "40 users" in seat(admin).get(address).content.decode()
    seat(admin).post(address, {"approve": "yes", "reason": "The year is over."})
    desk.work_until_ended(run)
    assert run.outcome == Outcome.IMPORTED
    assert run.statistics["Pseudonym"]["deleted"] == 40
    verbs = AuditLine.objects.filter(subject_key=f"run:{run.pk}").values_list("verb", "actor_name")
    assert {("hold", "Easel"), ("approve", str(admin))} <= set(verbs)


def test_who_decides_sees_what_would_change_by_now(
    founded: CanvasAccount, registrar: User, admin: User, seat: Seat, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    desk.work_until_ended(desk.launch(founded, leavers(tmp_path, 3), by=registrar))
    desk.work()
    address, browser = reverse("imports:hold", args=[founded.slug, run.pk]), seat(admin)
    assert "Working out what would change" in browser.get(address).content.decode()
    assert browser.get(address, headers={"HX-Request": "true"}).status_code == 204
    desk.make_forecasts()
    part = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Forecast per kind" in part
    assert "Would " not in part
    assert "Forecast per kind" in browser.get(address).content.decode()
    assert run.upload
    assert run.upload.forecasts.get().figures["kinds"][0]["deleted"] == 37
    run.refresh_from_db()
    assert run.phase == Phase.HELD
    holding.approve(run=run, by=admin, reason="")
    assert "not been taken up" not in browser.get(address).content.decode()


def test_nobody_approves_their_own_launch(
    founded: CanvasAccount, practice: Practice, admin: User, second_admin: User, seat: Seat, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, admin)
    address = reverse("imports:hold", args=[founded.slug, run.pk])
    assert "Approve and send" not in seat(admin).get(address).content.decode()
    answer = seat(admin).post(address, {"approve": "yes", "reason": "I may"}, follow=True)
    assert "Nobody approves their own launch" in answer.content.decode()
    run.refresh_from_db()
    assert (run.phase, sent(practice)) == (Phase.HELD, 1)
    assert "Approve and send" in seat(second_admin).get(address).content.decode()


def test_who_gave_the_files_does_not_approve_them_when_somebody_else_launches(
    founded: CanvasAccount, admin: User, registrar: User, tmp_path: Path
) -> None:
    upload = desk.upload(founded, leavers(tmp_path, 40), by=admin)
    run = launching.launch(upload=upload, options={}, by=registrar, via=ImportRun.Via.PAGE)
    desk.work()
    with pytest.raises(holding.DecisionRefused, match="own launch"):
        holding.approve(run=run, by=admin, reason="")


def test_a_registrar_may_not_decide(
    founded: CanvasAccount, registrar: User, admin: User, seat: Seat, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, admin)
    answer = seat(registrar).post(reverse("imports:hold", args=[founded.slug, run.pk]), {"approve": "yes"})
    run.refresh_from_db()
    assert (answer.status_code, run.phase) == (403, Phase.HELD)


def test_a_refusal_needs_a_reason_and_ends_the_launch(
    founded: CanvasAccount, practice: Practice, registrar: User, admin: User, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    with pytest.raises(holding.DecisionRefused, match="Say why"):
        holding.refuse(run=run, by=admin, reason=" ")
    holding.refuse(run=run, by=admin, reason="Wrong term.")
    desk.work()
    run.refresh_from_db()
    assert (run.phase, run.problem) == (Phase.CANCELLED, "Refused: Wrong term.")
    assert sent(practice) == 1


def test_the_page_of_a_refused_launch_says_why_and_nothing_of_what_canvas_thinks(
    founded: CanvasAccount, registrar: User, admin: User, seat: Seat, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    holding.refuse(run=run, by=admin, reason="Wrong term.")
    page = seat(registrar).get(run.get_absolute_url()).content.decode()
    told = seat(registrar).get(reverse("imports:messages", args=[founded.slug, run.pk])).content.decode()
    assert "Refused: Wrong term." in page
    assert "Taken back" not in page
    assert "Canvas did not import it" in told


def test_a_task_that_runs_twice_neither_sends_a_held_launch_nor_holds_an_approved_one(
    founded: CanvasAccount, practice: Practice, registrar: User, admin: User, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    forecast = run.upload.forecasts.get() if run.upload else None
    assert forecast
    for _ in range(2):
        tasks.make_forecast(forecast.pk)
        tasks.send_next(founded.pk)
    run.refresh_from_db()
    assert (run.phase, sent(practice)) == (Phase.HELD, 1)

    holding.approve(run=run, by=admin, reason="")
    for _ in range(2):
        tasks.make_forecast(forecast.pk)
        tasks.send_next(founded.pk)
    desk.work_until_ended(run)
    assert (run.outcome, sent(practice)) == (Outcome.IMPORTED, 2)
    assert Hold.objects.count() == 1


def test_a_hold_that_nobody_decides_about_expires(
    founded: CanvasAccount, practice: Practice, registrar: User, admin: User, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    Hold.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(holding.DecisionRefused, match="not held any more"):
        holding.approve(run=run, by=admin, reason="too late")
    desk.work()
    run.refresh_from_db()
    assert (run.phase, run.hold.state) == (Phase.CANCELLED, Hold.State.EXPIRED)
    assert sent(practice) == 1


def test_a_file_that_was_swapped_after_the_approval_is_not_sent(
    founded: CanvasAccount, practice: Practice, registrar: User, admin: User, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    holding.approve(run=run, by=admin, reason="")
    assert run.upload
    leavers(tmp_path, 60).replace(run.upload.package_path)
    desk.work()
    run.refresh_from_db()
    assert run.phase == Phase.CANCELLED
    assert "not the ones that were approved" in run.problem
    assert sent(practice) == 1
    assert run.submitted_at is None
    assert AuditLine.objects.get(verb="withhold").detail == {"reason": run.problem}


def test_options_that_were_changed_after_the_approval_are_not_sent(
    founded: CanvasAccount, practice: Practice, registrar: User, admin: User, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    holding.approve(run=run, by=admin, reason="")
    ImportRun.objects.filter(pk=run.pk).update(options={"override_sis_stickiness": True})
    desk.work()
    run.refresh_from_db()
    assert (run.phase, sent(practice)) == (Phase.CANCELLED, 1)


def test_a_held_launch_can_be_taken_back(founded: CanvasAccount, registrar: User, tmp_path: Path) -> None:
    run = held_launch(founded, tmp_path, registrar)
    assert launching.cancel(run=run, by=registrar)
    with pytest.raises(holding.DecisionRefused):
        holding.refuse(run=run, by=person("Cleo", founded, Role.ADMIN), reason="too late")


def test_a_file_without_rows_in_a_full_batch_is_held_although_nothing_is_known(
    canvas_account: CanvasAccount, registrar: User, tmp_path: Path
) -> None:
    empty = files.write(tmp_path / "enrollments.csv", files.ENROLLMENTS)
    options = {"batch_mode": "yes", "batch_mode_term_id": "1"}
    run = desk.launch(canvas_account, empty, by=registrar, options=options)
    assert run.phase == Phase.HELD
    assert "removes all of them" in run.hold.reasons[0]


def test_a_limit_of_the_account_takes_over_from_the_default(
    founded: CanvasAccount, admin: User, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    address = reverse("imports:limits", args=[founded.slug])
    answer = seat(admin).post(
        address, {"kind": "user", "scope": "account", "place": "", "most": 50, "unit": "rows", "floor": 0}
    )
    assert answer.status_code == 302
    assert desk.launch(founded, leavers(tmp_path, 40), by=registrar).phase == Phase.QUEUED
    seat(admin).post(reverse("imports:limit_remove", args=[founded.slug, Limit.objects.get().pk]))
    assert desk.launch(founded, leavers(tmp_path, 40), by=registrar).phase == Phase.HELD


def test_limits_are_suggested_from_what_the_last_imports_removed(
    founded: CanvasAccount, admin: User, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    for count in (9, 1, 1, 1):
        desk.work_until_ended(desk.launch(founded, leavers(tmp_path, count), by=registrar))
    page = seat(admin).get(reverse("imports:limits", args=[founded.slug])).content.decode()
    assert "Suggested by the last imports" in page
    assert "18 users" in page


def test_a_held_launch_keeps_no_other_one_waiting(
    founded: CanvasAccount, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    held_launch(founded, tmp_path, registrar)
    upload = desk.upload(founded, files.users(tmp_path, 3, first=90), by=registrar)
    assert "under way before it" not in seat(registrar).get(upload.get_absolute_url()).content.decode()
    run = desk.launch(founded, files.users(tmp_path, 4, first=90), by=registrar)
    assert "It is next." in seat(registrar).get(run.get_absolute_url()).content.decode()


def test_approvers_see_it_on_the_overview(
    founded: CanvasAccount, registrar: User, admin: User, seat: Seat, tmp_path: Path
) -> None:
    run = held_launch(founded, tmp_path, registrar)
    page = seat(admin).get(reverse("overview")).content.decode()
    assert "the limit is 5 %" in page
    detail = seat(admin).get(run.get_absolute_url()).content.decode()
    assert reverse("imports:hold", args=[founded.slug, run.pk]) in detail


def test_approvers_get_one_mail_each_and_the_launcher_none(
    founded: CanvasAccount, admin: User, second_admin: User, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_HOST = "mail.example.edu"
    run = held_launch(founded, tmp_path, admin)
    for _ in range(2):
        tasks.tell_approvers(run.hold.pk)
    assert [message.to for message in mail.outbox] == [[second_admin.email]]
    assert "40 users" in mail.outbox[0].body
    assert "Given1" not in mail.outbox[0].body


def test_without_a_mail_server_nobody_gets_mail(
    founded: CanvasAccount, admin: User, second_admin: User, tmp_path: Path
) -> None:
    tasks.tell_approvers(held_launch(founded, tmp_path, admin).hold.pk)
    assert mail.outbox == []
