"""Trees of outcomes as pages show them: small ones whole, large ones a group at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, QuerySet

from outcomes.models import Tree, TreeGroup, TreeLink, TreeOutcome
from outcomes.outcome.described import Described
from outcomes.outcome.prose import paragraphs
from outcomes.rollups.sheet import plain
from outcomes.selectors.aligned import Use, Uses, uses_of

WHOLE = 120  # links up to which a tree is rendered whole
PAGE = 100  # outcomes shown at once

ASSESSED, NOT_ASSESSED, ALIGNED, NEVER_ALIGNED = "assessed", "unassessed", "aligned", "unaligned"


@dataclass(frozen=True, slots=True)
class Line:
    """An outcome in a list. `assessed` is of this place, `facts.assessed` of all places."""

    facts: Described
    assessed: bool | None
    groups: tuple[str, ...]
    uses: tuple[Use, ...]

    @property
    def shows_title(self) -> bool:
        """Whether the title says more than the display name and the GUID, which are shown anyway."""
        facts = self.facts
        return bool(facts.display_name) and facts.title.removeprefix(facts.vendor_guid).strip() != facts.display_name

    @property
    def aligned(self) -> list[Use]:
        return [use for use in self.uses if use.alignments]


@dataclass(slots=True)
class Node:
    """A group. `lines` is None where the group is rendered only when somebody opens it."""

    group: TreeGroup
    count: int = 0
    own: int = 0
    children: list["Node"] = field(default_factory=list)
    lines: list[Line] | None = None

    @property
    def paragraphs(self) -> list[str]:
        return paragraphs(self.group.description)


class ShownTree:
    """One tree as it is now; every question is answered with a bounded number of queries."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._account = tree.canvas_account

    @cached_property
    def uses(self) -> Uses:
        return uses_of(self._account)

    @cached_property
    def _groups(self) -> dict[int, TreeGroup]:
        return {group.canvas_id: group for group in self.tree.groups.order_by("title", "canvas_id")}

    @cached_property
    def nodes(self) -> dict[int, Node]:
        """All groups by Canvas's number; `count` is of everything inside, what stands twice counted twice."""
        per_group = TreeLink.objects.filter(group__tree=self.tree).values_list("group__canvas_id")
        counts = dict(per_group.annotate(count=Count("pk")).order_by())
        nodes = {number: Node(group, own=counts.get(number, 0)) for number, group in self._groups.items()}
        for number, node in nodes.items():
            parent = nodes.get(node.group.parent_canvas_id or 0)
            if parent and number != node.group.parent_canvas_id:
                parent.children.append(node)
            for above in self._way_up(number):
                nodes[above].count += node.own
        return nodes

    def _way_up(self, number: int) -> list[int]:
        """A group and those above it, up to the root; a ring in Canvas's answer ends it."""
        way: list[int] = []
        at: int | None = number
        while at is not None and at in self._groups and at not in way:
            way.append(at)
            at = self._groups[at].parent_canvas_id
        return way

    def path(self, number: int) -> tuple[str, ...]:
        """Titles of groups from below the root down to this one."""
        return tuple(self._groups[at].title for at in reversed(self._way_up(number)[:-1]))

    @cached_property
    def root(self) -> Node | None:
        tops = [node for node in self.nodes.values() if node.group.parent_canvas_id not in self._groups]
        return next((node for node in tops if node.group.parent_canvas_id is None), tops[0] if tops else None)

    @cached_property
    def outcome_count(self) -> int:
        return self.tree.outcomes.count()

    def opened(self, number: int | None = None) -> Node | None:
        """A group, by default the root, with its outcomes, and with all inside where that is little. None: no such."""
        node = self.root if number is None else self.nodes.get(number)
        if node is not None:
            self._fill([node, *_all_below(node)] if node.count <= WHOLE else [node])
        return node

    def _fill(self, nodes: Sequence[Node]) -> None:
        links = TreeLink.objects.filter(group__in=[node.group.pk for node in nodes])
        per_group: dict[int, list[TreeLink]] = {node.group.pk: [] for node in nodes}
        # A single group may be large: then its page shows the rest.
        for link in links.select_related("outcome").order_by("outcome__title", "outcome__canvas_id")[: WHOLE + PAGE]:
            per_group[link.group_id].append(link)
        lines = self._lines([link.outcome for held in per_group.values() for link in held])
        for node in nodes:
            node.lines = [lines[link.outcome_id] for link in per_group[node.group.pk][:PAGE]]

    def _lines(self, outcomes: Iterable[TreeOutcome]) -> dict[int, Line]:
        rows = {row.pk: row for row in outcomes}
        groups: dict[int, list[str]] = {}
        assessed: dict[int, bool | None] = {}
        links = TreeLink.objects.filter(outcome__in=rows).values_list("outcome_id", "group__canvas_id", "assessed")
        for pk, group, here in links:
            groups.setdefault(pk, []).append(" / ".join(self.path(group)) or "top of the tree")
            assessed[pk] = assessed.get(pk) or here
        return {
            pk: Line(row.facts, assessed.get(pk), tuple(sorted(groups.get(pk, ()))), self.uses.get(row.canvas_id, ()))
            for pk, row in rows.items()
        }

    def listed(self, wanted: "Wanted", *, page: int) -> tuple[list[Line], bool]:
        """A page of the outcomes that are wanted, by title, and whether there are more."""
        first = (page - 1) * PAGE
        rows = list(self._found(wanted)[first : first + PAGE + 1])
        return list(self._lines(rows[:PAGE]).values()), len(rows) > PAGE

    def _found(self, wanted: "Wanted") -> QuerySet[TreeOutcome]:
        found = self.tree.outcomes.order_by("title", "canvas_id")
        for word in wanted.text.split():
            found = found.filter(searched__contains=plain(word))
        if wanted.group is not None:
            found = found.filter(links__group__canvas_id=wanted.group)
        if wanted.show in (ASSESSED, NOT_ASSESSED):
            found = found.filter(assessed=wanted.show == ASSESSED)
        if wanted.show in (ALIGNED, NEVER_ALIGNED):
            aligned = [number for number, uses in self.uses.items() if any(use.alignments for use in uses)]
            picked = TreeOutcome.objects.filter(tree=self.tree, pk__in=self._pks(aligned))
            found = found.filter(pk__in=picked) if wanted.show == ALIGNED else found.exclude(pk__in=picked)
        return found

    def _pks(self, canvas_ids: Iterable[int]) -> list[int]:
        wanted = set(canvas_ids)
        return [pk for pk, number in self.tree.outcomes.values_list("pk", "canvas_id") if number in wanted]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which outcomes of a tree: by words in title, display name or GUID, by what was done with them, of one group."""

    text: str = ""
    show: str = ""
    group: int | None = None

    def __bool__(self) -> bool:
        return bool(self.text or self.show or self.group is not None)


def _all_below(node: Node) -> list[Node]:
    found, open_ = [], list(node.children)
    while open_:
        one = open_.pop()
        found.append(one)
        open_ += one.children
    return found
