"""Rehearsals: asked for by who chooses options, run by one worker at a time, and nothing of them left behind there."""

import logging
import secrets
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts import sealing
from accounts.audit import record
from accounts.models import User
from canvas.errors import CanvasError
from canvas.practice import PracticeClient
from imports import leases, practising
from imports.models import Forecast, Rehearsal, Upload, Watch
from imports.practising import Package, Script
from imports.selectors.forecasts import terms_of
from imports.services import forecasting, knowing, launching
from imports.storable import storable_document

State = Rehearsal.State

_MAX_ATTEMPTS = 3
_TELL_EVERY = 0.4  # seconds
_LONGEST = timedelta(hours=3)
_REMOVE_AGAIN = timedelta(minutes=1)
_TOO_OFTEN = f"It was begun {_MAX_ATTEMPTS} times and never came to its end. The files can be launched all the same."

logger = logging.getLogger(__name__)

# From a token to the site of the practice Canvas that it names.
Connect = Callable[[str], PracticeClient]


@transaction.atomic
def ask(*, forecast: Forecast, by: User | None) -> Rehearsal:
    """The rehearsal of what this forecast is about; one that has ended is made anew, one under way goes on."""
    rehearsal, is_new = Rehearsal.objects.get_or_create(
        upload=forecast.upload,
        options_hash=forecast.options_hash,
        defaults={"options": forecast.options, "asked_by": by},
    )
    ended = Rehearsal.objects.filter(pk=rehearsal.pk, state__in=[State.READY, State.FAILED, State.CANCELLED])
    again = ended.update(
        state=State.WAITING,
        asked_by=by,
        asked_at=timezone.now(),
        attempts=0,
        problem="",
        lease_until=None,
        version=F("version") + 1,
        **_AT_THE_START,
    )
    if is_new or again:
        _record("rehearse", rehearsal, by)
        rehearsal.refresh_from_db()
    return rehearsal


_AT_THE_START: dict[str, Any] = {"stage": Rehearsal.Stage.GATHERING, "percent": 0}


@transaction.atomic
def cancel(*, rehearsal: Rehearsal, by: User | None) -> bool:
    """False where it has ended already. A worker that is at it notices within seconds."""
    open_ones = Rehearsal.objects.filter(pk=rehearsal.pk, state__in=[State.WAITING, State.RUNNING])
    later = timezone.now() + _REMOVE_AGAIN  # the worker that is at it removes the site first
    if not open_ones.update(state=State.CANCELLED, lease_until=None, remove_at=later, version=F("version") + 1):
        return False
    _record("cancel_rehearsal", rehearsal, by)
    return True


def _record(verb: str, rehearsal: Rehearsal, by: User | None) -> None:
    upload = rehearsal.upload
    record(
        verb=verb,
        subject=f"{upload.package_name} for {upload.canvas_account}",
        actor=by,
        canvas_account=upload.canvas_account,
        detail={"options": rehearsal.options, "sha256": upload.package_sha256},
    )


def is_current(rehearsal: Rehearsal) -> bool:
    """Whether nothing has been learnt about the account since it began."""
    return rehearsal.lessons == knowing.lessons_of(rehearsal.upload.canvas_account).count()


def ahead_of(rehearsal: Rehearsal) -> int:
    """How many come before one that waits."""
    others = Rehearsal.objects.exclude(pk=rehearsal.pk)
    return others.filter(Q(state=State.RUNNING) | Q(state=State.WAITING, asked_at__lt=rehearsal.asked_at)).count()


def due() -> list[int]:
    """Those that somebody may begin now: one whose worker has died, else the first in the queue."""
    running = Rehearsal.objects.filter(state=State.RUNNING)
    if running.exists():
        return list(running.filter(_free()).values_list("pk", flat=True))
    waiting = Rehearsal.objects.filter(state=State.WAITING, upload__state=Upload.State.READY)
    return list(waiting.order_by("asked_at", "pk").values_list("pk", flat=True)[:1])


