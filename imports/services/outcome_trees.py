"""Fetching the outcome tree of an account or course, for pages to choose groups from, to compare with and to export."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.connections import NOT_CONNECTED
from accounts.models import CanvasAccount
from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotFound, NotPermitted
from canvas.outcomes import Context
from imports import leases
from imports.destinations import Destination
from imports.kinds.outcome import context_of
from imports.models import OutcomeTree, SubAccount
from imports.preview.present import Outcome, Present, outcome_of, present_of

State = OutcomeTree.State

FRESH = timedelta(minutes=5)
_LEASE = timedelta(seconds=3 * leases.SECONDS)
_MAX_ATTEMPTS = 3

logger = logging.getLogger(__name__)


def ask(*, canvas_account: CanvasAccount, context: str, anew: bool = False) -> OutcomeTree:
    """The tree of a context; fetched by a worker where it is not fresh, or where somebody wants it anew."""
    tree, _ = OutcomeTree.objects.get_or_create(canvas_account=canvas_account, context=context)
    is_fresh = tree.fetched_at is not None and tree.fetched_at > timezone.now() - FRESH
    if tree.state != State.WAITING and (anew or not is_fresh):
        OutcomeTree.objects.filter(pk=tree.pk).update(
            state=State.WAITING, asked_at=timezone.now(), attempts=0, lease_until=None, problem=""
        )
        tree.refresh_from_db()
    return tree


def _waiting() -> QuerySet[OutcomeTree]:
    return leases.unclaimed(OutcomeTree.objects.filter(state=State.WAITING, canvas_account__archived_at=None))


def due() -> list[int]:
    """Trees that somebody waits for, and that nobody is fetching."""
    return list(_waiting().order_by("asked_at").values_list("pk", flat=True)[:50])


def claim(*, tree: OutcomeTree) -> bool:
    """Let one worker fetch it. After a few dead workers it is given up: something in the answer kills them."""
    exhausted = _waiting().filter(pk=tree.pk, attempts__gte=_MAX_ATTEMPTS)
    if exhausted.update(state=State.FAILED, problem="The worker that fetched them has stopped."):
        return False
    return leases.claim(_waiting(), tree, lease=_LEASE)


def kept(tree: OutcomeTree) -> leases.KeptLease:
    """The lease of a claimed tree, kept while the block lasts: a large one may take long."""
    return leases.KeptLease(lambda: leases.mine(tree).update(lease_until=timezone.now() + _LEASE) == 1)


def fail_without_token(*, tree: OutcomeTree) -> None:
    """Nobody can speak to Canvas for the account: say so to who waits."""
    _waiting().filter(pk=tree.pk).update(state=State.FAILED, problem=NOT_CONNECTED)


def collect(*, tree: OutcomeTree, canvas: CanvasClient) -> None:
    """Fetch a claimed tree; what failed is tried again, a few times."""
    began = timezone.now()
    try:
        present = _fetched(tree.context, canvas)
    except CanvasError as error:
        logger.warning("outcome tree not fetched", extra={"tree": tree.pk, "error": type(error).__name__})
        is_over = tree.attempts >= _MAX_ATTEMPTS or isinstance(error, (NotFound, NotPermitted))
        state = State.FAILED if is_over else State.WAITING
        pause = None if is_over else timezone.now() + timedelta(seconds=2.0**tree.attempts)
        leases.mine(tree).filter(state=State.WAITING).update(state=state, problem=str(error), lease_until=pause)
    else:
        leases.mine(tree).update(**_ready(present, began))


def fetch(*, canvas_account: CanvasAccount, context: str, canvas: CanvasClient) -> Present:
    """The tree as it is now, for who compares with it; it is also kept, for who waits. Raises `CanvasError`."""
    began = timezone.now()
    present = _fetched(context, canvas)
    tree, _ = OutcomeTree.objects.get_or_create(canvas_account=canvas_account, context=context)
    # Whoever is fetching it, too, has begun earlier or later: the one that began last knows best.
    older = OutcomeTree.objects.filter(pk=tree.pk).exclude(fetched_at__gt=began)
    older.update(lease_holder="", **_ready(present, began))
    return present


def _fetched(context: str, canvas: CanvasClient) -> Present:
    place = context_of(canvas, Destination(context))
    groups, links = list(canvas.outcomes.groups(place)), list(canvas.outcomes.links(place))
    return present_of(groups, links, aligned=_aligned(canvas, context))


def _ready(present: Present, began: datetime) -> dict[str, Any]:
    return {
        "state": State.READY,
        "problem": "",
        "fetched_at": began,
        "lease_until": None,
        "content": present.dump(),
        "groups": sum(group.parent is not None for group in present.groups.values()),
        "outcomes": len(present.outcomes),
    }


def _aligned(canvas: CanvasClient, context: str) -> set[int] | None:
    """Outcomes that something in a course is aligned with: rollups name it. None where the token may not see them."""
    destination = Destination(context)
    if not destination.is_course:
        return set()
    try:
        page = canvas.outcomes.rollup_page(int(destination.canvas_id), 1, with_outcomes=True)
    except (NotPermitted, NotFound):
        return None
    return {outcome.id for outcome in page.outcomes if outcome.alignments}


def above(*, canvas_account: CanvasAccount, context: str, canvas: CanvasClient) -> dict[str, Outcome]:
    """Outcomes of the accounts above a context by their guids: an import may link them. Raises `CanvasError`."""
    found: dict[str, Outcome] = {}
    for place in _places_above(canvas_account, Destination(context), canvas):
        for link in canvas.outcomes.links(place):
            outcome = outcome_of(link)
            if outcome.guid:
                found.setdefault(outcome.guid, outcome)
    return found


def _places_above(canvas_account: CanvasAccount, destination: Destination, canvas: CanvasClient) -> list[Context]:
    if destination.canvas_id == "self":
        return []
    parents = dict(
        SubAccount.objects.filter(canvas_account=canvas_account).values_list("canvas_id", "parent_canvas_id")
    )
    number = int(destination.canvas_id)
    at = canvas.outcomes.course(number).account_id if destination.is_course else parents.get(number)
    chain: list[Context] = []
    while at is not None and at in parents and len(chain) < len(parents):
        chain.append(Context.account(at))
        at = parents[at]
    return [*chain, canvas.outcomes.root]
