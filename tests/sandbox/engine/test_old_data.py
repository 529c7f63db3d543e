"""Data that another version of the practice Canvas left behind."""

import sqlite3
from pathlib import Path

from sandbox.site import Sites, Speed


def test_a_site_made_by_another_version_starts_anew(tmp_path: Path) -> None:
    sites = Sites(tmp_path, speed=Speed(None), manual_clock=True)
    site = sites.get("practice-old")
    assert site is not None
    file = site.folder / "site.sqlite3"
    sites.close()
    with sqlite3.connect(file) as db:
        db.executescript("DROP TABLE users; CREATE TABLE users (id INTEGER); PRAGMA user_version = 1")
    db.close()

    sites = Sites(tmp_path, speed=Speed(None), manual_clock=True)
    again = sites.get("practice-old")
    assert again is not None
    names = [row["name"] for row in again.db().execute("SELECT name FROM users")]
    sites.close()

    assert names
