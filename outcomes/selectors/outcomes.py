"""One outcome with everything that is known of it here: where it stands, where it is used, how it was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from outcomes.models import AlignmentList, OutcomeCopy, TreeLink, TreeOutcome
from outcomes.outcome.described import Described
from outcomes.selectors.aligned import Assessed, Use, assessed_in, uses_of
from outcomes.selectors.spots import Spot, owner_in_words, spot_of, spot_of_context
from outcomes.selectors.trees import ShownTree

PAGE = 50
_EDITS = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """That the outcome stands in a group of a tree which was read."""

    spot: Spot
    group: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    """An alignment that Canvas gave when somebody asked by student or assignment."""

    course: str
    title: str
    types: str
    url: str


class ShownOutcome:
    def __init__(self, copy: OutcomeCopy) -> None:
        self.copy = copy
        self._account = copy.canvas_account
        # Before the copy: who ends an edit has written the copy first, and an ended edit is not looked at again.
        self.edits = list(copy.edits.select_related("asked_by")[:_EDITS])
        copy.refresh_from_db()

    @cached_property
    def _rows(self) -> Sequence[TreeOutcome]:
        rows = TreeOutcome.objects.filter(tree__canvas_account=self._account, canvas_id=self.copy.canvas_id)
        return list(rows.select_related("tree").order_by("-tree__read_at"))

    @cached_property
    def facts(self) -> Described | None:
        """What Canvas last said of the outcome itself, else of it in the tree that was read last."""
        return self.copy.facts or next((row.facts for row in self._rows), None)

    @cached_property
    def scales(self) -> list[tuple[str, Described]]:
        """Where scales belong to accounts: the scale that holds in each place whose tree was read since they do."""
        if self.facts is None or self.facts.definition.has_scale:
            return []
        return [(row.tree.title, row.facts) for row in self._rows if row.facts.scale_of]

    @cached_property
    def standings(self) -> list[Standing]:
        links = TreeLink.objects.filter(outcome__in=[row.pk for row in self._rows])
        trees = {row.tree_id: ShownTree(row.tree) for row in self._rows}
        found = []
        for tree_pk, group in links.values_list("group__tree_id", "group__canvas_id"):
            shown = trees[tree_pk]
            spot = spot_of(self._account, shown.tree.place)
            if spot:
                found.append(Standing(spot, group, shown.path(group)))
        return sorted(found, key=lambda one: (one.spot.kind, one.spot.name, one.path))

    @cached_property
    def owner(self) -> str:
        facts = self.facts
        return owner_in_words(self._account, facts.context_type, facts.context_id) if facts else ""

    @cached_property
    def owner_spot(self) -> Spot | None:
        facts = self.facts
        return spot_of_context(self._account, facts.context_type, facts.context_id) if facts else None

    @property
    def canvas_url(self) -> str:
        """Its page in Canvas; empty for a global outcome, which has none that everybody may see."""
        facts = self.facts
        if facts is None or not facts.context_type:
            return ""
        return (
            f"{self._account.base_url.rstrip('/')}/{facts.context_type.lower()}s/{facts.context_id}/outcomes/{facts.id}"
        )

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        return uses_of(self._account).get(self.copy.canvas_id, ())

    def assessed(self, *, page: int) -> tuple[list[Assessed], bool]:
        """A page of the courses that have it, and whether there are more."""
        first = (page - 1) * PAGE
        return assessed_in(self.copy.canvas_id, self.uses[first : first + PAGE]), len(self.uses) > first + PAGE

    @cached_property
    def fetched(self) -> list[Fetched]:
        """Alignments with this outcome among what was asked by assignment; what was asked by student stays there."""
        lists = AlignmentList.objects.filter(
            course__canvas_account=self._account, by=AlignmentList.By.ASSIGNMENT, read_at__isnull=False
        )
        return [
            Fetched(one.course.name, str(item["title"]), str(item["types"]), canvas_address(one, item["url"]))
            for one in lists.select_related("course__canvas_account").order_by("course__name", "pk")[:500]
            for item in one.found
            if item["outcome"] == self.copy.canvas_id
        ]

    @property
    def is_live(self) -> bool:
        """Whether something of it can change by itself."""
        return self.copy.is_open or any(edit.is_open for edit in self.edits)

    @property
    def seen(self) -> str:
        """Changes whenever what a page shows of the copy and the edits changes."""
        return "-".join(map(str, [self.copy.version, *(edit.version for edit in self.edits)]))


def canvas_address(asked: AlignmentList, url: object) -> str:
    """An address that Canvas gave, where it leads to Canvas; a link elsewhere is not offered."""
    base = f"{asked.course.canvas_account.base_url.rstrip('/')}/"
    return str(url) if str(url).startswith(base) else ""
