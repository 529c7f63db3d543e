"""Keeping the last known state of each Canvas account: what our own imports did, taken up once they have ended."""

import json
import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import CanvasAccount
from imports.known import learning
from imports.known.diffing import difference
from imports.known.reading import Csv, Place, Rows, rows_of
from imports.known.refusals import refuses
from imports.known.state import KnownState, opened
from imports.models import ImportRun, Lesson, Upload
from imports.phases import SUCCESSES, UNDER_WAY, Outcome, Phase
from imports.selectors.forecasts import terms_of
from imports.uploaded import base_name, csvs_of

_UNDONE = (Outcome.RESTORED, Outcome.PARTLY_RESTORED)
_LARGE = 50_000_000  # bytes: some 300,000 things
DATA_SET = "diffing_data_set_identifier"
_DEDUPLICATED = "_deduplicated"  # what Canvas adds to the name of a file of which it dropped lines

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

    `taken_up` counts imports of ours, `to_come` those that were sent, or are about to be, and are not taken up yet;
    `elsewhere` is when another tool last imported; `uncertain` is the newest run of ours whose effect is not known.
    """

    taken_up: int
    to_come: int
    elsewhere: datetime | None
    uncertain: ImportRun | None

    @property
    def why_uncertain(self) -> str:
        """What became of that run, as a sentence."""
        if self.uncertain is None:
            return ""
        lesson = Lesson.objects.filter(run=self.uncertain).exclude(problem="").first()
        return lesson.problem if lesson else f"It ended as: {self.uncertain.get_outcome_display()}."

    @property
    def is_complete(self) -> bool:
        return self.taken_up > 0 and not self.to_come and self.elsewhere is None and self.uncertain is None


def knowledge_of(canvas_account: CanvasAccount, *, apart_from: Upload | None = None) -> Knowledge:
    """`apart_from`: what is looked at, which may be under way itself by now."""
    of_account = ImportRun.objects.filter(canvas_account=canvas_account, kind=ImportRun.Kind.SIS)
    under_way = of_account.filter(phase__in=(*UNDER_WAY, Phase.ASKED)).exclude(upload=None)
    if apart_from:
        under_way = under_way.exclude(upload=apart_from)
    runs = of_account.filter(phase=Phase.FINISHED)
    others = runs.filter(upload=None).exclude(outcome=Outcome.LOST).order_by("-at", "-pk")
    lost = Q(lesson__isnull=False) & ~Q(lesson__problem="")
    doubtful = runs.filter(lost | Q(outcome__in=_UNDONE)).exclude(upload=None).order_by("-at", "-pk")
    return Knowledge(
        taken_up=lessons_of(canvas_account).filter(problem="").count(),
        to_come=under_way.count() + _ended().filter(canvas_account=canvas_account).count(),
        elsewhere=others.values_list("at", flat=True).first(),
        uncertain=_newest_not_made_good(canvas_account, list(doubtful.select_related("upload").defer("record"))),
    )


def _newest_not_made_good(canvas_account: CanvasAccount, doubtful: Sequence[ImportRun]) -> ImportRun | None:
    """Where the same bytes have gone through since with the same options, a run left nothing that is not known."""
    known = ImportRun.objects.filter(canvas_account=canvas_account, outcome__in=SUCCESSES, lesson__problem="")
    same = known.filter(upload__package_sha256__in={run.upload.package_sha256 for run in doubtful if run.upload})
    made = list(same.select_related("upload").defer("record")) if doubtful else []
    return next((run for run in doubtful if not any(_makes_good(later, run) for later in made)), None)


def _makes_good(later: ImportRun, run: ImportRun) -> bool:
    if not (later.upload and run.upload and later.canvas_id and run.canvas_id and later.canvas_id > run.canvas_id):
        return False
    if later.upload.package_sha256 != run.upload.package_sha256 or later.options != run.options:
        return False
    # An import may be undone long after the next one.
    return run.outcome not in _UNDONE or later.at > run.changed_at


def lessons_of(canvas_account: CanvasAccount) -> QuerySet[Lesson]:
    return Lesson.objects.filter(run__canvas_account=canvas_account)


def due_accounts() -> list[int]:
    """Canvas accounts with an import of ours that has ended and is not taken up yet."""
    told = _ended().exclude(messages_state=ImportRun.Messages.DUE)
    return list(told.values_list("canvas_account_id", flat=True).distinct().order_by())


def _ended() -> QuerySet[ImportRun]:
    ended = ImportRun.objects.filter(phase=Phase.FINISHED, kind=ImportRun.Kind.SIS, lesson=None)
    return ended.exclude(canvas_id=None).exclude(upload=None)


def catch_up(*, canvas_account: CanvasAccount) -> None:
    """Take up what has ended, in the order in which Canvas worked it off. Several may call this at once.

    One whose messages are not all here yet is waited for, and so is what came after it: that lies over it.
    """
    path = path_of(canvas_account)
    if not path.exists():
        lessons_of(canvas_account).delete()  # the file can be made anew from the uploads
    for run in _ended().filter(canvas_account=canvas_account).order_by("canvas_id").select_related("upload"):
        if run.messages_state == ImportRun.Messages.DUE:
            return
        with opened(path) as state:
            problem = _learn(state, run)
        Lesson.objects.get_or_create(run=run, defaults={"problem": problem})
        logger.info("import taken up", extra={"run": run.pk, "known": not problem})


def _learn(state: KnownState, run: ImportRun) -> str:
    """Empty, or why the effect of the run is not known."""
    is_stopped = _is_stopped_by_its_limit(run)
    if not (run.outcome in SUCCESSES or is_stopped) or run.upload is None or run.canvas_id is None:
        return f"It ended as: {run.get_outcome_display()}."
    if run.messages_state == ImportRun.Messages.SHORT:
        return "Canvas no longer has all of its messages, so which rows it refused is not known."
    try:
        files = _files(state, run, run.upload)
    except _NotKnown as why:
        return str(why)
    except OSError:
        return "Its files are no longer kept."
    terms = terms_of(run.canvas_account)
    learning.learn(state, learning.Lesson(run.canvas_id, files, run.options, terms, _refused(run), is_stopped))
    return ""


def _is_stopped_by_its_limit(run: ImportRun) -> bool:
    """Whether Canvas itself ended a full batch before its clean-up: the rows are applied then, and nothing is removed.

    Source: Canvas's `sis_batch.rb`. Where the message is in another language, what the import did stays unknown.
    """
    over = Q(text__contains=" would be deleted and exceeds the set threshold of ")
    said = run.messages.filter(over | Q(text__startswith="Terms not found."), row=None)
    return run.outcome == Outcome.ABORTED and said.exists()


def _files(state: KnownState, run: ImportRun, upload: Upload) -> Sequence[Rows]:
    csvs, record = csvs_of(upload), record_of(run)
    base_id = diffed_against(record)
    if base_id is None:
        kept = [str(file.get("display_name")) for file in record.get("csv_attachments") or []]
        return [rows_of(csv.without_repeats() if _lost_repeats(csv, kept) else csv) for csv in csvs]
    sis = ImportRun.objects.filter(canvas_account=run.canvas_account, kind=ImportRun.Kind.SIS)
    base = sis.filter(canvas_id=base_id).first()
    if base is None or base.upload is None or base.upload.purged_at:
        raise _NotKnown("The upload that Canvas compared it with is not kept here.")
    return difference(state.db, csvs_of(base.upload), csvs, _without_limits(run), (0, 0)).files


def _lost_repeats(csv: Csv, kept: Sequence[str]) -> bool:
    """Whether Canvas took lines out of this file that were there twice; its messages number the rows that are left."""
    return any(name.startswith(f"{Path(csv.name).stem}{_DEDUPLICATED}") for name in kept)


def _without_limits(run: ImportRun) -> dict[str, object]:
    """Canvas has compared, so no limit was exceeded."""
    limits = ("change_threshold", "diff_row_count_threshold")
    return {name: value for name, value in run.options.items() if name not in limits}


def record_of(run: ImportRun) -> dict[str, Any]:
    """What Canvas last said of a run, as it said it; empty where it has said nothing."""
    return json.loads(zlib.decompress(run.record)) if run.record else {}


def diffed_against(record: Mapping[str, Any]) -> int | None:
    """The id of the import in Canvas that the one of this record was compared with; None where it was not."""
    found = (record.get("data") or {}).get("diffed_against_sis_batch_id") or record.get("diffed_against_import_id")
    return int(found) if found else None


def _refused(run: ImportRun) -> frozenset[Place]:
    said = run.messages.exclude(row=None).values_list("file", "row", "text")
    named = ((base_name(file).replace(f"{_DEDUPLICATED}.", "."), row, text) for file, row, text in said)
    return frozenset((name, row) for name, row, text in named if row and refuses(text))
