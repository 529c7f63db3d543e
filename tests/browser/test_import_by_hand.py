"""From files to a final state, stopped and undone, as a person clicks."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from imports.samples import University, write_folder
from tests.browser.conftest import sign_in
from tests.servers.easel import Easel
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

SAMPLES = Path(__file__).parents[2] / "samples"
CLEAN = sorted((SAMPLES / "clean").glob("*.csv"))
FAULTY = sorted((SAMPLES / "faulty").glob("*.csv"))


@pytest.fixture
def large(tmp_path: Path) -> list[Path]:
    """Files of 800 rows: eight seconds of work for this Canvas."""
    return write_folder(University(70), tmp_path)


def look_into(page: Page, account: str, files: list[Path]) -> None:
    page.goto(f"/c/{account}/imports/new/")
    page.locator("input[type=file]").set_input_files(files)


def launch(page: Page, account: str, files: list[Path]) -> None:
    """Chooses files, launches them, and ends on the page of the import."""
    look_into(page, account, files)
    page.get_by_role("button", name=f"Launch on {account}").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))


def badge(page: Page, text: str) -> None:
    expect(page.locator("#status h1")).to_contain_text(text, timeout=30_000)


def test_each_file_is_recognised_before_anything_is_sent(page: Page, account: str, site: Practice) -> None:
    look_into(page, account, CLEAN)
    table = page.get_by_role("region", name="Files")
    expect(table.get_by_role("row")).to_have_count(1 + len(CLEAN))
    expect(table.get_by_role("row", name="enrollments.csv")).to_contain_text("132")
    assert site.sis_imports() == []


def test_an_import_is_watched_to_its_end_without_loading_the_page_again(page: Page, account: str) -> None:
    launch(page, account, CLEAN)
    page.evaluate("window.untouched = true")
    badge(page, "Imported")
    expect(page.locator("#status")).to_contain_text("204")
    assert page.evaluate("window.untouched") is True


def test_an_import_goes_on_while_nobody_looks(page: Page, account: str) -> None:
    launch(page, account, CLEAN)
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    badge(page, "Imported")


def test_every_message_can_be_read_searched_and_downloaded(page: Page, account: str) -> None:
    launch(page, account, FAULTY)
    badge(page, "Imported with messages")
    rows = page.get_by_role("region", name="Messages").locator("tbody tr")
    expect(rows).to_have_count(17)
    page.locator("#messages input[type=search], #messages input[type=text]").first.fill("pupil")
    page.get_by_role("button", name="Filter").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text('Improper role "pupil" for an enrollment')
    with page.expect_download() as download:
        page.locator("#messages").get_by_role("link", name="CSV").click()
    assert "pupil" in download.value.path().read_text(encoding="utf-8-sig")


def test_a_running_import_is_aborted(page: Page, account: str, site: Practice, large: list[Path]) -> None:
    launch(page, account, large)
    badge(page, "Importing")
    page.get_by_role("link", name="Abort").click()
    page.get_by_role("button", name="Abort import").click()
    badge(page, "Aborted")
    assert [found["workflow_state"] for found in site.sis_imports()] == ["aborted"]


@pytest.mark.parametrize(
    "mode,ends",
    [
        ("Everything", "Restored"),
        ("Only what it deleted", "Partly restored"),
        ("Only what it concluded", "Partly restored"),
        ("Only what the full batch removed", "Partly restored"),
    ],
)
def test_a_finished_import_is_restored(page: Page, account: str, mode: str, ends: str) -> None:
    launch(page, account, FAULTY)
    badge(page, "Imported with messages")
    page.get_by_role("link", name="Restore").click()
    page.get_by_text(mode, exact=True).click()
    page.get_by_role("button", name="Restore import").click()
    badge(page, ends)


def test_what_another_tool_sends_appears_in_the_open_history(page: Page, account: str, site: Practice) -> None:
    page.goto(f"/c/{account}/imports/")
    page.evaluate("window.untouched = true")
    site.send("nightly.csv", CLEAN[0].read_bytes())
    expect(page.locator("#runs tr")).to_have_count(1, timeout=10_000)
    expect(page.locator("#runs tr")).to_contain_text("Imported")
    assert page.evaluate("window.untouched") is True


def test_the_desk_works_without_scripts(browser: Browser, easel: Easel, account: str) -> None:
    with browser.new_context(base_url=easel.address, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page)
        look_into(page, account, CLEAN)
        page.get_by_role("button", name="Look into these files").click()
        launches = page.get_by_role("button", name=f"Launch on {account}")
        wait_for(lambda: page.reload() and launches.is_visible(), what="the files to be looked into")
        launches.click()
        heading = page.locator("#status h1")
        wait_for(lambda: page.reload() and "Imported" in heading.inner_text(), what="the import to end")