def _free() -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=timezone.now())


def claim(*, rehearsal: Rehearsal) -> bool:
    """Let one worker run it, and no other one beside it. What has killed its workers thrice is given up."""
    free = Rehearsal.objects.filter(_free(), pk=rehearsal.pk, state__in=[State.WAITING, State.RUNNING])
    if free.filter(attempts__gte=_MAX_ATTEMPTS).update(
        state=State.FAILED, problem=_TOO_OFTEN, lease_until=None, version=F("version") + 1
    ):
        return False
    try:
        with transaction.atomic():
            claimed = free.update(
                state=State.RUNNING,
                attempts=F("attempts") + 1,
                lease_until=timezone.now() + timedelta(seconds=leases.SECONDS),
                lease_holder=secrets.token_hex(8),
                version=F("version") + 1,
                **_AT_THE_START,
            )
    except IntegrityError:
        return False  # another rehearsal runs
    rehearsal.refresh_from_db()
    return bool(claimed)


def rehearse(*, rehearsal: Rehearsal, connect: Connect) -> None:
    """Play a claimed rehearsal through. Whatever happens, the site on the practice Canvas is removed afterwards."""
    telling = _Telling(rehearsal)
    try:
        with leases.KeptLease(telling.renew) as lease:
            telling.lease = lease
            figures = _played(rehearsal, connect, telling)
    except leases.LeaseLost:
        logger.info("rehearsal stopped", extra={"rehearsal": rehearsal.pk})
    except (practising.NotPlayable, CanvasError) as why:
        _end(rehearsal, State.FAILED, problem=str(why))
    except OSError as error:
        _end(rehearsal, State.FAILED, problem=f"The stored files cannot be read: {error.strerror}.")
    except Exception:
        logger.exception("rehearsal failed", extra={"rehearsal": rehearsal.pk})
        _end(rehearsal, State.FAILED, problem="Easel could not play it through; its log says why.")
    else:
        _end(rehearsal, State.READY, figures=figures, made_at=timezone.now())
    finally:
        shutil.rmtree(rehearsal.folder, ignore_errors=True)
        _remove_site(rehearsal, connect)


def _played(rehearsal: Rehearsal, connect: Connect, telling: "_Telling") -> dict[str, Any]:
    _sweep(rehearsal, connect)
    canvas_account = rehearsal.upload.canvas_account
    knowing.catch_up(canvas_account=canvas_account)
    _mine(rehearsal).update(lessons=knowing.lessons_of(canvas_account).count())
    token = _new_site(rehearsal)
    rehearsal.folder.mkdir(mode=0o700)
    with connect(token) as canvas:
        return practising.play(_script(rehearsal), canvas, telling.tell, messages=rehearsal.path)


def _sweep(rehearsal: Rehearsal, connect: Connect) -> None:
    """What a worker that has died left behind, here and on the practice Canvas."""
    for folder in rehearsal.upload.folder.glob(f"rehearsal-{rehearsal.pk}-*"):
        shutil.rmtree(folder, ignore_errors=True)
    _remove_site(rehearsal, connect)


def _new_site(rehearsal: Rehearsal) -> str:
    """Its token, written down before anything is made, so that whatever happens it is found again and removed."""
    token = f"practice-rehearsal-{secrets.token_hex(16)}"
    rehearsal.sealed_site = sealing.seal(token)
    if not _mine(rehearsal).update(sealed_site=rehearsal.sealed_site, remove_at=None):
        raise leases.LeaseLost
    return token


def _script(rehearsal: Rehearsal) -> Script:
    upload, options = rehearsal.upload, rehearsal.options
    base = forecasting.base_run(upload, options)
    return Script(
        known=knowing.path_of(upload.canvas_account),
        folder=rehearsal.folder,
        package=_package(upload),
        options=options,
        marker=launching.new_marker(options),
        terms=terms_of(upload.canvas_account),
        roles=_roles(upload),
        base=_package(base.upload) if base and base.upload and not base.upload.purged_at else None,
        data_set=options.get(knowing.DATA_SET, ""),
    )


