"""Canvas's workflow states of imports, sorted into what they mean for someone who waits.

Sources: `SisBatch` (12 states) and `OutcomeImport` (4 states) in Canvas. Where both use a word it means the same.
"""

from enum import StrEnum


class StateClass(StrEnum):
    """Pending: not begun; running: at work; final: nothing more comes by itself; unknown: Canvas said a new word."""

    PENDING = "pending"
    RUNNING = "running"
    FINAL = "final"
    UNKNOWN = "unknown"


class SisState(StrEnum):
    """`workflow_state` of a SIS import."""

    INITIALIZING = "initializing"
    CREATED = "created"
    IMPORTING = "importing"
    CLEANUP_BATCH = "cleanup_batch"
    IMPORTED = "imported"
    IMPORTED_WITH_MESSAGES = "imported_with_messages"
    FAILED_WITH_MESSAGES = "failed_with_messages"
    FAILED = "failed"
    ABORTED = "aborted"
    RESTORING = "restoring"
    RESTORED = "restored"
    PARTIALLY_RESTORED = "partially_restored"


class OutcomeState(StrEnum):
    """`workflow_state` of an outcome import."""

    CREATED = "created"
    IMPORTING = "importing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


_CLASSES: dict[str, StateClass] = {
    SisState.INITIALIZING: StateClass.PENDING,
    SisState.CREATED: StateClass.PENDING,
    SisState.IMPORTING: StateClass.RUNNING,
    SisState.CLEANUP_BATCH: StateClass.RUNNING,
    SisState.RESTORING: StateClass.RUNNING,
    SisState.IMPORTED: StateClass.FINAL,
    SisState.IMPORTED_WITH_MESSAGES: StateClass.FINAL,
    SisState.FAILED_WITH_MESSAGES: StateClass.FINAL,
    SisState.FAILED: StateClass.FINAL,
    SisState.ABORTED: StateClass.FINAL,
    SisState.RESTORED: StateClass.FINAL,
    SisState.PARTIALLY_RESTORED: StateClass.FINAL,
    OutcomeState.SUCCEEDED: StateClass.FINAL,
}


def classify(state: str) -> StateClass:
    """What a `workflow_state` of either kind of import means; UNKNOWN for a word that no known Canvas says."""
    return _CLASSES.get(state, StateClass.UNKNOWN)
