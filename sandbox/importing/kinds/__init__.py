"""One module per kind of CSV, or per family of kinds."""

from sandbox.importing.kinds.accounts import Accounts
from sandbox.importing.kinds.base import Importer
from sandbox.importing.kinds.courses import AbstractCourses, Courses
from sandbox.importing.kinds.enrollments import Enrollments
from sandbox.importing.kinds.sections import CrossLists, Sections
from sandbox.importing.kinds.terms import Terms
from sandbox.importing.kinds.users import Users

_ALL: tuple[type[Importer], ...] = (
    Accounts,
    Terms,
    AbstractCourses,
    Courses,
    Sections,
    CrossLists,
    Users,
    Enrollments,
)
IMPORTERS = {importer.kind: importer for importer in _ALL}
