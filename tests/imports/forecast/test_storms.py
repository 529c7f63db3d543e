"""Storms of identities, which remove nothing and yet mix people up."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.imports.forecast.story import Story
from tests.servers.practice import Practice

USERS = "user_id,login_id,full_name,status"
COURSES = "course_id,short_name,long_name,status"
NAMES = ["Ada", "Bob", "Cleo", "Dora", "Emil", "Finn", "Gus", "Hana"]


@pytest.fixture
def story(practice: Practice, tmp_path: Path) -> Story:
    """Eight people and twelve courses of one pattern."""
    story = Story(practice, tmp_path)
    story.send(
        {
            "users.csv": [USERS, *(f"U{n},login{n},{name} Example,active" for n, name in enumerate(NAMES))],
            "courses.csv": [COURSES, *(f"BIO-10{n},B{n},Biology {n},active" for n in range(12))],
        }
    )
    return story


def sorts(story: Story, name: str, rows: Sequence[str]) -> dict[str, int]:
    told = story.forecast({name: rows})
    return {storm["sort"]: storm["count"] for storm in told["storms"]}


def test_the_same_names_under_new_ids(story: Story) -> None:
    rows = [USERS, *(f"N{n},new{n},{name} Example,active" for n, name in enumerate(NAMES))]
    assert sorts(story, "users.csv", rows) == {"same_users": 8}


def test_new_people_are_no_storm(story: Story) -> None:
    rows = [USERS, *(f"N{n},new{n},{name} Newcomer,active" for n, name in enumerate(NAMES))]
    assert sorts(story, "users.csv", rows) == {}


def test_the_same_courses_under_new_ids_of_a_new_pattern(story: Story) -> None:
    rows = [COURSES, *(f"{n}/2027,B{n},Biology {n},active" for n in range(12))]
    assert sorts(story, "courses.csv", rows) == {"same_courses": 12, "course_id_pattern": 12}


def test_more_courses_of_the_pattern_are_no_storm(story: Story) -> None:
    rows = [COURSES, *(f"CHEM-20{n},C{n},Chemistry {n},active" for n in range(12))]
    assert sorts(story, "courses.csv", rows) == {}


def test_swapped_ids(story: Story) -> None:
    rows = [USERS, "U0,login0,Bob Example,active", "U1,login1,Ada Example,active"]
    assert sorts(story, "users.csv", rows) == {"swapped_ids": 1}


def test_a_new_name_is_no_storm(story: Story) -> None:
    assert sorts(story, "users.csv", [USERS, "U0,login0,Ada Married,active"]) == {}


def test_a_login_that_moves(story: Story) -> None:
    rows = [USERS, "U0,other0,Ada Example,active", "U1,login0,Bob Example,active"]
    assert sorts(story, "users.csv", rows) == {"moved_logins": 1}
