"""The background worker for outcome imports of a root account: one at a time, in the order of their creation."""

from typing import TYPE_CHECKING

from sandbox.importing.queue import Worker
from sandbox.importing.slices import Pace
from sandbox.outcomes.importing.run import CRASHED, Run
from sandbox.store.database import transaction

if TYPE_CHECKING:
    from sandbox.site import Site


class OutcomeQueue:
    """Outcome imports waiting and running. They do not wait for SIS imports, nor SIS imports for them."""

    def __init__(self, site: "Site") -> None:
        self._site = site
        self._worker = Worker(f"outcome imports of {site.key}", self._import_next)

    def ring(self) -> None:
        """Something may be due."""
        self._worker.ring()

    def settle(self, timeout: float = 60) -> bool:
        """Wait until no import can start; False when it took too long."""
        return self._worker.settle(timeout)

    def close(self) -> None:
        self._worker.close()

    def recover(self) -> None:
        """After a restart: what was running died with its process, what waits goes on."""
        with transaction(self._site.db()) as db:
            db.execute(
                "INSERT INTO outcome_import_errors (outcome_import_id, row, message, failure) SELECT id, 1, "
                "replace(?, '{report}', 1000 + id), 1 FROM outcome_imports WHERE workflow_state = 'importing'",
                (CRASHED,),
            )
            db.execute(
                "UPDATE outcome_imports SET workflow_state = 'failed', updated_at = ? "
                "WHERE workflow_state = 'importing'",
                (self._site.clock.text(),),
            )
        self.ring()

    def _import_next(self) -> bool:
        """Work off one import; False where none waits. Raises Closing."""
        with transaction(self._site.db()) as db:
            row = db.execute(
                "SELECT * FROM outcome_imports WHERE workflow_state = 'created' ORDER BY id LIMIT 1"
            ).fetchone()
            if row is None:
                return False
            db.execute(
                "UPDATE outcome_imports SET workflow_state = 'importing', updated_at = ? WHERE id = ?",
                (self._site.clock.text(), row["id"]),
            )
            db.execute(
                "INSERT OR REPLACE INTO latest_outcome_imports VALUES (?, ?, ?)",
                (row["context_type"], row["context_id"], row["id"]),
            )
        Run(self._site, row, Pace(self._site, self._worker.closing))()
        return True
