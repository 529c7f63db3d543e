"""A full batch's clean-up: what earlier imports brought into the terms and this one does not name.

Source: Canvas's `sis_batch.rb`: candidates, thresholds before anything is removed, enrollments before sections before
courses.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imports.known.cascades import leave

DEFAULT_TERM = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One kind of a clean-up: how many of all would be removed, and the limit in percent where there is one."""

    kind: str
    removed: int
    all: int
    limit: int | None
    is_empty: bool = False

    @property
    def percent(self) -> float:
        return 100 * self.removed / self.all if self.all else 0.0

    @property
    def stops(self) -> bool:
        """Canvas stops at strictly more than the limit, and not where there is nothing to remove."""
        return self.limit is not None and self.removed > 0 and self.percent > self.limit


_IN_TERMS = "coalesce(known_course.term_id, '') IN (SELECT value FROM json_each(:terms))"
_ALL = {
    "enrollment": "FROM known_enrollment held JOIN known_course ON known_course.key = held.course "
    f"WHERE {_IN_TERMS} AND held.state NOT IN ('deleted', :drop_status)",
    "section": "FROM known_section held JOIN known_course ON known_course.key = held.course_id "
    f"WHERE {_IN_TERMS} AND held.state <> 'deleted'",
    "course": f"FROM known_course held JOIN known_course USING (key) WHERE {_IN_TERMS} AND held.state <> 'deleted'",
}
# Observers stay as long as the upload names the student they observe.
_NOT_NAMED = {
    "enrollment": " AND held.run <> :run AND NOT EXISTS (SELECT 1 FROM known_enrollment student "
    "WHERE student.person = held.associated_user_id AND student.run = :run)",
    "section": " AND held.run <> :run",
    "course": " AND held.run <> :run",
}
# The kinds that are cleaned up, in the order in which they are.
CLEANED = ("enrollment", "section", "course")


def terms_of(
    db: sqlite3.Connection, run: int, options: Mapping[str, Any], terms: Sequence[Mapping[str, Any]]
) -> list[str] | None:
    """The SIS ids of the terms that a full batch is about, the default term being empty; None: it cannot be told.

    `terms` are those that Canvas lists: id, name, sis_term_id.
    """
    if "batch_mode" not in options:
        return [key for (key,) in db.execute("SELECT key FROM known_term WHERE run = ?", (run,))]
    wanted = str(options["batch_mode_term_id"])
    if wanted.startswith("sis_term_id:"):
        return [wanted.partition(":")[2]]
    without = sorted(int(term["id"]) for term in terms if not term.get("sis_term_id"))
    for term in terms:
        if str(term["id"]) == wanted and term.get("sis_term_id"):
            return [str(term["sis_term_id"])]
    is_default = wanted == "default" or (without and wanted == str(without[0]))
    return [DEFAULT_TERM] if is_default else None


@dataclass
class CleanUp:
    """The clean-up of one import, after its rows are applied. `supplied` are its kinds, `empty` those without rows."""

    db: sqlite3.Connection
    run: int
    options: Mapping[str, Any]
    terms: Sequence[str]
    supplied: frozenset[str]
    empty: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        drop_status = self.options.get("batch_mode_enrollment_drop_status", "deleted")
        self._values = {"run": self.run, "drop_status": drop_status, "terms": json.dumps(list(self.terms))}
        self._kinds = [kind for kind in CLEANED if kind in self.supplied]
        self._select()

    def _select(self) -> None:
        """Whom it is about is decided before anything is removed."""
        self.db.execute("DROP TABLE IF EXISTS temp.doomed")
        self.db.execute("CREATE TEMP TABLE doomed (kind TEXT, key TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID")
        for kind in self._kinds:
            query = f"{_ALL[kind]}{_NOT_NAMED[kind]}"
            self.db.execute(f"INSERT INTO temp.doomed SELECT '{kind}', held.key {query}", self._of(query))

    def _of(self, query: str) -> dict[str, Any]:
        return {name: value for name, value in self._values.items() if f":{name}" in query}

    def verdicts(self) -> list[Verdict]:
        """One per kind supplied, in the order in which Canvas looks at its limit."""
        return [self._verdict(kind) for kind in reversed(self._kinds)]

    def _verdict(self, kind: str) -> Verdict:
        removed = int(self.db.execute("SELECT count(*) FROM temp.doomed WHERE kind = ?", (kind,)).fetchone()[0])
        total = int(self.db.execute(f"SELECT count(*) {_ALL[kind]}", self._of(_ALL[kind])).fetchone()[0])
        return Verdict(kind, removed, total, self.options.get("change_threshold"), kind in self.empty)

    def remove(self) -> None:
        """Remove what it is about."""
        for kind in self._kinds:
            which = f"IN (SELECT key FROM temp.doomed WHERE kind = '{kind}')"
            if kind == "enrollment" and self._values["drop_status"] == "deleted":
                leave(self.db, f"key {which}", {})
            elif kind == "enrollment":
                self.db.execute(
                    f"UPDATE known_enrollment SET state = ? WHERE key {which}", (self._values["drop_status"],)
                )
            else:
                leave(self.db, f"{kind} {which}", {})
                self.db.execute(f"UPDATE known_{kind} SET state = 'deleted' WHERE key {which}")
