"""A fresh practice site per test, on a clock that stands still."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.site import Sites, Speed
from tests.sandbox.engine.practice import Practice, csv

Open = Callable[..., Practice]

UNIVERSITY = {
    "accounts.csv": csv(
        "account_id,parent_account_id,name,status",
        "arts,,Faculty of Arts,active",
        "music,arts,Music,active",
        "closed,,Closed School,active",
        "closed,,Closed School,deleted",
    ),
    "terms.csv": csv(
        "term_id,name,status,start_date,end_date",
        "spring,Spring 2026,active,2026-01-01,2026-06-30",
        "autumn,Autumn 2026,active,2026-09-01,2026-12-20",
    ),
    "courses.csv": csv(
        "course_id,short_name,long_name,account_id,term_id,status",
        "bio,BIO 1,Biology,arts,spring,active",
        "chem,CHEM 1,Chemistry,arts,spring,published",
    ),
    "sections.csv": csv(
        "section_id,course_id,name,status",
        "bio-a,bio,Biology A,active",
        "bio-b,bio,Biology B,active",
        "chem-a,chem,Chemistry A,active",
    ),
    "users.csv": csv(
        "user_id,login_id,first_name,last_name,email,status",
        "ada,ada,Ada,Byron,ada@example.edu,active",
        "bob,bob,Bob,Stone,bob@example.edu,active",
        "cleo,cleo,Cleo,Reed,cleo@example.edu,active",
        "dan,dan,Dan,Gone,dan@example.edu,active",
        "dan,dan,Dan,Gone,dan@example.edu,deleted",
    ),
    "enrollments.csv": csv(
        "course_id,section_id,user_id,role,status",
        "bio,bio-a,ada,student,active",
        "bio,bio-a,bob,teacher,active",
        "chem,chem-a,ada,student,active",
    ),
}


@pytest.fixture
def open_practice(tmp_path: Path) -> Iterator[Open]:
    """Opens a site; the same name again in a second process of the same folder, as after a restart."""
    processes: list[Sites] = []

    def opened(name: str = "engine", *, rows_per_second: float | None = None) -> Practice:
        sites = Sites(tmp_path / "data", speed=Speed(rows_per_second), manual_clock=True)
        processes.append(sites)
        site = sites.get(f"practice-{name}")
        assert site is not None
        return Practice(site, tmp_path)

    yield opened
    for sites in processes:
        sites.close()


@pytest.fixture
def practice(open_practice: Open) -> Practice:
    """A fresh site."""
    return open_practice()


@pytest.fixture
def university(practice: Practice) -> Practice:
    """A site that holds a few of everything."""
    assert practice.send_zip(UNIVERSITY)["workflow_state"] == "imported"
    return practice
