"""Watching a Canvas account: one list request per look covers every active run and what other tools launch."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from accounts.models import CanvasAccount
from accounts.services.credentials import note_credential_trouble, note_credential_works
from canvas.client import CanvasClient
from canvas.errors import (
    CanvasError,
    InsufficientScope,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    ServerFault,
    Unreadable,
)
from imports.kinds.base import Heard
from imports.kinds.registry import KINDS
from imports.models import Action, ImportRun, Watch
from imports.phases import IN_CANVAS, Outcome, Phase
from imports.services import actions
from imports.services.mirroring import mirror, refresh

_LEASE = timedelta(seconds=90)
_HISTORY_LEASE = timedelta(minutes=2)
# An import can show up in the list a little after the time of its creation: that far each look goes back.
_OVERLAP = timedelta(minutes=5)
# Beyond that many imports an old active run costs less when it is read by itself.
_LISTED_AT_MOST = 300
_SINGLE_READS = 10
_GROWTH = 1.5
_SLOWEST_WHILE_ACTIVE = 4.0
_SLOWEST_IN_TROUBLE = 60.0
_LISTS_AGE = timedelta(hours=1)

logger = logging.getLogger(__name__)


def watch_over(canvas_account: CanvasAccount) -> Watch:
    """The account's watch; made with its first use."""
    watch, _ = Watch.objects.get_or_create(canvas_account=canvas_account)
    return watch


def watch_all() -> None:
    """Give every Canvas account its watch."""
    for canvas_account in CanvasAccount.objects.filter(watch=None, archived_at=None):
        watch_over(canvas_account)


def look_soon(canvas_account: CanvasAccount) -> None:
    """Something is about to happen in Canvas: ask at the next tick, and often after that."""
    watch_over(canvas_account)
    Watch.objects.filter(canvas_account=canvas_account).update(poll_at=timezone.now(), interval=settings.POLL_FASTEST)


def claim(*, watch: Watch) -> bool:
    """Let one worker alone speak with Canvas for this account."""
    return bool(Watch.objects.due().filter(pk=watch.pk).update(lease_until=timezone.now() + _LEASE))


def look(*, watch: Watch, canvas: CanvasClient) -> None:
    """Ask Canvas what there is, write it down, and decide when to ask again. The watch must be claimed."""
    try:
        moved = _mirror_list(watch, canvas)
        moved |= _read_left_behind(watch.canvas_account, canvas)
        _follow_actions(watch.canvas_account, canvas)
        _refresh_terms(watch, canvas)
        _refresh_roles(watch, canvas)
    except CanvasError as error:
        _note_trouble(watch, error)
    else:
        note_credential_works(canvas_account=watch.canvas_account)
        _rest(watch, moved=moved)


def _mirror_list(watch: Watch, canvas: CanvasClient) -> bool:
    """Everything since the horizon, however long nobody looked; at the first look only the newest."""
    moved = False
    newest, horizon = watch.newest_seen_at, _horizon(watch)
    for kind in KINDS.values():
        listed = kind.listed(canvas, since=horizon, before=None)
        while piece := list(islice(listed, _LISTED_AT_MOST)):
            moved |= _mirror_piece(watch, kind.name, piece)
            newest = max([made for made in (newest, *_made_at(piece)) if made], default=None)
            if horizon is None:
                break  # `collect_history` brings the rest
    if newest != watch.newest_seen_at:
        Watch.objects.filter(pk=watch.pk).update(newest_seen_at=newest)
    return moved


def _mirror_piece(watch: Watch, kind: str, piece: Sequence[Heard]) -> bool:
    Watch.objects.filter(pk=watch.pk).update(lease_until=timezone.now() + _LEASE)
    moved = mirror(canvas_account=watch.canvas_account, kind=kind, listed=piece)
    if moved and any("term" in heard.supplied for heard in piece):
        watch.terms_at = None  # there may be new terms to choose from
    return moved


def _made_at(listed: Sequence[Heard]) -> list[datetime]:
    return [heard.canvas_created_at for heard in listed if heard.canvas_created_at]


def _horizon(watch: Watch) -> datetime | None:
    """Since when to list: everything unknown, and every active run unless too much was made since."""
    if watch.newest_seen_at is None:
        return None
    horizon = watch.newest_seen_at - _OVERLAP
    runs = ImportRun.objects.filter(canvas_account=watch.canvas_account)
    oldest = runs.filter(phase__in=IN_CANVAS).aggregate(oldest=Min("canvas_created_at"))["oldest"]
    if oldest is None or oldest > horizon:
        return horizon
    since = oldest - timedelta(seconds=1)
    made_since = runs.filter(at__gte=since).order_by()[: _LISTED_AT_MOST + 1].count()
    return since if made_since < _LISTED_AT_MOST else horizon


def _read_left_behind(canvas_account: CanvasAccount, canvas: CanvasClient) -> bool:
    """Active runs that the list did not bring: old ones, or ones that Canvas has forgotten."""
    fresh = timezone.now() - timedelta(seconds=5)
    left = ImportRun.objects.filter(canvas_account=canvas_account, phase__in=IN_CANVAS, heard_at__lt=fresh)
    moved = False
    for run in left.order_by("heard_at")[:_SINGLE_READS]:
        try:
            heard = KINDS[run.kind].read(canvas, run.canvas_id or 0)
        except NotFound:
            moved |= ImportRun.objects.move(
                run.pk,
                IN_CANVAS,
                Phase.FINISHED,
                outcome=Outcome.LOST,
                finished_at=timezone.now(),
                problem="Canvas no longer knows this import.",
            )
        except (ServerFault, Unreadable) as error:
            # One import that Canvas cannot show must not stop the watch over all the others.
            logger.warning("import cannot be read", extra={"run": run.pk, "error": type(error).__name__})
        else:
            ImportRun.objects.filter(pk=run.pk).update(heard_at=timezone.now())
            moved |= refresh(run=run, heard=heard)
    return moved


