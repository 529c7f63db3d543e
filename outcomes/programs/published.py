"""Figures of a program as they may be shown: without those of small groups, and without what would give them away.
Pure. Pages, downloads, reports and snapshots know no other figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from outcomes.programs import suppression
from outcomes.programs.figures import HIDDEN, TOTAL, ProgramFigures, Table

DEFAULT_THRESHOLD = 10

Mixes = Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Published:
    """`threshold`: groups of fewer students than that are hidden."""

    figures: ProgramFigures
    threshold: int

    def within(self, term: str) -> Self:
        """One term alone. A part of what may be shown may be shown: what is hidden in the whole stays hidden in it."""
        return replace(self, figures=self.figures.within(term))

    def as_json(self) -> dict[str, Any]:
        return {"threshold": self.threshold, "figures": self.figures.as_json()}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        return cls(ProgramFigures.from_json(document["figures"]), document["threshold"])


def published(figures: ProgramFigures, threshold: int) -> Published:
    """What is hidden is hidden for either way of counting, since the difference between both would show it."""
    below = _below(figures)
    mixes = _mixes(figures)
    hidden: dict[int, frozenset[str]] = {}
    for outcome in figures.outcomes:
        students = {key: row[outcome.key].students for key, row in figures.latest.items() if outcome.key in row}
        carried = {key: row.get(outcome.key, 0) for key, row in figures.carried.items()}
        hidden[outcome.key] = suppression.hidden(_tree(TOTAL, below, students, carried, mixes), threshold)
    assessed = {key: count or 0 for key, count in figures.assessed.items()}
    small = suppression.hidden(_tree(TOTAL, below, assessed, {}, {}), threshold)
    shown = replace(
        figures,
        latest=_without(figures.latest, hidden),
        every=_without(figures.every, hidden),
        assessed={key: None if key in small else count for key, count in assessed.items()},
        enrolled=_enrolled(figures, threshold) if TOTAL not in small else None,
        carried={},
    )
    return Published(shown, threshold)


def _enrolled(figures: ProgramFigures, threshold: int) -> int | None:
    """Not where it would tell that only a few have no score."""
    if figures.enrolled is None:
        return None
    without = figures.enrolled - (figures.assessed.get(TOTAL) or 0)
    return None if 0 < without < threshold else figures.enrolled


def _below(figures: ProgramFigures) -> Mapping[str, list[str]]:
    below: dict[str, list[str]] = {}
    for group in figures.groups:
        if group.above:
            below.setdefault(group.above, []).append(group.key)
    return below


def _mixes(figures: ProgramFigures) -> Mixes:
    """By key of the course, under which keys students of which of its sections are carried."""
    mixes: dict[str, dict[str, frozenset[str]]] = {}
    for key in figures.carried:
        kind, _, place = key.partition(":")
        if kind == "section":
            course, _, sections = place.partition(":")
            inside = frozenset(f"section:{course}:{section}" for section in sections.split("+"))
            mixes.setdefault(f"course:{course}", {})[key] = inside
    return mixes


def _tree(
    key: str, below: Mapping[str, list[str]], students: Mapping[str, int], carried: Mapping[str, int], mixes: Mixes
) -> suppression.Group:
    parts = tuple(_tree(part, below, students, carried, mixes) for part in below.get(key, ()))
    mixed = tuple((inside, carried[mix]) for mix, inside in mixes.get(key, {}).items() if carried[mix])
    own = None if key.startswith("section:") else carried.get(key)
    return suppression.Group(key, students.get(key, 0), parts, own, mixed)


def _without(table: Table, hidden: Mapping[int, frozenset[str]]) -> Table:
    return {
        group: {key: HIDDEN if group in hidden[key] else one for key, one in row.items()}
        for group, row in table.items()
    }
