"""Rows about the same thing, told when all files of a kind were read."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from canvas.formats import WHITE_SPACE
from imports.check.findings import EXAMPLES, Collector, Finding
from imports.check.hashing import Hashes, HashMap, Ints, mix
from imports.check.pieces import Form, pieces
from imports.check.rows import Rows
from imports.check.rules import RULES
from imports.check.sources import Source

ENOUGH_TO_DEDUPLICATE = 100
REPEATED, CONFLICT = "row.repeated", "row.conflict"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file whose rows were read, with what it takes to read some of them again."""

    source: Source
    form: Form
    columns: list[str]

    def rows(self, records: Iterable[int]) -> dict[int, tuple[int, dict[str, str]]]:
        """Record → physical line and values by column, for a few records."""
        wanted = sorted(set(records))
        found: dict[int, tuple[int, dict[str, str]]] = {}
        with self.source.open() as stream:
            for piece in pieces(stream, self.form):
                while wanted and wanted[0] in piece.records:
                    row = wanted.pop(0) - piece.first_record
                    values = dict(
                        zip(self.columns, (field.strip(WHITE_SPACE) for field in piece.fields(row)), strict=False)
                    )
                    found[piece.records[row]] = (piece.line(row), values)
                if not wanted:
                    break
        return found


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of one piece: numbers of their identity (0 for rows that were refused) and of their content."""

    file: ReadFile
    first_record: int
    identities: Hashes
    contents: Hashes


class Repeats:
    """The rows of all files of one kind. 16 bytes of memory a row."""

    def __init__(self, identity: tuple[str, ...]) -> None:
        self._identity = identity
        self._parts: list[_Part] = []

    def add(self, file: ReadFile, rows: Rows) -> None:
        names = [name for name in self._identity if rows.has(name)]
        others = [column.name for column in rows.kind.columns if rows.has(column.name) and column.name not in names]
        identities = _mixed(rows, names)
        identities[~rows.alive] = 0
        self._parts.append(_Part(file, rows.piece.first_record, identities, _mixed(rows, others)))

    def report(self, found: Collector) -> None:
        earlier, later = self._pairs()
        if not later.size:
            return
        starts = np.cumsum([0, *(part.identities.size for part in self._parts)])
        contents = np.concatenate([part.contents for part in self._parts])
        same = contents[earlier] == contents[later]
        for rule, chosen in ((REPEATED, same), (CONFLICT, ~same)):
            self._report(rule, self._places(starts, earlier[chosen]), self._places(starts, later[chosen]), found)

    def _pairs(self) -> tuple[Ints, Ints]:
        """For every row whose identity came before: the last such row, and itself, in the order of the latter."""
        identities = np.concatenate([np.zeros(0, np.uint64), *(part.identities for part in self._parts)])
        ordered = np.sort(identities)
        twice = np.unique(ordered[1:][(ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)])
        if not twice.size:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        known = HashMap()
        known.put(twice, 1)
        places = np.flatnonzero(known.get(identities))
        places = places[np.argsort(identities[places], kind="stable")]
        follows = identities[places[1:]] == identities[places[:-1]]
        earlier, later = places[:-1][follows], places[1:][follows]
        order = np.argsort(later)
        return earlier[order], later[order]

    def _places(self, starts: Ints, rows: Ints) -> tuple[Ints, Ints]:
        """Number of the part and record of each row."""
        parts = np.searchsorted(starts, rows, side="right") - 1
        firsts = np.array([part.first_record for part in self._parts])
        return parts, rows - starts[parts] + firsts[parts]

    def _report(self, rule: str, earlier: tuple[Ints, Ints], later: tuple[Ints, Ints], found: Collector) -> None:
        files = list({id(part.file): part.file for part in self._parts}.values())
        file_of_part = np.array([files.index(part.file) for part in self._parts])
        file_of_later = file_of_part[later[0]]
        for number, file in enumerate(files):
            chosen = np.flatnonzero(file_of_later == number)
            if not chosen.size:
                continue
            some = chosen[:EXAMPLES]
            others = [
                (files[file_of_part[part]], record)
                for part, record in zip(earlier[0][some], earlier[1][some], strict=True)
            ]
            group = found.group(rule, file.source.name)
            group.count += chosen.size
            group.examples += self._examples(rule, file, [int(record) for record in later[1][some]], others)
            if rule == REPEATED and chosen.size >= ENOUGH_TO_DEDUPLICATE:
                found.add(Finding("file.deduplicated", file.source.name, 1, 1, value=str(chosen.size)))

    def _examples(
        self, rule: str, file: ReadFile, records: list[int], others: list[tuple[ReadFile, int]]
    ) -> Iterable[Finding]:
        here = file.rows(records)
        there = {id(other): other.rows(record for of, record in others if of is other) for other, _ in others}
        column = next((name for name in self._identity if name in file.columns), "")
        for record, (other, other_record) in zip(records, others, strict=True):
            line, values = here[record]
            other_line, _ = there[id(other)][other_record]
            yield Finding(
                rule, file.source.name, line, record, column, values.get(column, ""), RULES[rule].says,
                other_file=other.source.name, other_line=other_line,
            )  # fmt: skip


def _mixed(rows: Rows, names: list[str]) -> Hashes:
    mixed = np.ones(len(rows), np.uint64)
    for name in names:
        mixed = mix(mixed, rows.column(name).hash)
    return mixed
