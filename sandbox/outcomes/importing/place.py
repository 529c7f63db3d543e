"""Where an import works: its context, its target group, and what the file has touched so far."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.outcomes import contexts, tree
from sandbox.outcomes.contexts import ACCOUNT, Context
from sandbox.outcomes.importing.parsing import BadRow
from sandbox.ruby import listed


class LostTarget(Exception):
    """The group that the import should go into is not there; Canvas ends the import over it."""


@dataclass(frozen=True, slots=True)
class Place:
    """`target_id` is the group of the address, `indirect` whether the file may reach contexts below its own."""

    db: sqlite3.Connection
    context: Context
    import_id: int
    target_id: int | None
    indirect: bool
    now: str
    new_decaying_average: bool

    def top_group(self, context: Context) -> tree.Row:
        """The parent of rows that name none. Raises LostTarget."""
        if self.target_id is None or context.key != self.context.key:
            return tree.root_group(self.db, context, self.now)
        target = tree.live_group(self.db, context, self.target_id)
        if target is None:
            raise LostTarget(self.target_id)
        return target

    def parents(self, guids: list[str], scope: Iterable[tuple[str, int]]) -> list[tree.Row]:
        """Groups that an earlier row of the file named, in the contexts of `scope`. Raises BadRow."""
        places = set(scope)
        marks = ", ".join("?" * len(guids))
        rows = self.db.execute(
            "SELECT * FROM learning_outcome_groups "
            f"WHERE outcome_import_id = ? AND vendor_guid IN ({marks}) ORDER BY id",
            (self.import_id, *guids),
        )
        found = [row for row in rows if tree.owner(row) in places]
        known = {row["vendor_guid"] for row in found}
        if missing := [guid for guid in guids if guid not in known]:
            raise BadRow(f"Parent references not found prior to this row: {listed(missing)}")
        return found

    def scope(self) -> set[tuple[str, int]]:
        """The contexts in which an outcome row sets links: the import's own, or also all below it."""
        if not self.indirect or self.context.type != ACCOUNT:
            return {self.context.key}
        accounts = contexts.sub_accounts(self.db, self.context.id)
        courses = contexts.courses_in(self.db, accounts)
        return {(ACCOUNT, number) for number in accounts} | {(contexts.COURSE, number) for number in courses}

    def related(self, owner: tuple[str, int]) -> bool:
        """Whether a context is this one, above it, or below it."""
        other = contexts.context(self.db, *owner)
        return other is not None and (
            contexts.is_in(self.db, other, self.context) or contexts.is_in(self.db, self.context, other)
        )
