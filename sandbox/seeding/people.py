"""Accounts, terms, courses, sections, people and enrollments, in the tables that SIS imports fill."""

import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from sandbox.seeding import words
from sandbox.seeding.plan import CREATED_AT, MOST_COURSES_OF_STUDENT, Plan
from sandbox.store.records import (
    Account,
    CommunicationChannel,
    Course,
    CourseSection,
    Enrollment,
    EnrollmentTerm,
    Pseudonym,
    Record,
    Role,
    User,
)
from sandbox.store.session import Session

R = TypeVar("R", bound=Record)

_NO_IMPORT = 0
_STUDENTS_PER_SECTION = 40
# Of a hundred enrollments of students so many are concluded, inactive and not yet accepted.
_STATES = (("completed", 5), ("inactive", 3), ("invited", 2), ("active", 90))


@dataclass(frozen=True, slots=True)
class Seat:
    """A student in a course, once, however many sections hold them."""

    user: User
    course: Course


class Registry:
    """Makes records, as no import has touched them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._session = Session(db, _NO_IMPORT)

    def add(self, record: type[R], **values: Any) -> R:
        table = self._session.table(record)
        made = table.new(created_at=CREATED_AT, **values)
        table.save(made, tracked=False)
        return made

    def role_id(self, name: str) -> int:
        role = self._session.table(Role).first("name", name)
        if role is None:
            raise LookupError(name)
        return role.id

    def write(self) -> None:
        self._session.flush()


class People:
    """The university of a plan."""

    def __init__(self, db: sqlite3.Connection, plan: Plan) -> None:
        self._registry = Registry(db)
        self._plan = plan
        self._names = plan.dice("names")
        self._choices = plan.dice("enrollments")
        self.departments = self._add_accounts()
        self.courses = self._add_courses(self._add_terms())
        self.seats = self._enroll([self._add_student(number) for number in range(plan.students)])
        self._registry.write()

    def _add_accounts(self) -> list[tuple[Account, str, str]]:
        """The departments, with their codes and names, each from another faculty than the one before."""
        made = []
        for code, name, departments in words.FACULTIES:
            faculty = self._registry.add(Account, name=name, parent_account_id=1, sis_source_id=f"F-{code}")
            for short, title in departments:
                account = self._registry.add(
                    Account, name=f"Department of {title}", parent_account_id=faculty.id, sis_source_id=f"D-{short}"
                )
                made.append((account, short, title))
        return [made[place] for start in range(3) for place in range(start, len(made), 3)]

    def _add_terms(self) -> list[EnrollmentTerm]:
        return [
            self._registry.add(
                EnrollmentTerm,
                name=name,
                sis_source_id=sis_id,
                start_at=f"{start}T00:00:00.000000Z",
                end_at=f"{end}T00:00:00.000000Z",
            )
            for sis_id, name, start, end in words.TERMS
        ]

    def _add_courses(self, terms: Sequence[EnrollmentTerm]) -> list[Course]:
        made = []
        for number in range(self._plan.courses):
            department, short, title = self.departments[number % len(self.departments)]
            topic = words.COURSE_TOPICS[number // len(self.departments) % len(words.COURSE_TOPICS)]
            term, code = terms[number % len(terms)], f"{short}{101 + number // len(self.departments)}"
            made.append(
                self._registry.add(
                    Course,
                    workflow_state="available",
                    name=topic.format(title),
                    course_code=code,
                    account_id=department.id,
                    enrollment_term_id=term.id,
                    sis_source_id=f"{term.sis_source_id}-{code}",
                )
            )
        return made

    def _add_student(self, number: int) -> User:
        return self._add_person(f"S{100001 + number}", "student")

    def _add_person(self, sis_id: str, kind: str) -> User:
        given, family = self._names.choice(words.GIVEN_NAMES), self._names.choice(words.FAMILY_NAMES)
        # Now and then a name holds a comma, over which Canvas stumbles when it reads titles of results.
        suffix = ", Jr." if self._names.random() < 0.005 else ""
        user = self._registry.add(
            User,
            workflow_state="registered",
            name=f"{given} {family}{suffix}",
            sortable_name=f"{family}{suffix}, {given}",
            short_name=given if self._names.random() < 0.1 else f"{given} {family}",
            declared_user_type=kind,
        )
        login = f"{_plain(given)}.{_plain(family)}.{sis_id.lower()}"
        self._registry.add(
            Pseudonym, user_id=user.id, unique_id=login, login_key=login, sis_user_id=sis_id,
            integration_id=f"int-{sis_id.lower()}" if self._names.random() < 0.5 else None,
        )  # fmt: skip
        self._registry.add(CommunicationChannel, user_id=user.id, path=f"{login}@example.edu")
        return user

    def _enroll(self, students: Sequence[User]) -> list[Seat]:
        chosen: dict[int, list[User]] = {course.id: [] for course in self.courses}
        most = min(len(self.courses), MOST_COURSES_OF_STUDENT)
        for student in students:
            for course in self._choices.sample(self.courses, most):
                chosen[course.id].append(student)
        return [seat for course in self.courses for seat in self._fill(course, chosen[course.id])]

    def _fill(self, course: Course, students: Sequence[User]) -> list[Seat]:
        """Sections of a course, a teacher in each, and the students in them; a few sit in two."""
        sections = self._add_sections(course, max(1, -(-len(students) // _STUDENTS_PER_SECTION)))
        for number, section in enumerate(sections):
            teacher = self._add_person(f"T{course.id:03}{number + 1:02}", "teacher")
            self._add_enrollment(teacher, section, "TeacherEnrollment", "active")
        for number, student in enumerate(students):
            state = _weighted(self._choices)
            self._add_enrollment(student, sections[number % len(sections)], "StudentEnrollment", state)
            if len(sections) > 1 and self._choices.random() < 0.05:
                self._add_enrollment(student, sections[(number + 1) % len(sections)], "StudentEnrollment", "active")
        return [Seat(student, course) for student in students]

    def _add_sections(self, course: Course, count: int) -> list[CourseSection]:
        return [
            self._registry.add(
                CourseSection,
                name=f"{course.course_code} {number:02}",
                course_id=course.id,
                default_section=int(number == 1),
                sis_source_id=f"{course.sis_source_id}-{number:02}",
            )
            for number in range(1, count + 1)
        ]

    def _add_enrollment(self, user: User, section: CourseSection, kind: str, state: str) -> None:
        self._registry.add(
            Enrollment,
            workflow_state=state,
            user_id=user.id,
            course_id=section.course_id,
            course_section_id=section.id,
            type=kind,
            role_id=self._registry.role_id(kind),
        )


def _weighted(dice: Random) -> str:
    return dice.choices([state for state, _ in _STATES], [weight for _, weight in _STATES])[0]


def _plain(name: str) -> str:
    """A name as it can stand in a login."""
    folded = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in folded if "a" <= letter <= "z")
