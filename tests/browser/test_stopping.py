"""Imports are stopped: the one that runs, and those that wait."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from imports.samples import University, write_folder, write_zip
from tests.browser.visitor import Visitor
from tests.servers.practice import Practice
from tests.servers.processes import wait_for


@pytest.fixture
def large() -> University:
    """More than half a minute of work for a slow Canvas."""
    return University(300)


def test_a_running_import_moves_on_the_page_and_is_aborted(
    rhea: Visitor, slow_account: str, slow_practice: Practice, large: University, tmp_path: Path
) -> None:
    rhea.send(slow_account, write_folder(large, tmp_path))
    rhea.remember()
    rhea.see_it("Importing")
    bar = rhea.page.locator("#status progress")

    def percent() -> float:
        return float(bar.get_attribute("value") or 0)

    first = wait_for(percent, what="the bar to begin")
    assert wait_for(lambda: percent() > first, what="the bar to move")
    assert rhea.stays
    rhea.follow("Abort")
    expect(rhea.page.get_by_role("main")).to_contain_text("Rows that Canvas has applied stay applied")
    rhea.page.get_by_role("button", name="Abort import").click()
    rhea.see_it("Aborted")
    expect(
        rhea.page.get_by_text("Stopped before its end. Rows that were applied by then stay applied.")
    ).to_be_visible()
    expect(rhea.lines("Actions")).to_have_count(1)
    expect(rhea.lines("Actions")).to_contain_text("Done")
    expect(rhea.lines("Actions")).to_contain_text("Rhea Registrar")
    assert [found["workflow_state"] for found in slow_practice.sis_imports()] == ["aborted"]


def test_all_that_wait_are_aborted_and_the_running_one_is_not(
    rhea: Visitor, slow_account: str, slow_practice: Practice, large: University, tmp_path: Path, clean: list[Path]
) -> None:
    package = write_zip(large, tmp_path / "night.zip")
    running = slow_practice.send(package.name, package.read_bytes())["id"]
    waiting = [slow_practice.send(file.name, file.read_bytes())["id"] for file in clean[:2]]
    rhea.open(f"/c/{slow_account}/imports/")
    rhea.remember()
    badges = {number: rhea.line_of(number).locator(".badge-state") for number in (running, *waiting)}
    expect(badges[running]).to_have_text("Importing")
    for number in waiting:
        expect(badges[number]).to_have_text("Waiting in Canvas")
    assert rhea.stays
    rhea.follow("Abort all waiting")
    expect(rhea.page.get_by_role("main")).to_contain_text("2 imports wait")
    rhea.press("Abort all waiting")
    for number in waiting:
        expect(badges[number]).to_have_text("Aborted")
    expect(badges[running]).to_have_text("Importing")
    slow_practice.api("PUT", f"accounts/self/sis_imports/{running}/abort")
    expect(badges[running]).to_have_text("Aborted")
