"""Rollups as files: the students and outcomes that the page shows, in its order, or everything."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from django.http import FileResponse, StreamingHttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.csv_export import csv_response, safe_cell, text_cell
from accounts.http import Request
from imports.models import Course
from outcomes.forms import GridFilter
from outcomes.http import course_for, reading_for
from outcomes.models import Reading
from outcomes.rollups.sheet import Rows, Sheet
from outcomes.rollups.tables import PEOPLE, canvas_header, canvas_rows, our_header, our_rows
from outcomes.rollups.workbook import write_workbook
from outcomes.selectors.grid import chosen_part
from outcomes.selectors.sheets import sheet_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IDS = slice(1, PEOPLE.index("Sections"))


@require_safe
def rollups_csv(request: Request, slug: str, canvas_id: int) -> StreamingHttpResponse:
    """Scores and levels; ids stay what they are when a spreadsheet opens the file."""
    course, shown, sheet, rows = _chosen(request, slug, canvas_id)
    lines = our_rows(sheet, rows, shown.sections)
    return csv_response(
        f"{_name(course)}.csv", [str(safe_cell(head)) for head in our_header(sheet)], map(_text_ids, lines)
    )


def _text_ids(cells: list[object]) -> list[object]:
    cells[_IDS] = [text_cell(str(cell)) for cell in cells[_IDS]]
    return cells


@require_safe
def rollups_xlsx(request: Request, slug: str, canvas_id: int) -> FileResponse:
    """A workbook with the colours of the levels; written to a file that goes when it has been sent."""
    course, shown, sheet, rows = _chosen(request, slug, canvas_id)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    write_workbook(file, sheet, rows, shown.sections, title=f"Rollups of {course}")
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{_name(course)}.xlsx", content_type=_XLSX)


@require_safe
def canvas_csv(request: Request, slug: str, canvas_id: int) -> StreamingHttpResponse:
    """The columns of Canvas's own export, byte for byte but for cells that would be taken for formulas."""
    course, _, sheet, rows = _chosen(request, slug, canvas_id)
    pieces = _plain_pieces(canvas_header(sheet), canvas_rows(sheet, rows))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = quote(f"Outcomes-{course.name.replace(' ', '_')}.csv")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _chosen(request: Request, slug: str, canvas_id: int) -> tuple[Course, Reading, Sheet, Rows]:
    course = course_for(request, slug, canvas_id)
    shown = reading_for(course)
    sheet = sheet_of(shown)
    rows, columns = chosen_part(sheet, GridFilter(request.GET, reading=shown).view)
    return course, shown, sheet.with_columns(columns), rows


def _name(course: Course) -> str:
    return f"rollups-{slugify(course.course_code or course.name)[:60] or course.canvas_id}"


def _plain_pieces(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """As Canvas writes: no byte-order mark, lines that end with a line feed."""
    memory = io.StringIO()
    writer = csv.writer(memory, lineterminator="\n")
    writer.writerow([safe_cell(cell) for cell in header])
    for number, row in enumerate(rows, 1):
        writer.writerow([safe_cell(cell) for cell in row])
        if number % 100 == 0:
            yield memory.getvalue()
            memory.seek(0)
            memory.truncate()
    yield memory.getvalue()
