"""Having the courses of a program read: in the background, only where it is needed, by a schedule or on a wish.

What is wished for stands in the program's row until every course that needs it has been asked for. To ask again is
harmless, so that a worker may die in between. The reading itself, with its pauses, is `services.reading`.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from imports.services import places
from outcomes.models import Program, Reading
from outcomes.selectors.programs import CourseState, course_states
from outcomes.services import reading

_IN_BACKGROUND = 1
_FOR_A_PERSON = 0
# A daily round a little late must not find yesterday's data still fresh.
_DAILY_HOURS = 20
CONCLUDED = "completed"  # a course, in Canvas's word


@transaction.atomic
def want(*, program: Program, older_than_hours: int, by: User) -> None:
    """Have read what is older, or what was never read; with 0 hours everything, also concluded courses."""
    record(
        verb="read_program",
        subject=program.name,
        actor=by,
        canvas_account=program.canvas_account,
        subject_key=f"program:{program.pk}",
        detail={"older_than_hours": older_than_hours},
    )
    _wish(program, older_than_hours, by)


def _wish(program: Program, hours: int, by: User | None = None) -> None:
    Program.objects.filter(pk=program.pk, archived_at=None).update(
        wanted_at=timezone.now(), wanted_hours=hours, wanted_by=by
    )


def due() -> list[int]:
    """Programs that somebody or their schedule wants to be read."""
    wanted = Q(wanted_at__isnull=False) | Q(collect_at__lte=timezone.now())
    return list(
        Program.objects.filter(wanted, archived_at=None, canvas_account__archived_at=None).values_list("pk", flat=True)[
            :20
        ]
    )


def collect(*, program: Program) -> None:
    """Ask for a reading of every course that needs one."""
    _follow_schedule(program)
    if program.wanted_at is None:
        return
    needed = [one for one in course_states(program) if _needs(one, program.wanted_at, program.wanted_hours)]
    for one in needed:
        reading.ask(course=one.course, by=program.wanted_by, urgency=_IN_BACKGROUND)
    # A later wish stays.
    Program.objects.filter(pk=program.pk, wanted_at=program.wanted_at).update(
        wanted_at=None, round_at=program.wanted_at, round_size=len(needed)
    )
    program.refresh_from_db()


def _follow_schedule(program: Program) -> None:
    now = timezone.now()
    if program.collect_at is None or program.collect_at > now:
        return
    later = Program.objects.filter(pk=program.pk, collect_at=program.collect_at)
    if later.update(collect_at=program.next_collection(now)) and program.wanted_at is None:
        places.want(canvas_account=program.canvas_account)
        _wish(program, _DAILY_HOURS)
    program.refresh_from_db()


def _needs(one: CourseState, wanted_at: datetime, hours: int) -> bool:
    """Concluded courses are read once, for nothing changes there any more."""
    if not one.course.is_listed:
        return False
    if one.is_open or one.read_at is None:
        return True
    is_settled = one.course.workflow_state == CONCLUDED and hours > 0
    return not is_settled and one.read_at < wanted_at - timedelta(hours=hours)


def retry(*, program: Program, by: User, course: int | None = None) -> list[Reading]:
    """Read again what failed, or one course, whatever its state; a person waits for it."""
    states = course_states(program)
    chosen = [
        one
        for one in states
        if (one.course.canvas_id == course if course is not None else one.state == Reading.State.FAILED)
    ]
    return [reading.ask(course=one.course, by=by, urgency=_FOR_A_PERSON) for one in chosen if one.course.is_listed]
