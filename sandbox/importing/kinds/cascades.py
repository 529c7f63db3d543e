"""What goes with a thing that is deleted.

None of it was named in the upload, so its `sis_batch_id` stays; its roll-back data belongs to the import all the same.
"""

from collections.abc import Iterable, Sequence

from sandbox.store.records import (
    AccountUser,
    Course,
    CourseSection,
    Enrollment,
    Group,
    GroupMembership,
    Record,
)
from sandbox.store.session import Session


def delete_all(session: Session, records: Iterable[Record]) -> None:
    """Each that is still alive."""
    for record in records:
        if not record.dead:
            record.workflow_state = record.DEAD
            session.table(type(record)).save(record)


def delete_enrollments_in_course(session: Session, course: Course) -> None:
    delete_enrollments(session, session.table(Enrollment).find("course_id", course.id))


def delete_enrollments_in_section(session: Session, section: CourseSection) -> None:
    delete_enrollments(session, session.table(Enrollment).find("course_section_id", section.id))


def delete_enrollments(session: Session, enrollments: Iterable[Enrollment]) -> None:
    leaving = [enrollment for enrollment in enrollments if not enrollment.dead]
    delete_all(session, leaving)
    leave_course(session, leaving)


def leave_course(session: Session, left: Sequence[Enrollment]) -> None:
    """Whose last enrollment in a course was deleted leaves its groups, and takes the linked observers along."""
    user_ids = {enrollment.user_id for enrollment in left}
    session.table(Enrollment).load("user_id", user_ids)
    session.table(Enrollment).load("associated_user_id", user_ids)
    session.table(GroupMembership).load("user_id", user_ids)
    for enrollment in left:
        if not is_in_course(session, enrollment.user_id, enrollment.course_id):
            _leave_groups(session, enrollment)
            delete_all(session, _observers_of(session, enrollment))


def delete_everything_of(session: Session, user_id: int) -> None:
    """Enrollments, group memberships and admin rights of somebody whose last login is gone."""
    delete_enrollments(session, session.table(Enrollment).find("user_id", user_id))
    delete_all(session, session.table(GroupMembership).find("user_id", user_id))
    delete_all(session, session.table(AccountUser).find("user_id", user_id))


def is_in_course(session: Session, user_id: int, course_id: int) -> bool:
    enrollments = session.table(Enrollment).find("user_id", user_id)
    return any(not enrollment.dead and enrollment.course_id == course_id for enrollment in enrollments)


def _leave_groups(session: Session, enrollment: Enrollment) -> None:
    for membership in session.table(GroupMembership).find("user_id", enrollment.user_id):
        if session.table(Group).get(membership.group_id).course_id == enrollment.course_id:
            delete_all(session, [membership])


def _observers_of(session: Session, enrollment: Enrollment) -> list[Enrollment]:
    linked = session.table(Enrollment).find("associated_user_id", enrollment.user_id)
    return [observer for observer in linked if observer.course_id == enrollment.course_id]
