"""The window of a course's rollups that a page shows: so many students, so many outcomes, and their figures."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from outcomes.models import Reading
from outcomes.outcome.measured import Level, MeasuredOutcome
from outcomes.outcome.scales import mastery_place, shown_levels
from outcomes.rollups.beside_canvas import Aggregates, Compared, Stat, Verdict, compared
from outcomes.rollups.choosing import Chosen, columns_of, rows_of
from outcomes.rollups.explaining import method_sentence, method_words, score_words
from outcomes.rollups.rounding import rounded
from outcomes.rollups.sheet import Rows, Sheet, Student
from outcomes.rollups.statistics import Distribution, Figures, column_figures
from outcomes.selectors.sheets import sheet_of

ROWS = 40
COLUMNS = 25


@dataclass(frozen=True, slots=True)
class View:
    """What a person wants to see of a sheet: which students in what order, which outcomes, from where on."""

    chosen: Chosen = field(default_factory=Chosen)
    outcome: str = ""
    outcomes_with_results_only: bool = False
    stat: Stat = "mean"
    row: int = 1
    column: int = 1


class Cell(NamedTuple):
    """`kind` is one of none, unreached, reached; `text` is seen, `told` is heard and shown on hover.

    `rise` is how high the mark of the level stands, in percent, so that levels differ without colour, too.
    """

    kind: str
    text: str
    told: str
    color: str = ""
    rise: int = 0
    is_mastery: bool = False


NO_RESULT = Cell("none", "\u2013", "No result")


class Bar(NamedTuple):
    """Of a drawing 100 wide and 24 high."""

    x: float
    y: float
    width: float
    height: float
    color: str


@dataclass(frozen=True, slots=True)
class Scale:
    """An outcome's levels, ready to be looked up for every cell of a column."""

    levels: tuple[Level, ...]
    mastery: float | None

    @classmethod
    def of(cls, outcome: MeasuredOutcome) -> "Scale":
        return cls(shown_levels(outcome), outcome.mastery)

    def cell(self, score: float, *, hides_points: bool) -> Cell:
        place = next((place for place, level in enumerate(self.levels) if score >= level.points), None)
        name = self.name_of(place)
        text = (name or "Hidden") if hides_points else score_words(score)
        return Cell(
            kind="reached",
            text=text,
            told=f"{text}, {name}" if name and not hides_points else text,
            color=self.levels[place].color if place is not None else "",
            rise=self.rise_of(place),
            is_mastery=self.mastery is not None and score >= self.mastery,
        )

    def name_of(self, place: int | None) -> str:
        if place is None:
            return "below the lowest level" if self.levels else ""
        return self.levels[place].description

    def rise_of(self, place: int | None) -> int:
        return 0 if place is None else round(100 * (len(self.levels) - place) / len(self.levels))


@dataclass(frozen=True, slots=True)
class LevelCount:
    """A level with how many students have it; `percent` is of those with a score."""

    level: Level
    count: int
    percent: int
    is_mastery: bool


@dataclass(frozen=True, slots=True)
class Column:
    """An outcome with its figures over the chosen students, and how the students are sorted by it, if they are.

    `ours` is the mean or the median, `theirs` Canvas's own as text, `difference` what is to be said where both differ:
    only where all students are chosen.
    """

    outcome: MeasuredOutcome
    figures: Figures
    ours: Cell | None
    theirs: str = ""
    difference: str = ""
    sort: str = ""

    @property
    def path(self) -> str:
        return " \u203a ".join(self.outcome.path)

    @property
    def method(self) -> str:
        return method_words(self.outcome)

    @property
    def sentence(self) -> str:
        return method_sentence(self.outcome)

    @property
    def mastery(self) -> str:
        return "" if self.outcome.mastery is None else score_words(self.outcome.mastery)

    @property
    def share(self) -> int | None:
        """Percent of those with a score that have reached mastery."""
        share = self.figures.mastery_share
        return None if share is None else int(rounded(100 * share, 0))

    @property
    def bars(self) -> list[Bar]:
        return bars(self.figures.distribution)

    @property
    def levels(self) -> list[LevelCount]:
        mastery, spread = mastery_place(self.outcome), self.figures.distribution
        lines = zip(spread.levels, spread.counts, spread.percents, strict=True)
        return [
            LevelCount(level, count, percent, place == mastery) for place, (level, count, percent) in enumerate(lines)
        ]

    @property
    def spread(self) -> str:
        """The distribution in words."""
        told = [f"{line.count} {line.level.description}" for line in self.levels]
        below = self.figures.distribution.below
        return ", ".join([*told, f"{below} below the lowest level"] if below else told)


