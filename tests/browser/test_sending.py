"""Files are dropped, launched and watched to their end."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.visitor import Visitor, tab_to
from tests.samples.test_sample_sets import table_rows
from tests.servers.easel import PASSWORD
from tests.servers.practice import Practice

ROWS = {"accounts": "6", "terms": "2", "courses": "8", "sections": "10", "users": "46", "enrollments": "132"}


def test_the_clean_sample_is_recognised_launched_and_watched_to_its_end(
    sit: Sit, slow_account: str, slow_practice: Practice, clean: list[Path]
) -> None:
    rhea = sit()
    rhea.sign_in("rhea", PASSWORD)
    rhea.drop(slow_account, clean)
    expect(rhea.lines("Files")).to_have_count(len(clean))
    recognised = {f"{kind}s": rows for kind, rows, *_ in rhea.figures("Files").values()}
    assert recognised == ROWS
    assert slow_practice.sis_imports() == []
    rhea.launch()
    rhea.remember()
    rhea.see_it("Imported")
    counted = {kind.lower(): rows for kind, [rows] in rhea.figures("Rows per kind").items()}
    assert counted == ROWS
    expect(rhea.page.locator("#messages")).to_contain_text("Canvas has nothing to remark")
    assert rhea.stays


def test_an_import_goes_on_while_nobody_looks(rhea: Visitor, slow_account: str, clean: list[Path]) -> None:
    rhea.send(slow_account, clean)
    address = rhea.page.url
    rhea.page.goto("about:blank")
    rhea.page.goto(address)
    rhea.see_it("Imported")


def test_every_planted_mistake_of_the_faulty_sample_is_in_the_table(
    rhea: Visitor, account: str, faulty: list[Path]
) -> None:
    rhea.send(account, faulty)
    rhea.see_it("Imported with messages")
    planted = table_rows("## `faulty/`")
    expect(rhea.lines("Messages")).to_have_count(len(planted))
    shown = [line.locator("td").all_inner_texts() for line in rhea.lines("Messages").all()]
    found = {(file, row, text.splitlines()[0].strip()) for _, file, row, text in shown}
    assert found == {(file, row, said) for file, row, _, said in planted}


def test_messages_are_filtered_searched_and_downloaded(rhea: Visitor, account: str, faulty: list[Path]) -> None:
    rhea.send(account, faulty)
    rhea.see_it("Imported with messages")
    lines, form = rhea.lines("Messages"), rhea.page.locator("#messages form")
    expect(lines).to_have_count(17)
    form.get_by_label("File").select_option("enrollments.csv")
    expect(lines).to_have_count(6)
    expect(rhea.page).to_have_url(re.compile("file=enrollments.csv"))
    form.get_by_label("Severity").select_option("error")
    expect(rhea.page.locator("#messages")).to_contain_text("No message fits")
    form.get_by_label("Severity").select_option("warning")
    expect(lines).to_have_count(6)
    form.get_by_label("Containing").fill("pupil")
    form.get_by_label("Containing").press("Enter")
    expect(lines).to_have_count(1)
    with rhea.page.expect_download() as download:
        rhea.page.locator("#messages").get_by_role("link", name="CSV").click()
    downloaded = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(downloaded) == 2
    assert 'Improper role ""pupil"" for an enrollment' in downloaded[1]


def test_an_import_is_launched_by_keyboard_alone(sit: Sit, account: str, clean: list[Path]) -> None:
    rhea = sit()
    page, keys = rhea.page, rhea.page.keyboard
    rhea.open(f"/login/?next=/c/{account}/imports/")
    tab_to(page, page.get_by_label("User name"))
    keys.type("rhea")
    tab_to(page, page.get_by_label("Password"))
    keys.type(PASSWORD)
    keys.press("Enter")
    start = page.get_by_role("main").get_by_role("link", name="New import").first
    expect(start).to_be_visible()
    tab_to(page, start)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="New import")).to_be_visible()
    tab_to(page, page.locator("input[type=file]"))
    with page.expect_file_chooser() as chooser:
        keys.press("Space")
    chooser.value.set_files(clean)
    launch = page.locator(".launch-bar button")
    expect(launch).to_be_visible()
    tab_to(page, launch)
    keys.press("Enter")
    rhea.see_it("Imported")


def test_an_import_is_launched_and_read_without_javascript(sit: Sit, account: str, clean: list[Path]) -> None:
    rhea = sit(java_script_enabled=False)
    rhea.sign_in("rhea", PASSWORD)
    rhea.choose(account, clean)
    rhea.press("Look into these files")
    launch = rhea.page.locator(".launch-bar button")
    rhea.reload_until(launch.is_visible, "the files to be looked into")
    launch.click()
    expect(rhea.badge).to_be_visible()
    rhea.reload_until(lambda: rhea.badge.inner_text() == "Imported", "the import to end")
    assert rhea.figures("Rows per kind")["Enrollments"] == ["132"]
    rhea.follow("Messages")
    expect(rhea.page.locator("#messages")).to_contain_text("Canvas has nothing to remark")
