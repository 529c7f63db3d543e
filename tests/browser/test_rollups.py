"""A designer reads a course, looks into its rollups, puts its outcomes in order and takes them along."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Sit
from tests.browser.office import ADMIN, Office
from tests.browser.test_looks import PHONE, violations
from tests.browser.visitor import Visitor
from tests.servers.practice import Practice, PracticeServer


@pytest.fixture(scope="package")
def site(quick_canvas: PracticeServer) -> Practice:
    """Two courses with results."""
    site = quick_canvas.site()
    site.control("POST", "seed", {"courses": 2, "students": 60, "outcomes": 12, "seed": 5})
    return site


@pytest.fixture(scope="package")
def school(office: Office, site: Practice) -> str:
    return office.connect(site, {})


@pytest.fixture(scope="package")
def course(office: Office, school: str) -> str:
    """The path of a course that has been read."""
    olga = office.seat(ADMIN)
    olga.open(f"/c/{school}/outcomes/courses/")
    olga.page.get_by_role("button", name="Read rollups").first.click()
    link = olga.page.locator("#courses tbody th a").first
    expect(link).to_be_visible()
    path = link.get_attribute("href")
    olga.context.close()
    assert path
    return path


# Presses what has the focus in the very moment in which something new has arrived on the page.
PRESS_AT_ONCE = """() => new MutationObserver((_, observer) => {
  if (!document.activeElement.matches("[name=move]")) return;
  observer.disconnect();
  document.activeElement.click();
}).observe(document.body, {childList: true, subtree: true})"""


def number_of(course: str) -> int:
    return int(course.rstrip("/").rpartition("/")[2])


def students(visitor: Visitor) -> list[str]:
    return visitor.page.locator(".grid tbody:last-of-type th").all_inner_texts()


def names(visitor: Visitor) -> list[str]:
    return [name.split("\n")[0] for name in visitor.page.locator(".order .grows").all_inner_texts()]


def titles_in_canvas(site: Practice, course: str) -> list[str]:
    answer = site.api("GET", f"courses/{number_of(course)}/outcome_rollups", params={"include[]": "outcomes"})
    return [outcome["display_name"] or outcome["title"] for outcome in answer["linked"]["outcomes"]]


def first_cell(visitor: Visitor) -> Locator:
    return visitor.page.locator(".grid td.reached > a").first


def test_a_course_is_read_while_the_page_looks_on(olga: Visitor, school: str) -> None:
    olga.open(f"/c/{school}/outcomes/courses/")
    olga.remember()
    olga.page.get_by_role("button", name="Read rollups").first.click()
    expect(olga.page.get_by_role("button", name="Read again").first).to_be_visible()
    expect(olga.page.locator("#courses")).not_to_have_attribute("data-live", "")


def test_students_are_filtered_and_sorted(olga: Visitor, course: str) -> None:
    olga.open(course)
    everybody = students(olga)
    olga.page.get_by_label("Section", exact=True).select_option(index=1)
    expect(olga.page.locator(".across")).to_contain_text(re.compile(r"\d+ of \d+\s+students"))
    section = olga.page.locator("[name=section] option:checked").inner_text()
    assert [row for row in students(olga) if section not in row] == []
    olga.open(course)
    olga.follow("Student")
    expect(olga.page.locator(".grid .corner")).to_have_attribute("aria-sort", "descending")
    assert students(olga) != everybody
    olga.page.locator(".grid .name").first.click()
    expect(olga.page.locator(".grid thead th").nth(1)).to_have_attribute("aria-sort", "ascending")
    assert "order=" in olga.path


def test_a_cell_is_opened_and_closed_by_keyboard_alone(olga: Visitor, course: str) -> None:
    olga.open(course)
    olga.page.locator(".grid .about").last.focus()
    olga.page.keyboard.press("Tab")
    expect(first_cell(olga)).to_be_focused()
    olga.page.keyboard.press("Enter")
    tray = olga.page.get_by_role("dialog")
    expect(tray.locator("table tbody tr").first).to_be_visible()
    assert olga.path == course
    assert not violations(olga.page)
    olga.page.keyboard.press("Escape")
    expect(tray).to_be_hidden()
    expect(first_cell(olga)).to_be_focused()


def at(visitor: Visitor) -> list[int]:
    """Row and column of what has the focus in the grid."""
    where: list[int] = visitor.page.evaluate(
        "() => { const cell = document.activeElement.closest('.grid :is(th, td)');"
        " return [cell.parentNode.rowIndex, cell.cellIndex]; }"
    )
    return where


def test_arrow_keys_lead_from_cell_to_cell_and_no_header_lies_over_the_one_in_focus(olga: Visitor, course: str) -> None:
    olga.open(course)
    first_cell(olga).focus()
    row, column = at(olga)
    for key in ("ArrowDown", "ArrowRight", "ArrowUp"):
        olga.page.keyboard.press(key)
    across = at(olga)
    assert across[1] > column
    for _ in range(20):
        olga.page.keyboard.press("ArrowDown")
    assert at(olga)[0] > across[0]
    for _ in range(at(olga)[0]):
        olga.page.keyboard.press("ArrowUp")
    assert at(olga) == [0, across[1]]
    olga.page.keyboard.press("ArrowDown")
    top = olga.page.evaluate("document.activeElement.getBoundingClientRect().top")
    header = olga.page.locator(".grid .corner").bounding_box()
    assert header
    assert top >= header["y"] + header["height"] - 1
    assert at(olga)[0] >= row


def test_a_word_for_the_student_and_one_for_the_outcome_lead_to_a_cell(olga: Visitor, course: str) -> None:
    olga.open(course)
    student, outcome = students(olga)[7].split(",")[0], olga.page.locator(".grid .name").last.inner_text()
    olga.page.keyboard.press("/")
    olga.page.keyboard.type(student)
    olga.page.keyboard.press("Tab")
    olga.page.keyboard.type(outcome)
    olga.page.keyboard.press("Enter")
    expect(olga.page.locator(".grid .name")).to_have_count(1)
    assert all(row.startswith(student) for row in students(olga))


def test_an_outcome_tells_about_itself(olga: Visitor, course: str) -> None:
    olga.open(course)
    olga.page.locator(".grid .about").first.click()
    tray = olga.page.get_by_role("dialog")
    expect(tray.get_by_role("heading", name="Levels")).to_be_visible()
    expect(tray).to_contain_text("Aligned with")
    assert not violations(olga.page)
    tray.get_by_role("button", name="Close").click()
    expect(tray).to_be_hidden()


def test_outcomes_are_put_in_order_by_keyboard_and_canvas_follows(olga: Visitor, course: str, site: Practice) -> None:
    olga.open(course)
    olga.follow("Order")
    before = names(olga)
    button = olga.page.get_by_role("button", name=f"Move {before[2]} earlier", exact=True)
    button.focus()
    for place in (1, 0):
        olga.page.keyboard.press("Enter")
        expect(olga.page.locator(".order .grows").nth(place)).to_contain_text(before[2])
        expect(button).to_be_focused()
    wanted = [before[2], before[0], before[1], *before[3:]]
    assert names(olga) == wanted
    olga.page.get_by_role("button", name="Save order in Canvas").focus()
    olga.page.keyboard.press("Enter")
    expect(olga.page.locator("#order-state")).to_contain_text("Order saved")
    assert titles_in_canvas(site, course) == wanted
    olga.open(course)
    assert olga.page.locator(".grid .name").all_inner_texts()[0].startswith(before[2])


def test_a_key_pressed_as_soon_as_the_order_has_arrived_does_not_load_the_page_anew(olga: Visitor, course: str) -> None:
    olga.open(f"{course}order/")
    olga.remember()
    before = names(olga)
    olga.page.evaluate(PRESS_AT_ONCE)
    button = olga.page.get_by_role("button", name=f"Move {before[0]} later", exact=True)
    button.press("Enter")
    expect(olga.page.locator(".order .grows").nth(2)).to_contain_text(before[0])
    expect(button).to_be_focused()
    assert olga.stays


def test_outcomes_are_dragged_to_their_place(olga: Visitor, course: str) -> None:
    olga.open(f"{course}order/")
    before = names(olga)
    rows = olga.page.locator(".order li")
    rows.nth(3).locator(".grows").drag_to(rows.nth(0).locator(".grows"), target_position={"x": 5, "y": 1})
    assert names(olga) == [before[3], *before[:3], *before[4:]]


@pytest.mark.parametrize(
    "link, name",
    [
        ("Workbook with colours (XLSX)", r"rollups-.*\.xlsx"),
        ("Scores and levels (CSV)", r"rollups-.*\.csv"),
        ("Canvas\u2019s own columns (CSV)", r"Outcomes-.*\.csv"),
    ],
)
def test_rollups_are_downloaded(olga: Visitor, course: str, link: str, name: str) -> None:
    olga.open(course)
    olga.page.locator("summary", has_text="Download").click()
    with olga.page.expect_download() as download:
        olga.follow(link)
    assert re.fullmatch(name, download.value.suggested_filename)


def test_everything_works_without_scripts(sit: Sit, course: str) -> None:
    olga = sit(ADMIN, java_script_enabled=False)
    olga.open(course)
    olga.page.get_by_label("Students", exact=True).select_option("results")
    olga.press("Filter")
    assert "students=results" in olga.path
    cell = first_cell(olga).get_attribute("href")
    first_cell(olga).click()
    assert urlsplit(olga.path).path == f"{course}{cell}"
    expect(olga.page.get_by_role("heading", level=1)).to_be_visible()
    olga.open(f"{course}order/")
    before = names(olga)
    olga.page.get_by_role("button", name=f"Move {before[0]} later", exact=True).click()
    assert names(olga)[:2] == [before[1], before[0]]


def pages(olga: Visitor, school: str, course: str) -> Iterator[str]:
    olga.open(course)
    outcome, cell = olga.page.locator(".grid .about").first, first_cell(olga)
    inner = [urlsplit(one.evaluate("link => link.href")).path for one in (outcome, cell)]
    for path in (f"/c/{school}/outcomes/courses/", course, f"{course}order/", *inner):
        olga.open(path)
        yield path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_rollups_shuts_anybody_out(sit: Sit, school: str, course: str, scheme: str) -> None:
    olga = sit(ADMIN, color_scheme=scheme, reduced_motion="reduce")
    found = {path: violations(olga.page) for path in pages(olga, school, course)}
    assert {path: what for path, what in found.items() if what} == {}


def test_no_page_of_rollups_is_wider_than_a_phone(sit: Sit, school: str, course: str) -> None:
    olga = sit(ADMIN, viewport=PHONE, is_mobile=True, has_touch=True)
    widths = {path: olga.page.evaluate("document.documentElement.scrollWidth") for path in pages(olga, school, course)}
    assert {path: width for path, width in widths.items() if width > PHONE["width"]} == {}


def test_the_header_and_the_students_stay_in_view(olga: Visitor, course: str) -> None:
    olga.open(course)
    frame = olga.page.locator(".grid-frame")
    frame.evaluate("frame => frame.scrollTo(400, 400)")
    box, corner = frame.bounding_box(), olga.page.locator(".grid .corner").bounding_box()
    assert box
    assert corner
    assert abs(corner["x"] - box["x"]) < 3
    assert abs(corner["y"] - box["y"]) < 3
