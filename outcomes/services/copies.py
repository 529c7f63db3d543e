"""Reading single outcomes by themselves, so that pages and edits start from what Canvas says now."""

import logging
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts.models import CanvasAccount
from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotFound, NotPermitted
from outcomes.models import OutcomeCopy
from outcomes.outcome.described import Described
from outcomes.services import errands

_FRESH = timedelta(minutes=5)

logger = logging.getLogger(__name__)


def want(*, canvas_account: CanvasAccount, canvas_id: int) -> OutcomeCopy:
    """The copy of an outcome, made with its first use; read where it is not fresh."""
    copy, _ = OutcomeCopy.objects.get_or_create(canvas_account=canvas_account, canvas_id=canvas_id)
    if copy.read_at is None or copy.read_at < timezone.now() - _FRESH:
        errands.want(copy)
    return copy


def due() -> list[int]:
    return errands.due(OutcomeCopy)


def claim(*, copy: OutcomeCopy) -> bool:
    return errands.claim(copy)


def collect(*, copy: OutcomeCopy, canvas: CanvasClient) -> None:
    """Read the outcome. Raises nothing that Canvas or the network can cause. Must be claimed."""
    try:
        errands.finish(copy, read_at=timezone.now(), **_now(copy, canvas))
    except errands.Overtaken:
        logger.warning("outcome taken over", extra={"copy": copy.pk})
    except CanvasError as error:
        forbidden = "The token may not read this outcome. Give its owner that right in Canvas."
        errands.settle(copy, error, forbidden if isinstance(error, NotPermitted) else "")


def _now(copy: OutcomeCopy, canvas: CanvasClient) -> dict[str, object]:
    try:
        facts = Described.of(canvas.outcomes.outcome(copy.canvas_id))
    except NotFound:
        return {"is_gone": True}
    return {"is_gone": False, "described": facts.as_json()}


def keep(*, copy: OutcomeCopy, facts: Described | None) -> None:
    """Write down what Canvas has just said elsewhere; None: it does not have the outcome any more."""
    described = {} if facts is None else {"described": facts.as_json()}
    OutcomeCopy.objects.filter(pk=copy.pk).update(
        read_at=timezone.now(), is_gone=facts is None, version=F("version") + 1, **described
    )
    copy.refresh_from_db()
