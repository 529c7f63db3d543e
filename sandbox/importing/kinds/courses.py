"""courses.csv and abstract_courses.csv"""

from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import CLEAR, Importer, SkipRow, column
from sandbox.importing.kinds.cascades import delete_enrollments_in_course
from sandbox.importing.reader import Row
from sandbox.ruby import truth
from sandbox.store.records import DEFAULT_TERM_ID, ROOT_ACCOUNT_ID, AbstractCourse, Account, Course, EnrollmentTerm

_FORMATS = ("online", "on_campus", "blended", "not_set")
_PASSBACK_SETTINGS = ("nightly_sync", "disabled", "not_set")


class Courses(Importer):
    kind = "course"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(Course).load("sis_source_id", column(rows, "course_id") | column(rows, "blueprint_course_id"))
        self.table(EnrollmentTerm).load("sis_source_id", column(rows, "term_id"))
        self.table(Account).load("sis_source_id", column(rows, "account_id") | column(rows, "fallback_account_id"))
        self.table(AbstractCourse).load("sis_source_id", column(rows, "abstract_course_id"))

    def apply(self, row: Row) -> None:
        start_at, conclude_at = self.dates(row, messages.COURSE_DATE)
        status = self._checked_status(row)
        account = self._account(row)
        course = self.table(Course).first("sis_source_id", row["course_id"]) or self._new(row)
        if account and account.dead and status != "deleted":
            raise SkipRow(messages.COURSE_ACCOUNT_DELETED, account=account.sis_source_id)
        self._place(course, row, account)
        self._describe(course, row)
        self._set_dates(course, row, start_at, conclude_at)
        self._follow_blueprint(course, row)
        self.set(course, workflow_state=_next_state(course.workflow_state, status))
        self.session.save(course)
        if course.dead:
            delete_enrollments_in_course(self.session, course)

    def _checked_status(self, row: Row) -> str:
        """The status, after all that can be seen wrong in the row alone."""
        if "course_id" not in row:
            raise SkipRow(messages.COURSE_NO_ID)
        if "short_name" not in row and "abstract_course_id" not in row:
            raise SkipRow(messages.COURSE_NO_SHORT_NAME)
        if "long_name" not in row and "abstract_course_id" not in row:
            raise SkipRow(messages.COURSE_NO_LONG_NAME)
        status = self.status(row)
        if status is None:
            raise SkipRow(messages.COURSE_STATUS)
        if not row.get("course_format", "online").lower().startswith(_FORMATS):
            raise SkipRow(messages.COURSE_FORMAT)
        if row.get("grade_passback_setting", "not_set").lower() not in _PASSBACK_SETTINGS:
            raise SkipRow(messages.COURSE_PASSBACK)
        return status

    def _account(self, row: Row) -> Account | None:
        """The account named, or else the fallback; None: none was named."""
        accounts = self.table(Account)
        found = accounts.first("sis_source_id", row.get("account_id"))
        found = found or accounts.first("sis_source_id", row.get("fallback_account_id"))
        if found is None and "account_id" in row:
            raise SkipRow(messages.COURSE_NO_ACCOUNT)
        return found

    def _new(self, row: Row) -> Course:
        return self.table(Course).new(
            sis_source_id=row["course_id"],
            workflow_state="claimed",
            account_id=ROOT_ACCOUNT_ID,
            enrollment_term_id=DEFAULT_TERM_ID,
            created_at=self.work.now,
        )

    def _place(self, course: Course, row: Row, account: Account | None) -> None:
        """An unknown or deleted term is passed over in silence."""
        abstract = self._abstract_course(row)
        if abstract:
            course.abstract_course_id = abstract.id
        term = self.table(EnrollmentTerm).first("sis_source_id", row.get("term_id"))
        if term and not term.dead:
            self.set(course, enrollment_term_id=term.id)
        elif abstract and "term_id" not in row:
            self.set(course, enrollment_term_id=abstract.enrollment_term_id)
        if account:
            self.set(course, account_id=account.id)
        elif abstract:
            self.set(course, account_id=abstract.account_id)
        course.integration_id = row.get("integration_id", course.integration_id)

    def _abstract_course(self, row: Row) -> AbstractCourse | None:
        found = self.table(AbstractCourse).first("sis_source_id", row.get("abstract_course_id"))
        if found is None and "abstract_course_id" in row:
            self.warn(row, messages.COURSE_NO_ABSTRACT)
        return found

    def _describe(self, course: Course, row: Row) -> None:
        abstract = self.table(AbstractCourse).find("id", course.abstract_course_id)
        short, long = (abstract[0].short_name, abstract[0].name) if abstract else (course.course_code, course.name)
        self.set(course, course_code=row.get("short_name", short), name=row.get("long_name", long))
        if "course_format" in row:
            course.course_format = next(f for f in _FORMATS if row["course_format"].lower().startswith(f))
        if "grade_passback_setting" in row:
            self.set(course, grade_passback_setting=row["grade_passback_setting"].lower())
        course.friendly_name = row.get("friendly_name", course.friendly_name)
        if "homeroom_course" in row:
            course.homeroom_course = int(truth(row["homeroom_course"]))

    def _set_dates(self, course: Course, row: Row, start_at: str | None, conclude_at: str | None) -> None:
        """An empty date keeps the old one; only `<delete>` clears."""
        if start_at or row.get("start_date") == CLEAR:
            self.set(course, start_at=start_at)
        if conclude_at or row.get("end_date") == CLEAR:
            self.set(course, conclude_at=conclude_at)

    def _follow_blueprint(self, course: Course, row: Row) -> None:
        wanted = row.get("blueprint_course_id")
        if wanted == "dissociate":
            course.blueprint_course_id = None
        elif wanted:
            blueprint = self.table(Course).first("sis_source_id", wanted)
            if blueprint is None or not blueprint.blueprint:
                self.warn(row, messages.COURSE_NO_BLUEPRINT)
            else:
                course.blueprint_course_id = blueprint.id


