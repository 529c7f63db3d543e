"""The tree before the file and after it, thing by thing: what is new, changed, moved, retired, refused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from imports.preview.applying import ELSEWHERE, REFUSED, Applying, Worked
from imports.preview.present import Group, Link, Outcome, Present
from imports.preview.wanted import differences

# The worst first: what a thing counts as.
EFFECTS = (
    "refused", "retired", "kept", "new", "changed", "moved", "added", "withdrawn",
    "unchanged", "untouched", "elsewhere",
)  # fmt: skip
STILL = ("unchanged", "untouched")
GROUP, OUTCOME = "group", "outcome"
_SCALE = ("mastery_points", "ratings")


@dataclass(slots=True)
class Node:
    """One place in the tree. `changes` are (field, old, new); `row` Canvas's number of the file's row, 0 for none.

    An outcome in several groups has a node in each. `number` is its id in Canvas, below zero for what is new.
    """

    sort: str
    number: int
    title: str
    guid: str
    effect: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    row: int = 0
    why: str = ""
    assessed: bool = False
    inside: list["Node"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        yield self
        for node in self.inside:
            yield from node.walk()


class Comparison:
    """Made once the file is applied. `top` are the nodes right below the root; rows without a place come last."""

    def __init__(self, applied: Applying, worked: Sequence[Worked]) -> None:
        self._before, self._after = applied.before, applied.tree
        self._with_friendly = self._before.knows_friendly
        # A row that is taken tells what becomes of its thing; one that is refused only where no other does.
        self._rows = {(one.sort, one.object): one for one in worked if one.object is not None and one.fate}
        self._rows |= {(one.sort, one.object): one for one in worked if one.object is not None and not one.fate}
        self._was, self._will = _groups_of(self._before.links), _groups_of(self._after.links)
        self._children = self._by_parent()
        self._linked = self._by_group()
        root = self._after.root
        self.top = [
            *self._inside(0 if root is None else root),
            *self._in_lost_groups(),
            *self._without_place(worked),
        ]

    def _by_parent(self) -> dict[int, list[Group]]:
        children: dict[int, list[Group]] = {}
        everything = {**self._before.groups, **self._after.groups}
        for group in sorted(everything.values(), key=lambda one: (one.title.lower(), one.id)):
            if group.parent is not None:
                children.setdefault(group.parent, []).append(group)
        return children

    def _by_group(self) -> dict[int, list[Outcome]]:
        """An outcome that goes stands where it was; one that stays, where it will be."""
        linked: dict[int, list[Outcome]] = {}
        gone = [link for link in self._before.links if link[1] not in self._will]
        everything = {**self._before.outcomes, **self._after.outcomes}
        for group, outcome in [*self._after.links, *gone]:
            linked.setdefault(group, []).append(everything[outcome])
        return linked

    def _inside(self, group: int) -> list[Node]:
        outcomes = sorted(self._linked.get(group, []), key=lambda one: (one.title.lower(), one.id))
        return [*map(self._group_node, self._children.get(group, [])), *map(self._outcome_node, outcomes)]

    def _in_lost_groups(self) -> Iterator[Node]:
        """What goes into groups that an earlier row retired: Canvas puts it there, and nobody sees it."""
        there = self._before.groups.keys() | self._after.groups.keys()
        for group in sorted((self._linked.keys() | self._children.keys()) - there):
            for node in self._inside(group):
                node.why = node.why or "The group that it is in is retired."
                yield node

    def _group_node(self, group: Group) -> Node:
        before, after = self._before.groups.get(group.id), self._after.groups.get(group.id)
        changes = _group_changes(before, after) if before and after else []
        was, will = ([one.parent or 0] if one else [] for one in (before, after))
        node = self._node(GROUP, group, was, will, changes)
        node.inside = self._inside(group.id)
        return node

    def _outcome_node(self, outcome: Outcome) -> Node:
        before, after = self._before.outcomes.get(outcome.id), self._after.outcomes.get(outcome.id)
        was, will = self._was.get(outcome.id, []), self._will.get(outcome.id, [])
        changes = differences(before, after, with_friendly=self._with_friendly) if before and after else []
        node = self._node(OUTCOME, outcome, was, will, changes)
        node.assessed = outcome.assessed
        return node

    def _node(
        self, sort: str, thing: Group | Outcome, was: list[int], will: list[int], changes: list[tuple[str, str, str]]
    ) -> Node:
        """`was` and `will` are the groups that hold it, none where it is not there."""
        worked = self._rows.get((sort, thing.id))
        effect = _effect(worked, was=set(was), will=set(will), is_changed=bool(changes))
        if was and was != will and (will or effect == ELSEWHERE):
            changes.append(("parent_guids", self._places(self._before, was), self._places(self._after, will)))
        row, why = (worked.number, worked.why) if worked else (0, "")
        return Node(sort, thing.id, thing.title, thing.guid, effect, changes, row, why)

    def _places(self, tree: Present, groups: Iterable[int]) -> str:
        """By their ways down from the top, since groups of one title are common; also one that is retired."""
        return ", ".join(tree.path(group) or self._before.path(group) for group in groups)

    def _without_place(self, worked: Sequence[Worked]) -> Iterator[Node]:
        for one in worked:
            is_told = one.object is not None and self._rows[one.sort, one.object] is one
            if not is_told or not self._is_shown(one.sort, one.object):
                effect = one.fate if one.fate in (REFUSED, ELSEWHERE) else "unchanged"
                why = one.why or ("" if one.fate else "It is not there, so there is nothing to retire.")
                yield Node(one.sort, 0, one.row.get("title", ""), one.row.guid, effect, [], one.number, why)

    def _is_shown(self, sort: str, number: int | None) -> bool:
        if sort == GROUP:
            return number in self._after.groups or number in self._before.groups
        return number in self._will or number in self._was


def _effect(worked: Worked | None, *, was: set[int], will: set[int], is_changed: bool) -> str:
    is_deleted = worked is not None and worked.row.get("workflow_state") == "deleted"
    fate = worked.fate if worked else ""
    if fate == ELSEWHERE and not is_deleted:
        return ELSEWHERE
    if was and not will:
        return "retired"
    if fate == REFUSED:
        return REFUSED
    if is_deleted and will:
        return "kept"
    if fate:
        return fate
    if not was:
        return "new"
    if is_changed:
        return "changed"
    if was != will:
        return "added" if was < will else "withdrawn" if will < was else "moved"
    return "unchanged" if worked else "untouched"


def _groups_of(links: Iterable[Link]) -> dict[int, list[int]]:
    index: dict[int, list[int]] = {}
    for group, outcome in sorted(links):
        index.setdefault(outcome, []).append(group)
    return index


def _group_changes(before: Group, after: Group) -> list[tuple[str, str, str]]:
    pairs = [
        ("vendor_guid", before.guid or after.guid, after.guid),
        ("title", before.title, after.title),
        ("description", before.description, after.description),
    ]
    return [(name, old, new) for name, old, new in pairs if old != new]


def changes_scale(node: Node) -> bool:
    return node.effect in ("changed", "kept", ELSEWHERE) and any(name in _SCALE for name, *_ in node.changes)
