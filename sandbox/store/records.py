"""What a site holds, in Canvas's own terms: one dataclass per table, fields as columns.

Times are stored texts (see `sandbox.clock`), `stuck` is the comma-separated list of fields that imports must not
overwrite, `sis_batch_id` the last import that touched the record.
"""

from dataclasses import dataclass, fields
from typing import ClassVar

NON_EXISTENT = "non-existent"


@dataclass(slots=True, eq=False)
class Record:
    """A row with a life-cycle state. `TYPE` is Canvas's class name, the word in statistics and roll-back data.

    `SPARSE` are indexed columns that most records leave empty.
    """

    TABLE: ClassVar[str]
    TYPE: ClassVar[str]
    INDEXES: ClassVar[tuple[str, ...]] = ("sis_source_id", "integration_id")
    SPARSE: ClassVar[frozenset[str]] = frozenset({"integration_id", "associated_user_id"})
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


@dataclass(slots=True, eq=False)
class Account(Record):
    TABLE = "accounts"
    TYPE = "Account"
    INDEXES = ("sis_source_id", "integration_id", "parent_account_id")

    name: str = ""
    parent_account_id: int | None = None
    sis_source_id: str | None = None
    integration_id: str | None = None


@dataclass(slots=True, eq=False)
class EnrollmentTerm(Record):
    TABLE = "enrollment_terms"
    TYPE = "EnrollmentTerm"

    name: str = ""
    sis_source_id: str | None = None
    integration_id: str | None = None
    start_at: str | None = None
    end_at: str | None = None


@dataclass(slots=True, eq=False)
class DatesOverride(Record):
    """Dates of a term for one enrollment type."""

    TABLE = "enrollment_dates_overrides"
    TYPE = "EnrollmentDatesOverride"
    INDEXES = ("enrollment_term_id",)

    enrollment_term_id: int = 0
    enrollment_type: str = ""
    start_at: str | None = None
    end_at: str | None = None


@dataclass(slots=True, eq=False)
class AbstractCourse(Record):
    TABLE = "abstract_courses"
    TYPE = "AbstractCourse"
    INDEXES = ("sis_source_id",)

    sis_source_id: str | None = None
    short_name: str = ""
    name: str = ""
    account_id: int = 1
    enrollment_term_id: int = 1


@dataclass(slots=True, eq=False)
class Course(Record):
    TABLE = "courses"
    TYPE = "Course"
    INDEXES = ("sis_source_id", "integration_id", "account_id", "enrollment_term_id")
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


@dataclass(slots=True, eq=False)
class CourseSection(Record):
    """`nonxlist_course_id` is the course it came from, while it is cross-listed."""

    TABLE = "course_sections"
    TYPE = "CourseSection"
    INDEXES = ("sis_source_id", "integration_id", "course_id", "nonxlist_course_id")

    name: str = ""
    course_id: int = 0
    nonxlist_course_id: int | None = None
    default_section: int = 0
    sis_source_id: str | None = None
    integration_id: str | None = None
    start_at: str | None = None
    end_at: str | None = None


@dataclass(slots=True, eq=False)
class User(Record):
    TABLE = "users"
    TYPE = "User"
    INDEXES = ()
    ACTIVE = ("registered",)

    name: str = ""
    sortable_name: str = ""
    short_name: str = ""
    pronouns: str | None = None
    declared_user_type: str | None = None


@dataclass(slots=True, eq=False)
class Pseudonym(Record):
    """A login. `unique_id` is the login name, `login_key` its form for comparing."""

    TABLE = "pseudonyms"
    TYPE = "Pseudonym"
    INDEXES = ("user_id", "sis_user_id", "integration_id", "login_key")

    user_id: int = 0
    unique_id: str = ""
    login_key: str = ""
    sis_user_id: str | None = None
    integration_id: str | None = None
    authentication_provider_id: str | None = None


@dataclass(slots=True, eq=False)
class CommunicationChannel(Record):
    TABLE = "communication_channels"
    TYPE = "CommunicationChannel"
    INDEXES = ("user_id",)
    DEAD = "retired"

    user_id: int = 0
    path: str = ""


@dataclass(slots=True, eq=False)
class Enrollment(Record):
    TABLE = "enrollments"
    TYPE = "Enrollment"
    INDEXES = ("user_id, course_section_id", "course_section_id", "course_id", "associated_user_id")

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


@dataclass(slots=True, eq=False)
class Role(Record):
    """Built-in roles bear the name of their base type."""

    TABLE = "roles"
    TYPE = "Role"
    INDEXES = ("name",)

    name: str = ""
    base_role_type: str = ""
    account_id: int | None = None


@dataclass(slots=True, eq=False)
class AccountUser(Record):
    TABLE = "account_users"
    TYPE = "AccountUser"
    INDEXES = ("user_id",)

    account_id: int = 1
    user_id: int = 0
    role_id: int = 0


@dataclass(slots=True, eq=False)
class GroupCategory(Record):
    """A set of groups, or of differentiation tags where `non_collaborative`."""

    TABLE = "group_categories"
    TYPE = "GroupCategory"
    INDEXES = ("sis_source_id", "course_id")

    name: str = ""
    sis_source_id: str | None = None
    account_id: int | None = None
    course_id: int | None = None
    non_collaborative: int = 0


@dataclass(slots=True, eq=False)
class Group(Record):
    """A group, or a differentiation tag where `non_collaborative`."""

    TABLE = "groups"
    TYPE = "Group"
    INDEXES = ("sis_source_id", "group_category_id", "course_id")
    ACTIVE = ("available",)

    name: str = ""
    sis_source_id: str | None = None
    group_category_id: int | None = None
    account_id: int | None = None
    course_id: int | None = None
    non_collaborative: int = 0


@dataclass(slots=True, eq=False)
class GroupMembership(Record):
    TABLE = "group_memberships"
    TYPE = "GroupMembership"
    INDEXES = ("group_id", "user_id")
    ACTIVE = ("accepted",)

    group_id: int = 0
    user_id: int = 0


@dataclass(slots=True, eq=False)
class UserObserver(Record):
    """`observer_id` watches `user_id`."""

    TABLE = "user_observers"
    TYPE = "UserObserver"
    INDEXES = ("user_id", "observer_id")

    user_id: int = 0
    observer_id: int = 0


@dataclass(slots=True, eq=False)
class InstitutionalTagCategory(Record):
    TABLE = "institutional_tag_categories"
    TYPE = "InstitutionalTagCategory"
    INDEXES = ("sis_source_id",)

    name: str = ""
    description: str | None = None
    sis_source_id: str | None = None


@dataclass(slots=True, eq=False)
class InstitutionalTag(Record):
    TABLE = "institutional_tags"
    TYPE = "InstitutionalTag"
    INDEXES = ("sis_source_id",)

    name: str = ""
    description: str | None = None
    category_id: int = 0
    sis_source_id: str | None = None


@dataclass(slots=True, eq=False)
class InstitutionalTagAssociation(Record):
    TABLE = "institutional_tag_associations"
    TYPE = "InstitutionalTagAssociation"
    INDEXES = ("institutional_tag_id, user_id",)

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
