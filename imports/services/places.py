"""Listing the places of a Canvas account: its courses and the accounts below it. Pages choose from what is kept."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.connections import NOT_CONNECTED
from accounts.models import CanvasAccount
from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotPermitted
from canvas.place_records import Course as CanvasCourse
from imports import leases
from imports.models import Course, Directory, SubAccount

_LEASE = timedelta(minutes=2)
_FRESH = timedelta(hours=12)
_PIECE = 500
_LONGEST_PAUSE = 600.0
# A listing that was given up is not begun again by a page that looks at what came of it.
_GIVEN_UP_FOR = timedelta(minutes=1)
_LONGEST_NAME = 255

logger = logging.getLogger(__name__)


def directory_of(canvas_account: CanvasAccount) -> Directory:
    """The account's directory; made with its first use, and then wanted at once."""
    directory, _ = Directory.objects.get_or_create(canvas_account=canvas_account)
    return directory


def want(*, canvas_account: CanvasAccount, anew: bool = False) -> Directory:
    """Have the places listed where they are not fresh and were not given up just now, or somebody wants them anew."""
    directory = directory_of(canvas_account)
    stale = directory.listed_at is None or directory.listed_at < timezone.now() - _FRESH
    if (anew or (stale and directory.try_at <= timezone.now())) and directory.wanted_at is None:
        Directory.objects.filter(pk=directory.pk, wanted_at=None).update(
            wanted_at=timezone.now(), try_at=timezone.now(), attempts=0, problem="", version=F("version") + 1
        )
        directory.refresh_from_db()
    return directory


def _wanted() -> QuerySet[Directory]:
    now = timezone.now()
    return leases.unclaimed(
        Directory.objects.filter(wanted_at__isnull=False, try_at__lte=now, canvas_account__archived_at=None)
    )


def due() -> list[int]:
    """Directories that wait to be listed, and that nobody is listing."""
    return list(_wanted().order_by("try_at").values_list("pk", flat=True)[:20])


def claim(*, directory: Directory) -> bool:
    """Let one worker list the places."""
    return leases.claim(_wanted(), directory, lease=_LEASE)


def fail_without_token(*, directory: Directory) -> None:
    """Nobody can speak to Canvas for the account: say so to who waits. A later look asks again."""
    later = timezone.now() + _GIVEN_UP_FOR
    waiting = _wanted().filter(pk=directory.pk)
    waiting.update(wanted_at=None, try_at=later, problem=NOT_CONNECTED, version=F("version") + 1)


def collect(*, directory: Directory, canvas: CanvasClient) -> None:
    """List everything, and take it over at once; what failed is tried again later. The directory must be claimed."""
    try:
        accounts = [(account.id, account.name, account.parent_account_id) for account in canvas.outcomes.sub_accounts()]
        courses = list(_kept_alive(directory, canvas.outcomes.courses()))
    except CanvasError as error:
        logger.warning("places not listed", extra={"directory": directory.pk, "error": type(error).__name__})
        _settle(directory, error)
    else:
        _take_over(directory, accounts, courses)


def _settle(directory: Directory, error: CanvasError) -> None:
    """Try again later, or give up and say why."""
    if error.retryable:
        pause = timedelta(seconds=min(_LONGEST_PAUSE, 5.0 * 2.0 ** min(directory.attempts, 8)))
        _leave(directory, try_at=timezone.now() + pause, problem=str(error))
    else:
        forbidden = "The token may not list courses. Give it that right in Canvas."
        problem = forbidden if isinstance(error, NotPermitted) else str(error)
        _leave(directory, wanted_at=None, try_at=timezone.now() + _GIVEN_UP_FOR, problem=problem)


def _kept_alive(directory: Directory, courses: Iterator[CanvasCourse]) -> Iterator[CanvasCourse]:
    while piece := list(islice(courses, _PIECE)):
        leases.mine(directory).update(lease_until=timezone.now() + _LEASE)
        yield from piece


@transaction.atomic
def _take_over(directory: Directory, accounts: list[tuple[int, str, int | None]], courses: list[CanvasCourse]) -> None:
    listed = {"wanted_at": None, "listed_at": timezone.now(), "attempts": 0, "problem": ""}
    if not _leave(directory, **listed):
        return  # another worker has listed them since
    account = directory.canvas_account
    SubAccount.objects.filter(canvas_account=account).delete()
    SubAccount.objects.bulk_create(
        SubAccount(canvas_account=account, canvas_id=number, name=name[:_LONGEST_NAME], parent_canvas_id=parent)
        for number, name, parent in accounts
    )
    Course.objects.filter(canvas_account=account).update(is_listed=False)
    Course.objects.bulk_create(
        [_row(account, course) for course in courses],
        batch_size=_PIECE,
        update_conflicts=True,
        unique_fields=["canvas_account", "canvas_id"],
        update_fields=[
            "name",
            "course_code",
            "sis_course_id",
            "sub_account_canvas_id",
            "term_canvas_id",
            "workflow_state",
            "is_listed",
        ],
    )
    logger.info("places listed", extra={"directory": directory.pk, "courses": len(courses)})


def _row(account: CanvasAccount, course: CanvasCourse) -> Course:
    return Course(
        canvas_account=account,
        canvas_id=course.id,
        name=(course.name or course.course_code or f"Course {course.id}")[:_LONGEST_NAME],
        course_code=course.course_code[:_LONGEST_NAME],
        sis_course_id=(course.sis_course_id or "")[:_LONGEST_NAME],
        sub_account_canvas_id=course.account_id,
        term_canvas_id=course.enrollment_term_id,
        workflow_state=course.workflow_state[:40],
    )


def _leave(directory: Directory, **fields: object) -> bool:
    return bool(leases.mine(directory).update(lease_until=None, version=F("version") + 1, **fields))
