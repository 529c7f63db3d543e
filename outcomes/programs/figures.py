"""Figures of a program: for every outcome, in total and by term, course and section. Pure; no names of students."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from outcomes.outcome.measured import Level
from outcomes.programs.matching import SharedOutcome

TOTAL = "total"


class Counting(StrEnum):
    """What of a student with scores in several courses is counted."""

    LATEST = "latest"
    EVERY = "every"


class Presence(StrEnum):
    """Where an outcome stands in a course."""

    ABSENT = ""
    LINKED = "linked"
    ALIGNED = "aligned"


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels by points, descending, and the points of mastery. Scores on unequal scales are not put together."""

    levels: tuple[Level, ...]
    mastery: float | None

    def as_json(self) -> list[Any]:
        return [[[level.description, level.points, level.color] for level in self.levels], self.mastery]

    @classmethod
    def from_json(cls, document: Any) -> Self:
        levels, mastery = document
        return cls(tuple(Level(*level) for level in levels), mastery)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one outcome in one group. `students` have a score, `scores` are what is counted of them.

    `scale` is the place of the scale that all scores are on; where there are several, or the points are not to be
    shown, there is neither mean nor median, and where there are several, no `levels` either. `levels` are scores per
    level of the scale, then those below the lowest. `judged` scores have a mastery to reach, `mastered` reach it.
    """

    students: int
    scores: int
    mean: float | None = None
    median: float | None = None
    levels: tuple[int, ...] = ()
    mastered: int = 0
    judged: int = 0
    scale: int | None = None
    is_hidden: bool = False

    @property
    def share(self) -> float | None:
        """At mastery, 0 to 1."""
        return self.mastered / self.judged if self.judged else None

    def as_json(self) -> list[Any]:
        """Nothing at all where hidden: also not in what is kept."""
        if self.is_hidden:
            return []
        figures = [self.students, self.scores, self.mean, self.median, self.levels]
        return [*figures, self.mastered, self.judged, self.scale]

    @classmethod
    def from_json(cls, document: Any) -> Self:
        if not document:
            return cls(0, 0, is_hidden=True)
        students, scores, mean, median, levels, mastered, judged, scale = document
        return cls(students, scores, mean, median, tuple(levels), mastered, judged, scale)


NOTHING = Figures(0, 0)
HIDDEN = Figures(0, 0, is_hidden=True)


@dataclass(frozen=True, slots=True)
class Group:
    """Total, a term, a course or a section. Keys: `total`, `term:3`, `course:12`, `section:12:5`, Canvas's numbers.

    Of a course, `read_at` is when the reading of its rollups was begun, in ISO 8601.
    """

    key: str
    name: str
    above: str = ""
    code: str = ""
    read_at: str = ""

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def number(self) -> int:
        """Canvas's."""
        return int(self.key.rpartition(":")[2])

    def as_json(self) -> list[str]:
        return [self.key, self.name, self.above, self.code, self.read_at]


Table = Mapping[str, Mapping[int, Figures]]
"""Figures by key of the group and of the outcome; where there are none, nobody has a score."""


