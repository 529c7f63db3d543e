"""Fetching the outcome tree of an account or course, for pages to choose groups from, to compare with and to export."""

import logging
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts.models import CanvasAccount
from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotFound, NotPermitted
from canvas.outcomes import Context
from imports.destinations import Destination
from imports.kinds.outcome import context_of
from imports.models import OutcomeTree, SubAccount
from imports.preview.present import Outcome, Present, outcome_of, present_of

State = OutcomeTree.State

FRESH = timedelta(minutes=5)
_LEASE = timedelta(minutes=5)
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


def due() -> list[int]:
    """Trees that somebody waits for, and that nobody is fetching."""
    waiting = OutcomeTree.objects.filter(state=State.WAITING, canvas_account__archived_at=None)
    return list(waiting.exclude(lease_until__gt=timezone.now()).order_by("asked_at").values_list("pk", flat=True)[:50])


def claim(*, tree: OutcomeTree) -> bool:
    """Let one worker fetch it."""
    now = timezone.now()
    free = OutcomeTree.objects.filter(pk=tree.pk, state=State.WAITING).exclude(lease_until__gt=now)
    claimed = free.update(lease_until=now + _LEASE, attempts=F("attempts") + 1)
    tree.refresh_from_db()
    return bool(claimed)


def fail_without_token(*, tree: OutcomeTree) -> None:
    """Nobody can speak to Canvas for the account: say so to who waits."""
    problem = "There is no working token for this Canvas account. An admin can enter one in the settings."
    OutcomeTree.objects.filter(pk=tree.pk, state=State.WAITING).update(state=State.FAILED, problem=problem)


def collect(*, tree: OutcomeTree, canvas: CanvasClient) -> None:
    """Fetch a claimed tree; what failed is tried again, a few times."""
    try:
        fetch(canvas_account=tree.canvas_account, context=tree.context, canvas=canvas)
    except CanvasError as error:
        logger.warning("outcome tree not fetched", extra={"tree": tree.pk, "error": type(error).__name__})
        is_over = tree.attempts >= _MAX_ATTEMPTS or isinstance(error, (NotFound, NotPermitted))
        state = State.FAILED if is_over else State.WAITING
        pause = None if is_over else timezone.now() + timedelta(seconds=2.0**tree.attempts)
        # Only while it is ours: another worker, or a preview, may have fetched it meanwhile.
        mine = OutcomeTree.objects.filter(pk=tree.pk, state=State.WAITING, lease_until=tree.lease_until)
        mine.update(state=state, problem=str(error), lease_until=pause)


def fetch(*, canvas_account: CanvasAccount, context: str, canvas: CanvasClient) -> Present:
    """Fetch the tree as it is now and keep it. Raises `CanvasError`."""
    place = context_of(canvas, Destination(context))
    groups, links = list(canvas.outcomes.groups(place)), list(canvas.outcomes.links(place))
    present = present_of(groups, links, aligned=_aligned(canvas, context))
    OutcomeTree.objects.update_or_create(
        canvas_account=canvas_account,
        context=context,
        defaults={
            "state": State.READY,
            "problem": "",
            "fetched_at": timezone.now(),
            "lease_until": None,
            "content": present.dump(),
            "groups": len(present.groups),
            "outcomes": len(present.outcomes),
        },
    )
    return present


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


def present_in(tree: OutcomeTree) -> Present | None:
    """What was fetched last; None where nothing ever was."""
    return Present.load(bytes(tree.content)) if tree.content else None
