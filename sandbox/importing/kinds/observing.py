"""Linked observers: who observes a student is in the student's courses, as an observer."""

from collections.abc import Iterable

from sandbox.store.records import Enrollment, Role, UserObserver
from sandbox.store.session import Session


def load_observers(session: Session, student_ids: Iterable[int]) -> None:
    session.table(UserObserver).load("user_id", student_ids)


def enroll_observers(session: Session, student: Enrollment, now: str) -> None:
    """Every observer of the student gets an enrollment beside the student's, in the same state."""
    for link in session.table(UserObserver).find("user_id", student.user_id):
        if not link.dead:
            enroll_observer(session, link.observer_id, student, now)


def enroll_observer(session: Session, observer_id: int, student: Enrollment, now: str) -> None:
    enrollments = session.table(Enrollment)
    role = session.table(Role).find("name", "ObserverEnrollment")[0]
    beside = enrollments.find("user_id, course_section_id", (observer_id, student.course_section_id))
    enrollment = next((e for e in beside if e.associated_user_id == student.user_id), None) or enrollments.new(
        user_id=observer_id,
        course_id=student.course_id,
        course_section_id=student.course_section_id,
        type=role.base_role_type,
        role_id=role.id,
        associated_user_id=student.user_id,
        created_at=now,
    )
    enrollment.workflow_state = student.workflow_state
    session.save(enrollment)
