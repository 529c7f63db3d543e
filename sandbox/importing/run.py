"""One import from start to end."""

import logging
from typing import TYPE_CHECKING, Any

from canvas.formats import SIS_KINDS
from sandbox.importing import files, messages
from sandbox.importing.batch import Aborted, Batch, Message
from sandbox.importing.cleanup import CleanUp, Refused
from sandbox.importing.diffing import Diff
from sandbox.importing.messages import fill
from sandbox.importing.prepare import Csv, recognise, register
from sandbox.importing.slices import Application, Closing, Pace
from sandbox.importing.statistics import count_changes
from sandbox.importing.unpack import BadArchive, unpack

if TYPE_CHECKING:
    from sandbox.site import Site

logger = logging.getLogger(__name__)


class Run:
    """Works on a batch that was claimed from the queue."""

    def __init__(self, site: "Site", batch: Batch, pace: Pace) -> None:
        self._site = site
        self._batch = batch
        self._pace = pace
        self._importing = True  # a crash of the importers is told in a message, one outside them is not

    def __call__(self) -> None:
        """Whatever happens, the import ends in a state; only Closing is left to the caller."""
        try:
            self._import()
            self._importing = False
            self._clean_up()
            self._finish()
        except Aborted:
            self._note_abort()
        except Closing:
            raise
        except BadArchive as bad:
            self._crashed(bad)
        except Exception as crash:
            logger.exception("import %s of a practice site failed", self._batch.id)
            self._crashed(crash)

    def _import(self) -> None:
        self._batch.data["downloadable_attachment_ids"] = []
        csvs = self._prepare()
        application = Application(self._site, self._batch, self._pace, csvs)
        self._describe(csvs, immediate=application.immediate)
        application.run()

    def _prepare(self) -> list[Csv]:
        """The CSVs to import. Raises BadArchive."""
        diff = Diff(self._site, self._batch)
        self._importing = not diff
        upload = files.upload_path(self._site, self._batch.id)
        entries = unpack(upload, self._batch.filename, upload.parent / "unpacked")
        uploaded = recognise(self._batch, entries)
        lean = register(self._site, self._batch, uploaded)
        csvs = diff.reduce(uploaded) if diff else lean
        self._importing = True
        return csvs

    def _describe(self, csvs: list[Csv], *, immediate: bool) -> None:
        """What is known before the first row; small imports keep it to themselves until their end."""
        supplied = {csv.kind.name for csv in csvs}
        self._batch.data |= {
            "supplied_batches": [kind.name for kind in SIS_KINDS if kind.name in supplied],
            "counts": _no_counts(),
            "running_immediately": immediate,
            "completed_importers": [],
        }
        if not immediate:
            self._batch.save(self._now())

    def _clean_up(self) -> None:
        """Raises Aborted, also after having ended the import because the clean-up was refused."""
        clean_up = CleanUp(self._site, self._batch, self._pace)
        if not clean_up:
            return
        try:
            clean_up()
        except Refused as refused:
            self._batch.report([Message(None, str(refused))])
            self._end("aborted", progress=100)
            raise Aborted from refused

    def _finish(self) -> None:
        """Raises Aborted."""
        said = self._batch.message_counts()
        if said[True]:
            self._end("failed_with_messages")
        else:
            self._end("imported_with_messages" if said[False] else "imported", progress=100)

    def _end(self, state: str, **columns: Any) -> None:
        """Raises Aborted."""
        said = self._batch.message_counts()
        self._batch.data["counts"] |= {"error_count": said[True], "warning_count": said[False]}
        self._batch.data["statistics"] = count_changes(self._site.db(), self._batch.id)
        self._batch.end(self._now(), state, **columns)
        if any(said.values()):
            files.write_errors(self._site, self._batch.id)

    def _note_abort(self) -> None:
        """An abort during the clean-up gets an end, one during the import does not."""
        if not self._importing:
            self._batch.close_aborted(self._now())

    def _crashed(self, crash: Exception) -> None:
        self._batch.data.setdefault("counts", _no_counts())
        try:
            if self._importing:
                text = fill(messages.CRASHED, {"report": 1000 + self._batch.id})
                self._batch.report([Message(None, text, failure=True)])
                self._finish()
            else:
                self._batch.data |= {"error_message": str(crash), "stack_trace": type(crash).__name__}
                self._batch.fail(self._now())
        except Aborted:
            self._note_abort()

    def _now(self) -> str:
        return self._site.clock.text()


def _no_counts() -> dict[str, int]:
    return {kind.plural: 0 for kind in SIS_KINDS}
