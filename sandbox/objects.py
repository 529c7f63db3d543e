"""What the site holds, as the API and the control interface show it."""

from collections.abc import Sequence
from typing import Any

from sandbox.site import Site

Json = dict[str, Any]


def listing(site: Site, kind: str, offset: int, limit: int) -> tuple[list[Json], int]:
    """One page of `kind` (plural, as `users`, `courses`) and how many there are. Raises KeyError: unknown kind."""
    raise NotImplementedError


def terms(site: Site, states: Sequence[str], offset: int, limit: int) -> tuple[list[Json], int]:
    """One page of terms and how many there are. `states`: `active` (default where empty), `deleted`, `all`."""
    raise NotImplementedError


def account(site: Site, account_id: str) -> Json | None:
    """An account by number, `self`, `default`, `sis_account_id:<x>`, ...; None: unknown or deleted."""
    raise NotImplementedError


def users_self(site: Site) -> Json:
    """The user whose token it is."""
    raise NotImplementedError


def seed(site: Site, *, courses: int, students: int, outcomes: int, seed: int) -> None:
    """Fill the site with a believable university; the same numbers give the same data."""
    raise NotImplementedError
