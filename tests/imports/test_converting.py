"""Files that are not UTF-8: said, and converted in a click."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount, User
from imports.models import Upload, UploadedCsv
from imports.phases import Outcome
from imports.services import uploads
from tests.cast import Seat
from tests.imports import desk, files

TEXT = files.USERS + "U1,bela,Béla,Kovács,bela@example.edu,active\nU2,zoe,Zoë,Müller,zoe@example.edu,active\n"
TERMS = "term_id,name,status\nT1,Fall,active\n"
CODECS = {
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 without a mark",
    "utf-16-be": "UTF-16 without a mark, big end first",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
}


@pytest.fixture
def browser(seat: Seat, registrar: User) -> Client:
    return seat(registrar)


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    return files.write(tmp_path / "terms.csv", TERMS)


def users(folder: Path, codec: str = "cp1252", text: str = TEXT) -> Path:
    return files.write(folder / "users.csv", text.encode(codec))


def zipped(path: Path, **contents: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            package.writestr(f"sis/{name}.csv", content)
    return path


def page(browser: Client, given: Upload) -> str:
    return browser.get(given.get_absolute_url()).content.decode()


def convertible(given: Upload) -> UploadedCsv:
    return UploadedCsv.objects.exclude(encoding="").get(file__upload=given)


def address(given: Upload, name: str) -> str:
    return reverse(f"imports:{name}", args=[given.canvas_account.slug, given.pk, convertible(given).pk])


def use(browser: Client, given: Upload) -> Upload:
    """The upload whose page follows."""
    answer = browser.post(address(given, "use_converted"))
    following = Upload.objects.exclude(pk=given.pk).get()
    assert answer.headers["Location"] == following.get_absolute_url()
    uploads.look(upload=following)
    following.refresh_from_db()
    return following


@pytest.mark.parametrize("codec", CODECS)
def test_what_the_file_seems_to_be_is_said_and_the_converted_file_is_offered(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path, codec: str
) -> None:
    given = desk.upload(canvas_account, users(tmp_path, codec))

    shown = page(browser, given)

    assert f"This seems to be {CODECS[codec]}." in shown
    assert "Use the converted file instead" in shown
    download: Any = browser.get(address(given, "converted_csv"))
    assert download.getvalue().decode().removeprefix("\ufeff") == TEXT
    assert download.headers["Content-Disposition"] == 'attachment; filename="users.csv"'


def test_a_click_makes_an_upload_with_the_converted_file_and_the_others_as_they_were(
    browser: Client, canvas_account: CanvasAccount, registrar: User, tmp_path: Path, terms: Path
) -> None:
    given = desk.upload(canvas_account, terms, users(tmp_path))
    before = {file.name: file.path.read_bytes() for file in given.files.all()}

    following = use(browser, given)

    kept = {file.name: file.path.read_bytes() for file in following.files.all()}
    assert kept == {"terms.csv": TERMS.encode(), "users.csv": TEXT.encode()}
    assert {file.name: file.path.read_bytes() for file in given.files.all()} == before
    assert (following.state, following.given_by) == (Upload.State.READY, registrar)


def test_a_file_inside_a_zip_is_converted_in_its_place(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    package = zipped(tmp_path / "all.zip", terms=TERMS.encode(), users=TEXT.encode("utf-16"))

    following = use(browser, desk.upload(canvas_account, package))

    with zipfile.ZipFile(following.package_path) as archive:
        held = {name: archive.read(name).decode().removeprefix("\ufeff") for name in archive.namelist()}
    assert held == {"sis/terms.csv": TERMS, "sis/users.csv": TEXT}
    assert [csv.kind for csv in UploadedCsv.objects.filter(file__upload=following)] == ["term", "user"]


def test_the_converted_file_is_taken_by_canvas(browser: Client, canvas_account: CanvasAccount, tmp_path: Path) -> None:
    following = use(browser, desk.upload(canvas_account, users(tmp_path)))

    with io.BytesIO() as package:
        package.write(following.package_path.read_bytes())
        converted = files.write(tmp_path / "converted.csv", package.getvalue())
    run = desk.work_until_ended(desk.launch(canvas_account, converted))

    assert (run.outcome, run.row_counts) == (Outcome.IMPORTED, {"users": 2})


def test_a_foreign_letter_far_behind_the_beginning_is_found(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    plain = "".join(f"P{number},login{number},,,,active\n" for number in range(250_000))

    given = desk.upload(canvas_account, users(tmp_path, text=files.USERS + plain + "U1,bela,Béla,Kovács,,active\n"))

    assert convertible(given).encoding == "cp1252"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode() * 9 + b"U3,x,\xff,,,active\n",
        TEXT.encode("cp1252") + b"U3,\x81\x8d,,,,active\n",
        b"no,such,headers\n1,2,3\n",
        b"",
    ],
    ids=["well", "stray-byte", "no-encoding", "no-kind", "empty"],
)
def test_nothing_is_offered_for_what_is_utf_8_or_nothing_that_is_known(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path, content: bytes
) -> None:
    given = desk.upload(canvas_account, files.write(tmp_path / "users.csv", content))

    assert "Use the converted file" not in page(browser, given)


def test_files_that_are_gone_cannot_be_converted(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path, terms: Path
) -> None:
    given = desk.upload(canvas_account, terms, users(tmp_path))
    given.files.get(name="users.csv").path.unlink()

    answer = browser.post(address(given, "use_converted"), follow=True)

    assert "saved as “CSV UTF-8”" in answer.content.decode()
    assert Upload.objects.count() == 1
    assert browser.get(address(given, "converted_csv")).status_code == 404
    assert not list(given.folder.parent.glob("incoming-*"))


def test_a_viewer_gets_neither_file_nor_upload(
    canvas_account: CanvasAccount, viewer: User, seat: Seat, tmp_path: Path
) -> None:
    given = desk.upload(canvas_account, users(tmp_path))

    assert seat(viewer).get(address(given, "converted_csv")).status_code == 403
    assert seat(viewer).post(address(given, "use_converted")).status_code == 403
