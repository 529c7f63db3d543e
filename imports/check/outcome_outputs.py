"""Files that follow from the check of an outcomes CSV: it without what Canvas would refuse, and what that is.

Rows that depend on a refused one are refused themselves, so that the file without them stands on its own.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from imports.check.outcome_file import records
from imports.check.outcome_rows import Cell
from imports.check.outcomes import OutcomeReport
from imports.check.outputs import PROBLEM, safe
from imports.check.rules import RULES


def cleaned(report: OutcomeReport) -> Iterator[bytes]:
    """The file without refused rows; nothing for a file that Canvas refuses as a whole."""
    if report.form and not report.refused:
        kept = (cells for _, record, cells in records(report.source, report.form) if record not in report.problems)
        yield from _lines(kept, chr(report.form.separator))


def refused_rows(report: OutcomeReport) -> Iterator[bytes]:
    """The refused rows, with why in a column of its own before theirs, safe to open in a spreadsheet."""
    if report.form:
        yield from _lines(_with_problems(report), ",")


def _with_problems(report: OutcomeReport) -> Iterator[list[Cell]]:
    if report.form is None:
        return
    for number, (_, record, cells) in enumerate(records(report.source, report.form)):
        if not number:
            yield [PROBLEM, *cells]
        elif record in report.problems:
            rule = RULES[report.problems[record]]
            yield [f"{rule.cause} {rule.cure}", *(safe(cell or "") for cell in cells)]


def _lines(rows: Iterable[list[Cell]], separator: str) -> Iterator[bytes]:
    for cells in rows:
        line = io.StringIO(newline="")
        csv.writer(line, delimiter=separator, lineterminator="\n").writerow(cells)
        yield line.getvalue().encode(errors="surrogateescape")
