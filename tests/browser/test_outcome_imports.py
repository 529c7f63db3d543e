"""A designer's file of outcomes with mistakes, from the drop zone to the groups in Canvas."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SAMPLES, Sit
from tests.browser.office import ADMIN, Office, give_role
from tests.browser.visitor import Visitor


@pytest.fixture
def dora(office: Office, sit: Sit, new_account: str) -> Visitor:
    """The designer."""
    if not office.easel.ask("SELECT 1 FROM accounts_user WHERE username = 'dora'"):
        office.welcome("dora", "Dora", "Designer")
    give_role(sit(ADMIN), new_account, "dora", "Designer")
    return sit("dora")


def test_a_faulty_file_is_mended_by_its_cleaned_one_and_imported(
    dora: Visitor, new_account: str, tmp_path: Path
) -> None:
    dora.drop(new_account, [SAMPLES / "outcomes" / "faulty.csv"])
    check = dora.page.locator("#check")
    expect(check).to_contain_text("Canvas would refuse")
    preview = dora.page.locator("#preview")
    expect(preview.locator(".tree-box")).to_contain_text("Names the dangers of an experiment")
    with dora.page.expect_download() as download:
        check.get_by_role("link", name="Cleaned file").click()
    cleaned = tmp_path / "cleaned.csv"
    download.value.save_as(cleaned)

    dora.drop(new_account, [cleaned])
    expect(dora.page.locator("#check")).to_contain_text("Nothing to remark")
    expect(preview.locator(".tree-box")).to_contain_text("Names the dangers of an experiment")
    expect(preview).not_to_contain_text("refused")
    dora.launch()

    dora.see_it("Imported")
    dora.page.locator("#status").get_by_role("link", name="Safety").click()
    expect(dora.page.locator("#tree .outcome-line")).to_contain_text("Names the dangers of an experiment")


def test_what_canvas_refuses_is_told_row_by_row(dora: Visitor, new_account: str) -> None:
    dora.drop(new_account, [SAMPLES / "outcomes" / "faulty.csv"])
    expect(dora.page.locator("#preview .tree-box")).to_be_visible()
    dora.launch()
    dora.see_it("Imported with messages")
    expect(dora.page.locator("#messages")).to_contain_text("LAB-SAFTEY")
