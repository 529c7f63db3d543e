"""The background worker of a root account: one import at a time, in the order of their creation."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox.clock import moment, text
from sandbox.importing import restoring
from sandbox.importing.batch import RUNNING, Batch
from sandbox.importing.run import Run
from sandbox.importing.slices import Closing, Pace
from sandbox.store.database import fact, prepare_for_much, remember, transaction

if TYPE_CHECKING:
    from sandbox.site import Site

logger = logging.getLogger(__name__)

PAUSE_AFTER_ABORT = timedelta(minutes=10)

_RESUME_AT = "queue_resumes_at"


class Worker:
    """A thread, started when it is first rung, that works until `work` says there is nothing left."""

    def __init__(self, name: str, work: Callable[[], bool]) -> None:
        self._name = name
        self._work = work
        self._thread: threading.Thread | None = None
        self._timer: threading.Timer | None = None
        self._wanted = threading.Condition()
        self._rung = False
        self.closing = threading.Event()

    def ring(self) -> None:
        with self._wanted:
            self._rung = True
            if self._thread is None and not self.closing.is_set():
                self._thread = threading.Thread(target=self._loop, name=self._name, daemon=True)
                self._thread.start()
            self._wanted.notify_all()

    def ring_in(self, delay: timedelta) -> None:
        """Ring once, later; replaces an earlier appointment."""
        self._forget_appointment()
        self._timer = threading.Timer(delay.total_seconds(), self.ring)
        self._timer.daemon = True
        self._timer.start()

    def settle(self, timeout: float) -> bool:
        """Wait until there is nothing left to do; False when it took too long."""
        with self._wanted:
            return self._wanted.wait_for(lambda: self._thread is None, timeout)

    def close(self) -> None:
        """Let the piece of work at hand end, and no other begin."""
        self.closing.set()
        self._forget_appointment()
        thread = self._thread
        if thread:
            thread.join()

    def _forget_appointment(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _loop(self) -> None:
        try:
            while not self._is_over():
                try:
                    while not self.closing.is_set() and self._work():
                        pass
                except Closing:
                    return
        finally:
            with self._wanted:
                if self._thread is threading.current_thread():
                    self._thread = None
                self._wanted.notify_all()

    def _is_over(self) -> bool:
        """Nothing was rung since the last look: the thread is given up under the same lock."""
        with self._wanted:
            over = not self._rung or self.closing.is_set()
            self._rung = False
            if over:
                self._thread = None
            return over


class Queue:
    """Imports waiting and running, and beside them restores, which Canvas runs without regard to imports."""

    def __init__(self, site: "Site") -> None:
        self._site = site
        self._worker = Worker(f"imports of {site.key}", self._import_next)
        self._restorer = Worker(f"restores of {site.key}", self._restore_next)

    def ring(self) -> None:
        """Something may be due."""
        self._worker.ring()
        self._restorer.ring()

    def settle(self, timeout: float = 60) -> bool:
        """Wait until no import or restore can start; False when it took too long."""
        return self._worker.settle(timeout) and self._restorer.settle(timeout)

    def close(self) -> None:
        self._worker.close()
        self._restorer.close()

    def recover(self) -> None:
        """After a restart: what was running died with its process, what waits goes on."""
        db, now = self._site.db(), self._site.clock.text()
        db.execute(
            f"UPDATE sis_batches SET workflow_state = 'failed', updated_at = ? WHERE workflow_state IN {RUNNING}",
            (now,),
        )
        restoring.forget_interrupted(self._site)
        self.ring()

    def pause_after_abort(self) -> None:
        """Hold the waiting imports back, so that in Canvas every process could see the abort; only if any waits."""
        db = self._site.db()
        if db.execute("SELECT 1 FROM sis_batches WHERE workflow_state = 'created'").fetchone():
            remember(db, _RESUME_AT, text(self._site.clock.now() + PAUSE_AFTER_ABORT))

    def _import_next(self) -> bool:
        """Work off one import; False where none is due. Raises Closing."""
        if self._paused():
            return False
        batch = self._claim_next()
        if batch is None:
            return False
        prepare_for_much(self._site.db())
        try:
            Run(self._site, batch, Pace(self._site, self._worker.closing))()
        except Closing:
            raise
        except Exception:
            # Not even its crash could be written down: it is closed, so that the ones behind it have their turn.
            logger.exception("import %s of a practice site could not be ended", batch.id)
            self._close_as_failed(batch.id)
        return True

    def _close_as_failed(self, batch_id: int) -> None:
        self._site.db().execute(
            f"UPDATE sis_batches SET workflow_state = 'failed', updated_at = ?"
            f" WHERE id = ? AND workflow_state IN {RUNNING}",
            (self._site.clock.text(), batch_id),
        )

    def _restore_next(self) -> bool:
        """Work off one restore; False where none is asked for. Raises Closing."""
        return restoring.restore_next(self._site, Pace(self._site, self._restorer.closing))

    def _paused(self) -> bool:
        until = fact(self._site.db(), _RESUME_AT)
        if until is None:
            return False
        remaining = moment(until) - self._site.clock.now()
        if remaining > timedelta():
            self._worker.ring_in(remaining)
            return True
        remember(self._site.db(), _RESUME_AT, None)
        return False

    def _claim_next(self) -> Batch | None:
        db = self._site.db()
        with transaction(db):
            row = db.execute(
                "SELECT id FROM sis_batches WHERE workflow_state = 'created' ORDER BY created_at, id LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            batch = Batch(db, row["id"])
            batch.claim(self._site.clock.text())
            return batch
