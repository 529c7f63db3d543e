"""The addresses of outcomes: imports, groups, scales, results, rollups."""

from collections.abc import Iterator

from sandbox.api import (
    gradebook_settings,
    outcome_groups,
    outcome_imports,
    outcome_mastery,
    outcome_results,
    outcome_scales,
    outcomes,
)
from sandbox.http.calls import Endpoint

Address = tuple[str, str, Endpoint]

_COURSE = "/api/v1/courses/:course_id"
_CONTEXTS = ("/api/v1/accounts/:account_id", _COURSE)

# Below an account and below a course.
_IN_CONTEXTS: tuple[Address, ...] = (
    ("POST", "/outcome_imports", outcome_imports.create),
    ("POST", "/outcome_imports/", outcome_imports.create),
    ("POST", "/outcome_imports/group/:group_id", outcome_imports.create),
    ("GET", "/outcome_imports/:id", outcome_imports.show),
    ("GET", "/outcome_imports/:id/created_group_ids", outcome_imports.created_group_ids),
    ("GET", "/root_outcome_group", outcome_groups.root),
    ("GET", "/outcome_groups", outcome_groups.index),
    ("GET", "/outcome_group_links", outcome_groups.links),
    ("GET", "/outcome_groups/:group_id", outcome_groups.show),
    ("PUT", "/outcome_groups/:group_id", outcome_groups.change),
    ("DELETE", "/outcome_groups/:group_id", outcome_groups.delete),
    ("GET", "/outcome_groups/:group_id/subgroups", outcome_groups.subgroups),
    ("POST", "/outcome_groups/:group_id/subgroups", outcome_groups.create_subgroup),
    ("GET", "/outcome_groups/:group_id/outcomes", outcome_groups.outcomes),
    ("POST", "/outcome_groups/:group_id/outcomes", outcome_groups.create_outcome),
    ("PUT", "/outcome_groups/:group_id/outcomes/:outcome_id", outcome_groups.link_outcome),
    ("DELETE", "/outcome_groups/:group_id/outcomes/:outcome_id", outcome_groups.unlink_outcome),
    ("POST", "/outcome_groups/:group_id/import", outcome_groups.import_group),
    ("GET", "/outcome_proficiency", outcome_scales.show_proficiency),
    ("POST", "/outcome_proficiency", outcome_scales.set_proficiency),
    ("GET", "/outcome_calculation_method", outcome_scales.show_method),
    ("POST", "/outcome_calculation_method", outcome_scales.set_method),
)

_ALONE: tuple[Address, ...] = (
    ("GET", "/api/v1/outcomes/:id", outcomes.show),
    ("PUT", "/api/v1/outcomes/:id", outcomes.update),
    ("GET", f"{_COURSE}/outcome_alignments", outcomes.course_alignments),
    ("GET", f"{_COURSE}/outcome_results", outcome_results.index),
    ("GET", f"{_COURSE}/outcome_rollups", outcome_results.rollups),
    ("POST", f"{_COURSE}/assign_outcome_order", outcome_results.assign_outcome_order),
    ("GET", f"{_COURSE}/outcomes/:outcome_id/contributing_scores", outcome_mastery.contributing_scores),
    ("GET", f"{_COURSE}/outcome_mastery_distribution", outcome_mastery.distribution),
    ("GET", "/courses/:course_id/outcome_rollups.csv", outcome_mastery.export),
    ("GET", f"{_COURSE}/learning_mastery_gradebook_settings", gradebook_settings.show),
    ("PUT", f"{_COURSE}/learning_mastery_gradebook_settings", gradebook_settings.change),
)


def outcome_routes() -> Iterator[Address]:
    for context in _CONTEXTS:
        for method, path, endpoint in _IN_CONTEXTS:
            yield method, context + path, endpoint
    yield from _ALONE