def _next_state(state: str, status: str) -> str:
    """Canvas's state after a row with this status."""
    if status == "active":
        return "available" if state in {"completed", "available"} else "claimed"
    return {"published": "available", "unpublished": "claimed"}.get(status, status)


class AbstractCourses(Importer):
    kind = "abstract_course"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(AbstractCourse).load("sis_source_id", column(rows, "abstract_course_id"))
        self.table(EnrollmentTerm).load("sis_source_id", column(rows, "term_id"))
        self.table(Account).load("sis_source_id", column(rows, "account_id") | column(rows, "fallback_account_id"))

    def apply(self, row: Row) -> None:
        status = self._checked_status(row)
        course = self.table(AbstractCourse).first("sis_source_id", row["abstract_course_id"])
        if course is None:
            course = self.table(AbstractCourse).new(sis_source_id=row["abstract_course_id"], created_at=self.work.now)
        term = self.table(EnrollmentTerm).first("sis_source_id", row.get("term_id"))
        if term and not term.dead:
            self.set(course, enrollment_term_id=term.id)
        accounts = self.table(Account)
        account = accounts.first("sis_source_id", row.get("account_id"))
        account = account or accounts.first("sis_source_id", row.get("fallback_account_id"))
        course.account_id = account.id if account else course.account_id
        self.set(course, short_name=row["short_name"], name=row["long_name"])
        course.workflow_state = status
        self.session.save(course)

    def _checked_status(self, row: Row) -> str:
        if "abstract_course_id" not in row:
            raise SkipRow(messages.ABSTRACT_NO_ID)
        if "short_name" not in row:
            raise SkipRow(messages.ABSTRACT_NO_SHORT_NAME)
        if "long_name" not in row:
            raise SkipRow(messages.ABSTRACT_NO_LONG_NAME)
        status = self.status(row)
        if status is None:
            raise SkipRow(messages.ABSTRACT_STATUS)
        return status
