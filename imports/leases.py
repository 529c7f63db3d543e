"""Leases: for how long one worker alone speaks for a row, kept alive by a thread of its own while it does.

A worker that dies leaves its lease to run out; then whoever finds the row goes on from the state it is in.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

from django.db import DatabaseError, connection
from django.db.models import F, Model, QuerySet
from django.utils import timezone

# A row with `lease_until`, `lease_holder` and `attempts`.
Row = TypeVar("Row", bound=Model)

SECONDS = 20.0
_RENEW_EVERY = 4.0

logger = logging.getLogger(__name__)


def unclaimed(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of the rows that no worker speaks for."""
    return rows.exclude(lease_until__gt=timezone.now())


def claim(rows: QuerySet[Row], row: Row, *, lease: timedelta, **fields: Any) -> bool:
    """Let one worker speak for the row, where it is among these and nobody else's; `fields` are written, too."""
    until, holder = timezone.now() + lease, secrets.token_hex(8)
    free = unclaimed(rows).filter(pk=row.pk)
    claimed = free.update(lease_until=until, lease_holder=holder, attempts=F("attempts") + 1, **fields)
    if claimed:
        row.refresh_from_db()
    return bool(claimed)


def mine(row: Row) -> QuerySet[Row]:
    """The row, while it is still this worker's."""
    rows: QuerySet[Row] = QuerySet(type(row))
    return rows.filter(pk=row.pk, lease_holder=row.__dict__["lease_holder"])


class LeaseLost(Exception):
    """Another worker may speak for the row now: stop at once, whatever you were doing."""


class KeptLease:
    """Calls `renew` every few seconds until the block ends. `renew` returns False when the lease is another's."""

    def __init__(self, renew: Callable[[], bool]) -> None:
        self._renew = renew
        self._ended = threading.Event()
        self._lost = threading.Event()
        self._kept_at = time.monotonic()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def check(self) -> None:
        """Raises `LeaseLost` if the lease could not be kept, or if the whole process slept past its end."""
        if self._lost.is_set() or time.monotonic() - self._kept_at > SECONDS:
            raise LeaseLost

    def _keep(self) -> None:
        try:
            while not self._ended.wait(_RENEW_EVERY):
                if not self._renewed():
                    self._lost.set()
                    return
        finally:
            connection.close()

    def _renewed(self) -> bool:
        begun = time.monotonic()
        try:
            kept = self._renew()
        except DatabaseError:
            logger.warning("lease could not be renewed", exc_info=True)
            connection.close()
            return True  # `check` stops the work when this lasts
        self._kept_at = begun
        return kept
