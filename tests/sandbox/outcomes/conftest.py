"""A practice site on a clock that stands still, with two accounts and two courses, and no HTTP in between."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.site import Sites
from tests.sandbox.engine.practice import Practice, csv
from tests.sandbox.outcomes.desk import Desk

UNIVERSITY = {
    "accounts.csv": csv(
        "account_id,parent_account_id,name,status",
        "arts,,Faculty of Arts,active",
        "law,,Faculty of Law,active",
    ),
    "courses.csv": csv(
        "course_id,short_name,long_name,account_id,status",
        "music,MUS 1,Music,arts,active",
        "torts,TOR 1,Torts,law,active",
    ),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    sites = Sites(tmp_path / "data", manual_clock=True)
    site = sites.get("practice-outcomes")
    assert site is not None
    assert Practice(site, tmp_path).send_zip(UNIVERSITY)["workflow_state"] == "imported"
    yield Desk(site, tmp_path)
    sites.close()
