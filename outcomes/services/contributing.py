"""Fetching the results behind rollups: of all students for one outcome, with one request, when somebody looks."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.connections import NOT_CONNECTED
from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotFound, NotPermitted
from imports import leases
from outcomes.models import Contributions, Reading
from outcomes.rollups.contributed import Contributed

State = Contributions.State

_LEASE = timedelta(seconds=leases.SECONDS)
_MAX_ATTEMPTS = 4
_ASK_AGAIN = timedelta(seconds=30)

logger = logging.getLogger(__name__)


@transaction.atomic
def ask(*, reading: Reading, outcome_id: int) -> Contributions:
    """Have them fetched unless they are here; what failed a while ago is tried again.

    Raises `Reading.DoesNotExist` where a newer reading has taken its place meanwhile.
    """
    Reading.objects.select_for_update().get(pk=reading.pk)
    found, _ = Contributions.objects.get_or_create(reading=reading, outcome_canvas_id=outcome_id)
    long_ago = timezone.now() - _ASK_AGAIN
    failed = Contributions.objects.filter(pk=found.pk, state=State.FAILED, try_at__lt=long_ago)
    if failed.update(state=State.WAITING, attempts=0, problem="", try_at=timezone.now()):
        found.refresh_from_db()
    return found


def _free() -> QuerySet[Contributions]:
    return leases.unclaimed(Contributions.objects.filter(state=State.WAITING, try_at__lte=timezone.now()))


def due() -> list[int]:
    active = _free().filter(reading__course__canvas_account__archived_at=None)
    return list(active.order_by("try_at").values_list("pk", flat=True)[:50])


def claim(*, contributions: Contributions) -> bool:
    """Let one worker fetch them. After a few dead workers they are given up: something in the answer kills them."""
    exhausted = _free().filter(pk=contributions.pk, attempts__gte=_MAX_ATTEMPTS)
    if exhausted.update(state=State.FAILED, try_at=timezone.now(), problem="The worker that fetched them has stopped."):
        return False
    return leases.claim(_free(), contributions, lease=_LEASE)


def fail_without_token(*, contributions: Contributions) -> None:
    """Nobody can speak to Canvas for the account: say so to who waits. A later look asks again."""
    waiting = _free().filter(pk=contributions.pk)
    waiting.update(state=State.FAILED, try_at=timezone.now(), problem=NOT_CONNECTED)


def fetch(*, contributions: Contributions, canvas: CanvasClient) -> None:
    """Raises nothing that Canvas or the network can cause. Must be claimed."""
    course_id, outcome_id = contributions.reading.course.canvas_id, contributions.outcome_canvas_id
    mine = leases.mine(contributions)
    try:
        # An older site lists them in as many pages as it takes.
        with leases.KeptLease(lambda: mine.update(lease_until=timezone.now() + _LEASE) == 1):
            found = _fetched(canvas, course_id, outcome_id)
    except CanvasError as error:
        _settle(contributions, error)
    else:
        _leave(contributions, state=State.COMPLETE, content=found.packed(), problem="")


def _fetched(canvas: CanvasClient, course_id: int, outcome_id: int) -> Contributed:
    """Older sites know single results only, and tell the names of what gave them with rollups."""
    try:
        return Contributed.of_scores(canvas.outcomes.contributing_scores(course_id, outcome_id))
    except NotFound:
        results = list(canvas.outcomes.results(course_id, outcome_ids=[outcome_id]))
        names = canvas.outcomes.rollup_page(course_id, 1, with_outcomes=True).alignments if results else {}
        return Contributed.of_results(results, names)


def _settle(contributions: Contributions, error: CanvasError) -> None:
    logger.warning(
        "contributions not fetched", extra={"contributions": contributions.pk, "error": type(error).__name__}
    )
    pause = timedelta(seconds=2.0**contributions.attempts)
    if error.retryable and contributions.attempts < _MAX_ATTEMPTS:
        _leave(contributions, try_at=timezone.now() + pause, problem=str(error))
    else:
        _leave(contributions, state=State.FAILED, try_at=timezone.now(), problem=_words(error))


def _words(error: CanvasError) -> str:
    if isinstance(error, NotFound):
        return "Canvas does not have this course or outcome any more. Read the course again."
    if isinstance(error, NotPermitted):
        return "The token may not see the grades of this course. Give its owner that right in Canvas."
    return str(error)


def _leave(contributions: Contributions, **fields: object) -> None:
    leases.mine(contributions).update(lease_until=None, **fields)
