"""enrollments.csv"""

import re
from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import TRUE_WORDS, Importer, SkipRow, column, number
from sandbox.importing.kinds.cascades import leave_course
from sandbox.importing.kinds.observing import enroll_observers, load_observers
from sandbox.importing.reader import Row
from sandbox.store.records import Course, CourseSection, Enrollment, Pseudonym, Role

_ROLES = (
    (re.compile(r"teacher", re.IGNORECASE), "TeacherEnrollment"),
    (re.compile(r"ta", re.IGNORECASE), "TaEnrollment"),
    (re.compile(r"observer", re.IGNORECASE), "ObserverEnrollment"),
    (re.compile(r"designer", re.IGNORECASE), "DesignerEnrollment"),
    (re.compile(r"student.*", re.IGNORECASE | re.DOTALL), "StudentEnrollment"),
)
_BY_USER_AND_SECTION = "user_id, course_section_id"


class Enrollments(Importer):
    kind = "enrollment"

    def prefetch(self, rows: Sequence[Row]) -> None:
        logins = self.table(Pseudonym)
        people = ("user_id", "associated_user_id", "temporary_enrollment_source_user_id")
        logins.load("sis_user_id", set().union(*(column(rows, name) for name in people)))
        logins.load("integration_id", column(rows, "user_integration_id"))
        self._prefetch_places(rows)
        pairs = set()
        for row in rows:
            login, section = self._find_login(row), self._named_section(row)
            course = self._named_course(row)
            section = section or (self._default_section(course) if course else None)
            if login and section:
                pairs.add((login.user_id, section.id))
        self.table(Enrollment).load(_BY_USER_AND_SECTION, pairs)
        load_observers(self.session, {user_id for user_id, _ in pairs})

    def _prefetch_places(self, rows: Sequence[Row]) -> None:
        courses, sections = self.table(Course), self.table(CourseSection)
        courses.load("sis_source_id", column(rows, "course_id"))
        sections.load("sis_source_id", column(rows, "section_id"))
        named = [section for row in rows if (section := self._named_section(row))]
        courses.load("id", {section.course_id for section in named})
        without_section = [row for row in rows if "section_id" not in row]
        sections.load("course_id", {course.id for row in without_section if (course := self._named_course(row))})

    def apply(self, row: Row) -> None:
        start_at, end_at = self._dates(row)
        status = self._checked_status(row)
        login = self._login(row)
        course, section = self._place(row)
        role = self._role(row)
        if course.blueprint and role.base_role_type in {"StudentEnrollment", "ObserverEnrollment"}:
            kind = role.base_role_type.removesuffix("Enrollment")
            raise SkipRow(messages.ENROLLMENT_BLUEPRINT, type=kind, user=_user(row), course=course.sis_source_id)
        associated_id = self._other_user(row, "associated_user_id", messages.ENROLLMENT_NO_ASSOCIATED)
        source_id = self._other_user(row, "temporary_enrollment_source_user_id", messages.ENROLLMENT_NO_SOURCE)
        enrollment = self._enrollment(login.user_id, section, role, associated_id)
        is_new = self.table(Enrollment).is_new(enrollment)
        if is_new and status.startswith("deleted"):
            return
        if status == "active" and login.dead:
            self._refuse_or_warn_dead_login(row, login, course)
        enrollment.sis_pseudonym_id = login.id
        enrollment.temporary_enrollment_source_user_id = source_id
        if "limit_section_privileges" in row:
            enrollment.limit_section_privileges = int(row["limit_section_privileges"].lower() in TRUE_WORDS)
        self.set(enrollment, start_at=start_at, end_at=end_at)
        self._set_state(enrollment, status)

    def _dates(self, row: Row) -> tuple[str | None, str | None]:
        in_section = "section_id" in row and "course_id" not in row
        warning = messages.ENROLLMENT_DATE_IN_SECTION if in_section else messages.ENROLLMENT_DATE_IN_COURSE
        return self.dates(row, warning, user=_user(row))

    def _checked_status(self, row: Row) -> str:
        if "course_id" not in row and "section_id" not in row:
            raise SkipRow(messages.ENROLLMENT_NO_PLACE)
        if "user_id" not in row and "user_integration_id" not in row:
            raise SkipRow(messages.ENROLLMENT_NO_USER_ID)
        status = self.status(row)
        if status is None:
            raise SkipRow(messages.ENROLLMENT_STATUS)
        return status

    def _find_login(self, row: Row) -> Pseudonym | None:
        """The integration id wins."""
        if "user_integration_id" in row:
            return self.table(Pseudonym).first("integration_id", row["user_integration_id"])
        return self.table(Pseudonym).first("sis_user_id", row.get("user_id"))

    def _login(self, row: Row) -> Pseudonym:
        login = self._find_login(row)
        if login is None:
            raise SkipRow(messages.ENROLLMENT_NO_USER, user=_user(row))
        return login

    def _named_course(self, row: Row) -> Course | None:
        return self.table(Course).first("sis_source_id", row.get("course_id"))

    def _named_section(self, row: Row) -> CourseSection | None:
        return self.table(CourseSection).first("sis_source_id", row.get("section_id"))

    def _place(self, row: Row) -> tuple[Course, CourseSection]:
        course, section = self._named_course(row), self._named_section(row)
        if course is None and section is None:
            raise SkipRow(messages.ENROLLMENT_NEITHER, user=_user(row))
        if section is None and "section_id" in row:
            raise SkipRow(messages.ENROLLMENT_NO_SECTION)
        if course is None and "course_id" in row:
            raise SkipRow(messages.ENROLLMENT_NO_COURSE)
        if course and section and course.id not in {section.course_id, section.nonxlist_course_id}:
            raise SkipRow(messages.ENROLLMENT_UNRELATED, user=_user(row))
        if section:
            return self.table(Course).get(section.course_id), section
        assert course is not None  # noqa: S101 - one of the two exists, as checked above
        return course, self._default_section(course) or self._new_default_section(course)

    def _default_section(self, course: Course) -> CourseSection | None:
        sections = self.table(CourseSection).find("course_id", course.id)
        return next((section for section in sections if section.default_section and not section.dead), None)

    def _new_default_section(self, course: Course) -> CourseSection:
        section = self.table(CourseSection).new(
            course_id=course.id, name=course.name, default_section=1, created_at=self.work.now
        )
        self.table(CourseSection).save(section, tracked=False)
        return section

    def _role(self, row: Row) -> Role:
        """By number, by exact name, or by what the word begins with."""
        roles = self.table(Role)
        found: Role | None = None
        if "role_id" in row:
            found = roles.first("id", number(row["role_id"]))
        elif "role" in row:
            base = next((base for pattern, base in _ROLES if pattern.fullmatch(row["role"])), None)
            found = roles.first("name", row["role"]) or roles.first("name", base)
        if found is None or not found.base_role_type.endswith("Enrollment"):
            raise SkipRow(messages.ENROLLMENT_ROLE, asked_role=row.get("role", row.get("role_id", "")))
        return found

    def _other_user(self, row: Row, name: str, warning: str) -> int | None:
        if name not in row:
            return None
        login = self.table(Pseudonym).first("sis_user_id", row[name])
        if login is None:
            raise SkipRow(warning)
        return login.user_id

    def _enrollment(
        self, user_id: int, section: CourseSection, role: Role, associated_user_id: int | None
    ) -> Enrollment:
        enrollments = self.table(Enrollment)
        for enrollment in enrollments.find(_BY_USER_AND_SECTION, (user_id, section.id)):
            if enrollment.role_id == role.id and enrollment.associated_user_id == associated_user_id:
                return enrollment
        return enrollments.new(
            user_id=user_id,
            course_id=section.course_id,
            course_section_id=section.id,
            type=role.base_role_type,
            role_id=role.id,
            associated_user_id=associated_user_id,
            created_at=self.work.now,
        )

    def _refuse_or_warn_dead_login(self, row: Row, login: Pseudonym, course: Course) -> None:
        others = self.table(Pseudonym).find("user_id", login.user_id)
        if all(other.dead for other in others):
            raise SkipRow(messages.ENROLLMENT_DELETED_LOGIN, login=login.unique_id, course=course.sis_source_id)
        self.warn(row, messages.ENROLLMENT_OTHER_LOGIN, user=_user(row), course=course.sis_source_id)

    def _set_state(self, enrollment: Enrollment, status: str) -> None:
        was_alive = not enrollment.dead
        if status == "deleted_last_completed":
            status = "deleted" if self._has_another(enrollment) else "completed"
        enrollment.workflow_state = status
        self.session.save(enrollment)
        if status == "deleted" and was_alive:
            leave_course(self.session, [enrollment])
        elif enrollment.type == "StudentEnrollment":
            enroll_observers(self.session, enrollment, self.work.now)

    def _has_another(self, enrollment: Enrollment) -> bool:
        """Another active enrollment of the same role in the course."""
        return any(
            other is not enrollment
            and other.workflow_state == "active"
            and (other.course_id, other.role_id) == (enrollment.course_id, enrollment.role_id)
            for other in self.table(Enrollment).find("user_id", enrollment.user_id)
        )


def _user(row: Row) -> str:
    """The user as messages name it."""
    return row.get("user_id") or row.get("user_integration_id", "")
