"""What the rules of the kinds are made of: a step looks at all rows of a piece and reports those that break a rule."""

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from imports.check import dates
from imports.check.hashing import Codes, Mask
from imports.check.knowledge import ABSENT, ALIVE, DEAD, MAYBE_PADDED, PADDED, UNSURE
from imports.check.rows import Rows

_INEXACT = 128  # added to the number of a status that a value only begins like
DELETED = "deleted"


class Step(Protocol):
    def __call__(self, rows: Rows) -> None: ...


def nearest(value: str, allowed: Iterable[str]) -> str:
    """The allowed value that is most like this one; empty where none is."""
    by_lower = {word.lower(): word for word in allowed}
    found = difflib.get_close_matches(value.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else ""


def hint_of(words: Iterable[str]) -> Callable[[str], str]:
    return lambda value: nearest(value, words)


class Missing:
    """No value in any of the columns."""

    def __init__(self, rule: str, *columns: str) -> None:
        self._rule, self._columns = rule, columns

    def __call__(self, rows: Rows) -> None:
        empty = rows.column(self._columns[0]).empty
        for name in self._columns[1:]:
            empty = empty & rows.column(name).empty
        rows.report(self._rule, empty, self._columns[0])


class Allowed:
    """A value that `fits` does not like; an empty cell is fine. `words` are what it might have been."""

    def __init__(self, rule: str, column: str, fits: Callable[[str], bool], words: Iterable[str] = ()) -> None:
        self._rule, self._column, self._fits, self._words = rule, column, fits, tuple(words)

    def __call__(self, rows: Rows) -> None:
        if rows.has(self._column):
            bad = rows.memo(self._column, lambda text: not self._fits(text)) == 1
            given = rows.given(self._column)
            rows.report(self._rule, bad & given, self._column, hint=hint_of(self._words))


class Status:
    """A status that Canvas does not know. `inexact_is` as in `read_status`."""

    def __init__(self, rule: str, *, inexact_is: str = "") -> None:
        self._rule, self._inexact_is = rule, inexact_is

    def __call__(self, rows: Rows) -> None:
        read_status(rows, inexact_is=self._inexact_is)
        rows.report(self._rule, rows.status == 0, "status", hint=hint_of(rows.kind.statuses))


def read_status(rows: Rows, *, inexact_is: str = "") -> None:
    """Reads the status of all rows, as `rows.status`: the place among the kind's statuses from 1, 0 for none of them.

    Canvas takes a value that begins with a status for it, in any case, but for the kinds that want it exactly. Where it
    takes all such values for one status, that is `inexact_is`.
    """
    kind = rows.kind

    def read(text: str) -> int:
        if text in kind.statuses:
            return kind.statuses.index(text) + 1
        begun = [status for status in kind.statuses if text.lower().startswith(status)]
        if kind.status_exact or not begun:
            return 0
        meant = max(begun, key=len)
        if text.lower() != meant:
            meant = inexact_is or meant
        return kind.statuses.index(meant) + 1 + _INEXACT

    codes = rows.memo("status", read)
    rows.status = codes % np.uint8(_INEXACT)
    rows.report("row.status-inexact", codes > _INEXACT, "status", hint=hint_of(kind.statuses))


def has_status(rows: Rows, status: str) -> Mask:
    having: Mask = rows.status == rows.kind.statuses.index(status) + 1
    return having


def deleted(rows: Rows) -> Mask:
    """Rows that delete, in kinds that have a status."""
    return has_status(rows, DELETED) if DELETED in rows.kind.statuses else np.zeros(len(rows), np.bool_)


class Dates:
    """Dates that Canvas cannot read. The first of a row is warned about, and it and the next count as absent."""

    def __init__(self, rule: str, extra: Callable[[Rows, int], dict[str, str]] | None = None) -> None:
        self._rule, self._extra = rule, extra

    def __call__(self, rows: Rows) -> None:
        names = [name for name in ("start_date", "end_date") if rows.has(name)]
        looks = {name: rows.memo(name, dates.look_at, key="date") for name in names}
        before = np.zeros(len(rows), np.bool_)
        extra = self._extra
        for name, look in looks.items():
            bad = (look == dates.UNREADABLE) & ~before
            rows.empty(bad, *names[names.index(name) :])
            rows.report(
                self._rule, bad, name, hint=dates.suggestion, extra=(lambda row: extra(rows, row)) if extra else None
            )
            rows.report("cell.date-rearranged", (look == dates.REARRANGED) & ~before, name)
            before = before | bad


@dataclass(frozen=True)
class Reference:
    """An id that names nothing. `or_column` may name something instead; `dead_is_fine`: a deleted thing will do."""

    rule: str
    column: str
    kind: str
    or_column: str = ""
    dead_is_fine: bool = True
    empties: bool = False

    def __call__(self, rows: Rows) -> None:
        if not rows.has(self.column):
            return
        states = look_up(rows, self.column, self.kind)
        missing = not_found(states, dead_is_fine=self.dead_is_fine) & rows.given(self.column)
        if self.or_column:
            missing &= not_found(look_up(rows, self.or_column, self.kind)) | ~rows.given(self.or_column)
        report_doubts(rows, self.column, self.kind, states)
        if self.empties:
            rows.empty(missing, self.column)
        rows.report(self.rule, missing, self.column)


def look_up(rows: Rows, column: str, kind: str) -> Codes:
    """What is known of the ids in a column; before anything in this piece is applied."""
    if (column, kind) not in rows.looked_up:
        rows.looked_up[column, kind] = rows.world.knowledge.states(kind, rows.column(column))
    return rows.looked_up[column, kind]


def not_found(states: Codes, *, dead_is_fine: bool = True) -> Mask:
    absent = (states == ABSENT) | (states == PADDED)
    missing: Mask = absent if dead_is_fine else absent | (states == DEAD)
    return missing


def report_doubts(rows: Rows, column: str, kind: str, states: Codes) -> None:
    """What is not wrong by Canvas's rules, or not known to be: lost zeros, ids that only the account could know."""
    given = rows.given(column)
    rows.report("cell.leading-zeros-lost", (states >= PADDED) & given, column)
    if rows.world.knowledge.applied_any(kind):
        rows.report("row.reference-unsure", (states == UNSURE) & given, column)


class Apply:
    """The rows that are left make or change the things that their id names.

    `makes_deleted`: Canvas makes a thing even if its first row deletes it.
    """

    def __init__(self, kind: str, column: str, *, makes_deleted: bool = True) -> None:
        self._kind, self._column, self._makes_deleted = kind, column, makes_deleted

    def __call__(self, rows: Rows) -> None:
        applied = rows.alive
        dead = deleted(rows)
        states = np.where(dead, DEAD, ALIVE).astype(np.uint8)
        if not self._makes_deleted and dead.any():
            applied = applied & ~(dead & (look_up(rows, self._column, self._kind) != ALIVE))
        rows.world.knowledge.apply(self._kind, rows.column(self._column), applied, states)


class OneByOne:
    """A rule that depends on the rows before: it is given each row, and says which rule the row breaks.

    `references` are the columns that name things of other kinds; the rule gets their states by column.
    """

    def __init__(
        self, judge: Callable[["Row"], str], references: dict[str, str] | None = None, *, columns: dict[str, str]
    ) -> None:
        """`columns`: rule → the column that it is about."""
        self._judge, self._references, self._columns = judge, references or {}, columns

    def __call__(self, rows: Rows) -> None:
        states = {name: look_up(rows, name, kind) for name, kind in self._references.items() if rows.has(name)}
        for name, of in states.items():
            report_doubts(rows, name, self._references[name], of)
        broken: dict[str, list[Row]] = {}
        for place in np.flatnonzero(rows.alive):
            row = Row(rows, int(place), {name: int(of[place]) for name, of in states.items()})
            if rule := self._judge(row):
                broken.setdefault(rule, []).append(row)
        for rule, found in broken.items():
            where = np.zeros(len(rows), np.bool_)
            where[[row.place for row in found]] = True
            extras = {row.place: row.extra for row in found}
            rows.report(rule, where, self._columns.get(rule, ""), extra=extras.__getitem__)


class Row(dict[str, str]):
    """The non-empty values of one row. `states` of what it refers to; `extra` is for the message."""

    def __init__(self, rows: Rows, place: int, states: dict[str, int]) -> None:
        super().__init__(rows.values(place))
        self.rows = rows
        self.place = place
        self.states = states
        self.extra: dict[str, str] = {}

    @property
    def status(self) -> str:
        """As Canvas reads it; empty where it cannot."""
        code = int(self.rows.status[self.place])
        return self.rows.kind.statuses[code - 1] if code else ""

    def found(self, column: str) -> bool:
        """Whether the column names something that is not deleted, or may do so for all that is known."""
        return self.states.get(column, ABSENT) in {ALIVE, UNSURE, MAYBE_PADDED}
