"""Reading the rollups of courses from Canvas: gently, a page at a time, and visible only when whole.

A reading costs a request for every 100 students and a small constant. What was read stays when a worker dies or Canvas
asks for a pause, and the reading goes on from there; when the course changes meanwhile, or hours after the first page,
it begins anew, a few times.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.connections import NOT_CONNECTED
from accounts.models import CanvasAccount, User
from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotFound, NotPermitted, Throttled
from canvas.result_records import Rollup, RollupPage
from imports import leases
from imports.models import Course
from outcomes.models import Reading, ReadingPage
from outcomes.outcome.measured import MeasuredOutcome, measured
from outcomes.rollups.sheet import Sheet, unpacked
from outcomes.services import pauses

State = Reading.State
Aggregates = dict[str, dict[str, list[float | int | None]]]

_LEASE = timedelta(seconds=leases.SECONDS)
_TOO_OLD = timedelta(hours=3)  # pages further apart than this do not make one reading
_MAX_ATTEMPTS = 6
_MAX_DEATHS = 10  # attempts that nobody lived to settle: the reading itself may be what kills workers
_MAX_RESTARTS = 5
_TOKEN_PAUSE = timedelta(minutes=1)
_STATS = ("mean", "median")
_FROM_THE_START: dict[str, object] = {
    "pages_done": 0,
    "pages_all": None,
    "students": None,
    "outcome_count": None,
    "outcomes": [],
}

logger = logging.getLogger(__name__)


class _Changed(Exception):
    """The course is not the one that the first page was of, or too long ago: what was read does not fit together."""


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
    return leases.unclaimed(open_)


def due() -> list[int]:
    """Readings that may go on now, as many of each Canvas account as may be under way at once, urgent ones first."""
    found: list[int] = []
    for account in _free().order_by().values_list("course__canvas_account__pk", flat=True).distinct():
        first = _free().filter(course__canvas_account=account).order_by("urgency", "pk").values_list("pk", flat=True)
        found += first[: settings.READINGS_AT_ONCE - _under_way(account)]
    return found


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
        return leases.claim(_free(), reading, lease=_LEASE, state=State.RUNNING, version=F("version") + 1)


def wait_for_token(*, reading: Reading) -> None:
    """Nobody can speak to Canvas for the account: say so, and look again later."""
    _free().filter(pk=reading.pk).update(
        state=State.WAITING,
        problem=NOT_CONNECTED,
        try_at=timezone.now() + _TOKEN_PAUSE,
        version=F("version") + 1,
    )


def read(*, reading: Reading, canvas: CanvasClient) -> None:
    """Read on from where it stands. Raises nothing that Canvas or the network can cause. Must be claimed."""
    desk = _Desk(reading, canvas)
    try:
        with leases.KeptLease(desk.renew):
            _read_on(desk)
    except _Overtaken:
        logger.warning("reading taken over", extra={"reading": reading.pk})
    except _Changed:
        _begin_anew(desk)
    except CanvasError as error:
        _settle(desk, error)


def _read_on(desk: "_Desk") -> None:
    reading = desk.reading
    if reading.attempts > _MAX_DEATHS:
        desk.give_up("Reading this course was begun many times and never came to an end. See the log of the workers.")
        return
    _expect_recent(reading)
    while reading.pages_all is None or reading.pages_done < reading.pages_all:
        _take_page(desk)
        pause = pauses.for_headroom(desk.canvas)
        if pause and reading.pages_done < (reading.pages_all or 0):
            desk.leave(try_at=timezone.now() + timedelta(seconds=pause), attempts=0)
            return
    content_hash = _content_hash(reading)
    _finish(desk, content_hash, _sections(desk), _aggregates(desk))


class _Desk:
    """One worker at one reading: it writes while the reading is its own, and counts what that cost Canvas."""

    def __init__(self, reading: Reading, canvas: CanvasClient) -> None:
        self.reading = reading
        self.course = reading.course.canvas_id
        self.canvas = canvas
        self._counted = canvas.requests_sent

    def renew(self) -> bool:
        """Keep the reading, from a thread of its own; False where another worker has it."""
        return bool(self._mine().update(lease_until=timezone.now() + _LEASE))

    def keep(self, **fields: object) -> None:
        """Write into the reading and go on. Raises `_Overtaken`."""
        if not self._write({"lease_until": timezone.now() + _LEASE} | fields):
            raise _Overtaken
        self.reading.refresh_from_db()

    def leave(self, **fields: object) -> bool:
        """Write into the reading and let go of it; False where another worker has it."""
        return self._write({"state": State.WAITING, "lease_until": None} | fields)

    def give_up(self, problem: str) -> None:
        """End the reading without a result; a new one would begin anew, so nobody needs its pages."""
        if self.leave(state=State.FAILED, ended_at=timezone.now(), problem=problem):
            self.reading.pages.all().delete()

    def _write(self, fields: dict[str, object]) -> bool:
        sent = self.canvas.requests_sent
        cost, self._counted = sent - self._counted, sent
        return bool(self._mine().update(version=F("version") + 1, requests=F("requests") + cost, **fields))

    def _mine(self) -> QuerySet[Reading]:
        return leases.mine(self.reading).filter(state=State.RUNNING)


def _expect_recent(reading: Reading) -> None:
    """Hours after its first page the course is another one, even if its students are the same."""
    if reading.began_at and reading.pages_done and reading.began_at < timezone.now() - _TOO_OLD:
        raise _Changed


def _take_page(desk: _Desk) -> None:
    reading = desk.reading
    number = reading.pages_done + 1
    page = desk.canvas.outcomes.rollup_page(desk.course, number, with_outcomes=number == 1)
    fields: dict[str, object] = {}
    if number == 1:
        outcomes = measured(page.outcomes, page.paths, page.alignments)
        fields = {"began_at": timezone.now(), "pages_all": page.page_count, "students": page.count}
        fields |= {"outcomes": [one.as_json() for one in outcomes], "outcome_count": len(outcomes)}
    else:
        _expect_same(reading, page)
        outcomes = _outcomes(reading)
    try:
        sheet = Sheet.of_rollups(outcomes, page.users, page.rollups)
    except KeyError:
        raise _Changed from None
    with transaction.atomic():
        desk.keep(pages_done=number, attempts=0, problem="", **fields)
        ReadingPage.objects.update_or_create(reading=reading, number=number, defaults={"content": sheet.packed()})


def _outcomes(reading: Reading) -> list[MeasuredOutcome]:
    return [MeasuredOutcome.from_json(one) for one in reading.outcomes]


def _expect_same(reading: Reading, page: RollupPage) -> None:
    """Pages are cut by name: one student more or less moves others over their borders."""
    if (page.page_count, page.count) != (reading.pages_all, reading.students):
        raise _Changed


def _content_hash(reading: Reading) -> str:
    """Of all that was read. Raises `_Changed` where a student is on two pages, or on none.

    So it comes when somebody joins and somebody else leaves while pages are read, and their number stays. Where the one
    who left had been read and the one who joined had not, nothing here can tell: then Canvas's mean is not ours.
    """
    digest, students = hashlib.sha256(json.dumps(reading.outcomes).encode()), set[int]()
    outcomes, count = _outcomes(reading), 0
    for content in _contents(reading):
        digest.update(content)
        found = unpacked(outcomes, content).students
        students.update(student.id for student in found)
        count += len(found)
    if not len(students) == count == reading.students:
        raise _Changed
    return digest.hexdigest()


def _hash_with(content_hash: str, sections: dict[str, str]) -> str:
    """Of all that was read and the names of the sections, which figures of programs tell, too."""
    return hashlib.sha256(json.dumps([content_hash, sections], sort_keys=True).encode()).hexdigest()


def _contents(reading: Reading) -> Iterator[bytes]:
    return map(bytes, reading.pages.order_by("number").values_list("content", flat=True).iterator(chunk_size=10))


def _sections(desk: _Desk) -> dict[str, str]:
    """Names by number; none where the token may see grades but no sections: then their numbers have to do."""
    try:
        names = {str(section.id): section.name for section in desk.canvas.outcomes.sections(desk.course)}
    except NotPermitted:
        names = {}
    desk.keep()
    return names


def _aggregates(desk: _Desk) -> Aggregates:
    """Canvas's own mean and median; without where a site cannot give them, for which a large course may be too much."""
    found: Aggregates = {}
    for stat in _STATS if desk.reading.outcomes and desk.reading.students else ():
        try:
            found[stat] = _figures(desk.canvas.outcomes.aggregate(desk.course, stat=stat))
        except (Throttled, NotPermitted):
            raise
        except CanvasError as error:
            logger.warning(
                "no aggregate", extra={"reading": desk.reading.pk, "stat": stat, "error": type(error).__name__}
            )
            break
        finally:
            desk.keep()
    return found


