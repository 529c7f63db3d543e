"""An upload is rehearsed beside its forecast, on the page where it is launched."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.servers.practice import Practice


def test_files_are_rehearsed_and_both_columns_seen(
    rhea: Visitor, new_account: str, practice: Practice, faulty: list[Path]
) -> None:
    rhea.prepare(new_account, faulty)
    rhea.remember()
    rhea.press("Rehearse")
    rehearsal = rhea.page.locator("#rehearsal")
    expect(rehearsal).to_contain_text("numbers differ from the forecast")
    line = rehearsal.locator("tr", has_text="Terms rows applied")
    expect(line.locator("td")).to_have_text(["2", "1", "1 refused"])
    expect(rehearsal.locator("tr", has_text="Terms created")).to_contain_text("the same")
    rehearsal.locator("summary", has_text="No login_id given for user").click()
    expect(rehearsal).to_contain_text("users.csv, row")
    with rhea.page.expect_download() as download:
        rehearsal.get_by_role("link", name="All of them as CSV").click()
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) >= 18
    expect(rehearsal.get_by_role("button", name="Rehearse again")).to_be_visible()
    assert rhea.stays
    assert practice.sis_imports() == []
