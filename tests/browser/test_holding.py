"""A launch over a limit is held, and a second person decides about it."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.office import ADMIN
from tests.browser.visitor import Visitor, tab_to
from tests.imports.files import USERS, users, write
from tests.servers.practice import Practice


def leavers(folder: Path, count: int) -> Path:
    """So many of the users are deleted."""
    rows = (f"U{number},user{number},Given{number},Family{number},,deleted\n" for number in range(1, count + 1))
    return write(folder / "leavers.csv", USERS + "".join(rows))


def launch_over_the_limit(rhea: Visitor, account: str, folder: Path) -> str:
    """Hundred users are there, forty are to go, five percent may. The path of the import that is held."""
    rhea.send(account, [users(folder, 100)])
    rhea.see_it("Imported")
    rhea.send(account, [leavers(folder, 40)])
    rhea.see_it("Held")
    return rhea.path


def alive(practice: Practice) -> int:
    logins = practice.control("GET", "objects/logins?per_page=100") + practice.control(
        "GET", "objects/logins?per_page=100&page=2"
    )
    return sum(1 for login in logins if login["sis_user_id"] and login["workflow_state"] == "active")


def test_the_admin_approves_by_keyboard_what_the_registrar_launched_over_a_limit(
    sit: Sit, new_account: str, practice: Practice, tmp_path: Path
) -> None:
    rhea, olga = sit("rhea"), sit(ADMIN)
    held = launch_over_the_limit(rhea, new_account, tmp_path)
    why = "It removes 40 users (40.0 % of 100); the limit is 5 %."
    expect(rhea.page.locator("#status")).to_contain_text(why)
    expect(rhea.page.get_by_role("link", name="Approve or refuse")).to_have_count(0)
    assert len(practice.sis_imports()) == 1

    page, keys = olga.page, olga.page.keyboard
    olga.open(held)
    tab_to(page, page.get_by_role("link", name="Approve or refuse"))
    keys.press("Enter")
    expect(page.locator("#hold")).to_contain_text(why)
    expect(page.locator("#hold")).to_contain_text("Launched by Rhea Registrar")
    tab_to(page, page.get_by_label("Reason"))
    keys.type("The year is over.")
    tab_to(page, page.get_by_role("button", name="Approve and send"))
    keys.press("Enter")
    olga.see_it("Imported")

    rhea.see_it("Imported")
    assert alive(practice) == 60


def test_the_admin_refuses_with_a_reason_and_nothing_is_sent(
    sit: Sit, new_account: str, practice: Practice, tmp_path: Path
) -> None:
    rhea, olga = sit("rhea"), sit(ADMIN)
    held = launch_over_the_limit(rhea, new_account, tmp_path)
    olga.open(f"{held}hold/")
    olga.press("Refuse")
    expect(olga.page.get_by_role("main")).to_contain_text("Say why it is refused.")
    olga.page.get_by_label("Reason").fill("The export was cut short.")
    olga.press("Refuse")
    expect(olga.badge).to_have_text("Cancelled")

    rhea.see_it("Cancelled")
    expect(rhea.page.locator("#status")).to_contain_text("The export was cut short.")
    assert len(practice.sis_imports()) == 1
    assert alive(practice) == 100


def test_whoever_launched_it_has_no_button_to_approve_it(sit: Sit, new_account: str, tmp_path: Path) -> None:
    olga, rhea = sit(ADMIN), sit("rhea")
    held = launch_over_the_limit(olga, new_account, tmp_path)
    olga.follow("Approve or refuse")
    expect(olga.page.locator("#hold")).to_contain_text("Nobody approves their own launch")
    expect(olga.page.get_by_role("button", name="Approve and send")).to_have_count(0)
    rhea.open(f"{held}hold/", status=403)
