"""Every page at a desk and on a phone, by day and by night: nothing fails, nothing sticks out."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_import_by_hand import FAULTY, badge, launch

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PAGES = (
    "/",
    "/c/{account}/imports/",
    "/c/{account}/imports/new/",
    "/settings/",
    "/settings/accounts/",
    "/settings/accounts/{account}/",
    "/settings/accounts/add/",
    "/settings/people/",
    "/settings/profile/",
    "/settings/audit/",
)


def sticks_out(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_no_page_is_wider_than_its_window(
    page: Page, account: str, size: dict[str, int], light: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=light)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    launch(page, account, FAULTY)
    badge(page, "Imported with messages")
    wide = {}
    for address in (page.url, *(address.format(account=account) for address in PAGES)):
        answer = page.goto(address)
        assert answer and answer.ok, address
        wide[address] = sticks_out(page)
    assert {address: pixels for address, pixels in wide.items() if pixels > 0} == {}


def test_the_theme_that_a_person_chose_is_kept(page: Page, account: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/")
    page.locator("[data-theme-toggle]").click()
    page.goto(f"/c/{account}/imports/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_every_page_can_be_left_by_keyboard_through_the_skip_link(page: Page, account: str) -> None:
    page.goto(f"/c/{account}/imports/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#" + (page.locator("main").get_attribute("id") or "")
