"""A site: everything that belongs to one practice token. `Sites` keeps those of one process apart.

Folder of a site: `site.sqlite3`, `files/` (uploads and attachments) and `clock`, named by a hash of its token, so that
no token is written to disk.
"""

import hashlib
import re
import shutil
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from sandbox.clock import Clock
from sandbox.importing.queue import Queue
from sandbox.outcomes.importing.queue import OutcomeQueue
from sandbox.store import database

_TOKEN = re.compile(r"practice-\S+")


@dataclass(frozen=True)
class Speed:
    """How fast rows are imported; None: as fast as the machine can."""

    rows_per_second: float | None = None


class Site:
    """One practice site: root account 1, its objects, its imports, its clock and its queue."""

    def __init__(self, token: str, folder: Path, *, speed: Speed, manual_clock: bool) -> None:
        self.token = token
        self.folder = folder
        self.speed = speed
        self.files = folder / "files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.clock = Clock(folder / "clock", manual=manual_clock)
        self._connections = threading.local()
        database.prepare(self.db(), self.clock.text())
        self.queue = Queue(self)
        self.outcome_queue = OutcomeQueue(self)
        self.clock.when_moved(self._look_again)
        self.queue.recover()
        self.outcome_queue.recover()

    @property
    def key(self) -> str:
        """Public name of the site: tells nothing about the token."""
        return site_key(self.token)

    @property
    def may_import(self) -> bool:
        """The right `import_sis`."""
        return not self.token.startswith("practice-readonly-")

    @property
    def may_restore(self) -> bool:
        """The right `manage_sis`."""
        return not self.token.startswith("practice-noadmin-")

    @property
    def expired(self) -> bool:
        return self.token.startswith("practice-expired-")

    def db(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode; rows are `sqlite3.Row`."""
        connection: sqlite3.Connection | None = getattr(self._connections, "connection", None)
        if connection is None:
            connection = self._connections.connection = database.connect(self.folder / "site.sqlite3")
        return connection

    def reset(self) -> None:
        """Forget everything: objects, imports, files and how far the clock was moved."""
        self.close()
        self.clock.back_to_start()
        shutil.rmtree(self.files)
        self.files.mkdir()
        database.renew(self.db(), self.clock.text())
        self.queue = Queue(self)
        self.outcome_queue = OutcomeQueue(self)

    def close(self) -> None:
        self.queue.close()
        self.outcome_queue.close()

    def _look_again(self) -> None:
        self.queue.ring()


class Sites:
    """The sites of one process, made on first use of their token."""

    def __init__(self, data: Path, *, speed: Speed | None = None, manual_clock: bool = False) -> None:
        self.data = data
        self._speed = speed or Speed()
        self._manual_clock = manual_clock
        self._lock = threading.Lock()
        self._open: dict[str, Site] = {}

    def get(self, token: str) -> Site | None:
        """The token's site; None where it is not a practice token."""
        if not is_practice_token(token):
            return None
        with self._lock:
            key = site_key(token)
            if key not in self._open:
                folder = self.data / key
                self._open[key] = Site(token, folder, speed=self._speed, manual_clock=self._manual_clock)
            return self._open[key]

    def remove(self, site: Site) -> None:
        """Take a site away with everything that it has on the disk. Its token may be used again, for a new one."""
        site.close()
        with self._lock:
            if self._open.get(site.key) is site:
                del self._open[site.key]
                shutil.rmtree(site.folder, ignore_errors=True)

    def of_verifier(self, verifier: str) -> Site | None:
        """The open site whose file link carries this verifier: file links work without a token."""
        return self._open.get(verifier.partition(".")[0])

    def close(self) -> None:
        with self._lock:
            for site in self._open.values():
                site.close()
            self._open.clear()


def is_practice_token(token: str) -> bool:
    return _TOKEN.fullmatch(token) is not None


def site_key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:16]
