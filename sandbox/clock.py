"""The clock of a site. It can be moved forward, so that retention and pauses can be tried without waiting."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

MANUAL_START = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def text(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds: the form in which times are stored; sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(stored: str) -> datetime:
    """The reverse of `text`."""
    return datetime.fromisoformat(stored)


class Clock:
    """UTC time of one site: the machine's time plus what it was advanced by, or a time that stands still (manual).

    How far it was advanced is kept in `file` and survives a restart.
    """

    def __init__(self, file: Path, *, manual: bool = False) -> None:
        self._file = file
        self._manual = manual
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], object]] = []
        self._advanced = timedelta(seconds=float(file.read_text())) if file.exists() else timedelta()

    def now(self) -> datetime:
        return (MANUAL_START if self._manual else datetime.now(UTC)) + self._advanced

    def text(self) -> str:
        """`now` in the form in which times are stored."""
        return text(self.now())

    def advance(self, seconds: float) -> None:
        """Move the clock forward and tell those who wait for a time.

        Raises ValueError for a negative number: records in the future would be nobody's fault.
        """
        if seconds < 0:
            raise ValueError("a clock is only moved forward")
        with self._lock:
            self._advanced += timedelta(seconds=seconds)
            self._file.write_text(str(self._advanced.total_seconds()))
        for listener in self._listeners:
            listener()

    def when_moved(self, listener: Callable[[], object]) -> None:
        self._listeners.append(listener)

    def back_to_start(self) -> None:
        with self._lock:
            self._advanced = timedelta()
            self._file.unlink(missing_ok=True)


def api_time(stored: str | None) -> str | None:
    """A stored time without its fraction, as the API shows it."""
    return stored and stored[:19] + "Z"
