"""One module per kind of CSV, or per family of kinds."""

from sandbox.importing.kinds.accounts import Accounts
from sandbox.importing.kinds.admins import Admins
from sandbox.importing.kinds.base import Importer
from sandbox.importing.kinds.courses import AbstractCourses, Courses
from sandbox.importing.kinds.enrollments import Enrollments
from sandbox.importing.kinds.grade_publishing import GradePublishingResults
from sandbox.importing.kinds.groups import GroupCategories, GroupMemberships, Groups, TagMemberships, Tags, TagSets
from sandbox.importing.kinds.institutional_tags import InstitutionalTags, TagAssociations, TagCategories
from sandbox.importing.kinds.logins import Logins
from sandbox.importing.kinds.observers import UserObservers
from sandbox.importing.kinds.sections import CrossLists, Sections
from sandbox.importing.kinds.sis_ids import SisIds
from sandbox.importing.kinds.terms import Terms
from sandbox.importing.kinds.users import Users

_ALL: tuple[type[Importer], ...] = (
    SisIds,
    Accounts,
    Terms,
    AbstractCourses,
    Courses,
    Sections,
    CrossLists,
    Users,
    Logins,
    Enrollments,
    Admins,
    GroupCategories,
    TagSets,
    Groups,
    Tags,
    GroupMemberships,
    TagMemberships,
    TagCategories,
    InstitutionalTags,
    TagAssociations,
    GradePublishingResults,
    UserObservers,
)
IMPORTERS = {importer.kind: importer for importer in _ALL}
