"""Files are checked as soon as they are stored; rows are counted and the package is made meanwhile."""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports import tasks
from imports.intake import copied
from imports.models import Check, FindingGroup, Upload, UploadedCsv
from imports.services import checking, uploads
from tests.cast import Seat
from tests.imports import files

FAULTY = files.USERS + "U1,,Ona,Example,ona@example.edu,active\n"


@pytest.fixture
def browser(seat: Seat, registrar: User) -> Client:
    return seat(registrar)


def stored(canvas_account: CanvasAccount, *paths: Path) -> Upload:
    """Files that nobody has looked into."""
    return uploads.store(canvas_account=canvas_account, files=[copied(path) for path in paths], by=None)


def faulty(folder: Path) -> Path:
    return files.write(folder / "people.csv", FAULTY)


def shown(browser: Client, upload: Upload) -> str:
    return browser.get(upload.get_absolute_url()).content.decode()


def checked(upload: Upload) -> Check:
    run = checking.check_of(upload=upload)
    tasks.check_upload(run.pk)
    run.refresh_from_db()
    return run


def mixed(canvas_account: CanvasAccount, folder: Path) -> Upload:
    """Outcomes beside users, which Canvas does not take together."""
    outcomes = files.write(folder / "outcomes.csv", "vendor_guid,object_type,title\nO,outcome,One\n")
    return stored(canvas_account, faulty(folder), outcomes)


def test_a_check_is_due_as_soon_as_files_are_stored(browser: Client, canvas_account: CanvasAccount) -> None:
    address = reverse("imports:new", args=[canvas_account.slug])
    browser.post(address, {"chosen": SimpleUploadedFile("people.csv", FAULTY.encode())})
    assert Upload.objects.get().state == Upload.State.STORED
    assert checking.due_checks() == [Check.objects.get().pk]


def test_findings_are_on_the_page_before_anybody_has_looked_into_the_files(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    upload = stored(canvas_account, faulty(tmp_path))
    assert checked(upload).state == Check.State.DONE
    html = shown(browser, upload)
    assert "No login_id given for user U1" in html
    assert "people.csv" in html
    assert "Launch on" not in html


def test_what_the_files_are_is_shown_while_their_rows_are_counted(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    upload = stored(canvas_account, faulty(tmp_path))
    UploadedCsv.objects.create(file=upload.files.get(), kind="user", size=90)
    answer = browser.get(reverse("imports:upload_state", args=[canvas_account.slug, upload.pk]), {"seen": "0"})
    html = answer.content.decode()
    assert "Its rows are being counted" in html
    assert "?seen=1" in html
    assert "rows in" not in html


def test_a_look_that_was_broken_off_is_made_anew_and_leaves_nothing_twice(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    upload = stored(canvas_account, faulty(tmp_path), files.users(tmp_path, 3))
    UploadedCsv.objects.create(file=upload.files.all()[0], kind="user", size=90)
    Upload.objects.update(lease_until=timezone.now() - timedelta(seconds=1), lease_holder="somebody dead")
    assert uploads.due_uploads() == [upload]
    tasks.look_into_upload(str(upload.pk))
    assert [csv.rows for csv in UploadedCsv.objects.all()] == [1, 3]
    assert "Launch on" in shown(browser, upload)


def test_two_workers_do_not_look_into_the_same_files(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    upload = stored(canvas_account, faulty(tmp_path))
    Upload.objects.update(lease_until=timezone.now() + timedelta(seconds=9), lease_holder="another")
    uploads.look(upload=upload)
    upload.refresh_from_db()
    assert (upload.state, upload.lease_holder) == (Upload.State.STORED, "another")
    assert not UploadedCsv.objects.exists()


def test_a_check_of_what_canvas_would_refuse_as_a_whole_says_so_and_reads_nothing(
    canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    trap = tmp_path / "trap.zip"
    with zipfile.ZipFile(trap, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", files.USERS + "U1" * 10_000_000)
    run = checked(stored(canvas_account, trap))
    assert (run.state, run.bytes_all) == (Check.State.BROKEN, 0)
    assert "100 times" in run.problem


@pytest.mark.parametrize("name, word", [("people.txt", "neither a .csv nor a .zip"), ("all.zip", "not a readable ZIP")])
def test_a_check_of_a_file_that_is_none_says_why(
    canvas_account: CanvasAccount, tmp_path: Path, name: str, word: str
) -> None:
    run = checked(stored(canvas_account, files.write(tmp_path / name, FAULTY)))
    assert run.state == Check.State.BROKEN
    assert word in run.problem


def test_a_check_that_runs_ends_with_the_reason_once_its_files_turn_out_to_be_unusable(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    upload = mixed(canvas_account, tmp_path)
    run = checking.check_of(upload=upload)
    assert checking.claim(run=run)
    uploads.look(upload=upload)
    before = Check.objects.get()
    assert (before.state, before.lease_until) == (Check.State.BROKEN, None)
    assert "send it alone" in before.problem
    checking.run_check(run=run)  # the worker that had it comes to its end
    after = Check.objects.get()
    assert (after.state, after.problem) == (Check.State.BROKEN, before.problem)
    answer = browser.get(reverse("imports:check", args=[canvas_account.slug, upload.pk]))
    assert before.problem in answer.content.decode()
    assert "data-live" not in answer.content.decode().partition("Check</h2>")[0].rpartition('id="check"')[2]


def test_a_check_that_comes_after_the_end_of_its_upload_is_ended_by_the_next_worker(
    canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    upload = mixed(canvas_account, tmp_path)
    uploads.look(upload=upload)
    run = checking.check_of(upload=upload)
    assert checking.due_checks() == [run.pk]
    tasks.check_upload(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (Check.State.BROKEN, Upload.objects.get().problem)
    assert checking.due_checks() == []


def test_of_a_file_that_canvas_would_not_read_the_page_says_what_it_nearly_is(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    upload = stored(canvas_account, files.write(tmp_path / "people.csv", "user_id,first_name\nU1,Ona\n"))
    uploads.look(upload=upload)
    assert checked(upload).state == Check.State.DONE
    page = shown(browser, upload)
    assert "Nothing in here is a CSV file that Canvas would read." in page
    assert "<code>login_id</code> is missing for user." in page


def test_values_of_any_length_are_shown_by_their_beginning(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    rows = f"U1,one,Ona,Example,,{'x' * 100_000}\n"
    upload = stored(canvas_account, files.write(tmp_path / "people.csv", files.USERS + rows))
    checked(upload)
    page = shown(browser, upload)
    assert "x" * 500 in page
    assert "x" * 501 not in page


def test_of_files_that_are_no_longer_kept_no_check_is_shown(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    upload = stored(canvas_account, faulty(tmp_path))
    checked(upload)
    assert FindingGroup.objects.exists()
    Upload.objects.update(given_at=timezone.now() - timedelta(days=9))
    assert uploads.purge(older_than=timedelta(days=1)) == 1
    assert browser.get(reverse("imports:check", args=[canvas_account.slug, upload.pk])).status_code == 404
