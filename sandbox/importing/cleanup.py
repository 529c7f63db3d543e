"""Batch mode: taking away what earlier imports brought into the term and this one did not name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.importing import messages
from sandbox.importing.batch import Batch
from sandbox.importing.kinds.cascades import (
    delete_all,
    delete_enrollments,
    delete_enrollments_in_course,
    delete_enrollments_in_section,
)
from sandbox.importing.messages import fill
from sandbox.importing.slices import Pace
from sandbox.store.database import transaction
from sandbox.store.records import Course, CourseSection, Enrollment, Record
from sandbox.store.session import Session

if TYPE_CHECKING:
    from sandbox.site import Site


class Refused(Exception):
    """The clean-up ends the import as `aborted`, with this warning, and deletes nothing."""


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """What of one kind is looked at: a query over everything alive in the terms that came from an import."""

    kind: str
    plural: str
    record: type[Record]
    query: str


# A cross-listed section belongs to the term of the course it came from.
_COURSES = _Cleaned(
    "course",
    "courses",
    Course,
    "FROM courses held WHERE held.enrollment_term_id IN ({terms}) AND held.sis_source_id IS NOT NULL",
)
_SECTIONS = _Cleaned(
    "section",
    "sections",
    CourseSection,
    "FROM course_sections held JOIN courses ON courses.id = coalesce(held.nonxlist_course_id, held.course_id) "
    "WHERE courses.enrollment_term_id IN ({terms}) AND held.sis_source_id IS NOT NULL",
)
_ENROLLMENTS = _Cleaned(
    "enrollment",
    "enrollments",
    Enrollment,
    "FROM enrollments held JOIN courses ON courses.id = held.course_id WHERE courses.enrollment_term_id IN ({terms}) "
    "AND held.workflow_state <> :drop_status",
)
_IN_ORDER = (_ENROLLMENTS, _SECTIONS, _COURSES)
# Observers stay as long as the upload names the student they observe.
_OTHERS = (
    " AND held.sis_batch_id <> :batch AND NOT (:kind = 'enrollment' AND held.id IN (SELECT observer.id "
    "FROM enrollments observer JOIN enrollments student ON student.user_id = observer.associated_user_id "
    "WHERE student.sis_batch_id = :batch))"
)


class CleanUp:
    """The clean-up of one import. Truth value: whether there is anything for it to look at."""

    def __init__(self, site: "Site", batch: Batch, pace: Pace) -> None:
        self._site = site
        self._batch = batch
        self._pace = pace
        supplied = batch.data["supplied_batches"]
        self._kinds = [cleaned for cleaned in _IN_ORDER if cleaned.kind in supplied]
        self._drop_status = batch.options.batch_mode_enrollment_drop_status or "deleted"
        self._terms = self._term_ids()

    def __bool__(self) -> bool:
        several = bool(self._batch.options.multi_term_batch_mode)
        return bool(self._batch.options.batch_mode and self._kinds and (self._terms or several))

    def __call__(self) -> None:
        """Delete, and note how much under `counts`. Raises Refused, Aborted, Closing."""
        if not self._terms:
            raise Refused(messages.NO_TERMS)
        self._batch.begin_clean_up(self._site.clock.text())
        doomed = {cleaned.kind: self._ids(cleaned, _OTHERS) for cleaned in self._kinds}
        for cleaned in reversed(self._kinds):
            self._refuse_over_threshold(cleaned, len(doomed[cleaned.kind]))
        if self._drop_status == "deleted_last_completed" and doomed.get("enrollment"):
            raise NotImplementedError("deleted_last_completed cannot be the drop status of a clean-up")
        total, done = sum(map(len, doomed.values())), 0
        for cleaned in self._kinds:
            for ids in self._pace.pieces(doomed[cleaned.kind]):
                self._remove(cleaned, ids)
                done += len(ids)
                self._batch.advance(round(100 * done / total), self._site.clock.text())
            self._batch.data["counts"][f"batch_{cleaned.plural}_deleted"] = len(doomed[cleaned.kind])

    def _term_ids(self) -> list[int]:
        options = self._batch.options
        if options.batch_mode_term_id is not None:
            return [options.batch_mode_term_id]
        if not options.multi_term_batch_mode:
            return []
        rows = self._site.db().execute("SELECT id FROM enrollment_terms WHERE sis_batch_id = ?", (self._batch.id,))
        return [row["id"] for row in rows]

    def _ids(self, cleaned: _Cleaned, others: str = "") -> list[int]:
        """Everything alive of the kind in the terms, or only what this import did not touch."""
        values: dict[str, Any] = {"batch": self._batch.id, "drop_status": self._drop_status, "kind": cleaned.kind}
        query = cleaned.query.format(terms=", ".join(map(str, self._terms)))
        alive = "held.workflow_state <> 'deleted' AND held.sis_batch_id IS NOT NULL"
        rows = self._site.db().execute(f"SELECT held.id {query} AND {alive}{others} ORDER BY held.id", values)
        return [row["id"] for row in rows]

    def _refuse_over_threshold(self, cleaned: _Cleaned, count: int) -> None:
        threshold = self._batch.options.change_threshold
        if threshold is None or count == 0:
            return
        if count / len(self._ids(cleaned)) * 100 > threshold:
            values = {"count": count, "kinds": cleaned.plural, "threshold": threshold}
            raise Refused(fill(messages.OVER_THRESHOLD, values))

    def _remove(self, cleaned: _Cleaned, ids: Sequence[int]) -> None:
        """Raises Aborted."""
        with transaction(self._site.db()) as db:
            self._batch.stop_if_aborted()
            session = Session(db, self._batch.id, batch_mode_delete=True)
            table = session.table(cleaned.record)
            table.load("id", ids)
            self._remove_records(session, [table.get(record_id) for record_id in ids])
            session.flush()

    def _remove_records(self, session: Session, records: list[Record]) -> None:
        for record in records:
            if isinstance(record, Course):
                delete_enrollments_in_course(session, record)
            elif isinstance(record, CourseSection):
                delete_enrollments_in_section(session, record)
        enrollments = [record for record in records if isinstance(record, Enrollment)]
        if not enrollments:
            delete_all(session, records)
        elif self._drop_status == "deleted":
            delete_enrollments(session, enrollments)
        else:
            for enrollment in enrollments:
                enrollment.workflow_state = self._drop_status
                session.table(Enrollment).save(enrollment)
