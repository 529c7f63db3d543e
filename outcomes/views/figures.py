"""What pages of figures have in common, live or frozen: tables, charts, the matrix of coverage, downloads."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from accounts.csv_export import csv_response
from accounts.http import Request
from outcomes.http import asked_figures, asked_page
from outcomes.programs.charts import trend
from outcomes.programs.coverage import coverage_row
from outcomes.programs.definitions import COUNTING, definitions
from outcomes.programs.figures import TOTAL, Counting, ProgramFigures, terms_in_time
from outcomes.programs.published import Published
from outcomes.programs.rows import BY, HEADER, Asked, cells, drawn, places, row, rows
from outcomes.programs.workbook import workbook

ROWS, COURSES = 100, 40
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def figures_shown(request: Request, published: Published) -> dict[str, Any]:
    """For `outcomes/_figures.html`."""
    figures, asked = published.figures, asked_figures(request)
    found, page = places(figures, asked), asked_page(request)
    first = (page - 1) * ROWS
    return {
        "published": published,
        "figures": figures,
        "asked": asked,
        "rows": [drawn(figures, one) for one in found[first : first + ROWS]],
        "row_count": len(found),
        "page": page,
        "has_more": len(found) > first + ROWS,
        "by_choices": BY,
        "countings": list(Counting),
        "counting_words": COUNTING[asked.counting],
        "chosen_outcome": figures.outcome(asked.outcome) if asked.outcome is not None else None,
        "trend": _trend(figures, asked) if asked.by == "term" and asked.outcome is not None else None,
        "assessed": figures.assessed.get(TOTAL, 0),
        "never_aligned": figures.never_aligned(),
        "never_assessed": figures.never_assessed(),
        "mixed": [one for one in figures.outcomes if _is_mixed(figures, one.key)],
        "definitions": definitions(published.threshold),
    }


def _is_mixed(figures: ProgramFigures, outcome: int) -> bool:
    one = figures.of(TOTAL, outcome)
    return one.students > 0 and one.scale is None


def _trend(figures: ProgramFigures, asked: Asked) -> Any:
    return trend(
        [(term.name, figures.of(term.key, asked.outcome or 0, asked.counting)) for term in terms_in_time(figures)]
    )


def matrix(request: Request, figures: ProgramFigures) -> dict[str, Any]:
    """For `outcomes/_matrix.html`: read courses, so many to a page."""
    page, courses = asked_page(request, "courses"), figures.of_kind("course")
    first = (page - 1) * COURSES
    lines = [
        (course, figures.by_key[course.above], coverage_row(figures, course.key))
        for course in courses[first : first + COURSES]
    ]
    return {"lines": lines, "matrix_page": page, "matrix_has_more": len(courses) > first + COURSES}


def figures_csv(request: Request, name: str, figures: ProgramFigures) -> StreamingHttpResponse:
    """The rows of the page, all of them."""
    found = rows(figures, asked_figures(request))
    return csv_response(f"{name}.csv", HEADER, (cells(one, figures) for one in found))


def figures_xlsx(request: Request, name: str, published: Published, facts: Sequence[tuple[str, str]]) -> HttpResponse:
    content = workbook(published, facts, asked_figures(request).counting)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(content, content_type=_XLSX, headers=headers)


def report_shown(request: Request, published: Published) -> dict[str, Any]:
    """For the printed report: every outcome with its terms, then courses."""
    figures, counting = published.figures, asked_figures(request).counting
    terms = list(terms_in_time(figures))
    chapters = [
        {
            "outcome": outcome,
            "total": row(figures, outcome, figures.by_key[TOTAL], counting),
            "terms": [row(figures, outcome, term, counting) for term in terms],
            "trend": trend([(term.name, figures.of(term.key, outcome.key, counting)) for term in terms]),
        }
        for outcome in figures.outcomes
    ]
    return figures_shown(request, published) | {"chapters": chapters, "courses": figures.of_kind("course")}
