"""Saving the order of a course's outcomes in Canvas: asked for by a person, carried out by a worker.

Canvas keeps it for the token's owner and course; rollups, Canvas's export and its gradebook follow it for that person.
Saving twice does no harm, since each time the whole order is replaced.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.audit import record
from accounts.connections import NOT_CONNECTED
from accounts.models import User
from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotFound
from imports import leases
from imports.models import Course
from outcomes.models import OutcomeOrder, Reading

State = OutcomeOrder.State

_LEASE = timedelta(seconds=180)  # longer than Canvas may take for both requests
_MAX_ATTEMPTS = 6

logger = logging.getLogger(__name__)


class OrderRefused(Exception):
    """This order cannot be saved now; the message says why."""


def ask(*, course: Course, outcome_ids: Sequence[int], reading: Reading, by: User | None) -> OutcomeOrder:
    """Raises `OrderRefused` when it is not one of the outcomes read, or another one is on its way."""
    known = {int(outcome["id"]) for outcome in reading.outcomes}
    if known != set(outcome_ids) or len(known) != len(outcome_ids):
        raise OrderRefused("The outcomes of the course have changed meanwhile. Order them once more.")
    try:
        with transaction.atomic():
            order = OutcomeOrder.objects.create(course=course, outcome_canvas_ids=list(outcome_ids), asked_by=by)
            record(
                verb="save_outcome_order",
                subject=f"outcomes of {course}",
                subject_key=f"course:{course.canvas_id}",
                actor=by,
                canvas_account=course.canvas_account,
                detail={"outcomes": len(outcome_ids)},
            )
    except IntegrityError as error:
        raise OrderRefused("An order is being saved already. Wait until it is.") from error
    return order


def _free() -> QuerySet[OutcomeOrder]:
    return leases.unclaimed(OutcomeOrder.objects.filter(state__in=OutcomeOrder.OPEN, try_at__lte=timezone.now()))


def due() -> list[int]:
    active = _free().filter(course__canvas_account__archived_at=None)
    return list(active.order_by("try_at").values_list("pk", flat=True)[:50])


def claim(*, order: OutcomeOrder) -> bool:
    """Let one worker carry it to Canvas. After a few dead workers it is given up."""
    answer = "The worker that was saving it has stopped. Look at the order in Canvas, and save it again if need be."
    exhausted = _free().filter(pk=order.pk, attempts__gte=_MAX_ATTEMPTS)
    if exhausted.update(state=State.REFUSED, ended_at=timezone.now(), answer=answer):
        return False
    return leases.claim(_free(), order, lease=_LEASE, state=State.SENDING)


def refuse_without_token(*, order: OutcomeOrder) -> None:
    """Nobody can speak to Canvas for the account: say so, and what to do, rather than keep somebody waiting."""
    # One that an earlier worker has begun to send may have arrived.
    told = "Nothing was sent." if order.attempts == 0 else "Whether an earlier attempt arrived is not known."
    answer = f"{told} {NOT_CONNECTED} Then save the order again."
    _free().filter(pk=order.pk).update(state=State.REFUSED, ended_at=timezone.now(), answer=answer)


def save(*, order: OutcomeOrder, canvas: CanvasClient) -> None:
    """Raises nothing that Canvas or the network can cause. Must be claimed."""
    try:
        canvas.outcomes.assign_order(order.course.canvas_id, order.outcome_canvas_ids)
        answer = _arranged(order, canvas)
    except CanvasError as error:
        _settle(order, error)
    else:
        _take_over(order, answer)


def _arranged(order: OutcomeOrder, canvas: CanvasClient) -> str:
    """Tell Canvas to use the order. Older sites have no such setting; where the newer gradebook is off none is kept."""
    wanted = {"outcome_arrangement": "custom"}
    try:
        kept = canvas.outcomes.change_gradebook_settings(order.course.canvas_id, wanted)
    except NotFound:
        kept = {}
    if wanted.items() <= kept.items():
        return "Canvas has the order and uses it."
    return "Canvas has the order. It has no setting to use it, since the newer mastery gradebook is off there."


@transaction.atomic
def _take_over(order: OutcomeOrder, answer: str) -> None:
    """What has been read follows at once."""
    if _leave(order, state=State.DONE, answer=answer, ended_at=timezone.now()):
        complete = Reading.objects.filter(course=order.course_id, state=Reading.State.COMPLETE)
        complete.update(order=order.outcome_canvas_ids, version=F("version") + 1)
        logger.info("order of outcomes saved", extra={"order": order.pk})


def _settle(order: OutcomeOrder, error: CanvasError) -> None:
    logger.warning("order of outcomes not saved", extra={"order": order.pk, "error": type(error).__name__})
    if error.retryable and order.attempts < _MAX_ATTEMPTS:
        pause = timedelta(seconds=min(60.0, 2.0**order.attempts))
        _leave(order, state=State.ASKED, try_at=timezone.now() + pause, answer=str(error))
    else:
        told = error.canvas_message or ""
        answer = f"{error} {told}".strip() if told and told not in str(error) else str(error)
        _leave(order, state=State.REFUSED, ended_at=timezone.now(), answer=answer)


def _leave(order: OutcomeOrder, **fields: object) -> bool:
    return bool(leases.mine(order).update(lease_until=None, **fields))
