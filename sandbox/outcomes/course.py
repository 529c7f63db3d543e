"""The outcomes that a course links, in the order in which a person arranged them."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sandbox.outcomes.contexts import Context
from sandbox.outcomes.records import Outcome

ARRANGEMENTS = ("alphabetical", "custom", "upload_order")


@dataclass(frozen=True, slots=True)
class Linked:
    """An outcome and the link that brings it into the course; an outcome linked twice is there twice."""

    outcome: Outcome
    link: sqlite3.Row

    @property
    def group_id(self) -> int:
        return int(self.link["learning_outcome_group_id"])


def linked_outcomes(db: sqlite3.Connection, course: Context) -> list[Linked]:
    """In the order of the links."""
    links = db.execute(
        "SELECT * FROM outcome_links "
        "WHERE context_type = ? AND context_id = ? AND workflow_state = 'active' ORDER BY id",
        course.key,
    ).fetchall()
    wanted = json.dumps([link["learning_outcome_id"] for link in links])
    rows = db.execute(
        "SELECT * FROM learning_outcomes WHERE id IN (SELECT value FROM json_each(?)) AND workflow_state = 'active'",
        (wanted,),
    )
    outcomes = {row["id"]: Outcome.of(row) for row in rows}
    return [
        Linked(outcomes[link["learning_outcome_id"]], link) for link in links if link["learning_outcome_id"] in outcomes
    ]


def chosen(linked: Iterable[Linked], outcome_ids: Collection[int]) -> list[Linked]:
    """Those outcomes, each once."""
    first: dict[int, Linked] = {}
    for one in linked:
        if one.outcome.id in outcome_ids:
            first.setdefault(one.outcome.id, one)
    return list(first.values())


def arranged(db: sqlite3.Connection, course: Context, user_id: int, linked: list[Linked]) -> list[Linked]:
    """In the order that the person chose in the gradebook's settings."""
    arrangement = settings(db, course, user_id).get("outcome_arrangement", "upload_order")
    if arrangement == "alphabetical":
        return sorted(linked, key=lambda one: one.outcome.short_description.casefold())
    if arrangement == "custom":
        positions = _positions(db, course, user_id)
        return sorted(linked, key=lambda one: positions.get(one.outcome.id, len(positions) + 10**9))
    return linked


def settings(db: sqlite3.Connection, course: Context, user_id: int) -> dict[str, object]:
    """What a person saved for the gradebook of a course."""
    row = db.execute(
        "SELECT data FROM gradebook_settings WHERE user_id = ? AND course_id = ?", (user_id, course.id)
    ).fetchone()
    return json.loads(row["data"]) if row else {}


def keep_settings(db: sqlite3.Connection, course: Context, user_id: int, data: Mapping[str, object]) -> None:
    db.execute("INSERT OR REPLACE INTO gradebook_settings VALUES (?, ?, ?)", (user_id, course.id, json.dumps(data)))


def keep_order(db: sqlite3.Connection, course: Context, user_id: int, positions: Mapping[int, int]) -> None:
    """Replace the person's own order, given as position by outcome."""
    db.execute("DELETE FROM outcome_positions WHERE user_id = ? AND course_id = ?", (user_id, course.id))
    db.executemany(
        "INSERT INTO outcome_positions VALUES (?, ?, ?, ?)",
        [(user_id, course.id, outcome_id, position) for outcome_id, position in positions.items()],
    )


def _positions(db: sqlite3.Connection, course: Context, user_id: int) -> dict[int, int]:
    rows = db.execute(
        "SELECT learning_outcome_id, position FROM outcome_positions WHERE user_id = ? AND course_id = ?",
        (user_id, course.id),
    )
    return {row["learning_outcome_id"]: row["position"] for row in rows}
