"""What a row of an outcomes CSV says, and the complaints about its cells alone."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.outcomes.importing.reading import RATINGS, Cell, Header
from sandbox.outcomes.records import LONGEST_NAME
from sandbox.ruby import inspected, listed

OUTCOME, GROUP = "outcome", "group"

_NUMBER = re.compile(r"\s*[+-]?(\d+(_\d+)*)?(\.\d+(_\d+)*)?([eE][+-]?\d+)?\s*", re.ASCII)
# What counts as a space in Ruby's patterns.
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_STATES = ("", "active", "deleted")
_NOT_FOR_GROUPS = ("calculation_method", "calculation_int", RATINGS)


class BadRow(Exception):
    """The row is not applied. Each text is one of Canvas's messages: a record can break several rules at once."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose cells make sense. `cells` are texts by column, blank where absent; `ratings` points and text."""

    cells: dict[str, str]
    ratings: tuple[tuple[float, str], ...]
    mastery_points: float | None

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    @property
    def kind(self) -> str:
        return self["object_type"]

    @property
    def deleted(self) -> bool:
        return self["workflow_state"] == "deleted"

    @property
    def parent_guids(self) -> list[str]:
        return [guid for guid in _SPACES.split(self["parent_guids"]) if guid]

    def refused_for_group(self) -> list[str]:
        """Columns that only outcomes may fill."""
        filled = {name for name, text in self.cells.items() if text.strip()} | ({RATINGS} if self.ratings else set())
        return [name for name in _NOT_FOR_GROUPS if name in filled]


def parse(header: Header, cells: Sequence[Cell]) -> Row | None:
    """None for a row without any content. Raises BadRow, by the order of Canvas's checks."""
    if not any((cell or "").strip() for cell in cells):
        return None
    for cell in cells:
        _check_encoding(cell)
    named = {name: cell or "" for name, cell in zip(header.names, cells, strict=False)}
    ratings = _ratings(cells[len(header.names) :])
    mastery = named.get("mastery_points", "")
    row = Row(named, ratings, _number(mastery, "mastery points") if mastery.strip() else None)
    _check_fields(row)
    return row


def _check_encoding(cell: Cell) -> None:
    try:
        (cell or "").encode()
    except UnicodeEncodeError as bad:
        raise BadRow(f"Not a valid utf-8 string: {inspected(cell or '')}") from bad


def _ratings(cells: Sequence[Cell]) -> tuple[tuple[float, str], ...]:
    given = list(cells)
    while given and given[-1] is None:
        given.pop()
    tiers = list[tuple[float, str]]()
    for start in range(0, len(given), 2):
        points = _points(given[start] or "", len(tiers) + 1)
        if tiers and tiers[-1][0] < points:
            raise BadRow(
                f"Points for tier {len(tiers) + 1} must be less than points for prior tier "
                f"({points} is greater than {tiers[-1][0]})"
            )
        tiers.append((points, (given[start + 1] or "") if start + 1 < len(given) else ""))
    return tuple(tiers)


def _points(text: str, tier: int) -> float:
    if not text.strip():
        raise BadRow(f"Points for rating tier {tier} not present")
    return _number(text, f"rating tier {tier} threshold")


def _number(text: str, name: str) -> float:
    """A number by the habits of English: commas between thousands, a point before decimals."""
    bare = text.replace(",", "")
    is_number = _NUMBER.fullmatch(bare) and re.search(r"\d", bare.lower().partition("e")[0])
    if not is_number or not math.isfinite(float(bare)):
        raise BadRow(f'Invalid value for {name}: "{text}"')
    return float(bare)


def _check_fields(row: Row) -> None:
    if len(row["friendly_description"]) > LONGEST_NAME:
        raise BadRow(f"Friendly description is too long (maximum is {LONGEST_NAME} characters)")
    for name in ("vendor_guid", "title"):
        if not row[name].strip():
            raise BadRow(f'The "{name}" field is required')
    if _SPACES.search(row["vendor_guid"]):
        raise BadRow('The "vendor_guid" field must have no spaces')
    if row["workflow_state"] not in _STATES:
        raise BadRow('"workflow_state" must be either "active" or "deleted"')
    if row.kind not in {OUTCOME, GROUP}:
        raise BadRow(f'Invalid object_type: "{row.kind}"')


def check_for_group(row: Row) -> None:
    """Raises BadRow: the row fills columns that a group has no use for."""
    if refused := row.refused_for_group():
        raise BadRow(f"Invalid fields for a group: {listed(refused)}")
