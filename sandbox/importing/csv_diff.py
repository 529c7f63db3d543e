"""What changed between two CSVs of one kind: new and changed rows as they are, missing ones with another status."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path


class HeadersDiffer(Exception):
    """The two files do not have the same columns."""


class Side:
    """One of the two files. Rows are compared by their columns' names, whatever the order."""

    def __init__(self, path: Path, key: Sequence[str]) -> None:
        self._path = path
        self.header = next(self._records(), [])
        names = [name.strip().lower() for name in self.header]
        self.names = sorted(names)
        self._order = sorted(range(len(names)), key=names.__getitem__)
        self._key = [names.index(name) for name in key if name in names]

    def rows(self) -> Iterator[tuple[int, int, list[str]]]:
        """Hash of the key, hash of the row, and the row: memory holds numbers, not the file."""
        records = self._records()
        next(records, None)
        for record in records:
            row = record + [""] * (len(self.header) - len(record))
            yield hash(tuple(row[place] for place in self._key)), hash(tuple(row[place] for place in self._order)), row

    def _records(self) -> Iterator[list[str]]:
        with self._path.open(encoding="utf-8-sig", newline="") as stream:
            yield from filter(None, csv.reader(stream))


def write_diff(previous: Path, current: Path, key: Sequence[str], removed_status: str, target: Path) -> int:
    """Write the difference; how many rows it has. Raises HeadersDiffer."""
    before, now = Side(previous, key), Side(current, key)
    if before.names != now.names:
        raise HeadersDiffer
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(now.header)
        count = 0
        for row in _difference(before, now, removed_status):
            writer.writerow(row)
            count += 1
    return count


def _difference(before: Side, now: Side, removed_status: str) -> Iterator[list[str]]:
    known = {key: content for key, content, _ in before.rows()}
    kept = set()
    for key, content, row in now.rows():
        kept.add(key)
        if known.get(key) != content:
            yield row
    if "status" not in now.names:
        return
    place = [name.strip().lower() for name in before.header].index("status")
    order = _places(before.header, now.header)
    for key, _, row in before.rows():
        if key not in kept:
            row[place] = removed_status
            yield [row[source] for source in order]


def _places(source: Sequence[str], target: Sequence[str]) -> list[int]:
    """For every column of `target`, where `source` has it."""
    names = [name.strip().lower() for name in source]
    return [names.index(name.strip().lower()) for name in target]
