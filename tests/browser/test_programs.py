"""A designer's program: defined, filled, frozen; Canvas moves on, and what is frozen does not."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.office import Office
from tests.browser.outcome_scene import SCHOOL, make_program, read
from tests.browser.visitor import Visitor
from tests.servers.practice import Practice
from tests.servers.processes import wait_for


@pytest.fixture
def university(office: Office, practice: Practice) -> str:
    """Twelve courses with results, on an account where Rhea is designer."""
    practice.control("POST", "seed", SCHOOL)
    return office.connect(practice, {"rhea": "designer"})


def table(visitor: Visitor, path: str) -> str:
    visitor.open(path)
    return visitor.page.locator("#figures tbody").inner_text()


def shares(table: str) -> list[str]:
    return re.findall(r"[\d.]+ %", table)


def test_frozen_numbers_stay_when_canvas_moves_on(university: str, practice: Practice, sit: Sit) -> None:
    rhea = sit("rhea")
    program = make_program(rhea, university)

    rhea.open(f"{program}snapshots/")
    rhea.page.get_by_label("Name").fill("Annual report")
    rhea.press("Freeze")
    expect(rhea.page.get_by_role("heading", name="Annual report")).to_contain_text("Frozen")
    snapshot = rhea.path
    frozen = table(rhea, snapshot)

    for outcome in practice.control("GET", "objects/outcomes?per_page=100"):
        practice.api("PUT", f"outcomes/{outcome['id']}", json={"mastery_points": 99})
    read(rhea, program, "all courses now")
    wait_for(lambda: set(shares(table(rhea, program))) == {"0.0 %"}, what="the numbers of now")
    assert table(rhea, snapshot) == frozen
    assert set(shares(frozen)) != {"0.0 %"}

    rhea.follow("Compare")
    changes = rhea.page.locator("#changes")
    expect(changes).to_contain_text("→ 0.0 %")
