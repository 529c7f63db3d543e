"""One student's scores over the courses of a program. For people who may see outcomes with names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from outcomes.models import ComputedFigures, Program, Reading
from outcomes.outcome.measured import Level
from outcomes.outcome.scales import shown_levels
from outcomes.programs.figures import Counting, Scale
from outcomes.programs.matching import SharedOutcome
from outcomes.programs.packing import unpacked
from outcomes.rollups.sheet import plain
from outcomes.rollups.statistics import mean
from outcomes.selectors.programs import CourseState
from outcomes.selectors.sheets import sheet_of

MOST = 50


@dataclass(frozen=True, slots=True)
class Person:
    """A student of the program. `courses` are Canvas's numbers."""

    id: int
    sortable_name: str
    name: str
    sis_id: str
    courses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CourseScore:
    """A score in a course. `score` is None where points are not to be shown; `at` is the time of the latest result."""

    course: str
    term: str
    scale: Scale
    score: float | None
    level: Level | None
    is_mastery: bool | None
    at: datetime | None
    is_counted: bool


@dataclass(frozen=True, slots=True)
class StudentOutcome:
    outcome: SharedOutcome
    scores: tuple[CourseScore, ...]

    @property
    def together(self) -> float | None:
        """The mean of what is counted; nothing where points are not shown, or are of different scales."""
        counted = [one for one in self.scores if one.is_counted]
        scores, scales = [one.score for one in counted], {one.scale for one in counted}
        return mean(scores) if len(scales) == 1 and None not in scores else None


def people(program: Program) -> list[Person]:
    """All students of the program as of its newest figures, by sortable name."""
    kept = ComputedFigures.objects.filter(program=program).values_list("people", flat=True).first()
    rows = unpacked(kept) if kept else []
    return [Person(number, sortable, name, sis, tuple(inside)) for number, sortable, name, sis, inside in rows]


def search(program: Program, text: str) -> list[Person]:
    """By words in name or SIS id; one more than are shown, where there are more."""
    words = [plain(word) for word in text.split()]
    found = (
        person
        for person in people(program)
        if words and all(word in plain(f"{person.name} {person.sortable_name} {person.sis_id}") for word in words)
    )
    return [person for _, person in zip(range(MOST + 1), found, strict=False)]


def scores_of(
    person: Person, outcomes: tuple[SharedOutcome, ...], readings: dict[Reading, str], counting: Counting
) -> list[StudentOutcome]:
    """Outcome by outcome, the latest score first. `readings` of the student's courses, each with its term."""
    found: dict[int, list[tuple[int, int, CourseScore]]] = {}
    keys = {number: outcome.key for outcome in outcomes for number in outcome.ids}
    for reading, term in readings.items():
        for key, time, score in _in_course(person, reading, term, keys):
            found.setdefault(key, []).append((time, reading.course.canvas_id, score))
    return [
        StudentOutcome(outcome, _counted(found[outcome.key], counting)) for outcome in outcomes if outcome.key in found
    ]


def _counted(scores: list[tuple[int, int, CourseScore]], counting: Counting) -> tuple[CourseScore, ...]:
    # Of two equal ones the later counts, as in the figures.
    newest_first = [score for _, _, score in sorted(scores, key=lambda one: one[:2])[::-1]]
    return tuple(
        replace(score, is_counted=counting == Counting.EVERY or place == 0) for place, score in enumerate(newest_first)
    )


def _in_course(person: Person, reading: Reading, term: str, keys: dict[int, int]) -> list[tuple[int, int, CourseScore]]:
    sheet = sheet_of(reading)
    row = next((place for place, student in enumerate(sheet.students) if student.id == person.id), None)
    if row is None:
        return []
    found = []
    for column, outcome in enumerate(sheet.outcomes):
        if outcome.id not in keys or not sheet.is_reached[row, column]:
            continue
        score, time = float(sheet.scores[row, column]), int(sheet.times[row, column])
        scale = Scale(shown_levels(outcome), outcome.mastery)
        level = next((level for level in scale.levels if score >= level.points), None)
        found.append(
            (
                keys[outcome.id],
                time,
                CourseScore(
                    course=reading.course.name,
                    term=term,
                    scale=scale,
                    score=None if sheet.hides_points[row, column] == 1 else score,
                    level=level,
                    is_mastery=None if outcome.mastery is None else score >= outcome.mastery,
                    at=datetime.fromtimestamp(time, UTC) if time else None,
                    is_counted=False,
                ),
            )
        )
    return found


def person(program: Program, user_id: int) -> Person | None:
    return next((one for one in people(program) if one.id == user_id), None)


def readings_of(person: Person, states: Iterable[CourseState]) -> dict[Reading, str]:
    """The readings of a student's courses, each with the name of its term."""
    terms = {one.reading: one.term for one in states if one.reading and one.course.canvas_id in person.courses}
    found = Reading.objects.filter(pk__in=terms).select_related("course")
    return {reading: terms[reading.pk] for reading in found}