def _figures(rollup: Rollup) -> dict[str, list[float | int | None]]:
    return {str(score.outcome_id): [score.score, score.count] for score in rollup.scores}


@transaction.atomic
def _finish(desk: _Desk, content_hash: str, sections: dict[str, str], aggregates: Aggregates) -> None:
    desk.keep(
        state=State.COMPLETE,
        ended_at=timezone.now(),
        lease_until=None,
        problem="",
        content_hash=_hash_with(content_hash, sections),
        sections=sections,
        aggregates=aggregates,
    )
    # What is frozen elsewhere is a copy, so nobody needs earlier readings any more.
    earlier = Reading.objects.filter(course=desk.reading.course_id, pk__lt=desk.reading.pk)
    earlier.exclude(state__in=Reading.OPEN).delete()
    logger.info("course read", extra={"reading": desk.reading.pk, "requests": desk.reading.requests})


@transaction.atomic
def _begin_anew(desk: _Desk) -> None:
    reading = desk.reading
    if reading.restarts >= _MAX_RESTARTS:
        desk.give_up("The course changed while it was read, or that took hours. Try again when it is quieter.")
        return
    began_anew = desk.leave(restarts=F("restarts") + 1, try_at=timezone.now() + timedelta(seconds=5), **_FROM_THE_START)
    if began_anew:
        reading.pages.all().delete()


def _settle(desk: _Desk, error: CanvasError) -> None:
    """Try again later, or give up and say why."""
    reading = desk.reading
    logger.warning("reading failed", extra={"reading": reading.pk, "error": type(error).__name__})
    if not error.retryable or reading.attempts >= _MAX_ATTEMPTS:
        desk.give_up(_words(error))
        return
    pause = pauses.after_failures(reading.attempts)
    desk.leave(try_at=timezone.now() + timedelta(seconds=pause), problem=str(error))


def _words(error: CanvasError) -> str:
    if isinstance(error, NotFound):
        return "Canvas does not have this course any more, or it keeps no rollups for it."
    if isinstance(error, NotPermitted):
        return "The token may not see the grades of this course. Give its owner that right in Canvas."
    return str(error)
