"""Programs, their courses, and how far these have been read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from accounts.models import CanvasAccount
from imports.models import Course
from imports.selectors import places
from imports.selectors.places import Wanted
from outcomes.models import OutcomePolicy, Program, ProgramCourse, Reading
from outcomes.programs.published import DEFAULT_THRESHOLD
from outcomes.programs.rules import CourseRule

State = Reading.State
_ENOUGH_TO_TELL = 5
_LONG_ENOUGH = timedelta(seconds=20)


def members(program: Program) -> QuerySet[ProgramCourse]:
    """The program's courses, without those that somebody has left out."""
    taken = Q(is_by_rule=True) | Q(hand=ProgramCourse.Hand.ADDED)
    found = ProgramCourse.objects.filter(taken, program=program).exclude(hand=ProgramCourse.Hand.EXCLUDED)
    return found.select_related("course").order_by("course__name", "pk")


def smallest_group(canvas_account: CanvasAccount) -> int:
    """Groups of fewer students are hidden."""
    policy = OutcomePolicy.objects.filter(canvas_account=canvas_account).first()
    return policy.smallest_group if policy else DEFAULT_THRESHOLD


def found_by(canvas_account: CanvasAccount, rule: CourseRule) -> list[Course]:
    """The courses that a rule takes now."""
    wanted = Wanted(text=" ".join(rule.words), term=rule.term, sub_account=rule.department)
    found = places.courses(canvas_account, wanted)
    return [one for one in found if rule.takes((one.name, one.course_code, one.sis_course_id))]


def rule_in_words(canvas_account: CanvasAccount, rules: Iterable[CourseRule]) -> list[str]:
    terms, departments = places.term_names(canvas_account), places.department_names(canvas_account)
    return [_in_words(rule, terms, departments) for rule in rules]


def _in_words(rule: CourseRule, terms: Mapping[int, str], departments: Mapping[int, str]) -> str:
    parts = []
    if rule.department is not None:
        parts.append(f"in {departments.get(rule.department, f'department {rule.department}')}")
    if rule.term is not None:
        parts.append(f"in the term {terms.get(rule.term, rule.term)}")
    if rule.text.strip("* "):
        parts.append(f"with “{rule.text}” in name, code or SIS id")
    return ", ".join(parts) or "every course"


@dataclass(frozen=True, slots=True)
class CourseState:
    """A course of a program and its data. `state` is that of its newest reading, or `never`.

    `read_at` is when the newest complete reading was begun, which may be an earlier one; `content` is the same as long
    as readings bring no news.
    """

    place: ProgramCourse
    term: str
    reading: int | None
    read_at: datetime | None
    content: str
    state: str
    problem: str

    @property
    def course(self) -> Course:
        return self.place.course

    @property
    def is_open(self) -> bool:
        return self.state in Reading.OPEN


def course_states(program: Program, places_of: Iterable[ProgramCourse] | None = None) -> list[CourseState]:
    """In three queries, without what the readings hold."""
    chosen = list(members(program) if places_of is None else places_of)
    terms = places.term_names(program.canvas_account)
    newest: dict[int, tuple[str, str]] = {}
    complete: dict[int, tuple[int, datetime | None, str]] = {}
    numbers = [place.course_id for place in chosen]
    readings = Reading.objects.filter(course__in=numbers).order_by("pk")
    told = readings.values_list("course", "pk", "state", "problem", "began_at", "content_hash")
    for course, pk, state, problem, began_at, content in told:
        newest[course] = (state, problem)
        if state == State.COMPLETE:
            complete[course] = (pk, began_at, content or str(pk))
    return [_state(place, terms, newest, complete) for place in chosen]


def _state(
    place: ProgramCourse,
    terms: Mapping[int, str],
    newest: Mapping[int, tuple[str, str]],
    complete: Mapping[int, tuple[int, datetime | None, str]],
) -> CourseState:
    state, problem = newest.get(place.course_id, ("never", ""))
    reading, read_at, content = complete.get(place.course_id, (None, None, ""))
    number = place.course.term_canvas_id
    term = terms.get(number or 0, f"Term {number}" if number else "")
    return CourseState(place, term, reading, read_at, content, state, problem)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the courses of a program have been read. `waiting` are open readings, `missing` never read at all."""

    courses: int
    read: int
    waiting: int
    failed: int
    missing: int
    round_size: int
    oldest: datetime | None
    newest: datetime | None
    is_wanted: bool
    time_left: timedelta | None

    @property
    def is_live(self) -> bool:
        return self.is_wanted or self.waiting > 0

    @property
    def done(self) -> int:
        """Of the round."""
        return max(self.round_size - self.waiting, 0)

    @property
    def percent(self) -> float:
        return 100 * self.done / self.round_size if self.round_size else 0.0

    @property
    def seen(self) -> str:
        """Changes whenever a page would show something else."""
        return f"{self.courses}.{self.read}.{self.waiting}.{self.failed}.{int(self.is_wanted)}"


def progress_of(program: Program, states: Iterable[CourseState]) -> Progress:
    states = list(states)
    times = sorted(one.read_at for one in states if one.read_at)
    waiting = sum(one.is_open for one in states)
    return Progress(
        courses=len(states),
        read=len(times),
        waiting=waiting,
        failed=sum(one.state == State.FAILED for one in states),
        missing=sum(one.reading is None for one in states),
        round_size=program.round_size,
        oldest=times[0] if times else None,
        newest=times[-1] if times else None,
        is_wanted=program.wanted_at is not None,
        time_left=_time_left(program, waiting, times),
    )


def _time_left(program: Program, waiting: int, times: Iterable[datetime]) -> timedelta | None:
    """By the pace of the round so far; nothing while that says little."""
    if not waiting or program.round_at is None:
        return None
    elapsed = timezone.now() - program.round_at
    done = sum(time > program.round_at for time in times)
    if done < _ENOUGH_TO_TELL or elapsed < _LONG_ENOUGH:
        return None
    return elapsed / done * waiting


def programs_of(canvas_account: CanvasAccount, *, archived: bool = False) -> QuerySet[Program]:
    """With the number of courses, of snapshots, and the age of the figures."""
    found = Program.objects.filter(canvas_account=canvas_account, archived_at__isnull=not archived)
    taken = Q(places__is_by_rule=True) | Q(places__hand=ProgramCourse.Hand.ADDED)
    return found.annotate(
        course_count=Count("places", filter=taken & ~Q(places__hand=ProgramCourse.Hand.EXCLUDED), distinct=True),
        snapshot_count=Count("snapshots", distinct=True),
        figures_at=Max("computed__made_at"),
    ).order_by("name", "pk")