class Row(NamedTuple):
    student: Student
    sections: str
    state: str
    cells: list[tuple[int, Cell]]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a longer list, counted from 1; `before` and `after` are where its neighbours begin, 0 for none."""

    first: int
    last: int
    total: int
    before: int
    after: int

    @classmethod
    def at(cls, first: int, size: int, total: int) -> "Window":
        """The one that begins there, or the last there is."""
        first = max(1, min(first, total))
        last = min(first + size - 1, total)
        return cls(first, last, total, max(1, first - size) if first > 1 else 0, last + 1 if last < total else 0)

    @property
    def slice(self) -> slice:
        return slice(self.first - 1, self.last)


@dataclass(frozen=True, slots=True)
class Grid:
    """What the page shows. `students` are all of the course, `is_whole` whether all of them are chosen."""

    columns: list[Column]
    rows: list[Row]
    students: int
    across: Window
    down: Window
    is_whole: bool
    hidden_outcomes: int


def chosen_part(sheet: Sheet, view: View) -> tuple[Rows, list[int]]:
    """The places of the students in their order, and those of the outcomes."""
    rows = rows_of(sheet, view.chosen)
    return rows, columns_of(sheet, rows, text=view.outcome, with_results_only=view.outcomes_with_results_only)


def grid_of(reading: Reading, view: View) -> Grid:
    sheet = sheet_of(reading)
    rows, columns = chosen_part(sheet, view)
    down, across = Window.at(view.row, ROWS, len(rows)), Window.at(view.column, COLUMNS, len(columns))
    part = sheet.with_columns(columns[across.slice])
    is_whole = len(rows) == len(sheet.students)
    return Grid(
        columns=_columns(part, rows, reading.aggregates if is_whole else None, view),
        rows=_rows(part, rows[down.slice], reading.sections),
        students=len(sheet.students),
        across=across,
        down=down,
        is_whole=is_whole,
        hidden_outcomes=len(sheet.outcomes) - len(columns),
    )


def column_of(reading: Reading, view: View, outcome_id: int) -> Column | None:
    """One outcome over the chosen students; None where the course does not have it."""
    sheet = sheet_of(reading)
    place = sheet.column(outcome_id)
    if place is None:
        return None
    rows = rows_of(sheet, view.chosen)
    theirs = reading.aggregates if len(rows) == len(sheet.students) else None
    return _columns(sheet.with_columns([place]), rows, theirs, view)[0]


def cell_of(sheet: Sheet, row: int, column: int, scale: Scale) -> Cell:
    count = int(sheet.counts[row, column])
    score = float(sheet.scores[row, column])
    if np.isnan(score):
        if not count:
            return NO_RESULT
        return Cell("unreached", "not yet", f"Not yet: {count} result{'' if count == 1 else 's'}, no score so far")
    return scale.cell(score, hides_points=bool(sheet.hides_points[row, column] == 1))


def _rows(sheet: Sheet, rows: Rows, sections: dict[str, str]) -> list[Row]:
    scales = [Scale.of(outcome) for outcome in sheet.outcomes]
    found = []
    for row in rows.tolist():
        student = sheet.students[row]
        cells = [
            (outcome.id, cell_of(sheet, row, column, scales[column])) for column, outcome in enumerate(sheet.outcomes)
        ]
        found.append(Row(student, section_names(student, sections), state_of(student), cells))
    return found


def section_names(student: Student, sections: dict[str, str]) -> str:
    """Only where the course has several."""
    if len(sections) < 2:
        return ""
    return ", ".join(dict.fromkeys(sections.get(str(section), "") for section, _ in student.places))


def state_of(student: Student) -> str:
    """`concluded` or `inactive` where all places of a student are."""
    states = {state for _, state in student.places}
    return {frozenset({"completed"}): "concluded", frozenset({"inactive"}): "inactive"}.get(frozenset(states), "")


def _columns(part: Sheet, rows: Rows, theirs: Aggregates | None, view: View) -> list[Column]:
    """`theirs` are Canvas's own figures where all students are chosen, else None."""
    figures = column_figures(part, rows)
    beside = [None] * len(figures) if theirs is None else compared(figures, theirs, view.stat)
    return [_column(one, told, view) for one, told in zip(figures, beside, strict=True)]


def _column(figures: Figures, beside: Compared | None, view: View) -> Column:
    outcome, scale = figures.outcome, Scale.of(figures.outcome)
    value = figures.median if view.stat == "median" else figures.mean
    ours = None if value is None else scale.cell(value, hides_points=figures.hides_points)
    sort = _sort(view.chosen, outcome)
    if beside is None or beside.verdict == Verdict.NOT_GIVEN or (beside.is_same and value is None):
        return Column(outcome, figures, ours, sort=sort)
    score = beside.canvas
    told = "no score" if score is None else scale.cell(score, hides_points=figures.hides_points).text
    return Column(outcome, figures, ours, told, beside.verdict.label, sort)


def _sort(chosen: Chosen, outcome: MeasuredOutcome) -> str:
    """What `aria-sort` says."""
    if chosen.order != outcome.id:
        return ""
    return "descending" if chosen.descending else "ascending"


def bars(spread: Distribution) -> list[Bar]:
    """A bar per level, the lowest on the left; who is below all levels has one more at its left, where there is any."""
    lowest = [("", spread.below)] if spread.below else []
    levels = zip(reversed(spread.levels), reversed(spread.counts), strict=True)
    shown = lowest + [(level.color, count) for level, count in levels]
    most = max((count for _, count in shown), default=0)
    if not most:
        return []
    width = 100 / len(shown)
    found = []
    for place, (color, count) in enumerate(shown):
        height = max(1.5, 22 * count / most) if count else 0.5
        found.append(
            Bar(round(place * width + 2, 1), round(24 - height, 1), round(width - 4, 1), round(height, 1), color)
        )
    return found
