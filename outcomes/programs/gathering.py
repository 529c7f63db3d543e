"""The figures of a program computed from the sheets of its courses. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from outcomes.outcome.measured import MeasuredOutcome
from outcomes.outcome.scales import shown_levels
from outcomes.programs.combining import UNJUDGED, Places, ScoredCells, by_outcome, latest, scored_cells
from outcomes.programs.figures import TOTAL, Figures, Group, Presence, ProgramFigures, Scale
from outcomes.programs.matching import SharedOutcome
from outcomes.rollups.sheet import Sheet
from outcomes.rollups.statistics import distribution, mean, median

Rows = dict[str, dict[int, Figures]]


@dataclass(frozen=True, slots=True)
class ReadCourse:
    """A course as it was read. `number` and `term` are Canvas's; section names by Canvas's number."""

    number: int
    name: str
    code: str
    term: int | None
    term_name: str
    read_at: str
    sections: Mapping[int, str]
    sheet: Sheet

    @property
    def key(self) -> str:
        return f"course:{self.number}"

    @property
    def term_key(self) -> str:
        return f"term:{self.term or 0}"


def gathered(courses: Sequence[ReadCourse], outcomes: Sequence[SharedOutcome]) -> ProgramFigures:
    """Courses in the order in which they are to be listed: by term, the latest first."""
    gathering = _Gathering(courses, outcomes)
    groups = _groups(courses)
    tables = [gathering.table(group, members) for group, members in gathering.members(groups)]
    return ProgramFigures(
        outcomes=tuple(outcomes),
        scales=tuple(scale for scale, _ in gathering.scales.values()),
        groups=tuple(groups),
        latest={key: newest for key, newest, _ in tables},
        every={key: every for key, _, every in tables if every is not None},
        assessed=gathering.assessed,
        presence={course.key: gathering.presence(course) for course in courses},
        enrolled=len({student.id for course in courses for student in course.sheet.students}),
        carried=gathering.carried,
    )


def _groups(courses: Sequence[ReadCourse]) -> list[Group]:
    groups = {TOTAL: Group(TOTAL, "Total")}
    for course in courses:
        groups.setdefault(course.term_key, Group(course.term_key, course.term_name, TOTAL))
        groups[course.key] = Group(course.key, course.name, course.term_key, course.code, course.read_at)
        for number in sorted({section for student in course.sheet.students for section, _ in student.places}):
            key = f"section:{course.number}:{number}"
            groups[key] = Group(key, course.sections.get(number, f"Section {number}"), course.key)
    return list(groups.values())


class _Gathering:
    """The scores of all courses in one place, and which of them belong to which group."""

    def __init__(self, courses: Sequence[ReadCourse], outcomes: Sequence[SharedOutcome]) -> None:
        self.scales: dict[Scale, tuple[Scale, int]] = {}
        self.speakers: list[MeasuredOutcome] = []
        self.assessed: dict[str, int | None] = {}
        self.carried: dict[str, dict[int, int]] = {group.key: {} for group in _groups(courses)}
        self._courses = courses
        self._outcomes = outcomes
        self._places = {number: place for place, outcome in enumerate(outcomes) for number in outcome.ids}
        # Of equal times the course with the higher number decides, whatever the order on the page.
        self._ranked = sorted(courses, key=lambda course: course.number)
        ranks = {course.number: rank for rank, course in enumerate(self._ranked)}
        self._of_course: dict[str, ScoredCells] = {
            course.key: scored_cells(
                course.sheet,
                course=ranks[course.number],
                outcomes={
                    column: self._places[outcome.id]
                    for column, outcome in enumerate(course.sheet.outcomes)
                    if outcome.id in self._places
                },
                scales=[self._scale(outcome) for outcome in course.sheet.outcomes],
            )
            for course in courses
        }

    def _scale(self, outcome: MeasuredOutcome) -> int:
        scale = Scale(shown_levels(outcome), outcome.mastery)
        if scale not in self.scales:
            self.scales[scale] = (scale, len(self.scales))
            self.speakers.append(outcome)
        return self.scales[scale][1]

    def presence(self, course: ReadCourse) -> dict[int, Presence]:
        found: dict[int, Presence] = {}
        for one in course.sheet.outcomes:
            if one.id in self._places:
                key = self._outcomes[self._places[one.id]].key
                here = Presence.ALIGNED if one.alignments else Presence.LINKED
                found[key] = Presence.ALIGNED if Presence.ALIGNED in (here, found.get(key)) else here
        return found

    def members(self, groups: Iterable[Group]) -> Iterator[tuple[Group, ScoredCells]]:
        """The scores of each group; of a section those of the students who have a place there."""
        courses = {course.key: course for course in self._courses}
        for group in groups:
            if group.kind == "section":
                course = courses[group.above]
                inside = np.array([any(s == group.number for s, _ in one.places) for one in course.sheet.students])
                cells = self._of_course[group.above]
                yield group, cells.at(np.flatnonzero(inside[cells.row]))
            elif group.kind == "course":
                yield group, self._of_course[group.key]
            else:
                wanted = [one for one in self._courses if group.key in (TOTAL, one.term_key)]
                if wanted:
                    yield group, ScoredCells.joined([self._of_course[one.key] for one in wanted])

    def table(self, group: Group, cells: ScoredCells) -> tuple[str, dict[int, Figures], dict[int, Figures] | None]:
        """Key, figures with each student's latest score, figures with every score where those may differ."""
        self.assessed[group.key] = len(np.unique(cells.student))
        everything = np.arange(len(cells))
        newest = latest(cells)
        self._carry(group, cells.at(newest))
        every = self._row(cells, everything)
        # Two outcomes of one course may be the same one, so that even there the counting may matter.
        if len(newest) == len(cells):
            return group.key, every, None
        return group.key, self._row(cells, newest), every

    def _carry(self, group: Group, counted: ScoredCells) -> None:
        """Note from which of its parts a group has its counted scores; of a student's sections, from all together."""
        if group.kind == "section":
            return
        if group.kind == "course":
            students = next(one for one in self._courses if one.key == group.key).sheet.students
            sections = [sorted({section for section, _ in one.places}) for one in students]
            parts = [f"section:{group.number}:{'+'.join(map(str, numbers))}" for numbers in sections]
            where = counted.row
        else:
            parts = [course.term_key if group.key == TOTAL else course.key for course in self._ranked]
            where = counted.course
        numbers, counts = np.unique(where * len(self._outcomes) + counted.outcome, return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            part, outcome = divmod(number, len(self._outcomes))
            row, key = self.carried.setdefault(parts[part], {}), self._outcomes[outcome].key
            row[key] = row.get(key, 0) + count

    def _row(self, cells: ScoredCells, places: Places) -> dict[int, Figures]:
        return {self._outcomes[outcome].key: self._figures(cells, here) for outcome, here in by_outcome(cells, places)}

    def _figures(self, cells: ScoredCells, places: Places) -> Figures:
        scores, scales = cells.score[places], cells.scale[places]
        mastered = cells.mastered[places]
        alike = int(scales[0]) if (scales == scales[0]).all() else None
        shown = alike is not None and not cells.hides_points[places].all()
        spread = distribution(self.speakers[alike], scores) if alike is not None else None
        return Figures(
            students=len(np.unique(cells.student[places])),
            scores=len(places),
            mean=mean(scores) if shown else None,
            median=median(scores) if shown else None,
            levels=(*spread.counts, spread.below) if spread else (),
            mastered=int(np.count_nonzero(mastered == 1)),
            judged=int(np.count_nonzero(mastered != UNJUDGED)),
            scale=alike,
        )
