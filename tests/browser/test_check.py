"""What is wrong with files is shown while they are read, and what is left when that is taken out goes through."""

from pathlib import Path

from playwright.sync_api import expect

from dashboard.demo import UNIVERSITY
from tests.browser.conftest import Sit
from tests.browser.office import Office
from tests.browser.visitor import Visitor
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

CHOOSE = "(box, on) => { box.checked = on; box.dispatchEvent(new Event('change', { bubbles: true })); }"
NAMES = "user_id,login_id,full_name,status\nU1,bela,Béla Kovács,active\nU2,zoe,Zoë Müller,active\n"


def learn(rhea: Visitor, office: Office, account: str, clean: list[Path]) -> None:
    """An import of ours by which Easel knows what the account holds."""
    rhea.send(account, clean)
    rhea.see_it("Imported")
    number = rhea.path.rstrip("/").rpartition("/")[2]
    taken_up = "SELECT run_id FROM imports_lesson"
    wait_for(lambda: (int(number),) in office.easel.ask(taken_up), what="the import to be taken up")


def test_the_faulty_sample_is_cleaned_and_then_imported_without_a_message(
    rhea: Visitor, office: Office, practice: Practice, new_account: str, clean: list[Path], faulty: list[Path]
) -> None:
    practice.control("POST", "seed", UNIVERSITY)
    learn(rhea, office, new_account, clean)
    rhea.drop(new_account, faulty)
    rhea.remember()
    check = rhea.page.locator("#check")
    expect(check.locator("details.finding").first).to_be_visible()
    expect(check).to_contain_text("Canvas would refuse 15 rows")
    expect(check).to_contain_text("2 of them without a cell that it cannot read")
    expect(check).not_to_contain_text("Canvas may have messages")
    assert rhea.stays
    with rhea.page.expect_download() as download:
        check.get_by_role("link", name="Cleaned files").click()
    cleaned = download.value.path().with_name("cleaned.zip")
    download.value.save_as(cleaned)
    rhea.send(new_account, [cleaned])
    rhea.see_it("Imported")
    expect(rhea.page.locator("#messages")).to_contain_text("Canvas has nothing to remark")


def test_the_check_follows_the_options_that_change_it(rhea: Visitor, account: str, tmp_path: Path) -> None:
    people = tmp_path / "users.csv"
    people.write_text("user_id,login_id,status\nA,ada,active\nB,ada,active\n", encoding="utf-8")
    rhea.drop(account, [people])
    check = rhea.page.locator("#check")
    expect(check).to_contain_text("Canvas would refuse 1 row")
    option = rhea.page.locator("[name=update_sis_id_if_login_claimed]")
    option.evaluate("element => element.closest('details').open = true")
    option.check()
    expect(check).not_to_contain_text("Canvas would refuse")
    option.uncheck()
    expect(check).to_contain_text("Canvas would refuse 1 row")


def test_a_file_that_is_not_utf_8_is_converted_and_imported_without_javascript(
    sit: Sit, account: str, tmp_path: Path
) -> None:
    people = tmp_path / "users.csv"
    people.write_bytes(NAMES.encode("cp1252"))
    rhea = sit("rhea", java_script_enabled=False)
    rhea.choose(account, [people])
    rhea.press("Look into these files")
    use = rhea.page.get_by_role("button", name="Use the converted file instead")
    rhea.reload_until(use.is_visible, "the encoding to be named")
    expect(rhea.page.locator("#upload")).to_contain_text("This seems to be Windows-1252")
    with rhea.page.expect_download() as download:
        rhea.page.get_by_role("link", name="users.csv as UTF-8").click()
    assert download.value.path().read_text(encoding="utf-8") == NAMES
    use.click()
    launch = rhea.page.locator(".launch-bar button")
    rhea.reload_until(launch.is_visible, "the converted file to be looked into")
    launch.click()
    expect(rhea.badge).to_be_visible()
    rhea.reload_until(lambda: rhea.badge.inner_text() == "Imported", "the import to end")


def test_what_somebody_has_opened_stays_open_with_its_lines_when_the_findings_come_anew(
    rhea: Visitor, account: str, tmp_path: Path
) -> None:
    people = tmp_path / "users.csv"
    people.write_text("user_id,login_id,status\nU1,ada,\nU2,bob,active\n", encoding="utf-8")
    rhea.prepare(account, [people])
    finding = rhea.page.locator("details.finding")
    summary = finding.locator("summary")
    summary.click()
    choose(rhea, skip_deletes=True)
    expect(finding).to_have_attribute("open", "")
    finding.get_by_role("link", name="2", exact=True).click()
    expect(finding.locator(".lines")).to_contain_text("U1,ada,")
    summary.focus()
    choose(rhea, skip_deletes=False)
    expect(finding).to_have_attribute("open", "")
    expect(finding.locator(".lines")).to_contain_text("U1,ada,")
    expect(summary).to_be_focused()


def choose(rhea: Visitor, *, skip_deletes: bool) -> None:
    """As a click does it, but the focus stays where it is. Waits for the findings under this option."""
    box = rhea.page.locator("[name=skip_deletes]")
    with rhea.page.expect_response(lambda answer: "/check/" in answer.url and answer.status == 200):
        box.evaluate(CHOOSE, skip_deletes)
    expect(rhea.page.locator("#check:not([data-live]) details.finding")).to_be_visible()
