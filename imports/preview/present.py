"""The outcome tree of an account or course as it is, and its form in storage."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from canvas.outcome_records import OutcomeGroup, OutcomeLink

Rating = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Group:
    """`parent` is None for the root. Groups that an import would make have ids below zero."""

    id: int
    title: str
    guid: str = ""
    description: str = ""
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`owner` is the context it belongs to, as `account:1`; empty for a global one.

    `has_own_scale` is False where Canvas shows a scale and method of the account in place of the outcome's own, so
    that those are not known. Ratings by points, descending.
    """

    id: int
    title: str
    guid: str = ""
    display_name: str = ""
    description: str = ""
    friendly: str = ""
    method: str = ""
    number: int | None = None
    mastery: float | None = None
    ratings: tuple[Rating, ...] = ()
    owner: str = ""
    assessed: bool = False
    has_own_scale: bool = True


Link = tuple[int, int]
"""Group, outcome."""


@dataclass(slots=True)
class Present:
    """`aligned` are outcomes that something in this course is aligned with: their links stay, whatever a file says."""

    context: str
    groups: dict[int, Group] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    links: dict[Link, None] = field(default_factory=dict)
    aligned: frozenset[int] = frozenset()

    @property
    def root(self) -> int | None:
        return next((group.id for group in self.groups.values() if group.parent is None), None)

    def path(self, group: int | None) -> str:
        """Titles from below the root down to the group, the root's own for the root; empty for one that is not here."""
        titles: list[str] = []
        at = self.groups.get(group or 0)
        while at is not None and len(titles) < len(self.groups):  # a ring ends it
            above = self.groups.get(at.parent or 0)
            if above is not None or not titles:
                titles.append(at.title)
            at = above
        return " > ".join(reversed(titles))

    @property
    def knows_friendly(self) -> bool:
        """Whether Canvas shows friendly descriptions: it does where two features are on."""
        return any(outcome.friendly for outcome in self.outcomes.values())

    @property
    def new_average(self) -> bool | None:
        """Whether the newer decaying average is on, as far as the methods in use tell."""
        methods = {outcome.method for outcome in self.outcomes.values() if outcome.has_own_scale}
        if "standard_decaying_average" in methods:
            return True
        return False if "weighted_average" in methods else None

    def dump(self) -> bytes:
        document = {
            "context": self.context,
            "groups": [asdict(group) for group in self.groups.values()],
            "outcomes": [asdict(outcome) for outcome in self.outcomes.values()],
            "links": list(self.links),
            "aligned": sorted(self.aligned),
        }
        return zlib.compress(json.dumps(document).encode())

    @classmethod
    def load(cls, stored: bytes) -> "Present":
        document = json.loads(zlib.decompress(stored))
        return cls(
            document["context"],
            {one["id"]: Group(**one) for one in document["groups"]},
            {one["id"]: _outcome_of(one) for one in document["outcomes"]},
            dict.fromkeys((group, outcome) for group, outcome in document["links"]),
            frozenset(document["aligned"]),
        )


def _outcome_of(stored: dict[str, Any]) -> Outcome:
    return Outcome(**(stored | {"ratings": tuple((points, text) for points, text in stored["ratings"])}))


def present_of(
    groups: Iterable[OutcomeGroup], links: Iterable[OutcomeLink], *, aligned: Iterable[int] | None = ()
) -> Present:
    """From Canvas's answers. `aligned` None: not known; then what is assessed here counts as aligned."""
    present = Present("")
    assessed = set()
    for group in sorted(groups, key=lambda one: one.id):
        present.context = _context(group.context_type, group.context_id)
        present.groups[group.id] = Group(group.id, group.title, group.vendor_guid, group.description, group.parent_id)
    for link in links:
        present.links[link.group_id, link.outcome.id] = None
        present.outcomes[link.outcome.id] = outcome_of(link)
        if link.assessed:
            assessed.add(link.outcome.id)
    in_course = present.context.startswith("course")
    present.aligned = frozenset(assessed if aligned is None and in_course else aligned or ())
    return present


def outcome_of(link: OutcomeLink) -> Outcome:
    found = link.outcome
    scale: dict[str, Any] = {"has_own_scale": False}
    if found.has_own_scale:
        scale = {
            "method": found.calculation_method,
            "number": found.calculation_int,
            "mastery": found.mastery_points,
            "ratings": tuple((rating.points, rating.description) for rating in found.ratings),
        }
    return Outcome(
        id=found.id,
        title=found.title,
        guid=found.vendor_guid,
        display_name=found.display_name,
        description=found.description,
        friendly=found.friendly_description,
        owner=_context(found.context_type, found.context_id),
        assessed=bool(found.assessed or link.assessed),
        **scale,
    )


def _context(kind: str | None, number: int | None) -> str:
    return f"{kind.lower()}:{number}" if kind and number is not None else ""