@dataclass(frozen=True)
class ProgramFigures:
    """`groups` from the total down, each after the one above it. `every` has only groups in which it may differ.

    `assessed` are students with a score for any of the outcomes by group, None where that is hidden; `enrolled` are
    all students of the courses, None likewise. `presence` by key of the course and of the outcome. `carried`, by key of
    the group and of the outcome: of how many students the score in a group is the one that counts in the group above
    it. Every score of a section counts in its course, so students of several sections stand under all of these at once,
    `section:12:5+7`. What may be shown is judged by that, and it is not shown itself.
    """

    outcomes: tuple[SharedOutcome, ...]
    scales: tuple[Scale, ...]
    groups: tuple[Group, ...]
    latest: Table = field(repr=False)
    every: Table = field(repr=False)
    assessed: Mapping[str, int | None] = field(repr=False)
    presence: Mapping[str, Mapping[int, Presence]] = field(repr=False)
    enrolled: int | None = None
    carried: Mapping[str, Mapping[int, int]] = field(default_factory=dict, repr=False)

    def of(self, group: str, outcome: int, counting: Counting = Counting.LATEST) -> Figures:
        # Earlier versions have frozen empty rows, too, where the counting does not matter.
        if counting == Counting.EVERY and (row := self.every.get(group)):
            return row.get(outcome, NOTHING)
        return self.latest.get(group, {}).get(outcome, NOTHING)

    @cached_property
    def by_key(self) -> Mapping[str, Group]:
        return {group.key: group for group in self.groups}

    def of_kind(self, kind: str) -> list[Group]:
        return [group for group in self.groups if group.kind == kind]

    def outcome(self, key: int) -> SharedOutcome | None:
        return next((outcome for outcome in self.outcomes if outcome.key == key), None)

    def never_aligned(self) -> list[SharedOutcome]:
        """Outcomes with which nothing is aligned in any course."""
        aligned = {key for places in self.presence.values() for key, one in places.items() if one == Presence.ALIGNED}
        return [outcome for outcome in self.outcomes if outcome.key not in aligned]

    def never_assessed(self) -> list[SharedOutcome]:
        """Outcomes for which nobody has a score, hidden ones not among them."""
        return [one for one in self.outcomes if self.of(TOTAL, one.key) == NOTHING]

    def within(self, term: str) -> Self:
        """One term alone: its figures are the total."""
        kept = {group.key: group for group in self.groups if group.key == term or self._is_within(group, term)}
        total = Group(TOTAL, kept[term].name)
        groups = (total, *kept.values())
        again = {TOTAL: term}
        return replace(
            self,
            groups=tuple(replace(group, above=TOTAL) if group.key == term else group for group in groups),
            latest={key: self.latest.get(again.get(key, key), {}) for key in (TOTAL, *kept)},
            every={key: self.every[one] for key in (TOTAL, *kept) if (one := again.get(key, key)) in self.every},
            assessed={key: self.assessed.get(again.get(key, key), 0) for key in (TOTAL, *kept)},
            presence={key: places for key, places in self.presence.items() if key in kept},
            enrolled=None,
        )

    def read_at(self, times: Mapping[str, str]) -> Self:
        """The same figures, read once more at these times by key of the course."""
        return replace(self, groups=tuple(replace(one, read_at=times.get(one.key, one.read_at)) for one in self.groups))

    def _is_within(self, group: Group, term: str) -> bool:
        return bool(group.above) and (group.above == term or self._is_within(self.by_key[group.above], term))

    def as_json(self) -> dict[str, Any]:
        return {
            "outcomes": [outcome.as_json() for outcome in self.outcomes],
            "scales": [scale.as_json() for scale in self.scales],
            "groups": [group.as_json() for group in self.groups],
            "latest": _table_as_json(self.latest),
            "every": _table_as_json(self.every),
            "assessed": dict(self.assessed),
            "presence": {course: dict(places) for course, places in self.presence.items()},
            "enrolled": self.enrolled,
            "carried": {group: dict(row) for group, row in self.carried.items()},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        return cls(
            outcomes=tuple(SharedOutcome.from_json(one) for one in document["outcomes"]),
            scales=tuple(Scale.from_json(one) for one in document["scales"]),
            groups=tuple(Group(*one) for one in document["groups"]),
            latest=_table_from_json(document["latest"]),
            every=_table_from_json(document["every"]),
            assessed=document["assessed"],
            presence={
                course: {int(key): Presence(one) for key, one in places.items()}
                for course, places in document["presence"].items()
            },
            enrolled=document["enrolled"],
            # Not in what was computed by earlier versions.
            carried={
                group: {int(key): count for key, count in row.items()}
                for group, row in document.get("carried", {}).items()
            },
        )


def _table_as_json(table: Table) -> dict[str, dict[str, list[Any]]]:
    return {group: {str(key): one.as_json() for key, one in row.items()} for group, row in table.items()}


def _table_from_json(document: Mapping[str, Mapping[str, Any]]) -> Table:
    return {group: {int(key): Figures.from_json(one) for key, one in row.items()} for group, row in document.items()}


def terms_in_time(figures: ProgramFigures) -> Iterator[Group]:
    """Canvas lists the latest term first."""
    return reversed(figures.of_kind("term"))
