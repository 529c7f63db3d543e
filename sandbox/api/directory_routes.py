"""The addresses of accounts, courses, sections, people and enrollments."""

from sandbox.api import accounts, courses, enrollments, people, roles, terms
from sandbox.http.calls import Endpoint

_ACCOUNT = "/api/v1/accounts/:account_id"
_COURSE = "/api/v1/courses/:course_id"

DIRECTORY_ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/api/v1/accounts", accounts.index),
    ("GET", _ACCOUNT, accounts.show),
    ("GET", f"{_ACCOUNT}/permissions", accounts.permissions),
    ("GET", f"{_ACCOUNT}/terms", terms.index),
    ("GET", f"{_ACCOUNT}/terms/:id", terms.show),
    ("GET", f"{_ACCOUNT}/sub_accounts", accounts.below),
    ("GET", f"{_ACCOUNT}/roles", roles.index),
    ("GET", f"{_ACCOUNT}/courses", courses.of_account),
    ("GET", f"{_ACCOUNT}/users", people.of_account),
    ("GET", f"{_ACCOUNT}/admins", people.admins),
    ("GET", f"{_ACCOUNT}/enrollments/:id", enrollments.show),
    ("GET", "/api/v1/courses", courses.index),
    ("GET", _COURSE, courses.show),
    ("GET", f"{_COURSE}/sections", courses.sections),
    ("GET", f"{_COURSE}/sections/:id", courses.section),
    ("GET", f"{_COURSE}/users", people.of_course),
    ("GET", f"{_COURSE}/search_users", people.of_course),
    ("GET", f"{_COURSE}/users/:id", people.in_course),
    ("GET", f"{_COURSE}/enrollments", enrollments.of_course),
    ("GET", "/api/v1/sections/:id", courses.section),
    ("GET", "/api/v1/sections/:id/enrollments", enrollments.of_section),
    ("GET", "/api/v1/users/self", accounts.users_self),
    ("GET", "/api/v1/users/:id", people.show),
    ("GET", "/api/v1/users/:id/profile", people.profile),
    ("GET", "/api/v1/users/:id/logins", people.logins),
    ("GET", "/api/v1/users/:id/courses", courses.of_user),
    ("GET", "/api/v1/users/:id/enrollments", enrollments.of_user),
)
