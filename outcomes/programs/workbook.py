"""Figures of a program as a workbook for people outside. Pure; text stays text, whatever it begins with."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from outcomes.programs.coverage import coverage_row
from outcomes.programs.definitions import COUNTING, definitions
from outcomes.programs.figures import Counting
from outcomes.programs.published import Published
from outcomes.programs.rows import BY, HEADER, Asked, cells, rows

_SHEETS = {"total": "Outcomes", "term": "Terms", "course": "Courses", "section": "Sections"}
_SHARE = HEADER.index("Share at mastery")


def workbook(shown: Published, facts: Sequence[tuple[str, str]], counting: Counting) -> bytes:
    """The bytes of an XLSX file. `facts`: what the reader must know about these numbers, as pairs."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        strong, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        _about(book, [*facts, ("How scores are counted", COUNTING[counting])], shown.threshold, strong)
        for by in BY:
            asked = Asked(by=by, counting=counting)
            table = [cells(one, shown.figures) for one in rows(shown.figures, asked)]
            _table(book, _SHEETS[by], HEADER, table, strong, percent)
        _coverage(book, shown, strong)
    return file.getvalue()


def _about(book: Workbook, facts: Sequence[tuple[str, str]], threshold: int, strong: Format) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 28, strong)
    sheet.set_column(1, 1, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    for number, (name, text) in enumerate([*facts, *definitions(threshold)]):
        sheet.write_string(number, 0, name)
        sheet.write_string(number, 1, text)


def _table(
    book: Workbook,
    name: str,
    header: Sequence[str],
    table: Iterable[Sequence[object]],
    strong: Format,
    percent: Format,
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 40)
    sheet.set_column(_SHARE, _SHARE, None, percent)
    count = 0
    for place, title in enumerate(header):
        sheet.write_string(0, place, title, strong)
    for count, line in enumerate(table, 1):
        for place, cell in enumerate(line):
            if isinstance(cell, int | float):
                sheet.write_number(count, place, cell)
            elif cell:
                sheet.write_string(count, place, str(cell))
    sheet.autofilter(0, 0, count, len(header) - 1)


def _coverage(book: Workbook, shown: Published, strong: Format) -> None:
    """Students with a score, by course and outcome."""
    figures = shown.figures
    sheet = book.add_worksheet("Coverage")
    sheet.freeze_panes(1, 3)
    for place, title in enumerate(["Course", "Course code", "Data read", *(one.title for one in figures.outcomes)]):
        sheet.write_string(0, place, title, strong)
    for line, course in enumerate(figures.of_kind("course"), 1):
        for place, text in enumerate((course.name, course.code, _minute(course.read_at))):
            sheet.write_string(line, place, text)
        for place, cell in enumerate(coverage_row(figures, course.key), 3):
            if cell.text.isdecimal():
                sheet.write_number(line, place, int(cell.text))
            else:
                sheet.write_string(line, place, cell.text)
    _legend(book)


def _minute(moment: str) -> str:
    """Of a time in ISO 8601, which is in UTC."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M} UTC" if moment else ""


def _legend(book: Workbook) -> None:
    sheet = book.get_worksheet_by_name("About")
    line = sheet.dim_rowmax + 1
    sheet.write_string(line, 0, "Coverage")
    sheet.write_string(
        line,
        1,
        "Empty: the outcome is not in the course. ·: it is, with nothing aligned. 0: aligned, nobody has a score yet. "
        "*: hidden. A number: students with a score.",
    )
