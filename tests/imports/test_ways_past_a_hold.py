"""Nothing that was held goes out but by a second person's approval: every way in, tried."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import CanvasAccount, Membership, User
from accounts.rights import Role
from imports import tasks
from imports.forecast.trial import scratch
from imports.models import Forecast, Hold, ImportRun, Watch
from imports.phases import Outcome, Phase
from imports.services import forecasting, holding, launching, telling
from tests.cast import Seat, person
from tests.imports import desk, files, leaving
from tests.imports.leaving import held_launch, leavers, script, sent
from tests.servers.practice import Practice

LATER = timedelta(hours=1)


@pytest.fixture
def founded(canvas_account: CanvasAccount, registrar: User, tmp_path: Path) -> CanvasAccount:
    return leaving.found(canvas_account, tmp_path, registrar)


@pytest.fixture
def held(founded: CanvasAccount, registrar: User, tmp_path: Path) -> ImportRun:
    """Forty of sixty users are to go, by the registrar."""
    return held_launch(founded, tmp_path, registrar)


def phase_of(run: ImportRun) -> Phase:
    return Phase(ImportRun.objects.get(pk=run.pk).phase)


def address(run: ImportRun, name: str) -> str:
    return reverse(f"imports:{name}", args=[run.canvas_account.slug, run.pk])


def refuse_token_once(practice: Practice) -> None:
    """The next upload is turned away in a way that somebody can mend: a person is asked."""
    post = "POST /api/v1/accounts/*/sis_imports"
    practice.control("POST", "faults", {"match": post, "kind": "status", "status": 403, "times": 1})


# --- Without an approval


def test_no_task_sends_a_held_launch_however_often_it_is_rung(held: ImportRun, practice: Practice) -> None:
    for _ in range(2):
        tasks.send_next(held.canvas_account_id)
        tasks.find(held.pk)
        tasks.collect_messages(held.pk)
        tasks.tell_approvers(held.hold.pk)
        desk.work()
    assert (phase_of(held), sent(practice)) == (Phase.HELD, 1)


def test_neither_sending_again_nor_recognising_frees_a_held_launch(
    held: ImportRun, practice: Practice, registrar: User, seat: Seat
) -> None:
    seat(registrar).post(address(held, "send_again"))
    seat(registrar).post(address(held, "recognise"), {"canvas_id": "1"})
    desk.work()
    assert (phase_of(held), sent(practice)) == (Phase.HELD, 1)


def test_the_form_sent_again_gives_the_held_launch_and_no_other(
    founded: CanvasAccount, practice: Practice, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    upload = desk.upload(founded, leavers(tmp_path, 40), by=registrar)
    browser = seat(registrar)
    first = browser.post(upload.get_absolute_url(), {"once_key": "k"})
    desk.work()
    second = browser.post(upload.get_absolute_url(), {"once_key": "k"})
    assert first.headers["Location"] == second.headers["Location"]
    assert [run.phase for run in upload.runs.all()] == [Phase.HELD]
    assert sent(practice) == 1


def test_an_approved_upload_with_other_options_is_held_anew(
    held: ImportRun, practice: Practice, registrar: User, admin: User
) -> None:
    holding.approve(run=held, by=admin, reason="")
    desk.work_until_ended(held)
    assert held.upload
    options = {"override_sis_stickiness": "on"}
    leavers_back = desk.launch(held.canvas_account, files.users(held.upload.folder, 60), by=registrar)
    desk.work_until_ended(leavers_back)
    desk.work()
    other = launching.launch(upload=held.upload, options=options, by=registrar, via=ImportRun.Via.PAGE)
    desk.work()
    assert (phase_of(other), sent(practice)) == (Phase.HELD, 3)


def test_a_script_cannot_launch_what_a_page_has_held(held: ImportRun, practice: Practice, tmp_path: Path) -> None:
    code, told = script(leavers(tmp_path, 40), "--account", held.canvas_account.name)
    assert (code, told["phase"]) == (6, "held")
    assert sent(practice) == 1


def test_a_full_batch_for_a_term_that_easel_does_not_know_is_held(
    founded: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    courses = files.write(tmp_path / "courses.csv", files.COURSES + "C1,Bio,Biology,,active\n")
    options = ["--set", "batch_mode=true", "--set", "batch_mode_term_id=4711"]
    code, told = script(courses, "--account", founded.name, *options)
    assert (code, told["phase"]) == (6, "held")
    assert "a term that Easel does not know" in told["problem"]
    assert sent(practice) == 1


def test_a_full_batch_for_a_term_that_only_other_tools_have_filled_is_held(
    founded: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    practice.send("terms.csv", "term_id,name,status\nspring,Spring,active\n")
    spring = "sis_term_id:spring"
    desk.work_until(lambda: "Spring" in str(Watch.objects.get().terms), "the term")
    courses = files.write(tmp_path / "courses.csv", files.COURSES + "C9,Art,Art,spring,active\n")
    options = ["--set", "batch_mode=true", "--set", f"batch_mode_term_id={spring}"]
    before = sent(practice)
    code, told = script(courses, "--account", founded.name, *options)
    assert (code, told["phase"]) == (6, "held")
    assert "of which Easel knows nothing yet" in told["problem"]
    assert sent(practice) == before


def test_a_launch_whose_forecast_cannot_be_made_is_held(
    founded: CanvasAccount, practice: Practice, registrar: User, tmp_path: Path
) -> None:
    upload = desk.upload(founded, leavers(tmp_path, 3), by=registrar)
    run = launching.launch(upload=upload, options={}, by=registrar, via=ImportRun.Via.PAGE)
    upload.package_path.unlink()
    for _ in range(4):
        desk.work()
    run.refresh_from_db()
    assert (run.phase, run.problem) == (Phase.HELD, "Easel could not work out what it would change.")
    assert sent(practice) == 1


def test_a_forecast_that_kills_its_workers_is_given_up_and_the_launch_held(
    founded: CanvasAccount, registrar: User, tmp_path: Path
) -> None:
    upload = desk.upload(founded, leavers(tmp_path, 3), by=registrar)
    run = launching.launch(upload=upload, options={}, by=registrar, via=ImportRun.Via.PAGE)
    forecast = upload.forecasts.get()
    for _ in range(3):
        forecasting.claim(forecast=forecast)
        Forecast.objects.update(lease_until=timezone.now())
        scratch(forecast.path).touch()
    forecasting.claim(forecast=forecast)
    holding.judge_waiting()
    assert phase_of(run) == Phase.HELD
    assert not scratch(forecast.path).exists()


def test_a_forecast_whose_worker_died_is_soon_made_by_another(
    founded: CanvasAccount, registrar: User, tmp_path: Path
) -> None:
    upload = desk.upload(founded, leavers(tmp_path, 3), by=registrar)
    run = launching.launch(upload=upload, options={}, by=registrar, via=ImportRun.Via.PAGE)
    forecast = upload.forecasts.get()
    assert forecasting.claim(forecast=forecast)
    assert forecasting.due() == []
    assert forecast.lease_until
    assert forecast.lease_until < timezone.now() + timedelta(minutes=2)
    Forecast.objects.update(lease_until=timezone.now())
    desk.work_until_ended(run)
    assert run.statistics["Pseudonym"]["deleted"] == 3


# --- By the wrong person, too late, or twice


def test_a_superuser_does_not_approve_their_own_launch(founded: CanvasAccount, superuser: User, tmp_path: Path) -> None:
    run = held_launch(founded, tmp_path, superuser)
    with pytest.raises(holding.DecisionRefused, match="own launch"):
        holding.approve(run=run, by=superuser, reason="I am above that")


def test_an_admin_of_another_account_finds_nothing_to_approve(held: ImportRun, seat: Seat) -> None:
    other = CanvasAccount.objects.create(name="Other", slug="other", base_url="https://other.example.edu")
    answer = seat(person("Otto", other, Role.ADMIN)).post(address(held, "hold"), {"approve": "yes"})
    assert (answer.status_code, phase_of(held)) == (404, Phase.HELD)


def test_who_is_no_admin_any_more_does_not_approve(held: ImportRun, admin: User, seat: Seat) -> None:
    browser = seat(admin)
    Membership.objects.filter(user=admin).update(role=Role.REGISTRAR)
    assert browser.post(address(held, "hold"), {"approve": "yes"}).status_code == 403
    assert phase_of(held) == Phase.HELD


def test_two_approvals_at_once_are_one(held: ImportRun, practice: Practice, admin: User) -> None:
    same, second_admin = ImportRun.objects.get(pk=held.pk), person("Bea", held.canvas_account, Role.ADMIN)
    holding.approve(run=held, by=admin, reason="")
    with pytest.raises(holding.DecisionRefused, match="not held any more"):
        holding.approve(run=same, by=second_admin, reason="")
    with pytest.raises(holding.DecisionRefused, match="not held any more"):
        holding.refuse(run=same, by=second_admin, reason="too late")
    desk.work_until_ended(held)
    assert (held.outcome, held.hold.decided_by, sent(practice)) == (Outcome.IMPORTED, admin, 2)


def test_a_refused_launch_cannot_be_approved_afterwards(held: ImportRun, practice: Practice, admin: User) -> None:
    same, second_admin = ImportRun.objects.get(pk=held.pk), person("Bea", held.canvas_account, Role.ADMIN)
    holding.refuse(run=held, by=admin, reason="Wrong year.")
    with pytest.raises(holding.DecisionRefused, match="not held any more"):
        holding.approve(run=same, by=second_admin, reason="")
    desk.work()
    assert (phase_of(held), sent(practice)) == (Phase.CANCELLED, 1)


def test_an_approved_launch_does_not_expire(held: ImportRun, practice: Practice, admin: User) -> None:
    holding.approve(run=held, by=admin, reason="")
    Hold.objects.update(expires_at=timezone.now() - LATER)
    desk.work_until_ended(held)
    assert (held.outcome, held.hold.state, sent(practice)) == (Outcome.IMPORTED, Hold.State.APPROVED, 2)


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_once_its_time_is_over_nobody_decides_even_before_a_worker_notices(
    held: ImportRun, admin: User, seat: Seat, decision: str
) -> None:
    Hold.objects.update(expires_at=timezone.now())
    seat(admin).post(address(held, "hold"), {decision: "yes", "reason": "still"})
    assert (phase_of(held), Hold.objects.get().state) == (Phase.HELD, Hold.State.WAITING)
    desk.work()
    assert (phase_of(held), Hold.objects.get().state) == (Phase.CANCELLED, Hold.State.EXPIRED)


def test_a_launch_that_was_taken_back_is_past_approving_telling_and_expiring(
    held: ImportRun, practice: Practice, registrar: User, admin: User, seat: Seat
) -> None:
    assert launching.cancel(run=held, by=registrar)
    answer = seat(admin).post(address(held, "hold"), {"approve": "yes"}, follow=True).content.decode()
    assert "It is not held any more." in answer
    assert "Taken back" in answer
    assert "Refuse</button>" not in answer
    assert telling.untold() == []
    Hold.objects.update(expires_at=timezone.now() - LATER)
    desk.work()
    assert (phase_of(held), Hold.objects.get().state) == (Phase.CANCELLED, Hold.State.WAITING)
    assert sent(practice) == 1


def test_who_gave_the_files_gets_no_mail_about_approving_them(
    founded: CanvasAccount, registrar: User, admin: User, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_HOST = "mail.example.edu"
    upload = desk.upload(founded, leavers(tmp_path, 40), by=admin)
    run = launching.launch(upload=upload, options={}, by=registrar, via=ImportRun.Via.PAGE)
    desk.work()
    tasks.tell_approvers(Hold.objects.get(run=run).pk)
    assert mail.outbox == []


# --- With other bytes than the approved ones


def test_what_was_swapped_is_not_sent_by_sending_again_either(
    held: ImportRun, practice: Practice, registrar: User, admin: User, seat: Seat, tmp_path: Path
) -> None:
    holding.approve(run=held, by=admin, reason="")
    refuse_token_once(practice)
    desk.work_until(lambda: phase_of(held) == Phase.ASKED, "the question")
    assert held.upload
    leavers(tmp_path, 60).replace(held.upload.package_path)
    seat(registrar).post(address(held, "send_again"))
    desk.work()
    held.refresh_from_db()
    assert held.phase == Phase.CANCELLED
    assert "not the ones that were approved" in held.problem
    assert sent(practice) == 1


def test_an_approval_holds_when_the_launch_is_sent_again(
    held: ImportRun, practice: Practice, registrar: User, admin: User, seat: Seat
) -> None:
    holding.approve(run=held, by=admin, reason="")
    refuse_token_once(practice)
    desk.work_until(lambda: phase_of(held) == Phase.ASKED, "the question")
    seat(registrar).post(address(held, "send_again"))
    desk.work_until_ended(held)
    assert (held.outcome, sent(practice)) == (Outcome.IMPORTED, 2)


def test_a_file_that_is_swapped_in_a_launch_below_all_limits_is_not_sent(
    founded: CanvasAccount, practice: Practice, registrar: User, tmp_path: Path
) -> None:
    run = desk.launch(founded, leavers(tmp_path, 1), by=registrar)
    assert run.phase == Phase.QUEUED
    assert run.upload
    leavers(tmp_path, 60).replace(run.upload.package_path)
    desk.work()
    run.refresh_from_db()
    assert run.phase == Phase.CANCELLED
    assert "not the ones that were launched" in run.problem
    assert sent(practice) == 1


def test_the_package_of_several_files_is_what_was_approved(
    founded: CanvasAccount, practice: Practice, registrar: User, admin: User, tmp_path: Path
) -> None:
    courses = files.write(tmp_path / "courses.csv", files.COURSES + "C1,Bio,Biology,,active\n")
    run = desk.launch(founded, leavers(tmp_path, 40), courses, by=registrar)
    holding.approve(run=run, by=admin, reason="")
    assert run.upload
    with run.upload.package_path.open("ab") as package:
        package.write(b"more")
    desk.work()
    assert (phase_of(run), sent(practice)) == (Phase.CANCELLED, 1)
