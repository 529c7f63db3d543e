"""The known state, put on an empty practice Canvas, makes it hold what the first one holds."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from imports.known.exporting import export
from imports.known.state import copied
from tests.imports.forecast.story import Story
from tests.imports.forecast.test_agreement import University
from tests.imports.forecast.test_agreement_of_kinds import FOUNDING, Dice
from tests.servers.practice import Practice, PracticeServer
from tests.servers.processes import wait_for

SEEDS = range(6)
Names = dict[str, dict[int, str | None]]
KINDS = ("accounts", "terms", "courses", "sections", "logins", "enrollments", "groups", "group_memberships", "admins")


@pytest.fixture
def story(practice: Practice, tmp_path: Path) -> Story:
    return Story(practice, tmp_path)


@pytest.fixture
def twin(quick_canvas: PracticeServer) -> Practice:
    return quick_canvas.site()


def everything(site: Practice, kind: str) -> Iterator[dict[str, Any]]:
    page = 1
    while found := site.control("GET", f"objects/{kind}?per_page=100&page={page}"):
        yield from found
        page += 1


def held(site: Practice) -> dict[str, list[str]]:
    """What a site holds of each kind that imports brought there: by SIS ids, with its state."""
    names: Names = {
        kind: {one["id"]: one.get("sis_source_id") or one.get("sis_user_id") for one in everything(site, kind)}
        for kind in ("accounts", "terms", "courses", "sections", "groups")
    }
    names["people"] = {one["user_id"]: one["sis_user_id"] for one in everything(site, "logins")}
    return {kind: [_line(one, names) for one in everything(site, kind) if _counts(kind, one)] for kind in KINDS}


def _counts(kind: str, one: dict[str, Any]) -> bool:
    """Who has left a course that a group is in cannot be put into the group once more, not even to be taken out."""
    is_left = kind == "group_memberships" and one["workflow_state"] == "deleted"
    return one.get("sis_batch_id") is not None and not is_left


_REFERENCES = {
    "account_id": "accounts",
    "parent_account_id": "accounts",
    "enrollment_term_id": "terms",
    "course_id": "courses",
    "course_section_id": "sections",
    "group_id": "groups",
    "user_id": "people",
    "associated_user_id": "people",
}
_SHOWN = ("sis_source_id", "sis_user_id", "name", "course_code", "type", "workflow_state")


def _line(one: dict[str, Any], names: Names) -> str:
    told = [f"{name}={one[name]}" for name in _SHOWN if one.get(name) is not None]
    for column, of in _REFERENCES.items():
        if one.get(column) is not None:
            told.append(f"{column}={names[of].get(one[column])}")
    return " ".join(told)


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """What one of two sites lacks, by kind: with - what only the first has, with + what only the second has."""
    told = {}
    for kind in KINDS:
        lost, new = Counter(before[kind]) - Counter(after[kind]), Counter(after[kind]) - Counter(before[kind])
        told[kind] = [*(f"- {line}" for line in lost), *(f"+ {line}" for line in new)]
    return {kind: lines for kind, lines in told.items() if lines}


def move(story: Story, twin: Practice, folder: Path) -> None:
    """Bring the twin to what is known of the story's site."""
    with copied(story.known, folder / "copy.sqlite3") as state:
        fills = list(export(state.db, folder))
    for fill in fills:
        sent = twin.send(fill.path.name, fill.path.read_bytes())
        wait_for(partial(_has_ended, twin, sent["id"]), what="the import")


def _has_ended(site: Practice, number: int) -> bool:
    state: str = site.api("GET", f"accounts/self/sis_imports/{number}")["workflow_state"]
    return state.startswith("imported")


@pytest.mark.parametrize("seed", SEEDS)
def test_people_courses_and_enrollments_are_where_they_were(
    story: Story, twin: Practice, tmp_path: Path, seed: int
) -> None:
    university = University(seed)
    story.send(university.founding())
    for _ in range(2):
        story.send({"users.csv": university.users(), "courses.csv": university.course_file()})
        story.send({"sections.csv": university.section_file(), "enrollments.csv": university.enrollment_file()})
    move(story, twin, tmp_path)
    assert changed(held(story.practice), held(twin)) == {}


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_observers_and_admins_are_where_they_were(
    story: Story, twin: Practice, tmp_path: Path, seed: int
) -> None:
    dice = Dice(seed)
    story.send(FOUNDING)
    for _ in range(2):
        story.send({"enrollments.csv": dice.enrollments()})
        story.send({"groups_membership.csv": dice.memberships(), "admins.csv": dice.admins()})
        story.send({"user_observers.csv": dice.observers()})
        story.send({"xlists.csv": dice.cross_listings(), "sections.csv": dice.sections()})
    move(story, twin, tmp_path)
    assert changed(held(story.practice), held(twin)) == {}
