"""Errands: rows that a worker fetches or sends something for. One place for leases, attempts and giving up.

A worker that dies leaves a lease that runs out; then another goes on from what was committed.
"""

import logging
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.connections import NOT_CONNECTED
from canvas.errors import CanvasError
from imports import leases
from outcomes.models import AlignmentList, Errand, OutcomeCopy, OutcomeEdit, Tree
from outcomes.services import pauses

_LEASE = timedelta(seconds=120)  # longer than Canvas may take for one answer
_TOKEN_PAUSE = timedelta(seconds=30)
# What was given up is not begun again by a page that looks at what came of it.
_GIVEN_UP_FOR = 60.0
# Where each kind of errand names its Canvas account.
_ACCOUNT: dict[type[Errand], str] = {
    Tree: "canvas_account",
    OutcomeCopy: "canvas_account",
    OutcomeEdit: "outcome__canvas_account",
    AlignmentList: "course__canvas_account",
}

logger = logging.getLogger(__name__)


class Overtaken(Exception):
    """Another worker has taken the errand over."""


def want(errand: Errand, *, anew: bool = False) -> bool:
    """Have it done, unless it is wanted already, or was given up just now and nobody says anew. True if it is news."""
    now = timezone.now()
    if errand.is_open or (errand.try_at > now and not anew):
        return False
    asked = _rows(errand).filter(wanted_at=None)
    news = asked.update(wanted_at=now, try_at=now, attempts=0, problem="", version=F("version") + 1)
    errand.refresh_from_db()
    return bool(news)


def _free(model: type[Errand]) -> QuerySet[Any]:
    now = timezone.now()
    archived = f"{_ACCOUNT[model]}__archived_at"
    rows: QuerySet[Any] = QuerySet(model)
    return leases.unclaimed(rows.filter(wanted_at__isnull=False, try_at__lte=now, **{archived: None}))


def due(model: type[Errand]) -> list[int]:
    """Errands of a kind that wait, and that nobody is on."""
    return list(_free(model).order_by("try_at").values_list("pk", flat=True)[:20])


def claim(errand: Errand) -> bool:
    """Let one worker do it."""
    return leases.claim(_free(type(errand)), errand, lease=_LEASE)


def wait_for_token(errand: Errand) -> None:
    """Nobody can speak to Canvas for the account: say so, and look again later."""
    _free(type(errand)).filter(pk=errand.pk).update(
        problem=NOT_CONNECTED,
        try_at=timezone.now() + _TOKEN_PAUSE,
        version=F("version") + 1,
    )


def update(errand: Errand, **fields: Any) -> None:
    """Write into the errand while it is ours, and keep it ours. Raises `Overtaken`."""
    kept = {"lease_until": timezone.now() + _LEASE} | fields
    if not _mine(errand).update(version=F("version") + 1, **kept):
        raise Overtaken
    errand.refresh_from_db()


def finish(errand: Errand, **fields: Any) -> None:
    """Nothing more is wanted. Raises `Overtaken`."""
    update(errand, **{"wanted_at": None, "lease_until": None, "attempts": 0, "problem": "", **fields})


def leave(errand: Errand, *, pause: float, **fields: Any) -> None:
    """Go on after so many seconds."""
    later = {"lease_until": None, "try_at": timezone.now() + timedelta(seconds=pause)}
    _mine(errand).update(version=F("version") + 1, **(later | fields))


def settle(errand: Errand, error: CanvasError, words: str = "") -> bool:
    """Try again later, or give up and say why: `words`, else the error's own. True if it was given up."""
    name = type(errand).__name__
    logger.warning("errand failed", extra={"errand": f"{name} {errand.pk}", "error": type(error).__name__})
    if not error.retryable:
        leave(errand, pause=_GIVEN_UP_FOR, wanted_at=None, attempts=0, problem=words or str(error))
    else:
        leave(errand, pause=pauses.after_failures(errand.attempts), problem=str(error))
    return not error.retryable


def _rows(errand: Errand) -> QuerySet[Any]:
    return QuerySet(type(errand)).filter(pk=errand.pk)


def _mine(errand: Errand) -> QuerySet[Any]:
    return leases.mine(errand).filter(wanted_at__isnull=False)
