"""sections.csv and xlists.csv"""

from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow, column
from sandbox.importing.kinds.cascades import delete_enrollments_in_section
from sandbox.importing.reader import Row
from sandbox.store.records import Course, CourseSection, Enrollment


class Sections(Importer):
    kind = "section"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(CourseSection).load("sis_source_id", column(rows, "section_id"))
        self.table(Course).load("sis_source_id", column(rows, "course_id"))

    def apply(self, row: Row) -> None:
        start_at, end_at = self.dates(row, messages.SECTION_DATE)
        section = self.table(CourseSection).first("sis_source_id", row.get("section_id"))
        status = self._checked_status(row, is_new=section is None)
        course = self.table(Course).first("sis_source_id", row["course_id"])
        if course is None:
            raise SkipRow(messages.SECTION_NO_COURSE)
        if section is None:
            section = self.table(CourseSection).new(
                sis_source_id=row["section_id"], course_id=course.id, created_at=self.work.now
            )
        self._set_course(section, course)
        self.set(section, name=row.get("name", section.name), start_at=start_at, end_at=end_at)
        section.integration_id = row.get("integration_id", section.integration_id)
        section.workflow_state = status
        self.session.save(section)
        if section.dead:
            delete_enrollments_in_section(self.session, section)

    def _checked_status(self, row: Row, *, is_new: bool) -> str:
        if "section_id" not in row:
            raise SkipRow(messages.SECTION_NO_ID)
        if "course_id" not in row:
            raise SkipRow(messages.SECTION_NO_COURSE_ID)
        status = self.status(row)
        if status is None:
            raise SkipRow(messages.SECTION_STATUS)
        if "name" not in row and (status == "active" or is_new):
            raise SkipRow(messages.SECTION_NO_NAME)
        return status

    def _set_course(self, section: CourseSection, course: Course) -> None:
        """A cross-listed section stays where it is; the row names the course it goes back to."""
        if section.nonxlist_course_id is not None:
            section.nonxlist_course_id = course.id
            return
        former = section.course_id
        self.set(section, course_id=course.id)
        if section.course_id != former:
            move_enrollments(self, section)


class CrossLists(Importer):
    kind = "xlist"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(CourseSection).load("sis_source_id", column(rows, "section_id"))
        self.table(Course).load("sis_source_id", column(rows, "xlist_course_id"))

    def apply(self, row: Row) -> None:
        if "xlist_course_id" not in row:
            raise SkipRow(messages.XLIST_NO_COURSE_ID)
        if "section_id" not in row:
            raise SkipRow(messages.XLIST_NO_SECTION_ID)
        status = self.status(row)
        if status is None:
            raise SkipRow(messages.XLIST_STATUS)
        section = self.table(CourseSection).first("sis_source_id", row["section_id"])
        if section is None or section.dead:
            raise SkipRow(messages.XLIST_NO_SECTION)
        if status == "active":
            self._list_in(section, self._cross_list_course(row, section))
        elif section.nonxlist_course_id is not None:
            self._move(section, section.nonxlist_course_id)
            section.nonxlist_course_id = None
        self.session.save(section)

    def _cross_list_course(self, row: Row, section: CourseSection) -> Course:
        """An unknown cross-list course is made after the section's own."""
        courses = self.table(Course)
        found = courses.first("sis_source_id", row["xlist_course_id"])
        if found and not found.dead:
            return found
        model = courses.get(section.nonxlist_course_id or section.course_id)
        course = found or courses.new(sis_source_id=row["xlist_course_id"], created_at=self.work.now)
        course.name, course.course_code = model.name, model.course_code
        course.account_id, course.enrollment_term_id = model.account_id, model.enrollment_term_id
        course.workflow_state = "claimed"
        self.session.save(course)
        return course

    def _list_in(self, section: CourseSection, course: Course) -> None:
        if section.course_id == course.id:
            return
        section.nonxlist_course_id = section.nonxlist_course_id or section.course_id
        self._move(section, course.id)

    def _move(self, section: CourseSection, course_id: int) -> None:
        section.course_id = course_id
        move_enrollments(self, section)


def move_enrollments(importer: Importer, section: CourseSection) -> None:
    """The enrollments of a section follow it into its course."""
    enrollments = importer.table(Enrollment)
    for enrollment in enrollments.find("course_section_id", section.id):
        enrollment.course_id = section.course_id
        enrollments.save(enrollment)
