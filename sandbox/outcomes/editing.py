"""Changing outcomes one at a time, as the API does."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sandbox.outcomes import flags, methods, records
from sandbox.outcomes.contexts import Context
from sandbox.outcomes.records import DEFAULT_CRITERION, Criterion, Outcome
from sandbox.outcomes.sanitising import plain_text, safe_html
from sandbox.ruby import decimal, integer

Complaints = Mapping[str, Sequence[Mapping[str, str]]]

NO_DESCRIPTION = "No description"


class Invalid(Exception):
    """The outcome would break rules of Canvas's model; `complaints` by attribute."""

    def __init__(self, complaints: Mapping[str, str]) -> None:
        super().__init__(complaints)
        self.complaints: Complaints = {
            name: [{"attribute": name, "type": text, "message": text}] for name, text in complaints.items()
        }


@dataclass(frozen=True, slots=True)
class Change:
    """What was sent: texts by field of the API, and new ratings as points and description; None: not sent."""

    fields: Mapping[str, str]
    ratings: Sequence[tuple[str, str]] | None = None


def update(db: sqlite3.Connection, outcome: Outcome, change: Change, now: str) -> Outcome:
    """Save what changed. Raises Invalid."""
    changed = _changed(db, outcome, change)
    complaints = changed.complaints()
    if not changed.short_description:
        complaints["short_description"] = "blank"
    if outcome.calculation_method != changed.calculation_method or "calculation_int" in change.fields:
        complaints |= methods.complaints(changed.calculation_method or "", changed.calculation_int)
    if complaints:
        raise Invalid(complaints)
    return replace(changed, id=records.save(db, changed, now))


def blank(context: Context) -> Outcome:
    """A new outcome, before anything is known about it."""
    return Outcome(0, *context.key, "", None, None, None, None, None, DEFAULT_CRITERION, "active", None)


def _changed(db: sqlite3.Connection, outcome: Outcome, change: Change) -> Outcome:
    fields = change.fields
    changed = replace(
        outcome,
        short_description=plain_text(fields["title"]) if "title" in fields else outcome.short_description,
        display_name=plain_text(fields["display_name"]) if "display_name" in fields else outcome.display_name,
        vendor_guid=plain_text(fields["vendor_guid"]) if "vendor_guid" in fields else outcome.vendor_guid,
        description=safe_html(fields["description"]) if "description" in fields else outcome.description,
        criterion=_criterion(outcome.criterion, change),
    )
    if {"calculation_method", "calculation_int"} & fields.keys() or not outcome.id:
        changed = _with_method(db, changed, fields)
    return changed


def _with_method(db: sqlite3.Connection, outcome: Outcome, fields: Mapping[str, str]) -> Outcome:
    new_decaying = flags.is_on(db, "outcomes_new_decaying_average_calculation")
    wanted = fields.get("calculation_method", outcome.calculation_method or "")
    method = methods.saved_method(wanted, new_decaying_average=new_decaying)
    number = outcome.calculation_int if method == outcome.calculation_method else None
    if fields.get("calculation_int", "").strip():
        number = integer(fields["calculation_int"])
    return replace(outcome, calculation_method=method, calculation_int=methods.saved_number(method, number))


def _criterion(prior: Criterion, change: Change) -> Criterion:
    """New ratings replace the scale, mastery then being the highest unless given; mastery alone keeps the ratings."""
    given = change.fields.get("mastery_points", "").strip()
    mastery = decimal(given) if given else None
    if change.ratings:
        return Criterion.of([(decimal(points), text or NO_DESCRIPTION) for points, text in change.ratings], mastery)
    return prior if mastery is None else replace(prior, mastery_points=mastery)
