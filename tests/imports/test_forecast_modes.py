"""Forecasts of full batches and data sets, from the files given to what Canvas then does."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount, User
from imports.known.state import opened
from imports.models import Forecast, ImportRun
from imports.services import holding, knowing
from tests.cast import Seat
from tests.imports import desk, files

COUNT = 12
TERM = "term_id,name,status\nfall,Fall,active\n"
DATA_SET = {"diffing_data_set_identifier": "nightly"}


@pytest.fixture
def browser(seat: Seat, registrar: User) -> Client:
    return seat(registrar)


def enrollments(folder: Path, people: int) -> Path:
    rows = "".join(f"C1,U{number},student,active\n" for number in range(1, people + 1))
    return files.write(folder / "enrollments.csv", files.ENROLLMENTS + rows)


@pytest.fixture
def founded(canvas_account: CanvasAccount, tmp_path: Path) -> CanvasAccount:
    """Twelve people in one course of the fall."""
    term = files.write(tmp_path / "terms.csv", TERM)
    course = files.write(tmp_path / "courses.csv", files.COURSES + "C1,Bio,Biology,fall,active\n")
    people = files.users(tmp_path, COUNT)
    desk.work_until_ended(desk.launch(canvas_account, term, course, people, enrollments(tmp_path, COUNT)))
    desk.work()
    return canvas_account


def fall(account: CanvasAccount) -> str:
    """Canvas's id of the term, as the options of the page have it."""
    return next(str(term["id"]) for term in account.watch.terms if term["sis_term_id"] == "fall")


def forecast_of(run: ImportRun) -> Forecast:
    assert run.upload
    return run.upload.forecasts.get()


def test_a_full_batch_names_who_loses_which_course(
    browser: Client, founded: CanvasAccount, registrar: User, tmp_path: Path
) -> None:
    upload = desk.upload(founded, enrollments(tmp_path, 9), by=registrar)
    options = {"batch_mode": "on", "batch_mode_term_id": fall(founded), "change_threshold": "20"}
    address = reverse("imports:forecast", args=[founded.slug, upload.pk])
    browser.post(address, options, headers={"HX-Request": "true"})
    desk.make_forecasts()
    page = " ".join(browser.post(address, options, headers={"HX-Request": "true"}).content.decode().split())
    assert "The full batch would remove <b>3</b> of 12 enrollments (25.0 %); the limit is 20 %." in page
    assert "The limit stops Canvas before it removes anything" in page

    del options["change_threshold"]
    browser.post(address, options, headers={"HX-Request": "true"})
    desk.make_forecasts()
    page = " ".join(browser.post(address, options, headers={"HX-Request": "true"}).content.decode().split())
    assert "3 people lose a place in 1 course" in page
    assert "Biology" in page


def test_the_limit_of_a_full_batch_lets_a_launch_through_that_canvas_stops_with_its_rows_applied(
    founded: CanvasAccount, registrar: User, tmp_path: Path
) -> None:
    options = {"batch_mode": "on", "batch_mode_term_id": fall(founded), "change_threshold": 20}
    left = "C1,U1,student,deleted\n" + "".join(f"C1,U{number},student,active\n" for number in range(2, 9))
    half = files.write(tmp_path / "enrollments.csv", files.ENROLLMENTS + left)
    run = desk.work_until_ended(desk.launch(founded, half, by=registrar, options=options))
    assert forecast_of(run).figures["clean_up"]["stopped_by"] == "enrollment"
    assert run.outcome == "aborted"
    desk.work()
    assert knowing.knowledge_of(founded).is_complete
    with opened(knowing.path_of(founded)) as known:
        assert known.live("enrollment") == COUNT - 1


def test_a_data_set_is_compared_with_the_upload_that_canvas_compares_it_with(
    founded: CanvasAccount, registrar: User, tmp_path: Path
) -> None:
    for people in (12, 10, 11):
        run = desk.launch(founded, enrollments(tmp_path, people), by=registrar, options=DATA_SET)
        desk.work_until_ended(run)
        desk.work()
        told = forecast_of(run).figures["statistics"].get("Enrollment", {})
        done = {field: count for field, count in run.statistics["Enrollment"].items() if count}
        assert told == done
    assert forecast_of(run).figures["difference"]["rows"] == 1


def test_an_upload_that_canvas_applied_whole_is_compared_with_by_no_later_one(
    founded: CanvasAccount, tmp_path: Path
) -> None:
    first = desk.work_until_ended(desk.launch(founded, enrollments(tmp_path, 12), options=DATA_SET))
    options = DATA_SET | {"change_threshold": 10}
    desk.work_until_ended(desk.launch(founded, enrollments(tmp_path, 3), options=options))
    desk.work()
    third = desk.launch(founded, enrollments(tmp_path, 11), options=DATA_SET)
    assert forecast_of(third).figures["difference"] == {"base": str(first), "rows": 1, "is_whole": False}


def test_an_approver_sees_the_forecast_beside_the_reasons(
    founded: CanvasAccount, registrar: User, admin: User, seat: Seat, tmp_path: Path
) -> None:
    options = {"batch_mode": "on", "batch_mode_term_id": fall(founded)}
    run = desk.launch(founded, enrollments(tmp_path, 0), by=registrar, options=options)
    page = " ".join(seat(admin).get(reverse("imports:hold", args=[founded.slug, run.pk])).content.decode().split())
    assert "A file of enrollments without rows in a full batch removes all of them" in page
    assert "12 people lose a place in 1 course" in page
    holding.approve(run=run, by=admin, reason="The term is over.")
    desk.work_until_ended(run)
    assert run.removed_counts == {"batch_enrollments_deleted": 12}
