"""Abort, abort all, restore: asked for by a person, carried out by a worker, followed to their end."""

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import record
from accounts.models import CanvasAccount, User
from canvas.client import CanvasClient
from canvas.errors import CanvasError, Fate, NotFound, NotPermitted, Refused
from canvas.records import Progress
from imports import leases
from imports.kinds.registry import KINDS
from imports.models import Action, ImportRun
from imports.phases import ABORTABLE, ENDED, OURS_ALONE, UNSENT, Outcome, Phase
from imports.services import launching
from imports.services.mirroring import refresh

RESTORE_MODES = ("all", "undelete_only", "unconclude_only", "batch_mode")
# Canvas keeps what it needs for a restore that long.
RESTORE_DAYS = 30
NO_ABORT = "Canvas has it, and Canvas cannot abort outcome imports."
_MAX_ATTEMPTS = 10
_RESTORED = (Outcome.RESTORED, Outcome.PARTLY_RESTORED)

logger = logging.getLogger(__name__)


class ActionRefused(Exception):
    """This cannot be done now; the message says why."""


def ask_abort(*, run: ImportRun, by: User | None, actor_name: str = "") -> Action | None:
    """Abort a run: one that is not in Canvas yet is cancelled at once (None is returned), another one by a worker.

    Raises `ActionRefused` when it has ended, or somebody has asked already.
    """
    if launching.cancel(run=run, by=by):
        return None
    run.refresh_from_db()
    reason = why_no_abort(run)
    if reason:
        raise ActionRefused(reason)
    return _ask(verb=Action.Verb.ABORT, run=run, canvas_account=run.canvas_account, by=by, actor_name=actor_name)


def why_no_abort(run: ImportRun) -> str:
    """Why a run cannot be aborted, or nothing if it can."""
    if run.phase in OURS_ALONE:
        return ""
    if not KINDS[run.kind].can_abort:
        return NO_ABORT
    return "" if run.phase in ABORTABLE else "There is nothing left to abort: the import has ended."


def ask_abort_all(*, canvas_account: CanvasAccount, by: User | None) -> Action:
    """Abort everything that waits: what is queued here is cancelled, what waits in Canvas a worker aborts."""
    kinds = [kind.name for kind in KINDS.values() if kind.can_abort]
    for run in ImportRun.objects.filter(canvas_account=canvas_account, phase__in=UNSENT, kind__in=kinds):
        launching.cancel(run=run, by=by)
    return _ask(verb=Action.Verb.ABORT_ALL, run=None, canvas_account=canvas_account, by=by)


def ask_restore(*, run: ImportRun, mode: str, by: User | None) -> Action:
    """Undo what the import did to the states of things in Canvas. Raises `ActionRefused`."""
    if mode not in RESTORE_MODES:
        raise ActionRefused("Choose what is to be restored.")
    reason = why_no_restore(run)
    if reason:
        raise ActionRefused(reason)
    return _ask(verb=Action.Verb.RESTORE, run=run, canvas_account=run.canvas_account, by=by, mode=mode)


def why_no_restore(run: ImportRun) -> str:
    """Why a run cannot be restored, or nothing if it can."""
    if not KINDS[run.kind].can_restore:
        return "Canvas cannot restore what an outcome import changed."
    if run.phase != Phase.FINISHED or run.canvas_id is None:
        return "Only an import that has ended in Canvas can be restored."
    if run.outcome in (Outcome.REFUSED, Outcome.LOST):
        return "Canvas has nothing of this import."
    if run.finished_at and run.finished_at < timezone.now() - timedelta(days=RESTORE_DAYS):
        return f"Canvas keeps what a restore needs for {RESTORE_DAYS} days; they are over."
    return ""


def _ask(
    *,
    verb: Action.Verb,
    run: ImportRun | None,
    canvas_account: CanvasAccount,
    by: User | None,
    mode: str = "",
    actor_name: str = "",
) -> Action:
    try:
        with transaction.atomic():
            action = Action.objects.create(verb=verb, run=run, canvas_account=canvas_account, asked_by=by, mode=mode)
            record(
                verb=verb,
                subject=str(run) if run else f"what waits in {canvas_account}",
                subject_key=f"run:{run.pk}" if run else "",
                actor=by,
                actor_name=actor_name,
                canvas_account=canvas_account,
                detail={"mode": mode} if mode else {},
            )
    except IntegrityError as error:
        raise ActionRefused("This has been asked for already and is on its way.") from error
    if run:
        _touch(run)
    return action


def claim(*, action: Action) -> bool:
    """Let one worker carry the action out."""
    now = timezone.now()
    return bool(
        Action.objects.filter(pk=action.pk, state__in=[Action.State.ASKED, Action.State.SENDING], try_at__lte=now)
        .exclude(lease_until__gt=now)
        .update(
            state=Action.State.SENDING,
            lease_until=now + timedelta(seconds=3 * leases.SECONDS),
            attempts=F("attempts") + 1,
        )
    )


def carry_out(*, action: Action, canvas: CanvasClient) -> None:
    """Do in Canvas what was asked, once; an answer that was lost is made good by looking."""
    action.refresh_from_db()
    try:
        if action.verb == Action.Verb.ABORT_ALL:
            canvas.abort_all_pending()
            _end(action, Action.State.DONE, "Canvas has aborted what was waiting.")
        elif action.run is None:
            raise ValueError(f"{action} names no run")
        elif action.run.canvas_id is None:
            _wait_for_canvas_id(action, action.run)
        elif action.verb == Action.Verb.ABORT and not KINDS[action.run.kind].can_abort:
            _end(action, Action.State.REFUSED, f"Too late. {NO_ABORT}")
        elif action.verb == Action.Verb.ABORT:
            _abort(action, action.run, action.run.canvas_id, canvas)
        else:
            _restore(action, action.run, action.run.canvas_id, canvas)
    except CanvasError as error:
        _settle(action, error)


