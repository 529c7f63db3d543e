"""When to try again, and how long to wait before."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from canvas.errors import CanvasError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential back-off with full jitter. Times in seconds; `budget` covers tries and waits together."""

    tries: int = 4
    first: float = 0.5
    cap: float = 8.0
    budget: float = 45.0

    def pause(self, failures: int) -> float:
        """How long to wait after so many failures: a random time, so that many clients do not return as one."""
        longest = min(self.cap, self.first * 2 ** (failures - 1))
        return random.uniform(0, longest)  # noqa: S311 (spreads load, protects nothing)

    def run(self, request: Callable[[], T], *, repeat_after: Callable[[CanvasError], bool]) -> T:
        """Calls `request` until it succeeds, `repeat_after` says no to its error, or tries or budget are used up."""
        started = time.monotonic()
        for failures in range(1, self.tries):
            try:
                return request()
            except CanvasError as error:
                pause = self.pause(failures)
                if not repeat_after(error) or time.monotonic() - started + pause > self.budget:
                    raise
            time.sleep(pause)
        return request()
