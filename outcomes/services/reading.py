"""Reading the rollups of courses from Canvas: gently, a page at a time, and visible only when whole.

A reading costs a request for every 100 students and a small constant. What was read stays when a worker dies or Canvas
asks for a pause, and the reading goes on from there; when the course changes meanwhile, it begins anew.
"""

import logging
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import CanvasAccount, User
from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotFound, NotPermitted, Throttled
from canvas.result_records import Rollup, RollupPage
from imports.models import Course
from outcomes.measured import MeasuredOutcome, measured
from outcomes.models import Reading, ReadingPage
from outcomes.sheet import Sheet

State = Reading.State

_LEASE = timedelta(seconds=120)  # longer than Canvas may take for one answer
_MAX_ATTEMPTS = 6
_MAX_RESTARTS = 5
_LONGEST_PAUSE = 600.0
_STATS = ("mean", "median")
# Canvas gives about 700 to a token at rest, and takes no request at 0: this much is left to everybody else.
_HEADROOM = 200.0
_REFILL = 10.0  # a second

logger = logging.getLogger(__name__)


class _Changed(Exception):
    """The course is not the one that the first page was of: what was read does not fit together."""


class _Overtaken(Exception):
    """Another worker has taken the reading over."""


def current(course: Course) -> Reading | None:
    """The newest complete reading."""
    return course.readings.filter(state=State.COMPLETE).order_by("-pk").first()


def ask(*, course: Course, by: User | None = None, urgency: int = 0) -> Reading:
    """Have the course read; one that is open already is only made more urgent."""
    with transaction.atomic():
        Course.objects.select_for_update().get(pk=course.pk)
        reading = course.readings.filter(state__in=Reading.OPEN).first()
        if reading is None:
            return Reading.objects.create(course=course, asked_by=by, urgency=urgency)
        if urgency < reading.urgency:
            Reading.objects.filter(pk=reading.pk).update(urgency=urgency, try_at=timezone.now())
            reading.refresh_from_db()
    return reading


def _free() -> QuerySet[Reading]:
    now = timezone.now()
    open_ = Reading.objects.filter(state__in=Reading.OPEN, try_at__lte=now, course__canvas_account__archived_at=None)
    return open_.filter(Q(lease_until=None) | Q(lease_until__lt=now))


def due() -> list[int]:
    """Readings that may go on now, as many of each Canvas account as may be under way at once, urgent ones first."""
    found: dict[int, list[int]] = {}
    for pk, account in _free().order_by("urgency", "pk").values_list("pk", "course__canvas_account__pk")[:2000]:
        found.setdefault(account, []).append(pk)
    return [pk for account, pks in found.items() for pk in pks[: settings.READINGS_AT_ONCE - _under_way(account)]]


def _under_way(canvas_account_pk: int) -> int:
    leased = Reading.objects.filter(course__canvas_account=canvas_account_pk, lease_until__gt=timezone.now())
    return min(settings.READINGS_AT_ONCE, leased.filter(state=State.RUNNING).count())


def claim(*, reading: Reading) -> bool:
    """Let one worker read, and no more of them per Canvas account than the setting says."""
    with transaction.atomic():
        # The row of the account is the lock under which its readings are counted.
        account = CanvasAccount.objects.select_for_update().get(pk=reading.course.canvas_account_id)
        if _under_way(account.pk) >= settings.READINGS_AT_ONCE:
            return False
        claimed = (
            _free()
            .filter(pk=reading.pk)
            .update(
                state=State.RUNNING,
                lease_until=timezone.now() + _LEASE,
                lease_holder=secrets.token_hex(8),
                attempts=F("attempts") + 1,
                version=F("version") + 1,
            )
        )
    reading.refresh_from_db()
    return bool(claimed)


def read(*, reading: Reading, canvas: CanvasClient) -> None:
    """Read on from where it stands. Raises nothing that Canvas or the network can cause. Must be claimed."""
    try:
        while reading.pages_all is None or reading.pages_done < reading.pages_all:
            _take_page(reading, canvas)
            pause = _wanted_pause(canvas)
            if pause and reading.pages_done < (reading.pages_all or 0):
                _leave(reading, try_at=timezone.now() + timedelta(seconds=pause), attempts=0)
                return
        _finish(reading, _sections(reading, canvas), _aggregates(reading, canvas))
    except _Overtaken:
        logger.warning("reading taken over", extra={"reading": reading.pk})
    except _Changed:
        _begin_anew(reading)
    except CanvasError as error:
        _settle(reading, error)


def _wanted_pause(canvas: CanvasClient) -> float:
    """Seconds after which Canvas has the head-room again that is left to others."""
    left = canvas.last_rate_limit
    return 0.0 if left is None or left >= _HEADROOM else (_HEADROOM - left) / _REFILL + 1.0


