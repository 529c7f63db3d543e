"""The known state as the check asks it: is there such an id?"""

from imports.known.state import KnownState
from imports.known.tables import KEPT


class AskedState:
    """Says no only where the state is complete and holds anything of the kind at all; else it does not know."""

    def __init__(self, state: KnownState, *, is_complete: bool) -> None:
        self._state = state
        self._is_complete = is_complete
        self._held: dict[str, bool] = {}

    def has(self, kind: str, sis_id: str) -> bool | None:
        """Whether Canvas holds it and it is not deleted, as far as our own imports tell; None: nobody knows."""
        if kind not in KEPT:
            return None
        if self._state.has(kind, sis_id):
            return True
        return False if self._can_deny(kind) else None

    def _can_deny(self, kind: str) -> bool:
        if kind not in self._held:
            self._held[kind] = self._is_complete and self._state.live(kind) > 0
        return self._held[kind]