def _wait_for_canvas_id(action: Action, run: ImportRun) -> None:
    """The run is on its way to Canvas: its sender stops, or it is aborted as soon as its id is known."""
    if run.phase in ENDED:
        _end(action, Action.State.DONE, run.problem or "It was stopped before Canvas had it.")
    elif launching.cancel(run=run, by=action.asked_by):
        _end(action, Action.State.DONE, "It was taken back before it was sent.")
    else:
        _try_again(action, pause=1.0, attempts=action.attempts - 1)


def _abort(action: Action, run: ImportRun, canvas_id: int, canvas: CanvasClient) -> None:
    try:
        canvas.abort_sis_import(canvas_id)
    except NotFound:
        heard = KINDS[run.kind].read(canvas, canvas_id, options=run.options)
        refresh(run=run, heard=heard)
        if heard.outcome is not Outcome.ABORTED:
            _end(action, Action.State.REFUSED, "Too late: the import had ended before Canvas heard of it.")
            return
    else:
        refresh(run=run, heard=KINDS[run.kind].read(canvas, canvas_id, options=run.options))
    _end(action, Action.State.DONE, "Aborted. Rows that were applied by then stay applied.")


def _restore(action: Action, run: ImportRun, canvas_id: int, canvas: CanvasClient) -> None:
    if action.attempts > 1:
        heard = KINDS[run.kind].read(canvas, canvas_id, options=run.options)
        if heard.phase is Phase.RESTORING or (heard.outcome in _RESTORED and run.outcome not in _RESTORED):
            # The first request arrived although its answer did not: its progress is out of reach, its end is not.
            _under_way(action, None)
            return
    flag = {} if action.mode == "all" else {action.mode: True}
    progress = canvas.restore_states(canvas_id, **flag)
    refresh(run=run, heard=KINDS[run.kind].read(canvas, canvas_id, options=run.options))
    _under_way(action, progress)


def _under_way(action: Action, progress: Progress | None) -> None:
    Action.objects.filter(pk=action.pk).update(
        state=Action.State.UNDER_WAY,
        canvas_progress_id=progress.id if progress else None,
        completion=progress.completion if progress else None,
        lease_until=None,
    )
    _touch(action.run)


def follow(*, action: Action, canvas: CanvasClient) -> None:
    """Read how far a restore is. May raise `CanvasError`; then it is read again later."""
    run = action.run
    if run is None or run.canvas_id is None:
        return
    try:
        if action.canvas_progress_id is None:
            _follow_by_the_import(action, run, run.canvas_id, canvas)
        else:
            _follow_by_progress(action, run, run.canvas_id, canvas.progress(action.canvas_progress_id), canvas)
    except (NotFound, NotPermitted) as error:
        _lose_sight(action, error)


def _follow_by_the_import(action: Action, run: ImportRun, canvas_id: int, canvas: CanvasClient) -> None:
    heard = KINDS[run.kind].read(canvas, canvas_id, options=run.options)
    refresh(run=run, heard=heard)
    if heard.phase is Phase.FINISHED:
        _end_restore(action, heard.outcome in _RESTORED, "")


def _follow_by_progress(
    action: Action, run: ImportRun, canvas_id: int, progress: Progress, canvas: CanvasClient
) -> None:
    if progress.state in ("completed", "failed", "canceled"):
        refresh(run=run, heard=KINDS[run.kind].read(canvas, canvas_id, options=run.options))
        _end_restore(action, progress.state == "completed", progress.message or "")
    elif progress.completion != action.completion:
        Action.objects.filter(pk=action.pk).update(completion=progress.completion)
        _touch(run)


def _lose_sight(action: Action, error: CanvasError) -> None:
    """Its progress is gone, or the token's present owner may not see it: then the import tells, unless that is gone."""
    if action.canvas_progress_id is None:
        _end(action, Action.State.REFUSED, f"What became of it cannot be read: {error}")
    else:
        Action.objects.filter(pk=action.pk).update(canvas_progress_id=None)


def _end_restore(action: Action, worked: bool, message: str) -> None:
    if worked:
        _end(action, Action.State.DONE, "Restored.")
    else:
        _end(action, Action.State.REFUSED, f"Canvas could not restore it. {message}".strip())


def _settle(action: Action, error: CanvasError) -> None:
    logger.warning("action failed", extra={"action": action.pk, "error": type(error).__name__, "status": error.status})
    final = isinstance(error, Refused) and not error.retryable
    if final or action.attempts >= _MAX_ATTEMPTS or (error.fate is Fate.NOT_SENT and not error.retryable):
        _end(action, Action.State.REFUSED, str(error))
    else:
        _try_again(action, pause=min(60.0, 2.0**action.attempts), attempts=action.attempts, answer=str(error))


def _try_again(action: Action, *, pause: float, attempts: int, answer: str = "") -> None:
    Action.objects.filter(pk=action.pk).update(
        state=Action.State.ASKED,
        try_at=timezone.now() + timedelta(seconds=pause),
        attempts=max(attempts, 0),
        answer=answer,
        lease_until=None,
    )


def _end(action: Action, state: Action.State, answer: str) -> None:
    Action.objects.filter(pk=action.pk).update(state=state, answer=answer, ended_at=timezone.now(), lease_until=None)
    logger.info("action ended", extra={"action": action.pk, "verb": action.verb, "state": state})
    _touch(action.run)


def _touch(run: ImportRun | None) -> None:
    """An action is part of what the run's page shows."""
    if run:
        ImportRun.objects.filter(pk=run.pk).update(version=F("version") + 1, changed_at=timezone.now())
