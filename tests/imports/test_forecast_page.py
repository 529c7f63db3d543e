"""The forecast on the upload's page: for the options chosen, with the lists behind its numbers."""

import csv
import io
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount, User
from imports.known.state import opened
from imports.models import Lesson, Upload
from imports.phases import Outcome
from imports.services import knowing
from tests.cast import Seat
from tests.imports import desk, files
from tests.servers.practice import Practice

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(seat: Seat, registrar: User) -> Client:
    return seat(registrar)


@pytest.fixture
def founded(canvas_account: CanvasAccount, tmp_path: Path) -> CanvasAccount:
    """Six users that Easel has imported."""
    desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 6)))
    desk.work()
    return canvas_account


@pytest.fixture
def given(founded: CanvasAccount, tmp_path: Path) -> Upload:
    """One user renamed, one deleted, one new."""
    content = (
        "U1,user1,Ada,Family1,user1@example.edu,active\n"
        "U2,user2,Given2,Family2,user2@example.edu,deleted\n"
        "U3,user3,Given3,Family3,user3@example.edu,active\n"
        "U9,user9,=cmd(),Family9,user9@example.edu,active\n"
    )
    return desk.upload(founded, files.write(tmp_path / "changes.csv", files.USERS + content))


def address(upload: Upload) -> str:
    return reverse("imports:forecast", args=[upload.canvas_account.slug, upload.pk])


def made(browser: Client, upload: Upload, **options: str) -> str:
    """The fragment once the worker has made the forecast."""
    first = browser.post(address(upload), options, headers=HTMX)
    assert "Working out what would change" in first.content.decode()
    desk.make_forecasts()
    return browser.post(address(upload), options, headers=HTMX).content.decode()


def test_the_upload_page_asks_for_the_forecast_of_the_options_in_its_form(browser: Client, given: Upload) -> None:
    page = browser.get(given.get_absolute_url()).content.decode()
    assert f'hx-post="{address(given)}"' in page
    assert f'formaction="{address(given)}"' in page


def test_the_numbers_are_those_of_the_files_against_what_is_known(browser: Client, given: Upload) -> None:
    made(browser, given)
    line = given.forecasts.get().figures["kinds"][0]
    counts = {name: line[name] for name in ("kind", "given", "new", "changed", "unchanged", "deleted", "live")}
    assert counts == {"kind": "user", "given": 4, "new": 1, "changed": 1, "unchanged": 1, "deleted": 1, "live": 6}
    assert given.forecasts.get().figures["columns"] == [{"kind": "user", "column": "first_name", "count": 1}]


def test_other_options_have_a_forecast_of_their_own(browser: Client, given: Upload) -> None:
    made(browser, given)
    made(browser, given, skip_deletes="on")
    deleted = {bool(one.options): one.figures["kinds"][0]["deleted"] for one in given.forecasts.all()}
    assert deleted == {False: 1, True: 0}


def test_options_that_cannot_go_together_have_none(browser: Client, given: Upload) -> None:
    answer = browser.post(address(given), {"batch_mode": "on"}, headers=HTMX)
    assert "mend them" in answer.content.decode()
    assert not given.forecasts.exists()


def test_without_javascript_it_is_a_page_of_its_own(browser: Client, given: Upload) -> None:
    page = browser.post(address(given)).content.decode()
    assert "<title>" in page
    assert "Look again" in page
    desk.make_forecasts()
    again = reverse("imports:forecast_state", args=[given.canvas_account.slug, given.pk, given.forecasts.get().pk])
    assert "Forecast per kind" in browser.get(again).content.decode()


def test_a_number_leads_to_its_list_with_names_that_no_spreadsheet_runs(browser: Client, given: Upload) -> None:
    made(browser, given)
    forecast = given.forecasts.get()
    listed = reverse("imports:forecast_csv", args=[given.canvas_account.slug, given.pk, forecast.pk])
    answer = browser.get(listed, {"kind": "user", "effect": "new"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a streaming answer
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [(line["key"], line["name"]) for line in lines] == [("U9", "'=cmd() Family9")]


def test_who_may_not_read_student_data_gets_no_list(browser: Client, given: Upload, seat: Seat, viewer: User) -> None:
    made(browser, given)
    listed = reverse("imports:forecast_csv", args=[given.canvas_account.slug, given.pk, given.forecasts.get().pk])
    assert seat(viewer).get(listed).status_code == 403


def test_a_forecast_is_made_anew_once_another_import_has_changed_what_is_known(
    browser: Client, founded: CanvasAccount, given: Upload, tmp_path: Path
) -> None:
    made(browser, given)
    desk.work_until_ended(desk.launch(founded, files.users(tmp_path, 3, first=9, name="more.csv")))
    desk.work()
    made(browser, given)
    assert given.forecasts.get().figures["kinds"][0]["new"] == 0


def test_it_says_when_nothing_is_known_yet(browser: Client, canvas_account: CanvasAccount, tmp_path: Path) -> None:
    page = made(browser, desk.upload(canvas_account, files.users(tmp_path, 2)))
    assert "has not imported anything here yet" in page


def test_it_says_when_another_tool_has_imported(
    browser: Client, founded: CanvasAccount, given: Upload, practice: Practice, tmp_path: Path
) -> None:
    practice.send("users.csv", files.users(tmp_path, 2).read_bytes())
    desk.work_until(lambda: founded.runs.filter(upload=None, outcome=Outcome.IMPORTED).exists(), "the other import")
    assert "Another tool imported" in made(browser, given)


def test_it_says_when_an_earlier_import_is_still_under_way(
    browser: Client, founded: CanvasAccount, given: Upload, tmp_path: Path
) -> None:
    desk.launch(founded, files.users(tmp_path, 3, first=9, name="more.csv"))
    page = " ".join(made(browser, given).split())
    assert "1 other import has not been taken up yet; what it changes is not counted." in page
    assert "Every import that Easel has seen here is taken up" not in page


def test_rows_that_canvas_refused_are_not_taken_up(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    content = "U1,user1,A,B,,active\nU2,user1,C,D,,active\nU3,user3,E,F,,active\n"
    run = desk.launch(canvas_account, files.write(tmp_path / "users.csv", files.USERS + content))
    desk.work_until_ended(run)
    desk.work()
    assert run.warning_count == 1
    with opened(knowing.path_of(canvas_account)) as known:
        assert [known.has("user", key) for key in ("U1", "U2", "U3")] == [True, None, True]


def test_what_is_known_is_made_anew_from_the_uploads_when_its_file_is_gone(founded: CanvasAccount) -> None:
    knowing.path_of(founded).unlink()
    knowing.catch_up(canvas_account=founded)
    with opened(knowing.path_of(founded)) as known:
        assert known.live("user") == 6
    assert Lesson.objects.count() == 1
