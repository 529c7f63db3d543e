"""Who runs the installation connects it to Canvas, lets people in, and reads who did what."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.office import Office, give_role
from tests.browser.visitor import Visitor
from tests.servers.practice import Practice, PracticeServer


def add_canvas_account(olga: Visitor, practice: Practice, name: str) -> None:
    olga.open("/")
    olga.follow("Settings")
    olga.page.get_by_role("main").get_by_role("link", name="Canvas accounts").first.click()
    olga.follow("Add a Canvas account")
    olga.page.get_by_label("Name", exact=True).fill(name)
    olga.page.get_by_label("Address of Canvas").fill(practice.url)
    olga.page.get_by_label("Access token").fill(practice.token)
    olga.press("Save and check")


def test_a_canvas_account_is_added_and_its_token_checked_but_not_shown(olga: Visitor, practice: Practice) -> None:
    add_canvas_account(olga, practice, "Northern College")
    expect(olga.page.get_by_role("heading", name="Northern College")).to_be_visible()
    facts = olga.page.locator("#credential dl")
    expect(facts).to_contain_text("works")
    expect(facts).to_contain_text(re.compile(r"May restore\s+Yes"))
    assert practice.token not in olga.page.content()


def test_a_token_that_has_expired_is_refused_with_the_reason(olga: Visitor, quick_canvas: PracticeServer) -> None:
    add_canvas_account(olga, quick_canvas.site("expired"), "Southern College")
    expect(olga.page.locator("#credential")).to_contain_text("was refused")
    expect(olga.page.locator("#credential")).to_contain_text("expired")


def test_a_stranger_finds_nothing_until_a_role_lets_them_in(
    office: Office, olga: Visitor, rhea: Visitor, sit: Sit, new_account: str, faulty: list[Path]
) -> None:
    office.welcome("sam", "Sam", "Stranger")
    rhea.send(new_account, faulty)
    rhea.see_it("Imported with messages")
    history, run = f"/c/{new_account}/imports/", rhea.path
    sam = sit("sam")
    for path in (history, f"{history}new/", run, f"{run}messages/", f"/settings/accounts/{new_account}/"):
        sam.open(path, status=404)
    give_role(olga, new_account, "sam", "Viewer")
    sam.open(run)
    expect(sam.badge).to_have_text("Imported with messages")
    expect(sam.page.get_by_role("main")).to_contain_text("The messages may name students.")
    sam.open(f"{run}messages/", status=403)


def test_the_audit_log_says_who_did_what(olga: Visitor, new_account: str) -> None:
    give_role(olga, new_account, "rhea", "Designer")
    olga.open("/settings/")
    olga.page.get_by_role("main").get_by_role("link", name="Audit log").first.click()
    newest = olga.page.get_by_role("region", name="Audit log").locator("tbody tr").first
    expect(newest).to_contain_text("olga")
    expect(newest).to_contain_text("rhea")
    expect(newest).to_contain_text("designer")
    expect(newest).to_contain_text(new_account)
