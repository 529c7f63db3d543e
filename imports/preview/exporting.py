"""The present tree as a file that an outcome import takes: imported unchanged, it changes nothing.

Columns and order are those of Canvas's own report `outcome_export_csv`. Cells are not made safe for spreadsheets: an
apostrophe before a title would be imported with it.
"""

import csv
import io
from collections.abc import Iterator

from imports.preview.present import Group, Outcome, Present

COLUMNS = (
    "canvas_id", "vendor_guid", "object_type", "title", "description", "display_name", "calculation_method",
    "calculation_int", "parent_guids", "workflow_state", "mastery_points",
)  # fmt: skip
FRIENDLY = "friendly_description"
_SPACE_IN_GUID = (" ", "\t", "\n", "\r")


def export(present: Present) -> Iterator[bytes]:
    """Groups first, each behind its parent; the root is left out, and outcomes without a group are not there."""
    yield _line([*_columns(present), "ratings"])
    for group in _groups(present):
        cells = {
            "canvas_id": str(group.id),
            "vendor_guid": guid_of(group),
            "object_type": "group",
            "title": group.title,
            "description": group.description,
            "parent_guids": _parent(present, group.parent),
            "workflow_state": "active",
        }
        yield _line([cells.get(name, "") for name in _columns(present)])
    parents: dict[int, list[str]] = {}
    for number, outcome in present.links:
        parents.setdefault(outcome, []).append(_parent(present, number))
    for outcome_id in sorted(parents):
        yield _line(_outcome(present, present.outcomes[outcome_id], parents[outcome_id]))


def _columns(present: Present) -> tuple[str, ...]:
    return (*COLUMNS, FRIENDLY) if present.knows_friendly else COLUMNS


def _groups(present: Present) -> Iterator[Group]:
    children: dict[int | None, list[Group]] = {}
    for group in sorted(present.groups.values(), key=lambda one: one.id):
        children.setdefault(group.parent, []).append(group)
    waiting = list(children.get(present.root, []))
    while waiting:
        group = waiting.pop(0)
        yield group
        waiting += children.get(group.id, [])


def guid_of(thing: Group | Outcome) -> str:
    """Its guid, or one that spells its number: Canvas finds it by either. A guid with a space is no longer allowed."""
    if thing.guid and not any(space in thing.guid for space in _SPACE_IN_GUID):
        return thing.guid
    return f"canvas_outcome_group:{thing.id}" if isinstance(thing, Group) else f"canvas_outcome:{thing.id}"


def _parent(present: Present, number: int | None) -> str:
    """Empty for the root."""
    group = present.groups.get(number or 0)
    return "" if group is None or group.parent is None else guid_of(group)


def _outcome(present: Present, outcome: Outcome, parents: list[str]) -> list[str]:
    cells = {
        "canvas_id": str(outcome.id),
        "vendor_guid": guid_of(outcome),
        "object_type": "outcome",
        "title": outcome.title,
        "description": outcome.description,
        "display_name": outcome.display_name,
        "calculation_method": outcome.method,
        "calculation_int": "" if outcome.number is None else str(outcome.number),
        "parent_guids": " ".join(sorted(guid for guid in parents if guid)),
        "workflow_state": "active",
        "mastery_points": _number(outcome.mastery),
        FRIENDLY: outcome.friendly,
    }
    ratings = [cell for points, text in outcome.ratings for cell in (_number(points), text)]
    return [cells[name] for name in _columns(present)] + ratings


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def _line(cells: list[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode()
