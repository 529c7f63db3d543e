"""What is left of an upload when Canvas compares it with the last one of its data set.

Source: Canvas's `sis_batch.rb`, `diff_generator.rb`: files are paired per kind, rows by the identifying columns.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from canvas.formats import SIS_KINDS, SisKind
from imports.known.reading import Csv, Rows, picked, rows_of


@dataclass
class Difference:
    """What is to be applied, and why it is more than the difference where it is.

    `base` names what was compared with; empty where Canvas compares with nothing.
    """

    files: list[Rows]
    warnings: list[str] = field(default_factory=list)
    rows: int | None = None
    is_whole: bool = False


class _Unpaired(Exception):
    """The files of a kind cannot be compared; the message is Canvas's reason in our words."""


def difference(
    db: sqlite3.Connection,
    before: Sequence[Csv],
    now: Sequence[Csv],
    options: Mapping[str, Any],
    sizes: tuple[int, int],
) -> Difference:
    """`sizes` are the unpacked bytes of the older upload and of this one. `db` lends room for temporary tables."""
    threshold = options.get("change_threshold")
    if threshold is not None and sizes[0] and abs(1 - sizes[1] / sizes[0]) * 100 > threshold:
        why = f"The files differ in size by more than {threshold} %: Canvas applies all of them."
        return Difference([rows_of(csv) for csv in now], [why], is_whole=True)
    _make_room(db)
    result = Difference([])
    for kind in SIS_KINDS:
        _compare_kind(db, kind, before, now, options, result)
    result.rows = int(db.execute("SELECT count(*) FROM temp.differing").fetchone()[0])
    limit = options.get("diff_row_count_threshold")
    if limit is not None and result.rows > limit:
        why = f"{result.rows} rows differ, more than {limit}: Canvas applies all of them."
        return Difference([rows_of(csv) for csv in now], [why], result.rows, is_whole=True)
    return result


def _make_room(db: sqlite3.Connection) -> None:
    db.execute("DROP TABLE IF EXISTS temp.differing")
    db.execute("CREATE TEMP TABLE differing (n INTEGER PRIMARY KEY, file TEXT, cells TEXT)")


def _compare_kind(
    db: sqlite3.Connection,
    kind: SisKind,
    before: Sequence[Csv],
    now: Sequence[Csv],
    options: Mapping[str, Any],
    result: Difference,
) -> None:
    older = [csv for csv in before if csv.kind is kind]
    newer = [csv for csv in now if csv.kind is kind]
    try:
        if older and newer and kind.key:
            result.files += [_compare(db, old, new, _removed(kind, options)) for old, new in _pairs(older, newer)]
            return
    except _Unpaired as why:
        result.warnings.append(str(why))
    for csv in newer:
        result.files.append(rows_of(csv))


def _removed(kind: SisKind, options: Mapping[str, Any]) -> str:
    chosen = {"enrollment": "diffing_drop_status", "user": "diffing_user_remove_status"}.get(kind.name, "")
    return str(options.get(chosen) or "deleted")


def _pairs(older: Sequence[Csv], newer: Sequence[Csv]) -> list[tuple[Csv, Csv]]:
    """One of each, or by their names. Raises `_Unpaired`."""
    if len(older) == len(newer) == 1:
        pairs = [(older[0], newer[0])]
    else:
        old = {csv.name: csv for csv in older}
        if len(older) != len(newer) or set(old) != {csv.name for csv in newer} or len(old) != len(older):
            raise _Unpaired(f"The files of kind {newer[0].kind.name} cannot be paired: Canvas applies all of them.")
        pairs = [(old[csv.name], csv) for csv in newer]
    if any(sorted(_names(before)) != sorted(_names(now)) for before, now in pairs):
        raise _Unpaired(f"The headers of kind {newer[0].kind.name} have changed: Canvas applies all of its rows.")
    return pairs


def _names(csv: Csv) -> list[str]:
    return [name.strip() for name in csv.header()]


def _compare(db: sqlite3.Connection, before: Csv, now: Csv, removed_status: str) -> Rows:
    """Rows that are new or changed as they are, then those that are gone with their new status."""
    names = _names(now)
    _load_older(db, before, names)
    db.executemany("INSERT INTO temp.differing (file, cells) VALUES (?, ?)", _changed(db, now, names))
    if "status" in names:
        status = names.index("status")
        db.executemany("INSERT INTO temp.differing (file, cells) VALUES (?, ?)", _gone(db, now, status, removed_status))
    known = {column.name for column in now.kind.columns}
    places = [place for place, name in enumerate(now.header()) if name in known]
    return Rows(now.name, now.kind, [names[place] for place in places], picked(_read_back(db, _file(now)), places))


def _file(now: Csv) -> str:
    """Files of two kinds may have one name, in two folders of a ZIP."""
    return f"{now.kind.name}/{now.name}"


def _load_older(db: sqlite3.Connection, before: Csv, names: Sequence[str]) -> None:
    order = [_names(before).index(name) for name in names]
    db.execute("DROP TABLE IF EXISTS temp.older")
    db.execute("CREATE TEMP TABLE older (key TEXT PRIMARY KEY, cells TEXT, kept INTEGER DEFAULT 0) WITHOUT ROWID")
    rows = ([*record, *[""] * (len(names) - len(record))] for record in before.records())
    ordered = ([row[place] for place in order] for row in rows)
    keyed = ((_key(row, before.kind, names), json.dumps(row)) for row in ordered)
    db.executemany("INSERT OR REPLACE INTO temp.older (key, cells) VALUES (?, ?)", keyed)


def _key(row: Sequence[str], kind: SisKind, names: Sequence[str]) -> str:
    return json.dumps([row[names.index(name)] for name in kind.key if name in names])


def _changed(db: sqlite3.Connection, now: Csv, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for record in now.records():
        row = [*record, *[""] * (len(names) - len(record))]
        key, cells = _key(row, now.kind, names), json.dumps(row)
        older = db.execute("SELECT cells FROM temp.older WHERE key = ?", (key,)).fetchone()
        if older:
            db.execute("UPDATE temp.older SET kept = 1 WHERE key = ? AND kept = 0", (key,))
        if older is None or older[0] != cells:
            yield _file(now), cells


def _gone(db: sqlite3.Connection, now: Csv, status: int, removed_status: str) -> Iterator[tuple[str, str]]:
    for (cells,) in db.execute("SELECT cells FROM temp.older WHERE kept = 0 ORDER BY key"):
        row = json.loads(cells)
        row[status] = removed_status
        yield _file(now), json.dumps(row)


def _read_back(db: sqlite3.Connection, file: str) -> Iterator[list[str]]:
    for (cells,) in db.execute("SELECT cells FROM temp.differing WHERE file = ? ORDER BY n", (file,)):
        yield json.loads(cells)
