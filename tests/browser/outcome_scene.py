"""A designer's year, played: a course read, a program over all of them frozen, and Canvas moved on since."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.servers.easel import ROOT
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

SCHOOL = {"courses": 12, "students": 120, "outcomes": 12, "seed": 12}
OUTCOMES = ROOT / "samples" / "outcomes" / "faulty.csv"


def open_tree(visitor: Visitor, account: str) -> None:
    visitor.open(f"/c/{account}/outcomes/tree/")
    expect(visitor.page.locator(".outcome-line").first).to_be_visible()


def preview(visitor: Visitor, account: str) -> None:
    """A file of outcomes with mistakes beside the outcomes that are there."""
    visitor.drop(account, [OUTCOMES])
    expect(visitor.page.locator("#preview .tree-box")).to_be_visible()


def open_grid(visitor: Visitor, account: str) -> None:
    """The rollups of the first course, read now."""
    visitor.open(f"/c/{account}/outcomes/courses/")
    visitor.page.get_by_role("button", name="Read rollups").first.click()
    link = visitor.page.locator("#courses tbody th a").first
    expect(link).to_be_visible()
    visitor.open(str(link.get_attribute("href")))


def make_program(visitor: Visitor, account: str) -> str:
    """The path of a program over all courses, all of them read."""
    visitor.open(f"/c/{account}/outcomes/programs/new/")
    visitor.page.get_by_label("Name").fill("General education")
    visitor.press("Go on to courses")
    visitor.page.get_by_label("Words in name").fill("*")
    visitor.press("Add rule")
    heading = visitor.page.get_by_role("heading", name=re.compile("^[0-9]+ course"))
    visitor.reload_until(lambda: heading.inner_text() == "12 courses", "the courses to be listed")
    program = visitor.path.removesuffix("courses/")
    read(visitor, program, "what is older than a day or was never read")
    visitor.follow("Show the numbers of now")
    expect(visitor.page.locator("#figures tbody")).to_contain_text(" %")
    return program


def read(visitor: Visitor, program: str, what: str) -> None:
    visitor.open(program)
    visitor.page.get_by_label("Read", exact=True).select_option(label=what)
    visitor.press("Read")
    expect(visitor.page.locator("#progress")).to_contain_text("Nothing is being read any more")
    expect(visitor.page.locator("#courses-read")).to_have_text("12 of 12")


def compare(visitor: Visitor, program: str, site: Practice) -> None:
    """A snapshot beside the numbers after mastery was moved for some outcomes."""
    visitor.open(f"{program}snapshots/")
    visitor.page.get_by_label("Name").fill("Annual report")
    visitor.press("Freeze")
    expect(visitor.page.get_by_role("heading", name="Annual report")).to_contain_text("Frozen")
    snapshot = visitor.path
    for outcome in site.control("GET", "objects/outcomes?per_page=100")[::3]:
        site.api("PUT", f"outcomes/{outcome['id']}", json={"mastery_points": 2})
    visitor.open(program)
    before = visitor.page.locator("#figures tbody").inner_text()
    read(visitor, program, "all courses now")

    def moved() -> bool:
        visitor.open(program)
        return visitor.page.locator("#figures tbody").inner_text() != before

    wait_for(moved, what="the numbers of now")
    visitor.open(snapshot)
    visitor.follow("Compare")
    expect(visitor.page.locator("#changes")).to_contain_text("→")
