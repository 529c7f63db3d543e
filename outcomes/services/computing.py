"""The figures of programs: computed from readings by a worker or for the first page, and kept."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Max
from django.utils import timezone

from imports.selectors import places
from outcomes.models import ComputedFigures, Program, ProgramCourse, Reading
from outcomes.outcome.measured import MeasuredOutcome
from outcomes.programs.figures import ProgramFigures
from outcomes.programs.gathering import ReadCourse, gathered
from outcomes.programs.matching import SharedOutcome, shared
from outcomes.programs.packing import packed, unpacked
from outcomes.programs.published import Published, published
from outcomes.programs.rules import chosen
from outcomes.rollups.sheet import Sheet
from outcomes.selectors.programs import CourseState, course_states, smallest_group

# Grows whenever the same readings would give other figures. Those kept by other rules are not shown any more.
_RULES = 3
_PREFIX = f"{_RULES}-"
_DIGITS = 60  # of the hash behind it
_AT_ONCE = 20
_WHILE_READING = timedelta(seconds=20)
_NO_TERM = "No term"


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures for a page. `is_current`: nothing has been read since, and nothing that counts for them has changed."""

    published: Published
    made_at: datetime
    is_current: bool
    fingerprint: str


def shown_of(program: Program, states: Sequence[CourseState]) -> Shown:
    """What is kept; computed now only where nothing is kept at all, or by the rules of another version."""
    by_these_rules = ComputedFigures.objects.filter(program=program, fingerprint__startswith=_PREFIX)
    kept = by_these_rules.defer("content", "people").first()
    kept = kept or compute(program)
    figures = _published(program.pk, kept.fingerprint, str(kept.made_at), smallest_group(program.canvas_account))
    return Shown(figures, kept.made_at, kept.fingerprint == fingerprint(program, states), kept.fingerprint)


def current_of(program: Program) -> Published:
    """The figures of now, computed where those kept are earlier: what is to be frozen must not be old."""
    shown = shown_of(program, course_states(program))
    if not shown.is_current:
        compute(program)
        shown = shown_of(program, course_states(program))
    return shown.published


@lru_cache(maxsize=8)
def _published(program_pk: int, _fingerprint: str, _made_at: str, threshold: int) -> Published:
    content = ComputedFigures.objects.values_list("content", flat=True).get(program=program_pk)
    return published(ProgramFigures.from_json(unpacked(content)), threshold)


def fingerprint(program: Program, states: Iterable[CourseState]) -> str:
    """The same for the same content of readings, names and rules: a reading without news changes nothing."""
    courses = [
        (
            one.course.canvas_id,
            one.content,
            one.term,
            one.course.name,
            one.course.course_code,
            one.course.term_canvas_id,
        )
        for one in states
        if one.reading
    ]
    document = json.dumps([program.outcome_rules, sorted(courses, key=lambda one: one[0])])
    return f"{_PREFIX}{hashlib.sha256(document.encode()).hexdigest()[:_DIGITS]}"


def compute(program: Program) -> ComputedFigures:
    """Compute and keep; only the times change where readings brought no news.

    Two workers that do so at once come to the same.
    """
    began_at = timezone.now()  # what is read from now on makes them due again
    states = course_states(program)
    same = ComputedFigures.objects.filter(program=program, fingerprint=fingerprint(program, states)).first()
    if same:
        return _read_again(same, states, began_at)
    courses = list(_read_courses(program, states))
    outcomes = chosen(found_in(courses), program.rules_for_outcomes)
    kept, _ = ComputedFigures.objects.update_or_create(
        program=program,
        defaults={
            "fingerprint": fingerprint(program, states),
            "content": packed(gathered(courses, outcomes).as_json()),
            "people": packed(_people(courses)),
            "made_at": began_at,
        },
    )
    return kept


