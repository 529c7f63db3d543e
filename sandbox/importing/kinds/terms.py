"""terms.csv"""

from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow, column
from sandbox.importing.reader import Row
from sandbox.store.records import Course, DatesOverride, EnrollmentTerm

OVERRIDE_TYPES = ("StudentEnrollment", "TeacherEnrollment", "TaEnrollment", "DesignerEnrollment")


class Terms(Importer):
    kind = "term"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(EnrollmentTerm).load("sis_source_id", column(rows, "term_id"))

    def apply(self, row: Row) -> None:
        start_at, end_at = self.dates(row, messages.TERM_DATE)
        if "term_id" not in row:
            raise SkipRow(messages.TERM_NO_ID)
        status = self.status(row)
        if status is None:
            raise SkipRow(messages.TERM_STATUS)
        term = self.table(EnrollmentTerm).first("sis_source_id", row["term_id"])
        if "date_override_enrollment_type" in row:
            self._override(term, row, status, start_at, end_at)
            return
        if "name" not in row:
            raise SkipRow(messages.TERM_NO_NAME)
        if term is None:
            term = self.table(EnrollmentTerm).new(sis_source_id=row["term_id"], created_at=self.work.now)
        self._refuse_deleting_used(term, status)
        self.set(term, name=row["name"], start_at=start_at, end_at=end_at)
        term.integration_id = row.get("integration_id", term.integration_id)
        term.workflow_state = status
        self.session.save(term)

    def _override(
        self, term: EnrollmentTerm | None, row: Row, status: str, start_at: str | None, end_at: str | None
    ) -> None:
        """Dates of one enrollment type; `deleted` takes them away."""
        if term is None:
            raise SkipRow(messages.TERM_OVERRIDE_WITHOUT_TERM)
        enrollment_type = row["date_override_enrollment_type"]
        if enrollment_type not in OVERRIDE_TYPES:
            raise SkipRow(messages.TERM_OVERRIDE_TYPE)
        overrides = self.table(DatesOverride)
        found = [o for o in overrides.find("enrollment_term_id", term.id) if o.enrollment_type == enrollment_type]
        override = found[0] if found else overrides.new(enrollment_term_id=term.id, enrollment_type=enrollment_type)
        override.workflow_state, override.start_at, override.end_at = status, start_at, end_at
        self.session.save(override)

    def _refuse_deleting_used(self, term: EnrollmentTerm, status: str) -> None:
        courses = self.table(Course).find("enrollment_term_id", term.id) if status == "deleted" else ()
        if any(not course.dead for course in courses):
            raise SkipRow(messages.TERM_INVALID, error="Cannot delete a term with active courses")