def _roles(upload: Upload) -> list[dict[str, Any]]:
    """As Canvas lists them; none where it does not tell."""
    return Watch.objects.filter(canvas_account=upload.canvas_account).values_list("roles", flat=True).first() or []


def _package(upload: Upload) -> Package:
    return Package(upload.package_path, upload.package_name)


class _Telling:
    """Writes down how far it is, a few times a second at most, and notices when it is to stop."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._stage = ""
        self._told_at = 0.0
        self._ends_at = time.monotonic() + _LONGEST.total_seconds()
        self.lease: leases.KeptLease | None = None

    def tell(self, stage: str, percent: float) -> None:
        """Raises `leases.LeaseLost`, also when somebody has cancelled, and `practising.NotPlayable`."""
        if self.lease:
            self.lease.check()
        if time.monotonic() > self._ends_at:
            raise practising.NotPlayable("It took longer than three hours.")
        if stage == self._stage and time.monotonic() - self._told_at < _TELL_EVERY:
            return
        self._stage, self._told_at = stage, time.monotonic()
        if not _mine(self._rehearsal).update(stage=stage, percent=percent, version=F("version") + 1):
            raise leases.LeaseLost

    def renew(self) -> bool:
        until = timezone.now() + timedelta(seconds=leases.SECONDS)
        return _mine(self._rehearsal).update(lease_until=until) == 1


def _mine(rehearsal: Rehearsal) -> QuerySet[Rehearsal]:
    return Rehearsal.objects.filter(pk=rehearsal.pk, state=State.RUNNING, lease_holder=rehearsal.lease_holder)


def _end(rehearsal: Rehearsal, state: State, *, figures: dict[str, Any] | None = None, **fields: Any) -> None:
    if figures is not None:
        # Ids in messages may hold NUL characters, which PostgreSQL does not take.
        fields["figures"] = storable_document(figures)
    _mine(rehearsal).update(state=state, lease_until=None, version=F("version") + 1, **fields)
    logger.info("rehearsal ended", extra={"rehearsal": rehearsal.pk, "state": state})


def to_be_removed() -> list[int]:
    """Rehearsals that are over and whose site may still be on the practice Canvas."""
    over = Rehearsal.objects.exclude(sealed_site=None).exclude(state__in=[State.WAITING, State.RUNNING])
    due_now = over.filter(Q(remove_at=None) | Q(remove_at__lte=timezone.now()))
    return list(due_now.values_list("pk", flat=True)[:20])


def tidy(*, rehearsal: Rehearsal, connect: Connect) -> None:
    """Remove what its last worker left of a rehearsal that is over; nothing where it was asked for anew meanwhile."""
    if not rehearsal.is_under_way:
        shutil.rmtree(rehearsal.folder, ignore_errors=True)
        _remove_site(rehearsal, connect)


def _remove_site(rehearsal: Rehearsal, connect: Connect) -> None:
    """Remove the site of this rehearsal, if it has one. While the practice Canvas is away it is tried again later."""
    sealed = rehearsal.sealed_site
    if sealed is None:
        return
    same = Rehearsal.objects.filter(pk=rehearsal.pk, sealed_site=bytes(sealed))
    try:
        with connect(sealing.unseal(sealed)) as canvas:
            canvas.remove()
    except (CanvasError, sealing.CredentialUnreadable) as error:
        logger.warning("practice site not removed", extra={"rehearsal": rehearsal.pk, "error": type(error).__name__})
        same.update(remove_at=timezone.now() + _REMOVE_AGAIN)
        return
    same.update(sealed_site=None, remove_at=None)
    rehearsal.sealed_site = None
