"""Writing down what Canvas says of an import: into the run that is ours, or into a new one for another tool's."""

import json
import logging
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import CanvasAccount
from imports.kinds.base import Heard
from imports.models import ImportRun
from imports.phases import IN_CANVAS, OURS_ALONE, Outcome, Phase

logger = logging.getLogger(__name__)

# Whatever became of it here: what Canvas has is there. One that is queued again must not go out a second time.
_UNTIED = (*OURS_ALONE, Phase.CANCELLED)
# What a page shows: a change of one of these is news.
_SHOWN = (
    "phase",
    "outcome",
    "canvas_state",
    "progress",
    "canvas_started_at",
    "canvas_ended_at",
    "counts",
    "statistics",
    "supplied",
    "warning_count",
    "error_count",
    "canvas_user",
)


def mirror(*, canvas_account: CanvasAccount, kind: str, listed: Sequence[Heard]) -> bool:
    """Bring the runs of these imports up to date, or make them. True if anything was news.

    One read for all of them, and one write for each that has changed: this is done every second.
    """
    runs = ImportRun.objects.filter(canvas_account=canvas_account, kind=kind)
    ids = [heard.canvas_id for heard in listed]
    known = {run.canvas_id: run for run in runs.filter(canvas_id__in=ids).defer("record")}
    runs.filter(canvas_id__in=ids, phase__in=IN_CANVAS).update(heard_at=timezone.now())
    news = False
    for heard in listed:
        run = known.get(heard.canvas_id)
        news |= refresh(run=run, heard=heard) if run else _meet(canvas_account, kind, heard)
    return news


def refresh(*, run: ImportRun, heard: Heard) -> bool:
    """Write what Canvas says into a run that has its id. True if that was news."""
    if _is_stale(run, heard):
        return False
    values = _values(run, heard)
    if all(getattr(run, name) == values[name] for name in _SHOWN):
        return False
    values |= _milestones(run, heard)
    ImportRun.objects.filter(pk=run.pk, canvas_id=heard.canvas_id).update(
        version=F("version") + 1, changed_at=timezone.now(), **values
    )
    if run.canvas_state != heard.canvas_state:
        logger.info("run moved", extra={"run": run.pk, "canvas_id": heard.canvas_id, "state": heard.canvas_state})
    run.refresh_from_db()
    return True


def adopt(*, run: ImportRun, heard: Heard) -> bool:
    """Tie a run of ours to the import that Canvas made of it. False if the run is tied to one, or was refused."""
    values = _values(run, heard) | _milestones(run, heard)
    del values["phase"]
    too_late = run.phase == Phase.CANCELLED
    with transaction.atomic():
        # The poller may have met the import before its sender heard the answer, and taken it for another tool's.
        ImportRun.objects.filter(
            canvas_account=run.canvas_account, kind=run.kind, canvas_id=heard.canvas_id, upload=None
        ).exclude(pk=run.pk).delete()
        adopted = ImportRun.objects.move(
            run.pk,
            _UNTIED,
            heard.phase,
            canvas_id=heard.canvas_id,
            problem="It was cancelled here too late: Canvas had it already." if too_late else "",
            candidates=[],
            lease_until=None,
            unsure_since=None,
            **values,
        )
        if not adopted:
            transaction.set_rollback(True)
    if adopted:
        logger.info("run is in Canvas", extra={"run": run.pk, "canvas_id": heard.canvas_id})
        run.refresh_from_db()
    return adopted


def _meet(canvas_account: CanvasAccount, kind: str, heard: Heard) -> bool:
    """An import that no run has the id of: one of ours that went out with this marker, else another tool's."""
    if heard.marker is not None:
        ours = ImportRun.objects.filter(
            canvas_account=canvas_account, kind=kind, marker=heard.marker, canvas_id=None
        ).first()
        if ours:
            return adopt(run=ours, heard=heard)
    return _add(canvas_account, kind, heard)


def _add(canvas_account: CanvasAccount, kind: str, heard: Heard) -> bool:
    run = ImportRun(
        canvas_account=canvas_account,
        kind=kind,
        canvas_id=heard.canvas_id,
        options=heard.options,
        via=ImportRun.Via.ELSEWHERE,
        at=heard.canvas_created_at or timezone.now(),
    )
    for name, value in (_values(run, heard) | _milestones(run, heard)).items():
        setattr(run, name, value)
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:  # its sender was quicker
        return False
    return True


def _is_stale(run: ImportRun, heard: Heard) -> bool:
    """An answer that was overtaken by a newer one; or the stub that a refused POST leaves in Canvas for ever."""
    if run.outcome == Outcome.REFUSED and heard.canvas_state == "initializing":
        return True
    return bool(run.canvas_updated_at and heard.canvas_updated_at and heard.canvas_updated_at < run.canvas_updated_at)


def _values(run: ImportRun, heard: Heard) -> dict[str, Any]:
    return {
        "phase": heard.phase,
        "outcome": _outcome(run, heard),
        "canvas_state": heard.canvas_state[:40],
        "progress": heard.progress,
        "canvas_created_at": heard.canvas_created_at or run.canvas_created_at,
        "canvas_started_at": heard.canvas_started_at or run.canvas_started_at,
        "canvas_ended_at": heard.canvas_ended_at,
        "canvas_updated_at": heard.canvas_updated_at,
        "canvas_user": heard.canvas_user[:255],
        "canvas_user_id": heard.canvas_user_id[:64],
        "counts": heard.counts,
        "statistics": heard.statistics,
        "supplied": heard.supplied,
        "warning_count": heard.warning_count,
        "error_count": heard.error_count,
        "record": zlib.compress(json.dumps(heard.raw).encode()),
        "heard_at": timezone.now(),
    }


def _outcome(run: ImportRun, heard: Heard) -> str:
    """An import that Canvas gave up half way has done what it did until then, where no counts tell of it."""
    was_half_way = run.kind == ImportRun.Kind.OUTCOME and bool(run.progress) and run.phase in IN_CANVAS
    return Outcome.PARTLY_APPLIED if heard.outcome is Outcome.FAILED and was_half_way else heard.outcome or ""


def _milestones(run: ImportRun, heard: Heard) -> dict[str, Any]:
    """The times of the stages, and whether there are messages to fetch, when a stage is reached for the first time."""
    now = timezone.now()
    marks: dict[str, Any] = {}
    if heard.phase is Phase.RUNNING and heard.canvas_started_at is None and run.canvas_started_at is None:
        marks["canvas_started_at"] = _not_after(now, heard.canvas_updated_at)
    if heard.supplied and run.prepared_at is None and heard.phase is not Phase.WAITING:
        marks["prepared_at"] = _not_after(now, heard.canvas_ended_at)
    if heard.phase is Phase.CLEANING and run.cleaning_at is None:
        marks["cleaning_at"] = now
    if heard.phase is not Phase.FINISHED:
        return marks | {"finished_at": None}
    if run.phase != Phase.FINISHED:
        marks["finished_at"] = _not_after(now, heard.canvas_ended_at or heard.canvas_updated_at)
        if heard.warning_count or heard.error_count or heard.has_more:
            marks |= {"messages_state": ImportRun.Messages.DUE, "messages_try_at": now, "messages_tries": 0}
    return marks


def _not_after(now: datetime, theirs: datetime | None) -> datetime:
    return min(now, theirs) if theirs else now
