"""Roles as rows name them: an account's own, those of the accounts above it, and the ones that Canvas brings with it.

Source: `get_role_by_name` and `get_role_by_id` of `app/models/account.rb`; the nearest account that has the name wins.
"""

from collections.abc import Iterator

from sandbox.store.records import Account, Role
from sandbox.store.session import Session

AVAILABLE = ("active", "built_in")


def role_by_name(session: Session, account_id: int, name: str | None) -> Role | None:
    """To the letter; roles that were switched off have no name any more."""
    found = {role.account_id: role for role in session.table(Role).find("name", name) if _is_available(role)}
    return next((found[place] for place in _upwards(session, account_id) if place in found), None)


def role_by_number(session: Session, account_id: int, number: int | None) -> Role | None:
    role = session.table(Role).first("id", number)
    return role if role and _is_available(role) and role.account_id in _upwards(session, account_id) else None


def _is_available(role: Role) -> bool:
    return role.workflow_state in AVAILABLE


def _upwards(session: Session, account_id: int) -> Iterator[int | None]:
    """The account and those above it; None stands for Canvas itself."""
    place: int | None = account_id
    while place is not None:
        yield place
        place = session.table(Account).get(place).parent_account_id
    yield None