def _read_again(same: ComputedFigures, states: Iterable[CourseState], began_at: datetime) -> ComputedFigures:
    times = {f"course:{one.course.canvas_id}": one.read_at.isoformat() for one in states if one.read_at}
    same.content = packed(ProgramFigures.from_json(unpacked(same.content)).read_at(times).as_json())
    same.made_at = began_at
    # Whoever has forgotten or replaced them meanwhile knows better.
    as_read = ComputedFigures.objects.filter(pk=same.pk, fingerprint=same.fingerprint)
    as_read.update(content=same.content, made_at=same.made_at)
    return same


def found_in(courses: Iterable[ReadCourse]) -> list[SharedOutcome]:
    return shared(course.sheet.outcomes for course in sorted(courses, key=lambda one: one.read_at))


def due() -> list[int]:
    """Programs of whose courses something was read since their figures were computed."""
    complete = ProgramCourse.objects.filter(
        course__readings__state=Reading.State.COMPLETE,
        program__archived_at=None,
        program__canvas_account__archived_at=None,
    )
    newest = complete.values_list("program").annotate(at=Max("course__readings__ended_at"))
    made = dict(ComputedFigures.objects.values_list("program", "made_at"))
    now = timezone.now()
    stale = [(pk, made.get(pk)) for pk, at in newest if pk not in made or made[pk] < at]
    return [pk for pk, at in stale if at is None or at < now - _WHILE_READING or not _is_being_read(pk)]


def _is_being_read(program_pk: int) -> bool:
    """While its courses are being read a program is computed now and then, not with every one of them."""
    return ProgramCourse.objects.filter(program=program_pk, course__readings__state__in=Reading.OPEN).exists()


def _read_courses(program: Program, states: Sequence[CourseState]) -> Iterator[ReadCourse]:
    """By term, the latest first, and by name."""
    order = {term: place for place, term in enumerate(places.term_names(program.canvas_account))}
    read = [one for one in states if one.reading]
    last = len(order)
    read.sort(key=lambda one: (order.get(one.course.term_canvas_id or 0, last), -(one.course.term_canvas_id or 0)))
    for start in range(0, len(read), _AT_ONCE):
        batch = read[start : start + _AT_ONCE]
        readings = Reading.objects.filter(pk__in=[one.reading for one in batch]).prefetch_related("pages")
        found = {reading.pk: reading for reading in readings}
        # One that is missing has been replaced by a newer one this moment; then the figures are due again.
        yield from (_read_course(one, found[one.reading]) for one in batch if one.reading in found)


def _read_course(one: CourseState, reading: Reading) -> ReadCourse:
    pages = [bytes(page.content) for page in reading.pages.all()]
    outcomes = [MeasuredOutcome.from_json(outcome) for outcome in reading.outcomes]
    return ReadCourse(
        number=one.course.canvas_id,
        name=one.course.name,
        code=one.course.course_code,
        term=one.course.term_canvas_id,
        term_name=one.term or _NO_TERM,
        read_at=reading.began_at.isoformat() if reading.began_at else "",
        sections={int(number): name for number, name in reading.sections.items()},
        sheet=Sheet.joined(outcomes, pages),
    )


def _people(courses: Iterable[ReadCourse]) -> list[list[object]]:
    """Canvas's number, sortable name, name, SIS id, numbers of courses; by sortable name."""
    found: dict[int, list[object]] = {}
    inside: dict[int, list[int]] = {}
    for course in courses:
        for one in course.sheet.students:
            found[one.id] = [one.id, one.sortable_name, one.name, one.sis_id]
            inside.setdefault(one.id, []).append(course.number)
    rows = [[*person, inside[number]] for number, person in found.items()]
    return sorted(rows, key=lambda row: (str(row[1]).casefold(), str(row[0])))


def outcomes_in(program: Program) -> list[SharedOutcome]:
    """All outcomes of the courses that were read, whether or not the program has chosen them."""
    read = [one.reading for one in course_states(program) if one.reading]
    readings = Reading.objects.filter(pk__in=read).order_by("began_at").values_list("outcomes", flat=True)
    return shared([MeasuredOutcome.from_json(one) for one in outcomes] for outcomes in readings)