def _follow_actions(canvas_account: CanvasAccount, canvas: CanvasClient) -> None:
    under_way = Action.objects.filter(canvas_account=canvas_account, state=Action.State.UNDER_WAY)
    for action in under_way.select_related("run")[:_SINGLE_READS]:
        actions.follow(action=action, canvas=canvas)


def _refresh_terms(watch: Watch, canvas: CanvasClient) -> None:
    if _is_fresh(watch.terms_at):
        return
    try:
        terms = [{"id": term.id, "name": term.name, "sis_term_id": term.sis_term_id} for term in canvas.terms()]
    except (NotPermitted, InsufficientScope, NotFound):
        # A token may import without being allowed this: then there are no terms to choose from, and no other harm.
        logger.info("token may not read terms", extra={"canvas_account": watch.canvas_account_id})
        terms = []
    Watch.objects.filter(pk=watch.pk).update(terms=terms, terms_at=timezone.now())


def _refresh_roles(watch: Watch, canvas: CanvasClient) -> None:
    if _is_fresh(watch.roles_at):
        return
    try:
        roles = [{"id": role.id, "name": role.name, "base_role_type": role.base_role_type} for role in canvas.roles()]
    except (NotPermitted, InsufficientScope, NotFound):
        # Then nobody knows which roles there are, and the check does not pretend to.
        logger.info("token may not read roles", extra={"canvas_account": watch.canvas_account_id})
        roles = None
    Watch.objects.filter(pk=watch.pk).update(roles=roles, roles_at=timezone.now())


def _is_fresh(at: datetime | None) -> bool:
    return at is not None and at > timezone.now() - _LISTS_AGE


def _rest(watch: Watch, *, moved: bool) -> None:
    """Ask again soon while things move, later when they do not, seldom when nothing is active."""
    account = watch.canvas_account
    active = ImportRun.objects.filter(canvas_account=account, phase__in=IN_CANVAS).exists()
    active |= Action.objects.filter(canvas_account=account, state=Action.State.UNDER_WAY).exists()
    slowest = _SLOWEST_WHILE_ACTIVE if active else settings.POLL_SLOWEST
    interval = settings.POLL_FASTEST if moved else min(slowest, watch.interval * _GROWTH)
    _leave(watch, interval, heard_at=timezone.now(), trouble="", trouble_since=None)


def _note_trouble(watch: Watch, error: CanvasError) -> None:
    now = timezone.now()
    logger.warning(
        "canvas cannot be watched",
        extra={"canvas_account": watch.canvas_account_id, "error": type(error).__name__, "status": error.status},
    )
    if isinstance(error, NotAuthenticated):
        note_credential_trouble(canvas_account=watch.canvas_account, error=error)
    interval = min(_SLOWEST_IN_TROUBLE, max(watch.interval, 1.0) * 2)
    _leave(watch, interval, trouble=str(error), trouble_since=watch.trouble_since or now)


def _leave(watch: Watch, interval: float, **fields: Any) -> None:
    poll_at = timezone.now() + timedelta(seconds=interval)
    Watch.objects.filter(pk=watch.pk).update(poll_at=poll_at, interval=interval, lease_until=None, **fields)
    watch.refresh_from_db()


def due_histories() -> list[int]:
    """Watches whose history is not collected yet, over accounts that answer, and that nobody is collecting."""
    waiting = Watch.objects.filter(history_complete=False, trouble="", canvas_account__archived_at=None)
    free = waiting.exclude(heard_at=None).exclude(history_lease_until__gt=timezone.now())
    return list(free.values_list("pk", flat=True))


def claim_history(*, watch: Watch) -> bool:
    """Let one worker collect the history."""
    now = timezone.now()
    free = Watch.objects.filter(pk=watch.pk, history_complete=False).exclude(history_lease_until__gt=now)
    return bool(free.update(history_lease_until=now + _HISTORY_LEASE))


def collect_history(*, watch: Watch, canvas: CanvasClient, at_most: int = 1000) -> int:
    """Mirror up to so many older imports, going back from where the last call stopped; returns how many it met.

    Resumes by creation time, so that a worker that dies costs at most one call's work. May raise `CanvasError`.
    """
    met = 0
    before = watch.history_before
    for kind in KINDS.values():
        listed = list(islice(kind.listed(canvas, since=None, before=watch.history_before), at_most))
        mirror(canvas_account=watch.canvas_account, kind=kind.name, listed=listed)
        met += len(listed)
        before = min([made for made in (before, *_made_at(listed)) if made], default=None)
    # Canvas lists what is strictly earlier and its times have no fractions: one second is read twice, none is missed.
    overlapping = before + timedelta(seconds=1) if before else None
    if met == at_most and overlapping == watch.history_before:
        # So many imports were made within one second: only a larger piece gets past it.
        return collect_history(watch=watch, canvas=canvas, at_most=2 * at_most)
    Watch.objects.filter(pk=watch.pk).update(
        history_before=overlapping,
        history_complete=met < at_most,
        history_lease_until=None,
    )
    watch.refresh_from_db()
    return met


def forget_history(*, watch: Watch) -> None:
    """Collect the whole history anew; what is known stays and is brought up to date."""
    Watch.objects.filter(pk=watch.pk).update(history_before=None, history_complete=False)
