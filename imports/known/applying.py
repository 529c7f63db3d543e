"""What an import does to the known state: kind by kind in Canvas's order, each by a few statements over all rows."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from canvas.formats import SIS_KINDS
from imports.known import cascades, renaming, staging
from imports.known.reading import Place, Rows
from imports.known.tables import KEPT, Kept


@dataclass
class Applied:
    """Rows given per kind; rows that name what is not known, which were left out; objects that stayed as they were.

    The last are counted only where somebody has made a table `edits`, which then gets the columns that change.
    """

    rows: dict[str, int] = field(default_factory=dict)
    in_doubt: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)


@dataclass
class Application:
    """One import. `run` is its number, higher than that of every import before it.

    `refused` are rows that Canvas has refused; `trusting` says that Canvas has accepted all others, so that what they
    name exists. Nothing is committed here.
    """

    db: sqlite3.Connection
    run: int
    options: Mapping[str, Any]
    refused: frozenset[Place] = frozenset()
    trusting: bool = False
    applied: Applied = field(default_factory=Applied)

    def apply(self, files: Sequence[Rows]) -> Applied:
        """Apply the files in the order of their kinds."""
        order = {kind.name: number for number, kind in enumerate(SIS_KINDS)}
        in_order = sorted(files, key=lambda rows: order[rows.kind.name])
        for name, of_kind in groupby(in_order, key=lambda rows: rows.kind.name):
            self._apply_kind(name, list(of_kind))
        return self.applied

    def _apply_kind(self, name: str, files: Sequence[Rows]) -> None:
        staging.stage(self.db, (column.name for column in files[0].kind.columns if "password" not in column.name))
        for rows in files:
            wanted = rows.wanted(self.refused, skip_deletes=bool(self.options.get("skip_deletes")))
            staging.fill(self.db, rows.columns, wanted)
        self.applied.rows[name] = int(self.db.execute("SELECT count(*) FROM temp.staged").fetchone()[0])
        if name == "change_sis_id":
            renaming.rename(self.db, self.run)
            return
        if self.trusting:
            staging.trust(self.db, name)
        if name == "xlist":
            cascades.cross_list(self.db, self.run)
        elif name in KEPT:
            self._keep(KEPT[name])

    def _keep(self, kept: Kept) -> None:
        in_doubt = staging.interpret(self.db, kept)
        if in_doubt:
            self.applied.in_doubt[kept.name] = in_doubt
        if kept.name == "user":
            renaming.settle_logins(self.db, may_move=bool(self.options.get("update_sis_id_if_login_claimed")))
        if self.db.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'edits'").fetchone():
            self._compare(kept)
        cascades.before(self.db, kept.name)
        self.db.execute(_upsert(kept), {"run": self.run})
        cascades.after(self.db, kept.name, self.run)

    def _compare(self, kept: Kept) -> None:
        """What the rows are to change in what is there, before they do."""
        differs = {column: _differs(kept, column) for column in kept.told}
        named = " || ".join(f"CASE WHEN {test} THEN ' {column}' ELSE '' END" for column, test in differs.items())
        any_differs = f"({' OR '.join(differs.values())})" if differs else "0"
        both = f"FROM temp.meant JOIN {kept.table} held ON held.key = meant.key"
        if named:
            self.db.execute(
                f"INSERT OR REPLACE INTO temp.edits SELECT '{kept.name}', meant.key, trim({named}) "
                f"{both} WHERE {any_differs}"
            )
        same = f"SELECT count(*) {both} WHERE meant.state = held.state AND NOT {any_differs}"
        self.applied.unchanged[kept.name] = int(self.db.execute(same).fetchone()[0])


def _differs(kept: Kept, column: str) -> str:
    if column in kept.cleared:
        return f"meant.{column} IS NOT held.{column}"
    return f"(meant.{column} IS NOT NULL AND meant.{column} IS NOT held.{column})"


def _upsert(kept: Kept) -> str:
    columns = ", ".join(kept.columns)
    kept_or_new = ", ".join(
        f"{column} = excluded.{column}"
        if column in kept.cleared
        else f"{column} = coalesce(excluded.{column}, {column})"
        for column in kept.columns
    )
    return (
        f"INSERT INTO {kept.table} (key, state, run, {columns}) SELECT key, state, :run, {columns} "
        f"FROM temp.meant WHERE true ON CONFLICT (key) DO UPDATE SET state = excluded.state, run = excluded.run"
        f"{', ' if kept_or_new else ''}{kept_or_new}"
    )
