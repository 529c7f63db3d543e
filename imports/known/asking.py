"""The known state as the check asks it: is there such an id?"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from imports.known.state import KnownState
from imports.known.tables import KEPT

Roles = Sequence[Mapping[str, Any]]

_ROLE_FIELDS = {"role": "name", "admin_role": "name", "role_id": "id", "admin_role_id": "id"}


class AskedState:
    """Says no only where the state is complete and holds anything of the kind at all; else it does not know."""

    def __init__(self, state: KnownState, *, is_complete: bool, roles: Roles | None = None) -> None:
        """`roles` are those that Canvas lists: id, name, base_role_type; None where it does not tell.

        `was_at_a_loss` says whether it has not known an answer so far.
        """
        self._state = state
        self._is_complete = is_complete
        self._roles = roles
        self._held: dict[str, bool] = {}
        self.was_at_a_loss = False

    def has(self, kind: str, sis_id: str) -> bool | None:
        """Whether Canvas holds it and it is not deleted, as far as our own imports tell; None: nobody knows."""
        has = self._has(kind, sis_id)
        self.was_at_a_loss |= has is None
        return has

    def _has(self, kind: str, sis_id: str) -> bool | None:
        if kind in _ROLE_FIELDS:
            return self._has_role(kind, sis_id)
        if kind not in KEPT:
            return None
        if self._state.has(kind, sis_id) or (kind == "user" and self._state.has("login", sis_id)):
            return True
        return False if self._can_deny(kind) else None

    def thing(self, kind: str, sis_id: str) -> Mapping[str, str] | None:
        """What is known of one thing, also of a deleted one; None where others may have changed it since."""
        return self._state.thing(kind, sis_id) if self._is_complete and kind in KEPT else None

    def living(self, kind: str, columns: Mapping[str, str]) -> Sequence[str] | None:
        """What has these values and is not deleted, by its key; None: nobody knows."""
        found = self._state.living(kind, columns) if self._is_complete else []
        if found or self._can_deny(kind):
            return found
        self.was_at_a_loss = True
        return None

    def holders(self, column: str, values: Sequence[str]) -> Mapping[str, str]:
        """Who has these logins, in small letters, or integration ids: SIS ids of users, by the value."""
        return self._state.holders(column, values)

    def names(self, kind: str) -> Collection[str]:
        """The roles that Canvas lists; of other kinds there are too many to tell."""
        if kind not in _ROLE_FIELDS or self._roles is None:
            return ()
        is_admins = kind.startswith("admin")
        listed = (role for role in self._roles if is_admins != role["base_role_type"].endswith("Enrollment"))
        return [str(role[_ROLE_FIELDS[kind]]) for role in listed]

    def _has_role(self, kind: str, named: str) -> bool | None:
        """Canvas lists the root account's roles alone; that it has taken one before shows that a sub-account has it."""
        if named in self.names(kind):
            return True
        if not kind.startswith("admin") and self._state.has_enrolled_as(f"id {named}" if kind == "role_id" else named):
            return True
        return None if self._roles is None else False

    def _can_deny(self, kind: str) -> bool:
        if kind not in self._held:
            self._held[kind] = self._is_complete and self._state.live(kind) > 0
        return self._held[kind]
