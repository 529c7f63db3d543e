"""Answers of a grade publishing service; for Canvas's own use."""

from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow, column, number
from sandbox.importing.reader import Row
from sandbox.store.records import Enrollment

_STATUSES = ("published", "error", "pending", "publishing", "unpublishable", "unpublished", "ready")


class GradePublishingResults(Importer):
    """Looked at and counted; a practice site publishes no grades and keeps nothing."""

    kind = "grade_publishing_results"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(Enrollment).load("id", map(number, column(rows, "enrollment_id")))

    def apply(self, row: Row) -> None:
        if "enrollment_id" not in row:
            raise SkipRow(messages.GRADE_NO_ENROLLMENT_ID)
        if row.get("grade_publishing_status", "").lower() not in _STATUSES:
            raise SkipRow(messages.GRADE_STATUS)
        if self.table(Enrollment).first("id", number(row["enrollment_id"])) is None:
            raise SkipRow(messages.GRADE_NO_ENROLLMENT)
