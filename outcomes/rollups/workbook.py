"""A course's rollups as a workbook: a row at a time, so that a large course takes little memory. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import xlsxwriter

from outcomes.outcome.measured import MeasuredOutcome
from outcomes.outcome.scales import mastery_place, shown_levels
from outcomes.rollups.explaining import method_words
from outcomes.rollups.sheet import Rows, Sheet
from outcomes.rollups.statistics import Figures, column_figures
from outcomes.rollups.tables import ABSENT, PEOPLE, UNREACHED, level_places, path_of, person_cells

# Whatever a cell says is text, never a formula or a link; nothing is kept that has been written.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FIRST = 3  # rows above the students: title, path, method
_LARGEST_CELL = 32_767  # characters that a cell holds


@dataclass
class _Formats:
    """Formats of a workbook, each made once."""

    book: Any

    def __post_init__(self) -> None:
        self.head = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.quiet = self.book.add_format({"font_color": "#595959", "text_wrap": True, "valign": "top"})
        self.text = self.book.add_format({"num_format": "@"})
        self.percent = self.book.add_format({"num_format": "0%"})
        self.unreached = self.book.add_format({"italic": True, "font_color": "#595959"})
        self._levels: dict[str, Any] = {}

    def level(self, color: str) -> Any:
        """A cell of that colour with text that can be read on it."""
        if color not in self._levels:
            self._levels[color] = self.book.add_format({"bg_color": f"#{color}", "font_color": _ink(color)})
        return self._levels[color]


def write_workbook(file: BinaryIO, sheet: Sheet, rows: Rows, sections: dict[str, str], *, title: str) -> None:
    """Three tables: the rollups, the outcomes with their figures over these students, and the levels."""
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": title})
        formats = _Formats(book)
        _write_rollups(book.add_worksheet("Rollups"), sheet, rows, sections, formats)
        _write_outcomes(book.add_worksheet("Outcomes"), column_figures(sheet, rows), formats)
        _write_levels(book.add_worksheet("Levels"), sheet.outcomes, formats)


def _write_rollups(page: Any, sheet: Sheet, rows: Rows, sections: dict[str, str], formats: _Formats) -> None:
    page.freeze_panes(_FIRST, 1)
    page.set_column(0, 0, 28)
    page.set_column(1, len(PEOPLE) - 1, 14)
    page.set_column(len(PEOPLE), len(PEOPLE) + max(len(sheet.outcomes) - 1, 0), 13)
    outcomes = sheet.outcomes
    _write_line(page, 0, [*PEOPLE, *(outcome.name for outcome in outcomes)], formats.head)
    _write_line(page, 1, [*[""] * len(PEOPLE), *(" > ".join(outcome.path) for outcome in outcomes)], formats.quiet)
    _write_line(page, 2, [*[""] * len(PEOPLE), *(_rule(outcome) for outcome in outcomes)], formats.quiet)
    looks = [
        [*((level.description, formats.level(level.color)) for level in shown_levels(one)), ("", None)]
        for one in outcomes
    ]
    places = level_places(sheet)
    for line, row in enumerate(rows.tolist(), _FIRST):
        _write_line(page, line, person_cells(sheet.students[row], sections), formats.text)
        hides = sheet.hides_points[row].tolist()
        cells = zip(sheet.scores[row].tolist(), places[row].tolist(), hides, looks, strict=True)
        for column, (score, place, hidden, levels) in enumerate(cells, len(PEOPLE)):
            if place == UNREACHED:
                page.write_string(line, column, "not reached yet", formats.unreached)
            elif place != ABSENT:
                name, style = levels[place]
                if hidden == 1:
                    page.write_string(line, column, name, style)
                else:
                    page.write_number(line, column, score, style)
    if len(rows):
        page.autofilter(_FIRST - 1, 0, _FIRST - 1 + len(rows), len(PEOPLE) + len(outcomes) - 1)


def _rule(outcome: MeasuredOutcome) -> str:
    mastery = "" if outcome.mastery is None else f", mastery at {outcome.mastery:g}"
    return f"{method_words(outcome)}{mastery}"


def _write_outcomes(page: Any, figures: Sequence[Figures], formats: _Formats) -> None:
    page.freeze_panes(1, 0)
    page.set_column(0, 0, 12)
    page.set_column(1, 2, 36)
    heads = (
        "Canvas outcome id", "Outcome", "Path", "Method", "Mastery", "Students", "With results", "With a score",
        "Mean", "Median", "At mastery",
    )  # fmt: skip
    _write_line(page, 0, heads, formats.head)
    for line, one in enumerate(figures, 1):
        outcome = one.outcome
        _write_line(page, line, (str(outcome.id), outcome.name, path_of(outcome), method_words(outcome)), formats.text)
        points = (None, None) if one.hides_points else (one.mean, one.median)
        numbers = (outcome.mastery, one.students, one.assessed, one.reached, *points)
        for column, value in enumerate(numbers, 4):
            if value is not None:
                page.write_number(line, column, value)
        if one.mastery_share is not None:
            page.write_number(line, 10, one.mastery_share, formats.percent)


def _write_levels(page: Any, outcomes: Sequence[MeasuredOutcome], formats: _Formats) -> None:
    page.freeze_panes(1, 0)
    page.set_column(0, 1, 36)
    _write_line(page, 0, ("Outcome", "Level", "Points", "Mastery"), formats.head)
    line = 1
    for outcome in outcomes:
        mastery = mastery_place(outcome)
        for place, level in enumerate(shown_levels(outcome)):
            page.write_string(line, 0, outcome.name)
            page.write_string(line, 1, level.description, formats.level(level.color))
            page.write_number(line, 2, level.points)
            page.write_string(line, 3, "mastery" if place == mastery else "")
            line += 1


def _write_line(page: Any, line: int, cells: Sequence[str], style: Any) -> None:
    for column, cell in enumerate(cells):
        page.write_string(line, column, cell[:_LARGEST_CELL], style)


def _ink(color: str) -> str:
    """Black or white, whichever can be read on the colour."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#FFFFFF"
