"""The rows of a piece while they are judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from canvas.formats import SisKind
from imports.check.findings import Collector, Finding
from imports.check.hashing import Codes, HashMap, Ints, Mask
from imports.check.institution import InstitutionRules
from imports.check.knowledge import Knowledge, Memo
from imports.check.pieces import Column, Piece
from imports.check.rules import RULES, fill

SECRET_COLUMNS = frozenset({"password", "ssha_password"})
MOST_COLUMNS = 64  # a bit each
RULE_NUMBERS = {rule: number for number, rule in enumerate(RULES, 1)}

Extra = Callable[[int], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Options:
    """What the import will be told; the check reads a few rows differently for it."""

    diffing: bool = False
    skip_deletes: bool = False
    update_sis_id_if_login_claimed: bool = False


@dataclass
class World:
    """What rules look at beside the row: everything that outlives a piece."""

    knowledge: Knowledge
    options: Options = field(default_factory=Options)
    institution: InstitutionRules = field(default_factory=InstitutionRules)
    kinds: set[str] = field(default_factory=set)  # that the upload holds
    memos: dict[tuple[str, str], Memo] = field(default_factory=dict)
    maps: dict[str, HashMap] = field(default_factory=dict)
    remembered: dict[str, dict[Any, Any]] = field(default_factory=dict)

    def map(self, name: str) -> HashMap:
        """From the number of one id to that of another."""
        return self.maps.setdefault(name, HashMap(np.uint64))

    def memory(self, name: str) -> dict[Any, Any]:
        """What a rule remembers from row to row."""
        return self.remembered.setdefault(name, {})


class Rows:
    """The records of one piece. Rules report masks; a refused row is not looked at again."""

    def __init__(
        self, piece: Piece, kind: SisKind, header: list[str], file: str, world: World, found: Collector
    ) -> None:
        """`header` as it counts for reading: lower-cased, with `""` for columns that are not read."""
        self.piece = piece
        self.kind = kind
        self.file = file
        self.world = world
        self.header = header
        self._found = found
        self._columns: dict[str, Column] = {}
        self.looked_up: dict[tuple[str, str], Codes] = {}
        self.filled = self._filled()
        self.alive = self.filled.copy()
        self.refusals: npt.NDArray[np.uint16] | None = None
        self.emptied: npt.NDArray[np.uint64] | None = None
        self.status: Codes = np.zeros(len(piece), np.uint8)

    def __len__(self) -> int:
        return len(self.piece)

    def has(self, name: str) -> bool:
        return name in self.header

    def column(self, name: str) -> Column:
        """A column that the file lacks is empty everywhere."""
        if name not in self._columns:
            self._columns[name] = self.piece.cell(self.header.index(name) if name in self.header else -1)
        return self._columns[name]

    def given(self, name: str) -> Mask:
        return ~self.column(name).empty

    def memo(self, name: str, opinion: Callable[[str], int], rows: Mask | None = None, *, key: str = "") -> Codes:
        """The opinion about every cell of a column, asked once per different value."""
        memos = self.world.memos
        memo = memos.setdefault((key or self.kind.name, name), Memo(opinion))
        return memo.of(self.column(name), rows)

    def those(self, places: Ints, name: str, fails: Callable[[str], object]) -> Mask:
        """Of the rows at these places, those whose cell fails. For the few cells that must be read one by one."""
        column = self.column(name)
        mask = np.zeros(len(self), np.bool_)
        mask[places] = [bool(fails(text)) for text in column.texts(places)]
        return mask

    def report(
        self, rule: str, where: Mask, column: str = "", *, hint: Callable[[str], str] | None = None,
        extra: Extra | None = None,
    ) -> None:  # fmt: skip
        """Rows that break a rule. Where the rule refuses rows, they are out."""
        where = where & self.alive
        count = int(np.count_nonzero(where))
        if not count:
            return
        group = self._found.group(rule, self.file)
        group.count += count
        for row in np.flatnonzero(where)[: max(0, group.wants)]:
            group.examples.append(self._finding(rule, int(row), column, hint, extra))
        if RULES[rule].refuses_row:
            self._refuse(rule, where)

    def empty(self, where: Mask, *columns: str) -> None:
        """Canvas takes these cells for empty, so the cleaned file has them empty."""
        where = where & self.alive
        if where.any():
            if self.emptied is None:
                self.emptied = np.zeros(len(self), np.uint64)
            for name in columns:
                if name in self.header[:MOST_COLUMNS]:
                    self.emptied[where] |= np.uint64(1 << self.header.index(name))

    def values(self, row: int) -> dict[str, str]:
        """The non-empty values of one row by column name."""
        names = (name for name in self.header if name and name not in SECRET_COLUMNS)
        return {name: text for name in names if (text := self.column(name).text(row))}

    def _refuse(self, rule: str, where: Mask) -> None:
        if self.refusals is None:
            self.refusals = np.zeros(len(self), np.uint16)
        self.refusals[where] = RULE_NUMBERS[rule]
        self.alive = self.alive & ~where

    def _finding(
        self, rule: str, row: int, column: str, hint: Callable[[str], str] | None, extra: Extra | None
    ) -> Finding:
        values = self.values(row)
        value = values.get(column, "")
        derived = {"user": values.get("user_id") or values.get("user_integration_id", "")}
        filled = {**values, **derived, **(extra(row) if extra else {})}
        return Finding(
            rule,
            self.file,
            self.piece.line(row),
            self.piece.records[row],
            column,
            value,
            fill(RULES[rule].says, filled),
            hint(value) if hint else "",
        )

    def _filled(self) -> Mask:
        """Rows with any value; Canvas counts the others and does nothing with them."""
        filled = np.zeros(len(self), np.bool_)
        for name in filter(None, self.header):
            filled |= self.given(name)
            if filled.all():
                break
        return filled
