"""Working through the file as Canvas would, row by row, on a copy of the present tree."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from imports.check.outcome_rows import OutcomeRow, Tree, look_at
from imports.check.rules import RULES
from imports.preview.present import Group, Outcome, Present
from imports.preview.wanted import blank, differences, wanted

_GROUP_BY_ID = re.compile(r"canvas_outcome_group:(\d{1,18})")
_OUTCOME_BY_ID = re.compile(r"canvas_outcome:(\d{1,18})")
REFUSED, ELSEWHERE = "refused", "elsewhere"


@dataclass(frozen=True, slots=True)
class Worked:
    """What became of one row: `object` is the id of its group or outcome, None where it has none.

    `fate` is empty for a row that is taken; `why` says in words why it is not, or what is odd about it.
    """

    number: int
    row: OutcomeRow
    sort: str
    object: int | None
    fate: str = ""
    why: str = ""


class _Refused(Exception):
    """Canvas would not take the row, by what is in Canvas; the file alone does not tell."""


@dataclass
class Applying:
    """The tree while the file is applied. `above` are outcomes of accounts above, by guid, that may be linked here."""

    tree: Present
    target: int | None = None
    above: Mapping[str, Outcome] = field(default_factory=dict)
    columns: frozenset[str] = frozenset()
    touched: set[tuple[str, int]] = field(default_factory=set)
    named: dict[str, int] = field(default_factory=dict)
    """Groups of the file by guid: only they can be parents."""
    elsewhere: set[str] = field(default_factory=set)
    """Guids of groups of the file that lie in a course below; those trees are not looked into."""
    _next: int = -1

    def __post_init__(self) -> None:
        self.before = Present(
            self.tree.context, dict(self.tree.groups), dict(self.tree.outcomes), dict(self.tree.links)
        )
        self._new_average = self.tree.new_average
        self._groups = _by_guid(self.tree.groups.values())
        self._outcomes = _by_guid(self.tree.outcomes.values())
        self._holding: dict[int, set[int]] = {}
        for group, outcome in self.tree.links:
            self._holding.setdefault(outcome, set()).add(group)
        if self.tree.root is None:
            self.tree.groups[0] = Group(0, "")

    def work(self, rows: Iterable[tuple[int, OutcomeRow]]) -> Iterator[Worked]:
        """Apply all rows, in their order."""
        kept = list(rows)
        seen = Tree(into_course=self.tree.context.startswith("course"))
        seen.foresee(row for _, row in kept)
        for number, row in kept:
            yield self._work(number, row, seen)

    def _work(self, number: int, row: OutcomeRow, seen: Tree) -> Worked:
        sort = row.get("object_type", "")
        broken = next((one for one in look_at(row, seen) if RULES[one.rule].refuses_row), None)
        if broken:
            return Worked(number, row, sort, self._known(sort, row.guid), REFUSED, RULES[broken.rule].cause)
        fate = ELSEWHERE if self._goes_elsewhere(row) else ""
        if fate and sort == "group":
            self.elsewhere.add(row.guid)
            return Worked(number, row, sort, None, fate)
        try:
            return Worked(number, row, sort, self._group(row) if sort == "group" else self._outcome(row), fate)
        except _Refused as why:
            (seen.groups if sort == "group" else seen.outcomes).discard(row.guid)
            if sort == "group":
                seen.refused.add(row.guid)
            return Worked(number, row, sort, self._known(sort, row.guid), REFUSED, str(why))

    def _goes_elsewhere(self, row: OutcomeRow) -> bool:
        """A row for a course below the account, or one that hangs on such."""
        return "course_id" in row or any(guid in self.elsewhere for guid in row.parents)

    def _known(self, sort: str, guid: str) -> int | None:
        """By its guid, else by the number that the guid spells; None also for what is neither group nor outcome."""
        if sort == "group":
            return self._groups.get(guid, _spelled(_GROUP_BY_ID, guid, self.tree.groups))
        if sort == "outcome":
            return self._outcomes.get(guid, _spelled(_OUTCOME_BY_ID, guid, self.tree.outcomes))
        return None

    # Groups

    def _group(self, row: OutcomeRow) -> int:
        prior = self._known("group", row.guid)
        parent = self.named[row.parents[0]] if row.parents else self._top
        if prior is not None and not row.parents and self._is_below(parent, prior):
            raise _Refused("It would have to go into a group that lies inside of it.")
        if prior is not None and ("group", prior) in self.touched:
            raise _Refused("An earlier row means the same group.")
        number = self._new_id() if prior is None else prior
        self.tree.groups[number] = Group(number, row["title"], row.guid, row.get("description", ""), parent)
        self.touched.add(("group", number))
        self.named[row.guid] = self._groups[row.guid] = number
        if row.get("workflow_state") == "deleted":
            self._destroy(number)
        return number

    @property
    def _top(self) -> int:
        """Where what names no parent goes."""
        return (self.tree.root or 0) if self.target is None else self.target

    def _is_below(self, group: int, ancestor: int) -> bool:
        at: int | None = group
        seen = set[int]()
        while at is not None and at not in seen:
            if at == ancestor:
                return True
            seen.add(at)
            at = self.tree.groups[at].parent if at in self.tree.groups else None
        return False

    def _destroy(self, group: int) -> None:
        """A group goes with all inside it."""
        doomed = {number for number in self.tree.groups if self._is_below(number, group)}
        for link in [link for link in self.tree.links if link[0] in doomed]:
            self._unlink(*link)
        for number in doomed:
            del self.tree.groups[number]
        self._groups = {guid: number for guid, number in self._groups.items() if number not in doomed}

    # Outcomes

    def _outcome(self, row: OutcomeRow) -> int:
        prior = self._prior_outcome(row.guid)
        if prior is not None and ("outcome", prior.id) in self.touched:
            raise _Refused("An earlier row means the same outcome.")
        start = prior or blank(self.tree.context)
        now = wanted(start, row, columns=self.columns, new_average=self._new_average)
        if start.owner == self.tree.context:
            now = replace(now, id=now.id or self._new_id())
        else:
            now = self._unchanged(start, now)
        self.tree.outcomes[now.id] = now
        self.touched.add(("outcome", now.id))
        self._outcomes[row.guid] = now.id
        self._link(now.id, row)
        return now.id

    def _prior_outcome(self, guid: str) -> Outcome | None:
        spelled = _OUTCOME_BY_ID.search(guid)
        if spelled:
            by_id = {outcome.id: outcome for outcome in self.above.values()} | self.tree.outcomes
            if int(spelled[1]) not in by_id:
                raise _Refused("No outcome with this number is here or in the accounts above.")
            return by_id[int(spelled[1])]
        number = self._outcomes.get(guid)
        return self.above.get(guid) if number is None else self.tree.outcomes[number]

    def _unchanged(self, start: Outcome, now: Outcome) -> Outcome:
        """What belongs to an account above may be linked here, not changed."""
        changed = [name for name, *_ in differences(start, now, with_friendly=False) if name != "vendor_guid"]
        if changed:
            raise _Refused(f"It belongs to another account, which alone may change it: {', '.join(changed)}.")
        return start

    def _link(self, outcome: int, row: OutcomeRow) -> None:
        """The parents of the row become the only groups of the outcome, but for links that something hangs on."""
        parents = [self.named[guid] for guid in row.parents if guid in self.named] if row.parents else [self._top]
        kept = set() if row.get("workflow_state") == "deleted" else set(parents)
        for parent in kept:  # also one that an earlier row retired: Canvas asks for its guid alone
            self.tree.links[parent, outcome] = None
            self._holding.setdefault(outcome, set()).add(parent)
        if outcome not in self.tree.aligned:
            for group in self._holding.get(outcome, set()) - kept:
                self._unlink(group, outcome)

    def _unlink(self, group: int, outcome: int) -> None:
        del self.tree.links[group, outcome]
        self._holding[outcome].discard(group)

    def _new_id(self) -> int:
        self._next -= 1
        return self._next


def _spelled(pattern: re.Pattern[str], guid: str, there: Mapping[int, Any]) -> int | None:
    found = pattern.search(guid)
    return int(found[1]) if found and int(found[1]) in there else None


def _by_guid(things: Iterable[Group | Outcome]) -> dict[str, int]:
    """The oldest of each guid, as Canvas finds it."""
    known: dict[str, int] = {}
    for thing in sorted(things, key=lambda one: one.id):
        if thing.guid:
            known.setdefault(thing.guid, thing.id)
    return known
