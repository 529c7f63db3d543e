"""Sending runs to Canvas: once each, in the order of their launch, and never blindly twice.

A run goes out under a lease. Whatever happens - an answer, an error, a killed worker - ends in one of: it is in
Canvas; it certainly is not, and goes back to the queue; nobody knows, and it is looked for.
"""

import logging
import random
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from accounts.audit import record
from accounts.models import CanvasAccount
from accounts.services.credentials import note_credential_trouble
from canvas.client import CanvasClient
from canvas.errors import (
    CanvasError,
    Fate,
    NotAuthenticated,
    NotCanvas,
    NotPermitted,
    Redirected,
    SisNotEnabled,
)
from imports import leases
from imports.kinds.base import Heard
from imports.kinds.registry import KINDS
from imports.models import Action, ImportRun, Watch
from imports.phases import Outcome, Phase
from imports.services import holding
from imports.services.mirroring import adopt

# About an hour of a Canvas that cannot be reached, before a person is asked.
MAX_ATTEMPTS = 20
_LONGEST_PAUSE = 300.0
# Refusals that somebody can mend without touching the files.
_MENDABLE = (NotAuthenticated, NotPermitted, SisNotEnabled, Redirected, NotCanvas)

logger = logging.getLogger(__name__)


def claim_next(*, canvas_account: CanvasAccount) -> ImportRun | None:
    """The oldest run that waits to be sent, now ours to send; None if there is none or another one is on its way.

    One at a time and oldest first, because Canvas works imports off in the order of their arrival.
    """
    now = timezone.now()
    with transaction.atomic():
        Watch.objects.select_for_update().get(canvas_account=canvas_account)
        runs = ImportRun.objects.filter(canvas_account=canvas_account)
        if runs.filter(phase__in=[Phase.SUBMITTING, Phase.UNSURE]).exists():
            return None
        run = runs.filter(phase=Phase.QUEUED).order_by("pk").first()
        if run is None or (run.try_at and run.try_at > now):
            return None
        claimed = ImportRun.objects.move(
            run.pk,
            Phase.QUEUED,
            Phase.SUBMITTING,
            attempts=F("attempts") + 1,
            submitted_at=now,
            newest_before=runs.filter(kind=run.kind).aggregate(newest=Max("canvas_id"))["newest"],
            lease_until=now + timedelta(seconds=leases.SECONDS),
            lease_holder=secrets.token_hex(8),
            bytes_sent=0,
            problem="",
        )
    if not claimed:
        return None
    run.refresh_from_db()
    return run


def send(*, run: ImportRun, canvas: CanvasClient) -> None:
    """POST a claimed run and settle what became of it. Raises nothing that Canvas or the network can cause."""
    try:
        heard = _Sending(run).to(canvas)
    except leases.LeaseLost:
        logger.warning("lease lost while sending", extra={"run": run.pk})
    except _Stopped:
        _end_unsent(run, Phase.CANCELLED, "Stopped while it was being sent; Canvas never had the whole of it.")
    except _NotApproved as why:
        _withhold(run, str(why))
    except CanvasError as error:
        settle(run=run, error=error)
    except OSError as error:
        _ask(run, f"The stored file cannot be read: {error.strerror}. Nothing was sent.")
    else:
        adopt(run=run, heard=heard)


class _NotApproved(Exception):
    """This is not what was launched or approved."""


class _Stopped(Exception):
    """A person wants the run aborted while it is still being sent."""


