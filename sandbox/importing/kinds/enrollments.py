"""enrollments.csv"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow, Slice, column, number
from sandbox.importing.kinds.cascades import leave_course
from sandbox.importing.kinds.observing import enroll_observers, load_observers
from sandbox.importing.reader import Row
from sandbox.importing.roles import role_by_name, role_by_number
from sandbox.ruby import truth
from sandbox.store.records import Course, CourseSection, Enrollment, Pseudonym, Role

_ROLES = (
    (re.compile(r"teacher", re.IGNORECASE), "TeacherEnrollment"),
    (re.compile(r"ta", re.IGNORECASE), "TaEnrollment"),
    (re.compile(r"observer", re.IGNORECASE), "ObserverEnrollment"),
    (re.compile(r"designer", re.IGNORECASE), "DesignerEnrollment"),
    (re.compile(r"student.*", re.IGNORECASE | re.DOTALL), "StudentEnrollment"),
)
_BY_USER_AND_SECTION = "user_id, course_section_id"


@dataclass(slots=True)
class _Found:
    """What a row names, as far as it exists; without a section, the course's default one."""

    login: Pseudonym | None
    course: Course | None
    section: CourseSection | None


class Enrollments(Importer):
    kind = "enrollment"

    def __init__(self, work: Slice, file: str) -> None:
        super().__init__(work, file)
        self._found: dict[int, _Found] = {}
        self._roles: dict[tuple[str | None, str | None, int], Role | None] = {}

    def prefetch(self, rows: Sequence[Row]) -> None:
        logins = self.table(Pseudonym)
        people = ("user_id", "associated_user_id", "temporary_enrollment_source_user_id")
        logins.load("sis_user_id", set().union(*(column(rows, name) for name in people)))
        logins.load("integration_id", column(rows, "user_integration_id"))
        self._prefetch_places(rows)
        self._found = {row.number: self._find(row) for row in rows}
        known = self._found.values()
        pairs = {(found.login.user_id, found.section.id) for found in known if found.login and found.section}
        self.table(Enrollment).load(_BY_USER_AND_SECTION, pairs)
        load_observers(self.session, {user_id for user_id, _ in pairs})

    def _prefetch_places(self, rows: Sequence[Row]) -> None:
        courses, sections = self.table(Course), self.table(CourseSection)
        courses.load("sis_source_id", column(rows, "course_id"))
        sections.load("sis_source_id", column(rows, "section_id"))
        named = [section for row in rows if (section := sections.first("sis_source_id", row.get("section_id")))]
        courses.load("id", {section.course_id for section in named})
        alone = [row.get("course_id") for row in rows if "section_id" not in row]
        sections.load("course_id", {c.id for course_id in alone if (c := courses.first("sis_source_id", course_id))})

    def _find(self, row: Row) -> _Found:
        """The integration id of a user wins over the user id."""
        logins, courses, sections = self.table(Pseudonym), self.table(Course), self.table(CourseSection)
        if "user_integration_id" in row:
            login = logins.first("integration_id", row["user_integration_id"])
        else:
            login = logins.first("sis_user_id", row.get("user_id"))
        course = courses.first("sis_source_id", row.get("course_id"))
        section = sections.first("sis_source_id", row.get("section_id"))
        if course and "section_id" not in row:
            section = self._default_section(course)
        return _Found(login, course, section)

    def apply(self, row: Row) -> None:
        start_at, end_at = self._dates(row)
        status = self._checked_status(row)
        login = self._found[row.number].login
        if login is None:
            raise SkipRow(messages.ENROLLMENT_NO_USER, user=_user(row))
        course, section = self._place(row)
        role = self._role(row, course)
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
            enrollment.limit_section_privileges = int(truth(row["limit_section_privileges"]))
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

    def _place(self, row: Row) -> tuple[Course, CourseSection]:
        course, section = self._found[row.number].course, self._found[row.number].section
        if "section_id" in row:
            return self._place_by_section(row, course, section)
        if course is None:
            raise SkipRow(messages.ENROLLMENT_NEITHER, user=_user(row))
        # An earlier row may have made the default section meanwhile.
        return course, section or self._default_section(course) or self._new_default_section(course)

    def _place_by_section(
        self, row: Row, course: Course | None, section: CourseSection | None
    ) -> tuple[Course, CourseSection]:
        if course is None and section is None:
            raise SkipRow(messages.ENROLLMENT_NEITHER, user=_user(row))
        if section is None:
            raise SkipRow(messages.ENROLLMENT_NO_SECTION)
        if course is None and "course_id" in row:
            raise SkipRow(messages.ENROLLMENT_NO_COURSE)
        if course and course.id not in {section.course_id, section.nonxlist_course_id}:
            raise SkipRow(messages.ENROLLMENT_UNRELATED, user=_user(row))
        return self.table(Course).get(section.course_id), section

    def _default_section(self, course: Course) -> CourseSection | None:
        sections = self.table(CourseSection).find("course_id", course.id)
        return next((section for section in sections if section.default_section and not section.dead), None)

    def _new_default_section(self, course: Course) -> CourseSection:
        section = self.table(CourseSection).new(
            course_id=course.id, name=course.name, default_section=1, created_at=self.work.now
        )
        self.table(CourseSection).save(section, tracked=False)
        return section

    def _role(self, row: Row, course: Course) -> Role:
        given = (row.get("role"), row.get("role_id"), course.account_id)
        if given not in self._roles:
            self._roles[given] = self._find_role(*given)
        found = self._roles[given]
        if found is None:
            raise SkipRow(messages.ENROLLMENT_ROLE, asked_role=given[0] or given[1] or "")
        return found

    def _find_role(self, name: str | None, role_id: str | None, account_id: int) -> Role | None:
        """By number, by exact name, or by what the word begins with; no roles of admins."""
        if role_id is not None:
            found = role_by_number(self.session, account_id, number(role_id))
            return found if found and _is_of_courses(found) else None
        found = role_by_name(self.session, account_id, name)
        if found and _is_of_courses(found):
            return found
        base = next((base for pattern, base in _ROLES if pattern.fullmatch(name or "")), None)
        return role_by_name(self.session, account_id, base)

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


def _is_of_courses(role: Role) -> bool:
    return role.base_role_type.endswith("Enrollment")


def _user(row: Row) -> str:
    """The user as messages name it."""
    return row.get("user_id") or row.get("user_integration_id", "")
