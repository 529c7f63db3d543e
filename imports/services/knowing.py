"""Keeping the last known state of each Canvas account: what our own imports did, taken up once they have ended."""

import json
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import CanvasAccount
from imports.known import learning
from imports.known.diffing import difference
from imports.known.reading import Place, Rows, rows_of
from imports.known.refusals import refuses
from imports.known.state import KnownState, opened
from imports.models import ImportRun, Lesson, Upload, Watch
from imports.phases import SUCCESSES, Outcome, Phase
from imports.uploaded import csvs_of

_UNCERTAIN = (Outcome.RESTORED, Outcome.PARTLY_RESTORED, Outcome.ABORTED, Outcome.PARTLY_APPLIED, Outcome.FAILED)
_LARGE = 50_000_000  # bytes: some 300,000 things
DATA_SET = "diffing_data_set_identifier"

logger = logging.getLogger(__name__)


class _NotKnown(Exception):
    """What the import did cannot be told; the message says why."""


def path_of(canvas_account: CanvasAccount) -> Path:
    """Named after the account's time of birth too: a database that was made anew gives out the same numbers again."""
    born = f"{canvas_account.created_at:%Y%m%d%H%M%S%f}"
    return Path(settings.DATA_DIR) / "known" / f"{canvas_account.pk}-{born}.sqlite3"


def is_large(canvas_account: CanvasAccount) -> bool:
    """Whether it takes minutes to bring another Canvas to the known state."""
    path = path_of(canvas_account)
    return path.exists() and path.stat().st_size > _LARGE


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How far the known state can be trusted.

    `taken_up` counts imports of ours; `elsewhere` is when another tool last imported; `uncertain` is the newest run of
    ours whose effect is not known.
    """

    taken_up: int
    elsewhere: datetime | None
    uncertain: ImportRun | None

    @property
    def is_complete(self) -> bool:
        return self.taken_up > 0 and self.elsewhere is None and self.uncertain is None


def knowledge_of(canvas_account: CanvasAccount) -> Knowledge:
    runs = ImportRun.objects.filter(canvas_account=canvas_account, kind=ImportRun.Kind.SIS, phase=Phase.FINISHED)
    others = runs.filter(upload=None).exclude(outcome=Outcome.LOST).order_by("-at", "-pk")
    lost = Q(lesson__isnull=False) & ~Q(lesson__problem="")
    doubtful = runs.filter(lost | Q(outcome__in=_UNCERTAIN)).exclude(upload=None).order_by("-at", "-pk")
    return Knowledge(
        taken_up=lessons_of(canvas_account).filter(problem="").count(),
        elsewhere=others.values_list("at", flat=True).first(),
        uncertain=doubtful.first(),
    )


def lessons_of(canvas_account: CanvasAccount) -> QuerySet[Lesson]:
    return Lesson.objects.filter(run__canvas_account=canvas_account)


def due_accounts() -> list[int]:
    """Canvas accounts with an import of ours that has ended and is not taken up yet."""
    return list(_ended().values_list("canvas_account_id", flat=True).distinct().order_by())


def _ended() -> QuerySet[ImportRun]:
    ended = ImportRun.objects.filter(phase=Phase.FINISHED, kind=ImportRun.Kind.SIS, lesson=None)
    return ended.exclude(canvas_id=None).exclude(upload=None).exclude(messages_state=ImportRun.Messages.DUE)


def catch_up(*, canvas_account: CanvasAccount) -> None:
    """Take up what has ended, in the order in which Canvas worked it off. Several may call this at once."""
    path = path_of(canvas_account)
    if not path.exists():
        lessons_of(canvas_account).delete()  # the file can be made anew from the uploads
    for run in _ended().filter(canvas_account=canvas_account).order_by("canvas_id").select_related("upload"):
        with opened(path) as state:
            problem = _learn(state, run)
        Lesson.objects.get_or_create(run=run, defaults={"problem": problem})
        logger.info("import taken up", extra={"run": run.pk, "known": not problem})


def _learn(state: KnownState, run: ImportRun) -> str:
    """Empty, or why the effect of the run is not known."""
    if run.outcome not in SUCCESSES or run.upload is None or run.canvas_id is None:
        return f"It ended as: {run.get_outcome_display()}."
    if run.messages_state == ImportRun.Messages.SHORT:
        return "Canvas no longer has all of its messages, so which rows it refused is not known."
    try:
        files = _files(state, run, run.upload)
    except _NotKnown as why:
        return str(why)
    except OSError:
        return "Its files are no longer kept."
    terms = Watch.objects.filter(canvas_account=run.canvas_account_id).values_list("terms", flat=True).first() or []
    learning.learn(state, learning.Lesson(run.canvas_id, files, run.options, terms, _refused(run)))
    return ""


def _files(state: KnownState, run: ImportRun, upload: Upload) -> Sequence[Rows]:
    csvs = csvs_of(upload)
    base_id = diffed_against(run)
    if base_id is None:
        return [rows_of(csv) for csv in csvs]
    base = ImportRun.objects.filter(canvas_account=run.canvas_account, canvas_id=base_id).first()
    if base is None or base.upload is None or base.upload.purged_at:
        raise _NotKnown("The upload that Canvas compared it with is not kept here.")
    return difference(state.db, csvs_of(base.upload), csvs, _without_limits(run), (0, 0)).files


def _without_limits(run: ImportRun) -> dict[str, object]:
    """Canvas has compared, so no limit was exceeded."""
    limits = ("change_threshold", "diff_row_count_threshold")
    return {name: value for name, value in run.options.items() if name not in limits}


def diffed_against(run: ImportRun) -> int | None:
    """The id of the import in Canvas that this one was compared with; None where it was not."""
    record = json.loads(zlib.decompress(run.record)) if run.record else {}
    found = (record.get("data") or {}).get("diffed_against_sis_batch_id") or record.get("diffed_against_import_id")
    return int(found) if found else None


def _refused(run: ImportRun) -> frozenset[Place]:
    said = run.messages.exclude(row=None).values_list("file", "row", "text")
    return frozenset((file.rpartition("/")[2], row) for file, row, text in said if row and refuses(text))