class _Sending:
    """One run on its way out: keeps its lease and the number of bytes up to date, and stops when it must."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._sent = 0
        self._stop_wanted = False
        self._lease = leases.KeptLease(self._renew)

    def to(self, canvas: CanvasClient) -> Heard:
        """Raises `leases.LeaseLost`, `_Stopped`, `_NotApproved`, `OSError` of the stored file, and `CanvasError`."""
        upload = self._run.upload
        if upload is None:
            raise ValueError("only what was uploaded here can be sent")
        with self._lease:  # from here on: reading a large package takes its time
            why_not = holding.why_not_send(self._run)
            if why_not:
                raise _NotApproved(why_not)
            return KINDS[self._run.kind].send(
                canvas,
                path=upload.package_path,
                filename=upload.package_name,
                options=self._run.options,
                marker=self._run.marker,
                on_progress=self._note,
            )

    def _note(self, sent: int, _total: int) -> None:
        self._sent = sent
        self._lease.check()
        if self._stop_wanted:
            raise _Stopped

    def _renew(self) -> bool:
        run = self._run
        self._stop_wanted = Action.objects.filter(run=run, verb=Action.Verb.ABORT, state__in=Action.OPEN).exists()
        until = timezone.now() + timedelta(seconds=leases.SECONDS)
        kept = ImportRun.objects.filter(pk=run.pk, phase=Phase.SUBMITTING, lease_holder=run.lease_holder)
        return kept.update(lease_until=until, bytes_sent=self._sent, version=F("version") + 1) == 1


def settle(*, run: ImportRun, error: CanvasError) -> None:
    """Decide from the fate of the POST where the run goes."""
    logger.warning(
        "sending failed",
        extra={"run": run.pk, "error": type(error).__name__, "fate": error.fate, "status": error.status},
    )
    if isinstance(error, NotAuthenticated):
        note_credential_trouble(canvas_account=run.canvas_account, error=error)
    if error.fate is Fate.UNKNOWN:
        _look_for(run, str(error))
    elif error.retryable and run.attempts < MAX_ATTEMPTS:
        _queue_again(run, str(error))
    elif error.fate is Fate.NOT_SENT or error.retryable or isinstance(error, _MENDABLE):
        _ask(run, f"{error} Nothing was sent.")
    else:
        _end_unsent(run, Phase.FINISHED, str(error), outcome=Outcome.REFUSED)


def give_up_dead_leases() -> int:
    """Runs whose sender has died: nobody knows how far it came, so they are looked for in Canvas."""
    now = timezone.now()
    dead = ImportRun.objects.filter(phase=Phase.SUBMITTING, lease_until__lt=now)
    return sum(_look_for(run, "The worker that was sending it has stopped.", dead_since=now) for run in dead)


def _look_for(run: ImportRun, why: str, *, dead_since: datetime | None = None) -> bool:
    now = timezone.now()
    still = ImportRun.objects.filter(lease_holder=run.lease_holder)
    if dead_since:
        still = still.filter(lease_until__lt=dead_since)
    return still.move(
        run.pk, Phase.SUBMITTING, Phase.UNSURE, unsure_since=now, try_at=now, lease_until=None, problem=why
    )


def _queue_again(run: ImportRun, why: str) -> None:
    pause = min(_LONGEST_PAUSE, 2.0 ** min(run.attempts, 9)) * random.uniform(0.7, 1.0)  # noqa: S311  # not a secret
    try_at = timezone.now() + timedelta(seconds=pause)
    ImportRun.objects.move(run.pk, Phase.SUBMITTING, Phase.QUEUED, try_at=try_at, lease_until=None, problem=why)


def _ask(run: ImportRun, why: str) -> None:
    ImportRun.objects.move(run.pk, Phase.SUBMITTING, Phase.ASKED, lease_until=None, problem=why)


@transaction.atomic
def _withhold(run: ImportRun, why: str) -> None:
    """Nothing of it leaves. Somebody may have meddled with it, so that the audit log tells, too."""
    if _end_unsent(run, Phase.CANCELLED, why, submitted_at=None):
        record(
            verb="withhold",
            subject=str(run),
            subject_key=f"run:{run.pk}",
            actor=None,
            canvas_account=run.canvas_account,
            detail={"reason": why},
        )


def _end_unsent(run: ImportRun, phase: Phase, why: str, **fields: Any) -> bool:
    return ImportRun.objects.move(
        run.pk,
        Phase.SUBMITTING,
        phase,
        finished_at=timezone.now(),
        lease_until=None,
        problem=why,
        **fields,
    )
