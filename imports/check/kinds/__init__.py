"""What is asked of the rows of each kind, in Canvas's own order, and by what two rows are about the same thing."""

from canvas.formats import SIS_KINDS
from imports.check.kinds import changes, enrollments, groups, people, places
from imports.check.steps import Step

STEPS: dict[str, tuple[Step, ...]] = {
    "change_sis_id": changes.CHANGES,
    "account": places.ACCOUNTS,
    "term": places.TERMS,
    "abstract_course": places.ABSTRACT_COURSES,
    "course": places.COURSES,
    "section": places.SECTIONS,
    "xlist": places.XLISTS,
    "user": people.USERS,
    "login": people.LOGINS,
    "enrollment": enrollments.ENROLLMENTS,
    "admin": people.ADMINS,
    "group_category": groups.GROUP_CATEGORIES,
    "differentiation_tag_set": groups.TAG_SETS,
    "group": groups.GROUPS,
    "differentiation_tag": groups.TAGS,
    "group_membership": groups.GROUP_MEMBERSHIPS,
    "differentiation_tag_membership": groups.TAG_MEMBERSHIPS,
    "institutional_tag_category": groups.TAG_CATEGORIES,
    "institutional_tag": groups.INSTITUTIONAL_TAGS,
    "institutional_tag_association": groups.TAG_ASSOCIATIONS,
    "grade_publishing_results": changes.GRADE_PUBLISHING_RESULTS,
    "user_observer": people.OBSERVERS,
}

# The columns that name what a row is about. Where Canvas's key for diffing is coarser than that, or missing, its own.
IDENTITY: dict[str, tuple[str, ...]] = {kind.name: kind.key for kind in SIS_KINDS} | {
    "term": ("term_id", "date_override_enrollment_type"),
    "abstract_course": ("abstract_course_id",),
    "admin": ("user_id", "account_id", "role", "role_id"),
    "group_category": ("group_category_id",),
    "change_sis_id": ("type", "old_id", "old_integration_id"),
    "grade_publishing_results": ("enrollment_id",),
    "user_observer": ("observer_id", "student_id"),
}