def _take_page(reading: Reading, canvas: CanvasClient) -> None:
    number = reading.pages_done + 1
    page = canvas.outcomes.rollup_page(reading.course.canvas_id, number, with_outcomes=number == 1)
    fields: dict[str, object] = {}
    if number == 1:
        outcomes = measured(page.outcomes, page.paths, page.alignments)
        fields = {"began_at": timezone.now(), "pages_all": page.page_count, "students": page.count}
        fields |= {"outcomes": [one.as_json() for one in outcomes], "outcome_count": len(outcomes)}
    else:
        _expect_same(reading, page)
        outcomes = [MeasuredOutcome.from_json(one) for one in reading.outcomes]
    try:
        sheet = Sheet.of_rollups(outcomes, page.users, page.rollups)
    except KeyError:
        raise _Changed from None
    with transaction.atomic():
        _update(reading, pages_done=number, requests=F("requests") + 1, attempts=0, **fields)
        ReadingPage.objects.update_or_create(reading=reading, number=number, defaults={"content": sheet.packed()})


def _expect_same(reading: Reading, page: RollupPage) -> None:
    """Pages are cut by name: one student more or less moves others over their borders."""
    if (page.page_count, page.count) != (reading.pages_all, reading.students):
        raise _Changed


def _sections(reading: Reading, canvas: CanvasClient) -> dict[str, str]:
    names = {str(section.id): section.name for section in canvas.outcomes.sections(reading.course.canvas_id)}
    _update(reading, requests=F("requests") + 1)
    return names


def _aggregates(reading: Reading, canvas: CanvasClient) -> dict[str, dict[str, list[float | int | None]]]:
    """Canvas's own mean and median; without one that a site cannot give, to whom large courses may be too much."""
    found = {}
    for stat in _STATS if reading.outcomes and reading.students else ():
        try:
            found[stat] = _figures(canvas.outcomes.aggregate(reading.course.canvas_id, stat=stat))
        except (Throttled, NotPermitted):
            raise
        except CanvasError as error:
            logger.warning("no aggregate", extra={"reading": reading.pk, "stat": stat, "error": type(error).__name__})
        _update(reading, requests=F("requests") + 1)
    return found


def _figures(rollup: Rollup) -> dict[str, list[float | int | None]]:
    return {str(score.outcome_id): [score.score, score.count] for score in rollup.scores}


@transaction.atomic
def _finish(
    reading: Reading, sections: dict[str, str], aggregates: dict[str, dict[str, list[float | int | None]]]
) -> None:
    _update(
        reading,
        state=State.COMPLETE,
        ended_at=timezone.now(),
        lease_until=None,
        problem="",
        sections=sections,
        aggregates=aggregates,
    )
    # What is frozen elsewhere is a copy, so nobody needs earlier readings any more.
    earlier = Reading.objects.filter(course=reading.course_id, pk__lt=reading.pk)
    earlier.exclude(state__in=Reading.OPEN).delete()
    logger.info("course read", extra={"reading": reading.pk, "requests": reading.requests})


@transaction.atomic
def _begin_anew(reading: Reading) -> None:
    reading.pages.all().delete()
    state = State.FAILED if reading.restarts >= _MAX_RESTARTS else State.WAITING
    problem = "The course changed while it was read. Try again when it is quieter." if state == State.FAILED else ""
    _leave(
        reading,
        state=state,
        problem=problem,
        restarts=F("restarts") + 1,
        pages_done=0,
        pages_all=None,
        students=None,
        outcome_count=None,
        outcomes=[],
        try_at=timezone.now() + timedelta(seconds=5),
    )


def _settle(reading: Reading, error: CanvasError) -> None:
    """Try again later, or give up and say why."""
    logger.warning("reading failed", extra={"reading": reading.pk, "error": type(error).__name__})
    hopeless = isinstance(error, (NotFound, NotPermitted)) or not (error.retryable or isinstance(error, Throttled))
    if hopeless or reading.attempts >= _MAX_ATTEMPTS:
        _leave(reading, state=State.FAILED, ended_at=timezone.now(), problem=_words(error))
        return
    pause = min(_LONGEST_PAUSE, 5.0 * 2.0 ** min(reading.attempts, 8))
    _leave(reading, try_at=timezone.now() + timedelta(seconds=pause), problem=str(error))


def _words(error: CanvasError) -> str:
    if isinstance(error, NotFound):
        return "Canvas does not have this course any more, or it keeps no rollups for it."
    if isinstance(error, NotPermitted):
        return "The token may not see the grades of this course. Give its owner that right in Canvas."
    return str(error)


def _update(reading: Reading, **fields: object) -> None:
    """Write into the reading while it is ours. Raises `_Overtaken`."""
    kept = {"lease_until": timezone.now() + _LEASE} | fields
    mine = Reading.objects.filter(pk=reading.pk, state=State.RUNNING, lease_holder=reading.lease_holder)
    if not mine.update(version=F("version") + 1, **kept):
        raise _Overtaken
    reading.refresh_from_db()


def _leave(reading: Reading, **fields: object) -> None:
    mine = Reading.objects.filter(pk=reading.pk, state=State.RUNNING, lease_holder=reading.lease_holder)
    mine.update(**{"state": State.WAITING, "lease_until": None, "version": F("version") + 1, **fields})
