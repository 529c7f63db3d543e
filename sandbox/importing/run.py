"""One import from start to end."""

import logging
from typing import TYPE_CHECKING

from canvas.formats import SIS_KINDS
from sandbox.importing import files, messages
from sandbox.importing.batch import Aborted, Batch, Message
from sandbox.importing.messages import fill
from sandbox.importing.prepare import Csv, recognise, register
from sandbox.importing.slices import Application, Closing, Pace
from sandbox.importing.statistics import count_changes
from sandbox.importing.unpack import BadArchive, Entry, unpack

if TYPE_CHECKING:
    from sandbox.site import Site

logger = logging.getLogger(__name__)


class Run:
    """Works on a batch that was claimed from the queue."""

    def __init__(self, site: "Site", batch: Batch, pace: Pace) -> None:
        self._site = site
        self._batch = batch
        self._pace = pace

    def __call__(self) -> None:
        """Whatever happens, the import ends in a state; only Closing is left to the caller."""
        try:
            self._import()
        except Aborted:
            return
        except Closing:
            raise
        except BadArchive:
            self._crashed()
        except Exception:
            logger.exception("import %s of a practice site failed", self._batch.id)
            self._crashed()

    def _import(self) -> None:
        csvs = register(self._site, self._batch, recognise(self._batch, self._unpack(), self._now()))
        application = Application(self._site, self._batch, self._pace, csvs)
        self._describe(csvs, immediate=application.immediate)
        application.run()
        self._finish()

    def _unpack(self) -> list[Entry]:
        upload = files.upload_path(self._site, self._batch.id)
        return unpack(upload, self._batch.filename, upload.parent / "unpacked")

    def _describe(self, csvs: list[Csv], *, immediate: bool) -> None:
        """What is known before the first row; small imports keep it to themselves until their end."""
        supplied = {csv.kind.name for csv in csvs}
        self._batch.data |= {
            "supplied_batches": [kind.name for kind in SIS_KINDS if kind.name in supplied],
            "counts": {kind.plural: 0 for kind in SIS_KINDS},
            "running_immediately": immediate,
            "completed_importers": [],
        }
        self._batch.data.setdefault("downloadable_attachment_ids", [])
        if not immediate:
            self._batch.save(self._now())

    def _finish(self) -> None:
        said = self._batch.message_counts()
        failures, warnings = said[True], said[False]
        self._batch.data["counts"] |= {"error_count": failures, "warning_count": warnings}
        self._end_as(_final_state(failures, warnings), raised=not failures)

    def _end_as(self, state: str, *, raised: bool) -> None:
        """Raises Aborted."""
        self._batch.data["statistics"] = count_changes(self._site.db(), self._batch.id)
        self._batch.end(self._now(), state, **({"progress": 100} if raised else {}))
        if state != "imported":
            files.write_errors(self._site, self._batch.id)

    def _crashed(self) -> None:
        text = fill(messages.CRASHED, {"report": 1000 + self._batch.id})
        self._batch.report([Message(None, text, failure=True)], self._now())
        self._batch.data.setdefault("counts", {kind.plural: 0 for kind in SIS_KINDS})
        try:
            self._finish()
        except Aborted:
            return

    def _now(self) -> str:
        return self._site.clock.text()


def _final_state(failures: int, warnings: int) -> str:
    if failures:
        return "failed_with_messages"
    return "imported_with_messages" if warnings else "imported"
