"""Every main page in light, in dark and on a phone: usable by everybody, and no browser complains about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.office import ADMIN
from tests.browser.visitor import Visitor, tab_to

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
PHONE = {"width": 390, "height": 844}


def pages(olga: Visitor, account: str, faulty: list[Path]) -> Iterator[str]:
    """Goes from page to page, those of an import on its way among them, and gives the path of each."""
    olga.prepare(account, faulty)
    yield olga.path
    olga.launch()
    olga.see_it("Imported with messages")
    olga.page.locator("#messages table").wait_for()
    run = olga.path
    yield run
    imports, settings = f"/c/{account}/imports/", f"/settings/accounts/{account}/"
    for path in (
        "/", imports, f"{imports}new/", f"{imports}abort-waiting/", f"{run}restore/", f"{run}messages/", "/settings/",
        "/settings/accounts/", "/settings/accounts/add/", settings, f"{settings}token/", f"{settings}archive/",
        f"/c/{account}/limits/", f"/c/{account}/rules/",
        "/settings/people/", "/settings/people/add/", "/settings/people/1/", "/settings/audit/", "/settings/profile/",
    ):  # fmt: skip
        olga.open(path)
        yield path
    olga.open("/nowhere/", status=404)
    yield "/nowhere/"


def violations(page: Page) -> list[str]:
    """What axe-core calls serious or critical on this page, with the first place of each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [
        f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found if rule["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_anybody_out(sit: Sit, account: str, faulty: list[Path], scheme: str) -> None:
    olga = sit(ADMIN, color_scheme=scheme, reduced_motion="reduce")
    found = {path: violations(olga.page) for path in pages(olga, account, faulty)}
    assert {path: what for path, what in found.items() if what} == {}
    assert olga.page.locator("html").get_attribute("data-bs-theme") == scheme


def test_the_sign_in_page_shuts_nobody_out(sit: Sit) -> None:
    stranger = sit()
    stranger.open("/login/")
    assert violations(stranger.page) == []


def test_no_page_is_wider_than_a_phone(sit: Sit, account: str, faulty: list[Path]) -> None:
    olga = sit(ADMIN, viewport=PHONE, is_mobile=True, has_touch=True)
    widths = {path: olga.page.evaluate("document.documentElement.scrollWidth") for path in pages(olga, account, faulty)}
    assert {path: width for path, width in widths.items() if width > PHONE["width"]} == {}


def test_a_button_that_has_the_focus_shows_it(sit: Sit, account: str) -> None:
    olga = sit(ADMIN)
    olga.open(f"/c/{account}/imports/")
    button = olga.page.get_by_role("button", name="Filter")
    tab_to(olga.page, button)
    assert button.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"


def test_times_are_in_the_zone_of_the_browser_where_the_person_chose_none(sit: Sit, account: str) -> None:
    olga = sit(ADMIN, timezone_id="Asia/Tokyo")
    olga.open("/settings/audit/")
    expect(olga.page.locator("td time").first).to_contain_text("GMT+9")
