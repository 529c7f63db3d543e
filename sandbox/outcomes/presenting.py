"""Outcomes, groups and links as the API shows them."""

import sqlite3
from typing import Any

from sandbox.outcomes import flags, records, scales
from sandbox.outcomes.contexts import Context
from sandbox.outcomes.records import Outcome
from sandbox.outcomes.tree import Row, group

Json = dict[str, Any]

_WITH_NUMBER = frozenset({"decaying_average", "standard_decaying_average", "weighted_average", "n_mastery"})


class Presenter:
    """What is shown in one answer. `context` is where the outcomes are looked at from; without one, where they live.

    `add_defaults` asks for colours and the flag of mastery on the outcomes' own ratings.
    """

    def __init__(self, db: sqlite3.Connection, context: Context | None = None, *, add_defaults: bool = False) -> None:
        self._db = db
        self._context = context
        self._add_defaults = add_defaults
        self._scales_rule = flags.mastery_scales(db)
        self._friendly = flags.friendly_descriptions(db)

    def outcome(self, outcome: Outcome, style: str = "full") -> Json:
        """The Outcome object; `style` is `full` or `abbrev`."""
        shown = {
            "id": outcome.id,
            "context_type": outcome.context_type,
            "context_id": outcome.context_id,
            "vendor_guid": outcome.vendor_guid,
            "display_name": outcome.display_name,
            "title": outcome.short_description,
            "url": f"/api/v1/outcomes/{outcome.id}",
            "can_edit": True,
            "has_updateable_rubrics": False,
        }
        if style == "abbrev":
            return shown
        described = {"description": outcome.description, "friendly_description": self._friendly_text(outcome)}
        return shown | described | self._scoring(outcome) | {"assessed": self._is_assessed(outcome.id)}

    def _friendly_text(self, outcome: Outcome) -> str | None:
        if not self._friendly:
            return None
        here = self._context and records.friendly_description(self._db, outcome.id, self._context.key)
        return here or records.friendly_description(self._db, outcome.id, (outcome.context_type, outcome.context_id))

    def _scoring(self, outcome: Outcome) -> Json:
        """Scale and method; under account mastery scales those of the context, or none where none is looked from."""
        if self._scales_rule:
            return self._scoring_of_context(self._context, outcome) if self._context else {}
        ratings: list[Json] = [
            {"description": rating.description, "points": rating.points} for rating in outcome.criterion.ratings
        ]
        if self._add_defaults:
            ratings = scales.with_defaults(ratings, outcome.criterion.mastery_points)
        points = {
            "points_possible": outcome.criterion.points_possible,
            "mastery_points": outcome.criterion.mastery_points,
        }
        return points | {"ratings": ratings} | _method(outcome.calculation_method, outcome.calculation_int)

    def _scoring_of_context(self, context: Context, outcome: Outcome) -> Json:
        scale, chosen = scales.proficiency(self._db, context), scales.method(self._db, context)
        own = outcome.calculation_method, outcome.calculation_int
        method, number = (chosen.method, chosen.number) if chosen else own
        return _method(method, number) | {
            "points_possible": scale.points_possible,
            "mastery_points": scale.mastery_points,
            "ratings": [dict(rating) for rating in scale.ratings],
            "proficiency_context_type": scale.context_type,
            "proficiency_context_id": str(scale.context_id),
        }

    def _is_assessed(self, outcome_id: int, course_id: int | None = None) -> bool:
        where = "learning_outcome_id = ? AND workflow_state = 'active'"
        values = [outcome_id]
        if course_id is not None:
            where = "course_id = ? AND " + where
            values.insert(0, course_id)
        return self._db.execute(f"SELECT 1 FROM learning_outcome_results WHERE {where}", values).fetchone() is not None

    def group(self, row: Row, style: str = "full") -> Json:
        """The OutcomeGroup object; `style` is `full` or `abbrev`."""
        url = _group_url(row)
        shown = {
            "id": row["id"],
            "title": row["title"],
            "vendor_guid": row["vendor_guid"],
            "url": url,
            "subgroups_url": f"{url}/subgroups",
            "outcomes_url": f"{url}/outcomes",
            "can_edit": True,
        }
        if style == "abbrev":
            return shown
        shown |= {
            "import_url": f"{url}/import",
            "context_id": row["context_id"],
            "context_type": row["context_type"],
            "description": row["description"],
        }
        parent = row["learning_outcome_group_id"] and group(self._db, row["learning_outcome_group_id"])
        return shown | ({"parent_outcome_group": self.group(parent, "abbrev")} if parent else {})

    def link(
        self, row: Row, outcome: Outcome, group_row: Row, *, outcome_style: str = "abbrev", group_style: str = "abbrev"
    ) -> Json:
        """The OutcomeLink object of a row of `outcome_links`."""
        course_id = row["context_id"] if row["context_type"] == "Course" else None
        shown = {
            "context_type": row["context_type"],
            "context_id": row["context_id"],
            "url": f"{_group_url(group_row)}/outcomes/{outcome.id}",
            "outcome_group": self.group(group_row, group_style),
            "outcome": self.outcome(outcome, outcome_style),
            "assessed": self._is_assessed(outcome.id, course_id),
        }
        return shown | ({"can_unlink": True} if row["workflow_state"] != "deleted" else {})


def _group_url(row: Row) -> str:
    return f"/api/v1/{row['context_type'].lower()}s/{row['context_id']}/outcome_groups/{row['id']}"


def _method(method: str | None, number: int | None) -> Json:
    shown: Json = {"calculation_method": method or "highest"}
    return shown | ({"calculation_int": number} if method in _WITH_NUMBER else {})
