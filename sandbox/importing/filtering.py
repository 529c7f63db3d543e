"""Copies of CSVs that Canvas makes before it keeps them: without passwords, without repeated lines."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENOUGH_DUPLICATES = 100

_SECRET_COLUMNS = ("password", "ssha_password")


@dataclass(frozen=True, slots=True)
class Deduplicated:
    path: Path
    rows: int


def without_passwords(path: Path) -> Path | None:
    """A copy without the password columns beside the file; None where it has none."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        records = csv.reader(stream)
        header = next((record for record in records if record), [])
        kept = [place for place, name in enumerate(header) if name.strip().lower() not in _SECRET_COLUMNS]
        if len(kept) == len(header):
            return None
        copy = path.with_name(f"{path.stem}_filtered.csv")
        with copy.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow([header[place] for place in kept])
            writer.writerows([[record[p] for p in kept if p < len(record)] for record in records if record])
    return copy


def without_duplicates(path: Path) -> Deduplicated | None:
    """A copy that keeps the last of equal lines; None where fewer than 100 lines are repeated."""
    last: dict[int, int] = {}
    lines = 0
    for number, line in _lines(path):
        last[hash(line)] = number
        lines += 1
    if lines - len(last) < ENOUGH_DUPLICATES:
        return None
    copy = path.with_name(f"{path.stem}_deduplicated.csv")
    kept = set(last.values())
    with copy.open("wb") as target:
        target.writelines(line + b"\n" for number, line in _lines(path) if number in kept)
    return Deduplicated(copy, len(kept) - 1)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that hold anything, without their ends; the header's number is 0."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream):
            if stripped := line.rstrip(b"\r\n"):
                yield number, stripped
