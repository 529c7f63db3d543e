"""The addresses of outcomes, for accounts and courses alike."""

from collections.abc import Iterator

from sandbox.api import outcome_imports
from sandbox.http.calls import Endpoint

_BOTH = ("/api/v1/accounts/:account_id", "/api/v1/courses/:course_id")

# Below an account and below a course.
_IN_CONTEXTS: tuple[tuple[str, str, Endpoint], ...] = (
    ("POST", "/outcome_imports", outcome_imports.create),
    ("POST", "/outcome_imports/", outcome_imports.create),
    ("POST", "/outcome_imports/group/:group_id", outcome_imports.create),
    ("GET", "/outcome_imports/:id", outcome_imports.show),
    ("GET", "/outcome_imports/:id/created_group_ids", outcome_imports.created_group_ids),
)


def outcome_routes() -> Iterator[tuple[str, str, Endpoint]]:
    for context in _BOTH:
        for method, path, endpoint in _IN_CONTEXTS:
            yield method, context + path, endpoint
