"""From files to a launch, as a person goes."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import CanvasAccount, User
from imports.models import ImportRun, Upload, Watch
from imports.phases import Phase
from imports.services import uploads
from tests.cast import Seat
from tests.imports import files, rows

TERMS = [{"id": 7, "name": "Spring", "sis_term_id": "S27"}]
USERS = (files.USERS + "U1,user1,Ada,Example,ada@example.edu,active\n").encode()


@pytest.fixture
def browser(seat: Seat, registrar: User) -> Client:
    return seat(registrar)


@pytest.fixture
def ready(canvas_account: CanvasAccount, registrar: User) -> Upload:
    Watch.objects.create(canvas_account=canvas_account, terms=TERMS)
    return rows.upload(canvas_account, registrar, users=3, courses=2)


def give(browser: Client, canvas_account: CanvasAccount, *given: tuple[str, bytes]) -> Any:
    chosen = [SimpleUploadedFile(name, content) for name, content in given]
    return browser.post(reverse("imports:new", args=[canvas_account.slug]), {"chosen": chosen})


def launch(browser: Client, upload: Upload, **options: str) -> Any:
    return browser.post(upload.get_absolute_url(), {"once_key": "k1", **options})


def page(answer: Any) -> str:
    html: str = answer.content.decode()
    return html


def test_what_is_given_is_kept_with_its_hash_before_anything_else(
    browser: Client, canvas_account: CanvasAccount, registrar: User
) -> None:
    answer = give(browser, canvas_account, ("users.csv", USERS), ("more.csv", USERS))
    upload = Upload.objects.get()
    assert answer.headers["Location"] == upload.get_absolute_url()
    assert upload.given_by == registrar
    assert [file.sha256 for file in upload.files.all()] == [hashlib.sha256(USERS).hexdigest()] * 2
    assert [file.path.read_bytes() for file in upload.files.all()] == [USERS, USERS]


def test_without_a_file_the_page_says_what_to_do(browser: Client, canvas_account: CanvasAccount) -> None:
    answer = give(browser, canvas_account)
    assert answer.status_code == 422
    assert "Choose at least one file." in page(answer)


def test_of_more_than_the_limit_nothing_is_kept_not_even_the_files_before_it(
    browser: Client, canvas_account: CanvasAccount, settings: Settings, tmp_path: Path
) -> None:
    settings.UPLOAD_LIMIT = 1024 * 1024
    settings.UPLOAD_DIR = settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    answer = give(browser, canvas_account, ("users.csv", USERS), ("large.csv", b"x" * 3 * 1024 * 1024))
    assert answer.status_code == 422
    assert "more than the 1.0\N{NO-BREAK SPACE}MB" in page(answer)
    assert not Upload.objects.exists()
    answer.close()
    assert list(tmp_path.iterdir()) == []


def test_what_a_stranger_sends_to_an_open_page_is_not_stored(db: None) -> None:
    answer = Client().post(reverse("accounts:login"), {"chosen": SimpleUploadedFile("large.csv", USERS)})
    assert answer.status_code == 200
    assert not answer.wsgi_request.FILES


def test_an_empty_file_is_kept_and_explained_like_any_other(browser: Client, canvas_account: CanvasAccount) -> None:
    give(browser, canvas_account, ("users.csv", b""))
    upload = Upload.objects.get()
    uploads.look(upload=upload)
    assert "Empty" in page(browser.get(upload.get_absolute_url()))


def test_while_the_files_are_looked_into_the_page_asks_and_hears_nothing_new(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    give(browser, canvas_account, ("users.csv", USERS))
    upload = Upload.objects.get()
    address = reverse("imports:upload_state", args=[canvas_account.slug, upload.pk])
    assert f"{address}?seen=0" in page(browser.get(upload.get_absolute_url()))
    assert browser.get(address, {"seen": "0"}).status_code == 204


def test_as_soon_as_they_are_known_the_page_grows_by_files_and_options(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    give(browser, canvas_account, ("people.csv", USERS))
    upload = Upload.objects.get()
    uploads.look(upload=upload)
    asked = reverse("imports:upload_state", args=[canvas_account.slug, upload.pk])
    html = page(browser.get(asked))
    assert "people.csv" in html
    assert "Holds" in html
    assert "Launch on Example University" in html
    assert asked not in html


def test_what_cannot_be_sent_says_why_and_offers_no_launch(browser: Client, canvas_account: CanvasAccount) -> None:
    give(browser, canvas_account, ("users.txt", USERS))
    upload = Upload.objects.get()
    uploads.look(upload=upload)
    html = page(browser.get(upload.get_absolute_url()))
    assert "neither a .csv nor a .zip" in html
    assert "Launch on" not in html


def test_a_launch_without_options_sends_none(browser: Client, ready: Upload, registrar: User) -> None:
    answer = launch(browser, ready)
    run = ImportRun.objects.get()
    assert answer.headers["Location"] == run.get_absolute_url()
    assert (run.phase, run.options, run.launched_by, run.via) == (Phase.CHECKING, {}, registrar, "page")


def test_a_double_click_launches_once(browser: Client, ready: Upload) -> None:
    first, second = launch(browser, ready), launch(browser, ready)
    assert first.headers["Location"] == second.headers["Location"]
    assert ImportRun.objects.count() == 1


def test_options_are_kept_as_canvas_names_them(browser: Client, ready: Upload) -> None:
    launch(browser, ready, override_sis_stickiness="on", diffing_data_set_identifier="feed", change_threshold="10")
    assert ImportRun.objects.get().options == {
        "override_sis_stickiness": True,
        "diffing_data_set_identifier": "feed",
        "change_threshold": 10,
    }


def test_options_that_canvas_would_drop_are_refused_beside_their_field(browser: Client, ready: Upload) -> None:
    answer = launch(browser, ready, add_sis_stickiness="on")
    assert answer.status_code == 422
    assert "only together with overriding" in page(answer)
    assert 'id="id_add_sis_stickiness_error"' in page(answer)
    assert not ImportRun.objects.exists()


def test_no_term_is_chosen_for_anybody(browser: Client, ready: Upload) -> None:
    html = page(browser.get(ready.get_absolute_url()))
    assert "Spring (S27)" in html
    assert '<option value="7">' in html


def test_dangerous_options_are_out_of_sight_until_they_are_wanted(browser: Client, ready: Upload) -> None:
    html = page(browser.get(ready.get_absolute_url()))
    before_batch = html.split("Full batch for one term")[0]
    assert before_batch.count('<details class="options" open>') == 1
    assert "open" not in before_batch.rsplit("<details", 1)[1].split(">")[0]


def test_a_full_batch_needs_a_second_look_that_names_the_term_and_the_missing_limit(
    browser: Client, ready: Upload
) -> None:
    answer = launch(browser, ready, batch_mode="on", batch_mode_term_id="7")
    assert not ImportRun.objects.exists()
    assert "every course of Spring (S27)" in page(answer)
    assert "No limit in percent is set" in page(answer)


def test_after_the_second_look_the_full_batch_is_launched(browser: Client, ready: Upload) -> None:
    launch(browser, ready, batch_mode="True", batch_mode_term_id="7", confirmed="yes")
    assert ImportRun.objects.get().options == {"batch_mode": True, "batch_mode_term_id": "7"}


def test_from_the_second_look_one_can_go_back_to_the_options_as_they_were(browser: Client, ready: Upload) -> None:
    answer = launch(browser, ready, batch_mode="True", batch_mode_term_id="7", change="yes")
    assert not ImportRun.objects.exists()
    assert '<option value="7" selected>' in page(answer)


def test_a_term_that_canvas_does_not_have_is_refused(browser: Client, ready: Upload) -> None:
    assert launch(browser, ready, batch_mode="on", batch_mode_term_id="8", confirmed="yes").status_code == 422
    assert not ImportRun.objects.exists()


def test_what_is_still_looked_into_cannot_be_launched(browser: Client, canvas_account: CanvasAccount) -> None:
    give(browser, canvas_account, ("users.csv", USERS))
    answer = launch(browser, Upload.objects.get())
    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


def test_a_given_file_comes_back_byte_for_byte_and_is_never_shown_in_the_browser(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    content = b"<script>alert(1)</script>"
    give(browser, canvas_account, ("page.html", content))
    file = Upload.objects.get().files.get()
    answer = browser.get(reverse("imports:uploaded_file", args=[canvas_account.slug, file.upload_id, file.pk]))
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]  # a FileResponse
    assert answer.headers["Content-Disposition"] == 'attachment; filename="page.html"'
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_a_viewer_gets_no_file(seat: Seat, viewer: User, ready: Upload) -> None:
    address = reverse("imports:uploaded_file", args=[ready.canvas_account.slug, ready.pk, ready.files.all()[0].pk])
    assert seat(viewer).get(address).status_code == 403


@pytest.mark.parametrize("name", ["clean", "faulty"])
def test_the_samples_are_offered_as_archives_that_the_desk_takes(
    browser: Client, canvas_account: CanvasAccount, name: str
) -> None:
    address = reverse("imports:sample", args=[canvas_account.slug, name])
    assert address in page(browser.get(reverse("imports:new", args=[canvas_account.slug])))
    with zipfile.ZipFile(io.BytesIO(browser.get(address).content)) as archive:
        assert "users.csv" in archive.namelist()


def test_no_other_folder_can_be_had_as_a_sample(browser: Client, canvas_account: CanvasAccount) -> None:
    assert browser.get(reverse("imports:sample", args=[canvas_account.slug, "outcomes"])).status_code == 404
