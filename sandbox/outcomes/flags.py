"""Switches of a site: Canvas's settings and feature flags, and the quirks in which versions of Canvas differ."""

import sqlite3
from collections.abc import Mapping

from sandbox.store.database import fact, remember

# Name and default. The first seven are Canvas's own; the others choose between versions of Canvas.
DEFAULTS: Mapping[str, bool] = {
    # An account may be closed to SIS imports.
    "sis_imports": True,
    # Hosted Canvas says 403 to who lacks a right; where this is off, 401.
    "api_auth_error_updates": True,
    "account_level_mastery_scales": False,
    "outcomes_new_decaying_average_calculation": False,
    "improved_outcomes_management": True,
    "outcomes_friendly_description": False,
    "outcome_gradebook": True,
    # Rollups that are not sorted by student or score come for all students on every page.
    "unsorted_rollups_leak": True,
    # Older Canvas: scores list the results that went into them, on request.
    "contributing_scores_in_rollups": False,
    # Older Canvas: users in `linked` carry no SIS id, integration id or login.
    "bare_linked_users": False,
    # The documentation knows the group in an import's JSON; no known Canvas sends it.
    "outcome_imports_name_their_group": False,
}


def is_on(db: sqlite3.Connection, name: str) -> bool:
    """Raises KeyError: there is no such flag."""
    value = fact(db, _key(name))
    return DEFAULTS[name] if value is None else value == "on"


def switch(db: sqlite3.Connection, name: str, *, on: bool) -> None:
    """Raises KeyError: there is no such flag."""
    remember(db, _key(name), None if DEFAULTS[name] is on else "on" if on else "off")


def all_flags(db: sqlite3.Connection) -> dict[str, bool]:
    return {name: is_on(db, name) for name in DEFAULTS}


def mastery_scales(db: sqlite3.Connection) -> bool:
    """Whether account and course scales replace those of single outcomes."""
    return is_on(db, "account_level_mastery_scales")


def friendly_descriptions(db: sqlite3.Connection) -> bool:
    return is_on(db, "improved_outcomes_management") and is_on(db, "outcomes_friendly_description")


def _key(name: str) -> str:
    return f"flag:{name}"
