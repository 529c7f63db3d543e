"""Canvas's rate limit: a leaky bucket per token."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

_FULL = 600.0
_HOLDS = 800.0
_LEAKS_PER_SECOND = 10.0
_RESERVED = 50.0


@dataclass(slots=True)
class Charge:
    """What one request cost; `remaining` is known from its beginning, `cost` at its end."""

    cost: float = 0.0
    remaining: float = 0.0

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return ("X-Request-Cost", repr(self.cost)), ("X-Rate-Limit-Remaining", repr(self.remaining))


class Full(Exception):
    """The bucket is full: the request must be refused."""


class Bucket:
    """The bucket of one token. `now` is the site's clock, so that a test can let it run dry by moving the clock.

    `fixed_cost` replaces the measured processor time, which on a practice site is far too small to fill anything.
    """

    def __init__(self, now: Callable[[], datetime], *, enabled: bool) -> None:
        self.enabled = enabled
        self.status = 403
        self.fixed_cost: float | None = None
        self._now = now
        self._level = 0.0
        self._leaked_at = now()
        self._lock = Lock()

    @contextmanager
    def charged(self) -> Iterator[Charge]:
        """Reserve for a running request and settle at its end. Raises Full."""
        charge = Charge()
        with self._lock:
            self._leak()
            if self._level >= _FULL:
                raise Full
            self._level = min(self._level + _RESERVED, _HOLDS)
        began = time.thread_time()
        try:
            yield charge
        finally:
            measured = round(time.thread_time() - began, 6)
            charge.cost = measured if self.fixed_cost is None else self.fixed_cost
            with self._lock:
                self._leak()
                self._level = min(max(self._level - _RESERVED, 0.0) + charge.cost, _HOLDS)
                charge.remaining = _FULL - self._level

    def empty(self) -> None:
        with self._lock:
            self._level = 0.0

    def _leak(self) -> None:
        now = self._now()
        elapsed = max((now - self._leaked_at).total_seconds(), 0.0)
        self._level = max(self._level - elapsed * _LEAKS_PER_SECOND, 0.0)
        self._leaked_at = now
