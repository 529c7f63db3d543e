"""The check of an outcomes CSV. Such files are small, and every row depends on those before it: one row at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from imports.check.findings import Collector, Finding
from imports.check.outcome_file import Record, all_records, named, outcome_form, records
from imports.check.outcome_rows import COLUMNS, REQUIRED, Broken, Cell, OutcomeRow, Tree, look_at
from imports.check.pieces import Form
from imports.check.rules import RULES, fill
from imports.check.sources import Source
from imports.check.survey import Fault, survey


@dataclass
class OutcomeReport:
    """What was found in an outcomes file.

    `rows` are those that hold anything; `refused`: Canvas reads none of it. `problems`: the rule that refuses a row, by
    the row's number. `form` is None where the file cannot be read at all.
    """

    source: Source
    found: Collector = field(default_factory=Collector)
    rows: int = 0
    refused: bool = False
    problems: dict[int, str] = field(default_factory=dict)
    form: Form | None = None


def check_outcomes(
    source: Source,
    *,
    into_course: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> OutcomeReport:
    """Reads an outcomes file as Canvas would, for an account or a course. What is there, the preview looks at."""
    report = OutcomeReport(source)
    done = 0

    def advance(size: int) -> None:
        nonlocal done
        done = min(done + size, source.size)
        if on_progress:
            on_progress(done, source.size)

    try:
        form = outcome_form(source)
        survey(source, form, advance, utf8=False)
        report.form = form
        _read(report, form, Tree(into_course=into_course))
    except Fault as fault:
        rule = fault.rule if fault.rule in RULES and not RULES[fault.rule].says else _as_outcome(fault.rule)
        _refuse(report, rule, fault.line, fault.value)
    return report


def _as_outcome(rule: str) -> str:
    """Whatever Ruby's CSV cannot read has one name here."""
    return rule if rule.startswith(("outcome.", "file.utf")) else "outcome.malformed"


def _refuse(report: OutcomeReport, rule: str, line: int, value: str = "", **words: str) -> None:
    report.refused = True
    says = fill(RULES[rule].says, words) if rule.startswith("outcome.") else ""
    report.found.add(Finding(rule, report.source.name, line, 1, value=value, says=says))


def _read(report: OutcomeReport, form: Form, tree: Tree) -> None:
    first = next(records(report.source, form), None)
    if first is None:
        _refuse(report, "outcome.no-data", 0)
        return
    second = next(islice(all_records(report.source, form), 1, None), None)
    if second is None:
        _refuse(report, "outcome.header-only", first[0])
        return
    if bad := _header_fault(first[2]):
        rule, names = bad
        quoted = ", ".join(f'"{name}"' for name in names)
        _refuse(report, rule, first[0], ",".join(names), list=f"[{quoted}]")
        return
    header = [name or "" for name in named(first[2])]
    tree.foresee(OutcomeRow(header, cells) for _, _, cells in _below(report.source, form))
    for line, record, cells in _below(report.source, form):
        report.rows += 1
        for broken in look_at(OutcomeRow(header, cells), tree):
            if RULES[broken.rule].refuses_row:
                report.problems[record] = broken.rule
            report.found.add(_finding(report.source.name, line, record, broken))
    if not report.rows:
        report.found.add(Finding("outcome.rows-blank", report.source.name, first[0], 1))


def _below(source: Source, form: Form) -> Iterator[Record]:
    """The records below the header that hold anything; Canvas skips the others."""
    return islice(records(source, form), 1, None)


def _finding(file: str, line: int, record: int, broken: Broken) -> Finding:
    says = fill(RULES[broken.rule].says, {"value": broken.value, **broken.words})
    return Finding(broken.rule, file, line, record, broken.column, broken.value, says, broken.hint)


def _header_fault(cells: list[Cell]) -> tuple[str, list[str]] | None:
    """The rule that the header breaks, with the names that do: what is after the ratings, missing, unknown."""
    before = named(cells)
    if None in before:
        return "outcome.header-empty", []
    if after := [cell for cell in cells[len(before) + 1 :] if cell and cell.strip()]:
        return "outcome.headers-after-ratings", after
    if missing := [name for name in REQUIRED if name not in before]:
        return "outcome.headers-missing", missing
    unknown = [name or "" for name in before if name not in COLUMNS]
    return ("outcome.headers-unknown", unknown) if unknown else None
