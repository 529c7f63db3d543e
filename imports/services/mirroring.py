"""Writing down what Canvas says of an import: into the run that is ours, or into a new one for another tool's."""

import json
import logging
import zlib
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import CanvasAccount
from imports.kinds.base import Heard
from imports.models import ImportRun
from imports.phases import OURS_ALONE, Outcome, Phase

logger = logging.getLogger(__name__)

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


def mirror(*, canvas_account: CanvasAccount, kind: str, heard: Heard) -> bool:
    """Bring the run of this import up to date, or make one. True if that was news."""
    run = ImportRun.objects.filter(canvas_account=canvas_account, kind=kind, canvas_id=heard.canvas_id).first()
    if run is None:
        run = _awaited(canvas_account, kind, heard)
        if run is not None:
            return adopt(run=run, heard=heard)
        return _add(canvas_account, kind, heard)
    return refresh(run=run, heard=heard)


def refresh(*, run: ImportRun, heard: Heard) -> bool:
    """Write what Canvas says into a run that has its id. True if that was news."""
    if _is_stale(run, heard):
        return False
    values = _values(run, heard)
    is_news = any(getattr(run, name) != values[name] for name in _SHOWN)
    if not is_news:
        ImportRun.objects.filter(pk=run.pk).update(heard_at=values["heard_at"])
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
    """Tie a run of ours to the import that Canvas made of it. False if the run is no longer waiting for that."""
    values = _values(run, heard) | _milestones(run, heard)
    del values["phase"]
    with transaction.atomic():
        # The poller may have met the import before its sender heard the answer, and taken it for another tool's.
        ImportRun.objects.filter(
            canvas_account=run.canvas_account, kind=run.kind, canvas_id=heard.canvas_id, upload=None
        ).exclude(pk=run.pk).delete()
        waiting = [phase for phase in OURS_ALONE if phase != Phase.QUEUED]
        adopted = ImportRun.objects.move(
            run.pk,
            waiting,
            heard.phase,
            canvas_id=heard.canvas_id,
            problem="",
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


def _awaited(canvas_account: CanvasAccount, kind: str, heard: Heard) -> ImportRun | None:
    """The run of ours that went out with this import's marker and has not been seen in Canvas yet."""
    if heard.marker is None:
        return None
    return ImportRun.objects.filter(
        canvas_account=canvas_account, kind=kind, marker=heard.marker, canvas_id=None
    ).first()


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
        "outcome": heard.outcome or "",
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


def _milestones(run: ImportRun, heard: Heard) -> dict[str, Any]:
    """The times of the stages, and whether there are messages to fetch, when a stage is reached for the first time."""
    now = timezone.now()
    marks: dict[str, Any] = {}
    if heard.supplied and run.prepared_at is None:
        marks["prepared_at"] = _not_after(now, heard.canvas_ended_at)
    if heard.phase is Phase.CLEANING and run.cleaning_at is None:
        marks["cleaning_at"] = now
    if heard.phase is not Phase.FINISHED:
        return marks | {"finished_at": None}
    if run.phase != Phase.FINISHED:
        marks["finished_at"] = _not_after(now, heard.canvas_ended_at or heard.canvas_updated_at)
        if heard.warning_count or heard.error_count:
            marks |= {"messages_state": ImportRun.Messages.DUE, "messages_try_at": now, "messages_tries": 0}
    return marks


def _not_after(now: datetime, theirs: datetime | None) -> datetime:
    return min(now, theirs) if theirs else now
