"""What a site holds, in Canvas's own terms: one dataclass per table, fields as columns.

Times are stored texts (see `sandbox.clock`), `stuck` is the comma-separated list of fields that imports must not
overwrite, `sis_batch_id` the last import that touched the record.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import ClassVar, TypeVar, dataclass_transform

NON_EXISTENT = "non-existent"

# What every site holds from its first day on.
ROOT_ACCOUNT_ID = 1
DEFAULT_TERM_ID = 1
ADMIN_ID = 1


@dataclass(slots=True, eq=False)
class Record:
    """A row with a life-cycle state. The name of its class is Canvas's, the word in statistics and roll-back data."""

    TABLE: ClassVar[str]
    INDEXES: ClassVar[tuple[str, ...]]
    ACTIVE: ClassVar[tuple[str, ...]] = ("active",)
    DEAD: ClassVar[str] = "deleted"

    id: int
    workflow_state: str = "active"
    sis_batch_id: int | None = None
    stuck: str = ""
    created_at: str = ""

    @property
    def dead(self) -> bool:
        return self.workflow_state == self.DEAD


R = TypeVar("R", bound=Record)


@dataclass_transform(eq_default=False)
def _kept_in(table: str, *indexes: str) -> Callable[[type[R]], type[R]]:
    """A record of this table; each index is a column, or several separated by `, `."""

    def kept(record: type[R]) -> type[R]:
        record.TABLE, record.INDEXES = table, indexes
        return dataclass(slots=True, eq=False)(record)

    return kept


@_kept_in("accounts", "sis_source_id", "integration_id", "parent_account_id")
class Account(Record):
    name: str = ""
    parent_account_id: int | None = None
    sis_source_id: str | None = None
    integration_id: str | None = None


@_kept_in("enrollment_terms", "sis_source_id", "integration_id")
class EnrollmentTerm(Record):
    name: str = ""
    sis_source_id: str | None = None
    integration_id: str | None = None
    start_at: str | None = None
    end_at: str | None = None


@_kept_in("enrollment_dates_overrides", "enrollment_term_id")
class DatesOverride(Record):
    """Dates of a term for one enrollment type."""

    enrollment_term_id: int = 0
    enrollment_type: str = ""
    start_at: str | None = None
    end_at: str | None = None


@_kept_in("abstract_courses", "sis_source_id")
class AbstractCourse(Record):
    sis_source_id: str | None = None
    short_name: str = ""
    name: str = ""
    account_id: int = 1
    enrollment_term_id: int = 1


@_kept_in("courses", "sis_source_id", "integration_id", "account_id", "enrollment_term_id")
class Course(Record):
    ACTIVE = ("claimed", "created", "available")

    name: str = ""
    course_code: str = ""
    account_id: int = 1
    enrollment_term_id: int = 1
    sis_source_id: str | None = None
    integration_id: str | None = None
    start_at: str | None = None
    conclude_at: str | None = None
    course_format: str | None = None
    grade_passback_setting: str | None = None
    friendly_name: str | None = None
    homeroom_course: int = 0
    abstract_course_id: int | None = None
    blueprint: int = 0
    blueprint_course_id: int | None = None


@_kept_in("course_sections", "sis_source_id", "integration_id", "course_id", "nonxlist_course_id")
class CourseSection(Record):
    """`nonxlist_course_id` is the course it came from, while it is cross-listed."""

    name: str = ""
    course_id: int = 0
    nonxlist_course_id: int | None = None
    default_section: int = 0
    sis_source_id: str | None = None
    integration_id: str | None = None
    start_at: str | None = None
    end_at: str | None = None


@_kept_in("users")
class User(Record):
    ACTIVE = ("registered",)

    name: str = ""
    sortable_name: str = ""
    short_name: str = ""
    pronouns: str | None = None
    declared_user_type: str | None = None


@_kept_in("pseudonyms", "user_id", "sis_user_id", "integration_id", "login_key")
class Pseudonym(Record):
    """A login. `unique_id` is the login name, `login_key` its form for comparing."""

    user_id: int = 0
    unique_id: str = ""
    login_key: str = ""
    sis_user_id: str | None = None
    integration_id: str | None = None
    authentication_provider_id: str | None = None


@_kept_in("communication_channels", "user_id")
class CommunicationChannel(Record):
    DEAD = "retired"

    user_id: int = 0
    path: str = ""


@_kept_in("enrollments", "user_id, course_section_id", "course_section_id", "course_id", "associated_user_id")
class Enrollment(Record):
    user_id: int = 0
    course_id: int = 0
    course_section_id: int = 0
    type: str = "StudentEnrollment"
    role_id: int = 0
    associated_user_id: int | None = None
    sis_pseudonym_id: int | None = None
    limit_section_privileges: int = 0
    start_at: str | None = None
    end_at: str | None = None
    temporary_enrollment_source_user_id: int | None = None


@_kept_in("roles", "name")
class Role(Record):
    """Built-in roles bear the name of their base type."""

    name: str = ""
    base_role_type: str = ""
    account_id: int | None = None


@_kept_in("account_users", "user_id")
class AccountUser(Record):
    account_id: int = 1
    user_id: int = 0
    role_id: int = 0


@_kept_in("group_categories", "sis_source_id", "course_id")
class GroupCategory(Record):
    """A set of groups, or of differentiation tags where `non_collaborative`."""

    name: str = ""
    sis_source_id: str | None = None
    account_id: int | None = None
    course_id: int | None = None
    non_collaborative: int = 0


@_kept_in("groups", "sis_source_id", "group_category_id", "course_id")
class Group(Record):
    """A group, or a differentiation tag where `non_collaborative`."""

    ACTIVE = ("available",)

    name: str = ""
    sis_source_id: str | None = None
    group_category_id: int | None = None
    account_id: int | None = None
    course_id: int | None = None
    non_collaborative: int = 0


@_kept_in("group_memberships", "group_id", "user_id")
class GroupMembership(Record):
    ACTIVE = ("accepted",)

    group_id: int = 0
    user_id: int = 0


@_kept_in("user_observers", "user_id", "observer_id")
class UserObserver(Record):
    """`observer_id` watches `user_id`."""

    user_id: int = 0
    observer_id: int = 0


@_kept_in("institutional_tag_categories", "sis_source_id")
class InstitutionalTagCategory(Record):
    name: str = ""
    description: str | None = None
    sis_source_id: str | None = None


@_kept_in("institutional_tags", "sis_source_id")
class InstitutionalTag(Record):
    name: str = ""
    description: str | None = None
    category_id: int = 0
    sis_source_id: str | None = None


@_kept_in("institutional_tag_associations", "institutional_tag_id, user_id")
class InstitutionalTagAssociation(Record):
    institutional_tag_id: int = 0
    user_id: int = 0


# The types that statistics count and roll-back covers, in Canvas's order of restoring.
TRACKED: tuple[type[Record], ...] = (
    Account,
    EnrollmentTerm,
    AbstractCourse,
    Course,
    CourseSection,
    GroupCategory,
    Group,
    Pseudonym,
    CommunicationChannel,
    Enrollment,
    GroupMembership,
    UserObserver,
    AccountUser,
)

RECORDS: tuple[type[Record], ...] = (
    *TRACKED,
    User,
    Role,
    DatesOverride,
    InstitutionalTagCategory,
    InstitutionalTag,
    InstitutionalTagAssociation,
)


def columns(record: type[Record]) -> tuple[str, ...]:
    return tuple(column.name for column in fields(record))
