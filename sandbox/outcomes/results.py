"""Results as they are stored: which of them count, and how they are listed."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.clock import api_time
from sandbox.outcomes.alignments import asset
from sandbox.outcomes.contexts import Context

Json = dict[str, Any]

_DELETED_ALIGNMENTS = "SELECT id FROM outcome_alignments WHERE course_id = ? AND workflow_state = 'deleted'"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Results of these outcomes in a course.

    `user_ids` None means everybody. `unposted` are results of assignments whose grades were held back: only who may
    see all grades sees them. `hidden` ones come from rubrics that do not post to the gradebook.
    """

    course: Context
    outcome_ids: Sequence[int]
    user_ids: Sequence[int] | None = None
    unposted: bool = True
    hidden: bool = False

    def where(self) -> tuple[str, list[object]]:
        """The condition on `learning_outcome_results`, and its values."""
        conditions = [
            "results.course_id = ?",
            "results.workflow_state = 'active'",
            "results.learning_outcome_id IN (SELECT value FROM json_each(?))",
            f"results.alignment_id NOT IN ({_DELETED_ALIGNMENTS})",
        ]
        values: list[object] = [self.course.id, json.dumps(list(self.outcome_ids)), self.course.id]
        if self.user_ids is not None:
            conditions.append("results.user_id IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(list(self.user_ids)))
        if not self.hidden:
            conditions.append("results.hidden = 0")
        if not self.unposted:
            conditions.append("results.posted = 1")
        return " AND ".join(conditions), values


def listed(db: sqlite3.Connection, wanted: Wanted, offset: int, limit: int) -> tuple[list[sqlite3.Row], int]:
    """One page of results by student, outcome and id, and how many there are."""
    where, values = wanted.where()
    total = db.execute(f"SELECT count(*) FROM learning_outcome_results results WHERE {where}", values).fetchone()[0]
    rows = db.execute(
        "SELECT results.*, alignments.content_type, alignments.content_id FROM learning_outcome_results results "
        "JOIN users ON users.id = results.user_id "
        f"JOIN outcome_alignments alignments ON alignments.id = results.alignment_id WHERE {where} "
        "ORDER BY users.sortable_name COLLATE NOCASE, users.id, results.learning_outcome_id, results.id "
        "LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    return rows.fetchall(), total


def raw(db: sqlite3.Connection, wanted: Wanted) -> list[sqlite3.Row]:
    """All results, by student and id, whether or not they have a score."""
    where, values = wanted.where()
    return db.execute(
        "SELECT user_id, alignment_id, score, submitted_at, assessed_at FROM learning_outcome_results results "
        f"WHERE {where} ORDER BY user_id, id",
        values,
    ).fetchall()


def users_with_results(db: sqlite3.Connection, wanted: Wanted, user_ids: Sequence[int]) -> set[int]:
    """Those of the users who have a score in any of the results."""
    return _with_scores(db, wanted, "user_id", user_ids)


def outcomes_with_results(db: sqlite3.Connection, wanted: Wanted) -> set[int]:
    """Those of the outcomes for which anybody has a score."""
    return _with_scores(db, wanted, "learning_outcome_id", wanted.outcome_ids)


def _with_scores(db: sqlite3.Connection, wanted: Wanted, column: str, ids: Sequence[int]) -> set[int]:
    """Looks for one result each, rather than reading all."""
    where, values = wanted.where()
    rows = db.execute(
        "SELECT one.value FROM json_each(?) one WHERE EXISTS (SELECT 1 FROM learning_outcome_results results "
        f"WHERE results.{column} = one.value AND results.score IS NOT NULL AND {where})",
        (json.dumps(list(ids)), *values),
    )
    return {row[0] for row in rows}


def as_json(row: sqlite3.Row) -> Json:
    """The OutcomeResult object of a row of `listed`."""
    assignment_id = row["assignment_id"]
    return {
        "id": row["id"],
        "mastery": None if row["mastery"] is None else bool(row["mastery"]),
        "score": row["score"],
        "possible": row["possible"],
        "hide_points": bool(row["hide_points"]),
        "hidden": bool(row["hidden"]),
        "percent": row["percent"],
        "submitted_or_assessed_at": api_time(row["submitted_at"] or row["assessed_at"]),
        "links": {
            "user": str(row["user_id"]),
            "learning_outcome": str(row["learning_outcome_id"]),
            "alignment": asset(row["content_type"], row["content_id"]),
            "assignment": None if assignment_id is None else f"assignment_{assignment_id}",
        },
    }
