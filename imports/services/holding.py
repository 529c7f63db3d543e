"""Holding a launch that would remove too much until a second person has approved it."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.rights import Right
from imports import outcome_judging
from imports.judging import in_force, over
from imports.models import Forecast, Hold, ImportRun
from imports.phases import Phase
from imports.services import forecasting, knowing, limiting

_CHANGED = "It was changed since by the person who launches this or gave the files."
_BLIND = "It is a full batch for a term of which Easel knows nothing yet: what it removes cannot be counted."
_NO_FORECAST = "Easel could not work out what it would change."

logger = logging.getLogger(__name__)


class DecisionRefused(Exception):
    """This person cannot decide, or nothing is left to decide; the message says why."""


def reasons_of(forecast: Forecast, *, by: User | None) -> list[str]:
    """Why a launch of what was forecast by this person is held: sentences, none where it may go.

    Who changes the limits does not gain by it at once: what they launch, or gave, is held against the old ones, too.
    """
    if forecast.upload.holds_outcomes:
        return outcome_judging.over(forecast.figures)
    canvas_account_pk = forecast.upload.canvas_account_id
    now = in_force(limiting.own_bounds(canvas_account_pk))
    told = over(forecast.figures, now) + _blind_batch(forecast)
    people = (by.pk if by else None, forecast.upload.given_by_id)
    for own in limiting.earlier_bounds(canvas_account_pk=canvas_account_pk, people=people):
        told += [f"{sentence} {_CHANGED}" for sentence in over(forecast.figures, in_force(own)) if sentence not in told]
    return list(dict.fromkeys(told))


def _blind_batch(forecast: Forecast) -> list[str]:
    """A full batch removes what it does not name; where nothing is known of the term, none of that is counted."""
    clean_up = forecast.figures["clean_up"]
    if not clean_up or clean_up["stopped_by"] or not clean_up["verdicts"]:
        return []
    kinds = {verdict["kind"] for verdict in clean_up["verdicts"]}
    of_terms = (line for line in forecast.figures["totals"] if line["term"] in clean_up["terms"])
    is_known = any(line["live"] for line in of_terms if line["kind"] in kinds)
    return [] if is_known or knowing.knowledge_of(forecast.upload.canvas_account).is_complete else [_BLIND]


def judge(*, run: ImportRun) -> None:
    """Let a run that is being forecast go on, or hold it; where there is no forecast yet, ask for one and wait."""
    if run.upload is None:
        raise ValueError("only what was uploaded here can be judged")
    forecast = forecasting.ask(upload=run.upload, options=run.options)
    if forecast.state == Forecast.State.WAITING:
        return
    is_ready = forecast.state == Forecast.State.READY
    reasons = reasons_of(forecast, by=run.launched_by) if is_ready else [_NO_FORECAST]
    if reasons:
        _hold(run, reasons)
    else:
        ImportRun.objects.move(run.pk, Phase.CHECKING, Phase.QUEUED)
    run.refresh_from_db()


@transaction.atomic
def _hold(run: ImportRun, reasons: Sequence[str]) -> None:
    if run.upload is None or not ImportRun.objects.move(run.pk, Phase.CHECKING, Phase.HELD, problem=" ".join(reasons)):
        return
    Hold.objects.create(
        run=run,
        reasons=list(reasons),
        package_sha256=run.upload.package_sha256,
        options_hash=forecasting.options_hash(run.options),
        expires_at=timezone.now() + timedelta(hours=settings.HOLD_HOURS),
    )
    _record(run, "hold", None, " ".join(reasons))
    logger.info("run held", extra={"run": run.pk, "reasons": len(reasons)})


def judge_waiting() -> list[int]:
    """Judge every run whose forecast was waited for; returns the Canvas accounts that have something to send."""
    moved = []
    for run in ImportRun.objects.filter(phase=Phase.CHECKING).select_related("upload", "canvas_account"):
        judge(run=run)
        if run.phase == Phase.QUEUED:
            moved.append(run.canvas_account_id)
    return moved


def approve(*, run: ImportRun, by: User, reason: str) -> None:
    """A second person lets the run go. Raises `DecisionRefused`."""
    why_not = why_not_approve(run, by)
    if why_not:
        raise DecisionRefused(why_not)
    _decide(run, Hold.State.APPROVED, Phase.QUEUED, by, reason)


def refuse(*, run: ImportRun, by: User, reason: str) -> None:
    """The run is not to go. Who launched it may take it back too. Raises `DecisionRefused`."""
    if not by.may(Right.APPROVE, run.canvas_account):
        raise DecisionRefused("Your role does not let you decide about held launches.")
    if not reason.strip():
        raise DecisionRefused("Say why it is refused.")
    _decide(run, Hold.State.REFUSED, Phase.CANCELLED, by, reason)


def why_not_approve(run: ImportRun, by: User) -> str:
    """Why this person cannot approve the run, or nothing."""
    if not by.may(Right.APPROVE, run.canvas_account):
        return "Your role does not let you approve held launches."
    if is_own(run, by):
        return "Nobody approves their own launch: a second person has to."
    hold = Hold.objects.filter(run=run, state=Hold.State.WAITING, expires_at__gt=timezone.now()).first()
    if run.phase != Phase.HELD or hold is None:
        return "It is not held any more."
    return ""


def is_own(run: ImportRun, person: User) -> bool:
    """Whether the person launched the run or gave its files."""
    return person.pk in (run.launched_by_id, run.upload.given_by_id if run.upload else None)


@transaction.atomic
def _decide(run: ImportRun, state: Hold.State, to: Phase, by: User | None, reason: str) -> None:
    over_now = {"finished_at": timezone.now()} if to == Phase.CANCELLED else {}
    problem = f"{state.label.capitalize()}: {reason}" if to == Phase.CANCELLED else ""
    now = timezone.now()
    waiting = Hold.objects.filter(run=run, state=Hold.State.WAITING)
    # Once its time is over it is past deciding, whether or not anybody has noticed yet.
    still = waiting if state == Hold.State.EXPIRED else waiting.filter(expires_at__gt=now)
    decided = still.update(state=state, decided_by=by, decided_at=now, reason=reason)
    if not decided or not ImportRun.objects.move(run.pk, Phase.HELD, to, problem=problem, **over_now):
        transaction.set_rollback(True)
        raise DecisionRefused("It is not held any more.")
    _record(run, {Hold.State.APPROVED: "approve", Hold.State.REFUSED: "refuse"}.get(state, state), by, reason)
    run.refresh_from_db()


def waiting_holds() -> QuerySet[Hold]:
    """Holds that somebody can still decide about. A launch that was taken back leaves its hold undecided for good."""
    return Hold.objects.filter(state=Hold.State.WAITING, run__phase=Phase.HELD)


def expire() -> None:
    """End the holds whose time is over."""
    overdue = waiting_holds().filter(expires_at__lte=timezone.now())
    for hold in overdue.select_related("run__canvas_account"):
        try:
            _decide(hold.run, Hold.State.EXPIRED, Phase.CANCELLED, None, "nobody has approved it in time.")
        except DecisionRefused:
            continue  # somebody decided in the last moment


def why_not_send(run: ImportRun) -> str:
    """Why a run cannot go out after all, or nothing.

    Its bytes must be those that were launched; where it was held, those that were approved, with the same options.
    Reads the package. Raises `OSError`.
    """
    if run.upload is None:
        return ""
    hold = Hold.objects.filter(run=run).first()
    if hold and hold.state != Hold.State.APPROVED:
        return "It was held, and nobody has approved it."
    if hold and hold.options_hash != forecasting.options_hash(run.options):
        return "Its options are not the ones that were approved. Nothing was sent."
    on_disk = _sha256(run.upload.package_path)
    if hold and hold.package_sha256 != on_disk:
        return "Its files are not the ones that were approved. Nothing was sent."
    if run.upload.package_sha256 != on_disk:
        return "Its files are not the ones that were launched. Nothing was sent."
    return ""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _record(run: ImportRun, verb: str, by: User | None, reason: str) -> None:
    record(
        verb=verb,
        subject=str(run),
        subject_key=f"run:{run.pk}",
        actor=by,
        canvas_account=run.canvas_account,
        detail={"reason": reason},
    )
