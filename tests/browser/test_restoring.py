"""Each of the four restores, from the page of a finished import to its own end, with what Canvas has afterwards."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.servers.practice import Practice

COURSE = "BIO101"
HEADER = "course_id,short_name,long_name,account_id,term_id,status\n"
ROW = "BIO101,BIO 101,Introduction to Cell Biology,BIO,2026-FALL"


def zipped(files: list[Path]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in files:
            archive.write(file, file.name)
    return buffer.getvalue()


def state(practice: Practice) -> str:
    """What Canvas says of the course."""
    courses = practice.control("GET", "objects/courses")
    return str(next(course["workflow_state"] for course in courses if course["sis_source_id"] == COURSE))


def restore(olga: Visitor, label: str, ends: str = "Partly restored") -> None:
    """From the page of a finished import to the end of its restore; Canvas calls all but the whole one partial."""
    olga.follow("Restore")
    olga.page.get_by_role("radio", name=label).check()
    olga.page.get_by_role("button", name="Restore import").click()
    olga.remember()
    expect(olga.lines("Actions")).to_have_count(1)
    expect(olga.lines("Actions")).to_contain_text("Done")
    expect(olga.badge).to_have_text(ends)
    assert olga.stays


def launch_full_batch(olga: Visitor, account: str, file: Path) -> None:
    """A full batch for the term of the course, chosen from Canvas's terms, with the second look that it needs."""
    olga.prepare(account, [file])
    term = olga.page.get_by_label("Term", exact=True)
    olga.reload_until(lambda: "2026-FALL" in (term.text_content() or ""), "the terms of Canvas")
    olga.page.get_by_role("heading", name="Full batch").click()
    olga.page.get_by_label("Full batch for one term").check()
    assert term.input_value() == ""
    term.select_option("Fall 2026 (2026-FALL)")
    olga.launch()
    second_look = olga.page.get_by_role("main")
    expect(second_look).to_contain_text("every course of Fall 2026 (2026-FALL)")
    expect(second_look).to_contain_text("nothing stops Canvas from removing all of them")
    olga.press("Launch and remove")
    expect(olga.badge).to_be_visible()


def test_everything_is_restored(olga: Visitor, new_account: str, practice: Practice, clean: list[Path]) -> None:
    olga.send(new_account, clean)
    olga.see_it("Imported")
    assert state(practice) == "claimed"
    restore(olga, "Everything", ends="Restored")
    assert state(practice) == "deleted"


@pytest.mark.parametrize(
    "status,label",
    [
        pytest.param("deleted", "Only what it deleted", id="undelete_only"),
        pytest.param("completed", "Only what it concluded", id="unconclude_only"),
    ],
)
def test_what_an_import_did_to_a_course_is_restored(
    olga: Visitor, new_account: str, practice: Practice, clean: list[Path], tmp_path: Path, status: str, label: str
) -> None:
    practice.send("clean.zip", zipped(clean))
    file = tmp_path / "courses.csv"
    file.write_text(f"{HEADER}{ROW},{status}\n", encoding="utf-8")
    olga.send(new_account, [file])
    olga.see_it("Imported")
    assert state(practice) == status
    restore(olga, label)
    assert state(practice) == "claimed"


def test_what_a_full_batch_removed_is_restored(
    olga: Visitor, new_account: str, practice: Practice, clean: list[Path], tmp_path: Path
) -> None:
    olga.send(new_account, clean)
    olga.see_it("Imported")
    file = tmp_path / "courses.csv"
    lines = next(file for file in clean if file.name == "courses.csv").read_text(encoding="utf-8").splitlines(True)
    file.write_text("".join(line for line in lines if not line.startswith(COURSE)), encoding="utf-8")
    launch_full_batch(olga, new_account, file)
    olga.see_it("Imported")
    assert state(practice) == "deleted"
    restore(olga, "Only what the full batch removed")
    assert state(practice) == "claimed"
