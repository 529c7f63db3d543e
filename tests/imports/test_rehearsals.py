"""A rehearsal counts what the upload then does in Canvas, and tells where the forecast says otherwise."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from accounts import connections, sealing
from accounts.models import AuditLine, CanvasAccount, User
from imports import options as sis_options
from imports import tasks
from imports.models import Forecast, ImportRun, Rehearsal, Upload, Watch
from imports.selectors.rehearsals import ShownRehearsal
from imports.services import forecasting, launching, rehearsing
from tests.cast import Seat
from tests.imports import desk, files
from tests.servers.practice import Practice, PracticeServer
from tests.servers.processes import free_port

COUNT = 12
TERMS = "term_id,name,status\nfall,Fall,active\nspring,Spring,active\n"
HTMX = {"HX-Request": "true"}
State = Rehearsal.State


@pytest.fixture(autouse=True)
def stage(settings: Settings, practice: Practice) -> None:
    """The practice Canvas is at hand for rehearsals, too; its sites are apart."""
    settings.PRACTICE_URL = practice.url


def enrollments(folder: Path, *lines: str) -> Path:
    return files.write(folder / "enrollments.csv", files.ENROLLMENTS + "".join(f"{line}\n" for line in lines))


def students(*numbers: int, course: str = "C1", status: str = "active") -> list[str]:
    return [f"{course},U{number},student,{status}" for number in numbers]


def send(account: CanvasAccount, *given: Path, **options: Any) -> ImportRun:
    run = desk.work_until_ended(desk.launch(account, *given, options=options))
    desk.work()
    return run


@pytest.fixture
def founded(canvas_account: CanvasAccount, tmp_path: Path) -> CanvasAccount:
    """Twelve people, all in a course of the fall; one of them has left it again, and one the university."""
    terms = files.write(tmp_path / "terms.csv", TERMS)
    courses = files.write(
        tmp_path / "courses.csv", files.COURSES + "C1,Bio,Biology,fall,active\nC2,A,Art,spring,active\n"
    )
    send(canvas_account, terms, courses, files.users(tmp_path, COUNT), enrollments(tmp_path, *students(*range(1, 13))))
    send(canvas_account, enrollments(tmp_path, *students(11, status="deleted")))
    send(canvas_account, files.write(tmp_path / "users.csv", files.USERS + "U12,user12,A,B,,deleted\n"))
    return canvas_account


def fall(account: CanvasAccount) -> str:
    return next(str(term["id"]) for term in account.watch.terms if term["sis_term_id"] == "fall")


def forecast(upload: Upload, **options: Any) -> Forecast:
    asked = forecasting.ask(upload=upload, options=sis_options.clean(options))
    desk.make_forecasts()
    asked.refresh_from_db()
    return asked


def rehearse(upload: Upload, **options: Any) -> ShownRehearsal:
    made = forecast(upload, **options)
    asked = rehearsing.ask(forecast=made, by=None)
    desk.rehearse()
    asked.refresh_from_db()
    return ShownRehearsal(asked, made)


def launched(upload: Upload, **options: Any) -> ImportRun:
    run = launching.launch(upload=upload, options=options, by=None, via=ImportRun.Via.PAGE)
    ImportRun.objects.filter(pk=run.pk, phase="held").update(phase="queued")
    return desk.work_until_ended(run)


def assert_came_true(shown: ShownRehearsal, upload: Upload, **options: Any) -> ImportRun:
    """The upload does in Canvas what it did in the rehearsal."""
    run = launched(upload, **options)
    assert shown.rehearsal.state == State.READY, shown.rehearsal.problem
    told = shown.rehearsal.figures
    assert (told["state"], told["counts"], told["statistics"]) == (run.canvas_state, run.counts, run.statistics)
    assert told["messages"] == run.message_count
    return run


# --- The numbers are Canvas's


def test_a_plain_upload(founded: CanvasAccount, tmp_path: Path) -> None:
    people = files.write(
        tmp_path / "users.csv", files.USERS + "U12,user12,Back,Again,,active\nU20,user20,New,One,,active\n"
    )
    lines = [
        *students(11, 20),
        *students(3, status="completed"),
        *students(4, status="deleted"),
        *students(5, course="C2"),
    ]
    upload = desk.upload(founded, people, enrollments(tmp_path, *lines))
    shown = rehearse(upload)
    assert shown.agrees
    run = assert_came_true(shown, upload)
    assert run.statistics["Enrollment"]["restored"] == 1


@pytest.mark.parametrize("options", [{}, {"change_threshold": 10}, {"change_threshold": 90}])
def test_a_full_batch(founded: CanvasAccount, tmp_path: Path, options: dict[str, Any]) -> None:
    options = {"batch_mode": True, "batch_mode_term_id": fall(founded), **options}
    upload = desk.upload(founded, enrollments(tmp_path, *students(1, 2, 3, 4)))
    shown = rehearse(upload, **options)
    assert shown.agrees
    assert (shown.rehearsal.figures["state"] == "aborted") == (options.get("change_threshold") == 10)
    assert_came_true(shown, upload, **options)


def test_a_full_batch_that_completes_what_is_missing(founded: CanvasAccount, tmp_path: Path) -> None:
    options = {
        "batch_mode": True,
        "batch_mode_term_id": fall(founded),
        "batch_mode_enrollment_drop_status": "completed",
    }
    upload = desk.upload(founded, enrollments(tmp_path, *students(1, 2, 3, 4)))
    shown = rehearse(upload, **options)
    assert shown.agrees
    run = assert_came_true(shown, upload, **options)
    assert run.statistics["Enrollment"]["concluded"] == 6


def test_a_data_set_is_compared_with_its_last_upload(founded: CanvasAccount, tmp_path: Path) -> None:
    options = {"diffing_data_set_identifier": "nightly", "diffing_drop_status": "completed"}
    send(founded, enrollments(tmp_path, *students(1, 2, 3, 4, 5)), **options)
    upload = desk.upload(founded, enrollments(tmp_path, *students(1, 2, 3, 6)))
    shown = rehearse(upload, **options)
    assert shown.agrees
    assert shown.rehearsal.figures["counts"]["enrollments"] == 3
    assert_came_true(shown, upload, **options)


def test_roles_of_the_institution_are_there(founded: CanvasAccount, practice: Practice, tmp_path: Path) -> None:
    practice.control("POST", "roles", {"name": "Grader", "base_role_type": "TaEnrollment"})
    Watch.objects.update(roles_at=None)
    desk.work()
    upload = desk.upload(founded, enrollments(tmp_path, "C2,U1,Grader,active"))
    shown = rehearse(upload)
    assert shown.agrees
    assert assert_came_true(shown, upload).outcome == "imported"


def test_refused_rows_are_differences_with_their_messages(founded: CanvasAccount, tmp_path: Path) -> None:
    upload = desk.upload(founded, enrollments(tmp_path, *students(1, 98, 99), "C1,U2,pupil,active"))
    shown = rehearse(upload)
    assert [line.words for line in shown.lines if line.difference] == ["3 refused", "1 fewer"]
    assert sorted(one["count"] for one in shown.patterns) == [1, 2]
    assert_came_true(shown, upload)


def test_what_was_changed_behind_easels_back_makes_no_difference_there_and_one_in_canvas(
    founded: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    """A rehearsal knows what Easel knows, and says so."""
    place = practice.control("GET", "objects/enrollments")[0]
    practice.control("PUT", f"objects/enrollments/{place['id']}", {"workflow_state": "deleted"})
    upload = desk.upload(founded, enrollments(tmp_path, *students(1, 2)))
    shown = rehearse(upload)
    assert shown.agrees
    assert shown.rehearsal.figures["statistics"]["Enrollment"]["restored"] == 0
    assert launched(upload).statistics["Enrollment"]["restored"] == 1


def test_a_number_that_the_forecast_gets_wrong_is_marked(founded: CanvasAccount, tmp_path: Path) -> None:
    upload = desk.upload(founded, enrollments(tmp_path, *students(20)))
    made = forecast(upload)
    figures = made.figures | {"statistics": {"Enrollment": {"created": 4}}}
    Forecast.objects.filter(pk=made.pk).update(figures=figures)
    asked = rehearsing.ask(forecast=made, by=None)
    desk.rehearse()
    asked.refresh_from_db()
    made.refresh_from_db()
    words = {(line.subject, line.happened): line.words for line in ShownRehearsal(asked, made).lines}
    assert words["enrollments", "created"] == "4 fewer"


# --- It leaves nothing behind


def test_nothing_of_it_stays(founded: CanvasAccount, tmp_path: Path) -> None:
    upload = desk.upload(founded, enrollments(tmp_path, *students(1)))
    made = rehearse(upload).rehearsal
    assert made.sealed_site is None
    assert [path.name for path in upload.folder.glob("rehearsal*")] == [made.path.name]


def test_while_the_practice_canvas_is_away_it_fails_in_plain_words(
    founded: CanvasAccount, settings: Settings, tmp_path: Path
) -> None:
    settings.PRACTICE_URL = f"http://127.0.0.1:{free_port()}"
    made = rehearse(desk.upload(founded, enrollments(tmp_path, *students(1)))).rehearsal
    assert made.state == State.FAILED
    assert "The practice Canvas cannot be used. 127.0.0.1 cannot be reached" in made.problem
    assert made.sealed_site is not None
    assert rehearsing.to_be_removed() == []


def test_a_site_that_could_not_be_removed_is_removed_later(
    founded: CanvasAccount, settings: Settings, practice: Practice, tmp_path: Path
) -> None:
    settings.PRACTICE_URL = f"http://127.0.0.1:{free_port()}"
    made = rehearse(desk.upload(founded, enrollments(tmp_path, *students(1)))).rehearsal
    settings.PRACTICE_URL = practice.url
    Rehearsal.objects.update(remove_at=None)
    assert rehearsing.to_be_removed() == [made.pk]
    tasks.remove_practice_site(made.pk)
    assert rehearsing.to_be_removed() == []


def test_nothing_is_sent_to_what_is_no_practice_canvas(founded: CanvasAccount, tmp_path: Path) -> None:
    """A Canvas of another kind knows no such command, and gets nothing else."""
    upload = desk.upload(founded, enrollments(tmp_path, *students(1)))
    asked = rehearsing.ask(forecast=forecast(upload), by=None)
    assert rehearsing.claim(rehearsal=asked)
    rehearsing.rehearse(rehearsal=asked, connect=lambda _: connections.connect_practice("7~no-practice-token"))
    asked.refresh_from_db()
    assert (asked.state, "cannot be used" in asked.problem) == (State.FAILED, True)


# --- Its life


@pytest.fixture
def waiting(founded: CanvasAccount, tmp_path: Path) -> Rehearsal:
    upload = desk.upload(founded, enrollments(tmp_path, *students(1)))
    return rehearsing.ask(forecast=forecast(upload), by=None)


def test_there_is_one_at_a_time(waiting: Rehearsal, founded: CanvasAccount, tmp_path: Path) -> None:
    other = rehearsing.ask(forecast=forecast(desk.upload(founded, enrollments(tmp_path, *students(2)))), by=None)
    assert rehearsing.claim(rehearsal=waiting)
    assert not rehearsing.claim(rehearsal=other)
    assert rehearsing.due() == []
    assert rehearsing.ahead_of(other) == 1


def test_that_of_a_killed_worker_is_taken_up_again_and_given_up_after_three(
    waiting: Rehearsal, practice: Practice
) -> None:
    for _ in range(3):
        assert rehearsing.claim(rehearsal=waiting)
        waiting.folder.mkdir()
        assert not rehearsing.claim(rehearsal=waiting)
        Rehearsal.objects.update(lease_until="2020-01-01T00:00Z")
        assert rehearsing.due() == [waiting.pk]
    assert not rehearsing.claim(rehearsal=waiting)
    waiting.refresh_from_db()
    assert waiting.state == State.FAILED
    assert "begun 3 times" in waiting.problem
    Rehearsal.objects.update(sealed_site=sealing.seal(practice.token))
    assert rehearsing.to_be_removed() == [waiting.pk]
    tasks.remove_practice_site(waiting.pk)
    assert not waiting.folder.exists()
    assert rehearsing.to_be_removed() == []


def test_what_one_that_was_asked_for_anew_is_at_is_not_taken_from_it(waiting: Rehearsal, practice: Practice) -> None:
    assert rehearsing.claim(rehearsal=waiting)
    Rehearsal.objects.update(sealed_site=sealing.seal(practice.token))
    waiting.folder.mkdir()
    tasks.remove_practice_site(waiting.pk)
    assert waiting.folder.exists()
    assert practice.sis_imports()


def test_what_a_killed_worker_left_on_the_practice_canvas_is_removed(
    waiting: Rehearsal, quick_canvas: PracticeServer, tmp_path: Path
) -> None:
    left = quick_canvas.site()
    left.send("users.csv", files.users(tmp_path, 1).read_bytes())
    assert rehearsing.claim(rehearsal=waiting)
    Rehearsal.objects.update(lease_until="2020-01-01T00:00Z", sealed_site=sealing.seal(left.token))
    desk.rehearse()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (State.READY, 2)
    assert left.sis_imports() == []


def test_one_that_is_cancelled_stops_and_is_forgotten(waiting: Rehearsal) -> None:
    assert rehearsing.claim(rehearsal=waiting)
    assert rehearsing.cancel(rehearsal=waiting, by=None)
    rehearsing.rehearse(rehearsal=waiting, connect=connections.connect_practice)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sealed_site, waiting.figures) == (State.CANCELLED, None, {})
    assert not rehearsing.cancel(rehearsal=waiting, by=None)


def test_one_is_old_once_another_import_was_taken_up(founded: CanvasAccount, tmp_path: Path) -> None:
    upload = desk.upload(founded, enrollments(tmp_path, *students(1)))
    made = rehearse(upload).rehearsal
    assert rehearsing.is_current(made)
    send(founded, files.users(tmp_path, 1, first=30, name="more.csv"))
    assert not rehearsing.is_current(made)
    assert rehearsing.ask(forecast=forecast(upload), by=None).state == State.WAITING


# --- Its pages


def page_of(name: str, rehearsal: Rehearsal) -> str:
    upload = rehearsal.upload
    return reverse(f"imports:{name}", args=[upload.canvas_account.slug, upload.pk, rehearsal.pk])


def rehearse_address(made: Forecast) -> str:
    return reverse("imports:rehearse", args=[made.upload.canvas_account.slug, made.upload.pk, made.pk])


def test_from_the_button_to_the_numbers(founded: CanvasAccount, registrar: User, seat: Seat, tmp_path: Path) -> None:
    browser = seat(registrar)
    made = forecast(desk.upload(founded, enrollments(tmp_path, *students(1, 99))))
    state = reverse("imports:forecast_state", args=[founded.slug, made.upload.pk, made.pk])
    assert rehearse_address(made) in browser.get(state, headers=HTMX).content.decode()
    live = browser.post(rehearse_address(made), headers=HTMX).content.decode()
    asked = Rehearsal.objects.get()
    address = page_of("rehearsal", asked)
    assert f'hx-get="{address}?seen=1"' in live
    assert browser.get(address, {"seen": "1"}, headers=HTMX).status_code == 204
    desk.rehearse()
    text = " ".join(browser.get(address, {"seen": "1"}, headers=HTMX).content.decode().split())
    assert "Imported with messages" in text
    assert "1 refused" in text
    assert "User not found for enrollment" in text
    assert "hx-trigger" not in text
    line = AuditLine.objects.get(verb="rehearse")
    assert (line.actor, line.canvas_account) == (registrar, founded)


def test_without_javascript_it_has_a_page_of_its_own(waiting: Rehearsal, registrar: User, seat: Seat) -> None:
    browser = seat(registrar)
    made = waiting.upload.forecasts.get()
    answer = browser.post(rehearse_address(made), follow=True)
    assert answer.redirect_chain[-1][0] == page_of("rehearsal", waiting)
    assert "Look again" in answer.content.decode()
    stopped = browser.post(page_of("rehearsal_cancel", waiting), follow=True).content.decode()
    assert "was cancelled" in stopped


def test_all_messages_are_downloaded(founded: CanvasAccount, registrar: User, seat: Seat, tmp_path: Path) -> None:
    made = rehearse(desk.upload(founded, enrollments(tmp_path, *students(97, 98, 99)))).rehearsal
    answer = seat(registrar).get(page_of("rehearsal_csv", made))
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]  # a streaming answer
    assert [line.split(",")[2] for line in lines] == ["row", "2", "3", "4"]


def test_who_may_not_launch_may_not_rehearse(waiting: Rehearsal, viewer: User, stranger: User, seat: Seat) -> None:
    made = waiting.upload.forecasts.get()
    for person, status in ((viewer, 403), (stranger, 404)):
        browser = seat(person)
        assert browser.post(rehearse_address(made)).status_code == status
        assert browser.post(page_of("rehearsal_cancel", waiting)).status_code == status
        assert browser.get(page_of("rehearsal", waiting)).status_code == status
        assert browser.get(page_of("rehearsal_csv", waiting)).status_code == status


def test_where_there_is_no_practice_canvas_the_page_says_how_to_get_one(
    founded: CanvasAccount, registrar: User, seat: Seat, settings: Settings, tmp_path: Path
) -> None:
    settings.PRACTICE_URL = ""
    browser = seat(registrar)
    made = forecast(desk.upload(founded, enrollments(tmp_path, *students(1))))
    state = reverse("imports:forecast_state", args=[founded.slug, made.upload.pk, made.pk])
    page = browser.get(state, headers=HTMX).content.decode()
    assert "EASEL_PRACTICE_URL" in page
    assert rehearse_address(made) not in page
    assert browser.post(rehearse_address(made)).status_code == 404


def test_the_page_shows_no_token(waiting: Rehearsal, registrar: User, seat: Seat) -> None:
    desk.rehearse()
    assert "practice-rehearsal-" not in seat(registrar).get(page_of("rehearsal", waiting)).content.decode()
    waiting.refresh_from_db()
    assert "practice-rehearsal-" not in json.dumps(waiting.figures)
