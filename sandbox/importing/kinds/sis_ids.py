"""change_sis_id.csv"""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.importing import messages
from sandbox.importing.kinds.base import CLEAR, Importer, SkipRow
from sandbox.importing.reader import Row
from sandbox.store.records import (
    Account,
    Course,
    CourseSection,
    EnrollmentTerm,
    Group,
    GroupCategory,
    Pseudonym,
    Record,
)


@dataclass(frozen=True, slots=True)
class _Target:
    record: type[Record]
    sis_column: str = "sis_source_id"


_TARGETS = {
    "user": _Target(Pseudonym, "sis_user_id"),
    "course": _Target(Course),
    "section": _Target(CourseSection),
    "term": _Target(EnrollmentTerm),
    "account": _Target(Account),
    "group": _Target(Group),
    "group_category": _Target(GroupCategory),
}
_WITHOUT_INTEGRATION_ID = (Group, GroupCategory)


class SisIds(Importer):
    """Rows depend on one another, so each one looks for itself."""

    kind = "change_sis_id"

    def prefetch(self, rows: Sequence[Row]) -> None:
        """Nothing: an id may be changed twice in one file."""

    def apply(self, row: Row) -> None:
        target = self._checked_target(row)
        changes = self._changes(row, target)
        record = self._find(row, target)
        for column, old_name, new_name, value in changes:
            if value is not None and self._is_taken(target.record, column, value):
                old = row.get(old_name) or row.get("old_id") or row.get("old_integration_id")
                raise SkipRow(messages.CHANGE_TAKEN, new_column=new_name, new=value, column=column, old=old)
        for column, _, _, value in changes:
            setattr(record, column, value)
        self.session.save(record)
        self.table(target.record).flush()

    def _checked_target(self, row: Row) -> _Target:
        if "type" not in row:
            raise SkipRow(messages.CHANGE_NO_TYPE)
        if "old_id" not in row and "old_integration_id" not in row:
            raise SkipRow(messages.CHANGE_NO_OLD)
        if "new_id" not in row and "new_integration_id" not in row:
            raise SkipRow(messages.CHANGE_NO_NEW)
        target = _TARGETS.get(row["type"].lower())
        if target is None:
            raise SkipRow(messages.CHANGE_TYPE)
        if target.record in _WITHOUT_INTEGRATION_ID and ("old_integration_id" in row or "new_integration_id" in row):
            raise SkipRow(messages.CHANGE_CATEGORY)
        return target

    def _changes(self, row: Row, target: _Target) -> list[tuple[str, str, str, str | None]]:
        """Column, names of the row's columns, new value; `<delete>` clears an integration id."""
        changes: list[tuple[str, str, str, str | None]] = []
        if "new_id" in row:
            changes.append((target.sis_column, "old_id", "new_id", row["new_id"]))
        if "new_integration_id" in row:
            value = None if row["new_integration_id"] == CLEAR else row["new_integration_id"]
            changes.append(("integration_id", "old_integration_id", "new_integration_id", value))
        return changes

    def _find(self, row: Row, target: _Target) -> Record:
        """The record with the old ids; both must fit where both are given."""
        table = self.table(target.record)
        for name, column in (("old_id", target.sis_column), ("old_integration_id", "integration_id")):
            if name in row and table.first(column, row[name]) is None:
                raise SkipRow(messages.CHANGE_UNKNOWN, old_column=name, old=row[name])
        if "old_id" in row:
            return table.find(target.sis_column, row["old_id"])[0]
        return table.find("integration_id", row["old_integration_id"])[0]

    def _is_taken(self, record: type[Record], column: str, value: str) -> bool:
        return bool(self.table(record).find(column, value))
