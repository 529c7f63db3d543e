"""The pages of outcomes in a browser: by keyboard alone, for everybody, on every screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.office import ADMIN, Office
from tests.browser.test_looks import PHONE, violations
from tests.browser.visitor import Visitor
from tests.servers.practice import Practice, PracticeServer


@pytest.fixture(scope="package")
def university(quick_canvas: PracticeServer) -> Practice:
    site = quick_canvas.site()
    site.control("POST", "seed", {"courses": 2, "students": 20, "outcomes": 12, "seed": 5})
    return site


@pytest.fixture(scope="package")
def school(office: Office, university: Practice) -> str:
    """A Canvas account with outcomes, by the name in its addresses."""
    return office.connect(university, {"rhea": "designer"})


def press_until(page: Page, name: str) -> None:
    """Tab to the thing of that name, as somebody does who has no mouse."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.innerText?.trim().split('\\n')[0]") == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def press_until_field(page: Page, name: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.name") == name:
            return
    raise AssertionError(f"the keyboard does not reach the field {name}")


def test_an_outcome_is_found_and_changed_by_keyboard_alone(rhea: Visitor, school: str, university: Practice) -> None:
    page = rhea.page
    rhea.open(f"/c/{school}/outcomes/tree/")
    expect(page.locator(".outcome-line").first).to_be_visible()
    name = page.locator(".outcome-line a").first.inner_text()
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator(".outcome-line")).to_have_count(1)
    press_until(page, name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Definition")).to_be_visible()
    expect(page.get_by_role("link", name="Change")).to_be_visible()
    press_until(page, "Change")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Display name")).to_be_visible()
    press_until_field(page, "display_name")
    page.keyboard.press("Control+A")
    page.keyboard.type("Said shorter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    press_until(page, "Change it in Canvas")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Changes through Easel")).to_be_visible()
    rhea.remember()
    expect(page.get_by_text("Canvas has saved it")).to_be_visible()
    expect(page.get_by_role("heading", name="Said shorter")).to_be_visible()
    assert rhea.stays
    links = university.api("GET", "accounts/1/outcome_group_links", params={"per_page": 100})
    assert "Said shorter" in {link["outcome"]["display_name"] for link in links}


def test_a_closed_group_opens_with_what_stands_in_it(rhea: Visitor, office: Office, practice: Practice) -> None:
    practice.control("POST", "seed", {"courses": 1, "students": 2, "outcomes": 150, "seed": 3})
    account = office.connect(practice, {"rhea": "designer"})
    rhea.open(f"/c/{account}/outcomes/tree/")
    group = rhea.page.locator("details.group").first
    expect(group).to_be_visible()
    expect(group.locator(".outcome-line")).to_have_count(0)
    group.locator("summary").focus()
    rhea.page.keyboard.press("Enter")
    expect(group.locator(".outcome-line").first).to_be_visible()


def pages(visitor: Visitor, school: str) -> Iterator[str]:
    """Goes from page to page and gives the path of each."""
    base = f"/c/{school}/outcomes/"
    visitor.open(f"{base}tree/")
    expect(visitor.page.locator(".outcome-line").first).to_be_visible()
    outcome = str(visitor.page.locator(".outcome-line a").first.get_attribute("href"))
    yield visitor.path
    visitor.open(f"{base}tree/places/?text=f")
    expect(visitor.page.get_by_role("link", name="Faculty of Science")).to_be_visible()
    yield visitor.path
    visitor.open(f"{base}tree/?show=unaligned")
    yield visitor.path
    visitor.open(outcome)
    expect(visitor.page.get_by_role("link", name="Change")).to_be_visible()
    yield visitor.path
    visitor.open(f"{outcome}edit/")
    yield visitor.path
    visitor.fill(title="", vendor_guid="with a space")
    visitor.page.locator("form.panel").evaluate("form => { form.noValidate = true; }")
    visitor.press("See what would change")
    expect(visitor.page.locator(".field-error").first).to_be_visible()
    yield f"{visitor.path} refused"
    visitor.fill(title="Another title", vendor_guid="G-1", mastery="1")
    visitor.press("See what would change")
    expect(visitor.page.get_by_role("heading", name="What would change")).to_be_visible()
    yield f"{visitor.path} confirmed"
    yield _alignments(visitor, base)


def _alignments(visitor: Visitor, base: str) -> str:
    visitor.open(f"{base}courses/")
    visitor.page.get_by_role("button", name="Read").first.click()
    path = f"{base}courses/1/alignments/"
    visitor.open(path)
    visitor.reload_until(lambda: visitor.page.get_by_label("Student").count() == 1, "the course read")
    visitor.page.get_by_label("Student").select_option(index=1)
    visitor.press("Show alignments of the student")
    expect(visitor.page.locator("#alignments tbody tr").first).to_be_visible()
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_outcomes_shuts_anybody_out(sit: Sit, school: str, scheme: str) -> None:
    olga = sit(ADMIN, color_scheme=scheme, reduced_motion="reduce")
    olga._refusals.add(f"{olga.address}{_edit_path(olga, school)}")
    found = {path: violations(olga.page) for path in pages(olga, school)}
    assert {path: what for path, what in found.items() if what} == {}


def _edit_path(visitor: Visitor, school: str) -> str:
    """The address of the form that is refused on purpose, at which a browser complains of 422."""
    visitor.open(f"/c/{school}/outcomes/tree/")
    expect(visitor.page.locator(".outcome-line").first).to_be_visible()
    return f"{visitor.page.locator('.outcome-line a').first.get_attribute('href')}edit/"


def test_no_page_of_outcomes_is_wider_than_a_phone(sit: Sit, school: str) -> None:
    olga = sit(ADMIN, viewport=PHONE, is_mobile=True, has_touch=True)
    olga._refusals.add(f"{olga.address}{_edit_path(olga, school)}")
    widths = {path: olga.page.evaluate("document.documentElement.scrollWidth") for path in pages(olga, school)}
    assert {path: width for path, width in widths.items() if width > PHONE["width"]} == {}
