"""The history shows what other tools send, without being loaded again."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.servers.practice import Practice


def test_what_another_tool_sends_appears_in_the_open_history_and_is_followed_to_its_end(
    rhea: Visitor, slow_account: str, slow_practice: Practice, clean: list[Path]
) -> None:
    rhea.open(f"/c/{slow_account}/imports/")
    rhea.remember()
    sent = next(file for file in clean if file.name == "users.csv")
    number = slow_practice.send(sent.name, sent.read_bytes())["id"]
    line = rhea.line_of(number)
    expect(line).to_contain_text("by another tool")
    expect(line.locator(".badge-state")).to_have_text("Imported")
    expect(line.locator("td[data-label=Rows]")).to_have_text("46")
    assert rhea.stays
    line.get_by_role("link").click()
    rhea.see_it("Imported")
    assert rhea.figures("Rows per kind") == {"Users": ["46"]}


def test_the_history_is_filtered_by_state_and_person_in_its_address(
    rhea: Visitor, new_account: str, practice: Practice, clean: list[Path], faulty: list[Path]
) -> None:
    rhea.send(new_account, clean)
    rhea.see_it("Imported")
    rhea.send(new_account, faulty)
    rhea.see_it("Imported with messages")
    number = practice.send(clean[0].name, clean[0].read_bytes())["id"]
    rhea.open(f"/c/{new_account}/imports/")
    expect(rhea.line_of(number)).to_contain_text("Imported")
    lines = rhea.page.locator("#runs tr")
    expect(lines).to_have_count(3)
    rhea.page.get_by_label("State").select_option("Imported with messages")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("17 warnings")
    rhea.follow("Clear")
    rhea.page.get_by_label("Launched by").select_option("Another tool")
    expect(lines).to_have_count(1)
    rhea.page.reload()
    expect(lines).to_contain_text(f"Import {number}")
