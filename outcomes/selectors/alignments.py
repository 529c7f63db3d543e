"""What can be asked about the alignments of a course, and what Canvas has answered."""

from dataclasses import dataclass

from outcomes.models import AlignmentList, Reading, TreeOutcome
from outcomes.selectors.aligned import readable
from outcomes.selectors.outcomes import canvas_address
from outcomes.selectors.sheets import sheet_of


def students(reading: Reading | None) -> list[tuple[int, str]]:
    """(Canvas's number, name) by name."""
    if reading is None:
        return []
    sheet = sheet_of(reading)
    return [(one.id, one.sortable_name or one.name) for one in sorted(sheet.students, key=lambda one: one.name_key)]


def assignments(reading: Reading | None) -> list[tuple[int, str]]:
    """(Canvas's number, title) of what the outcomes of the reading are aligned with."""
    if reading is None:
        return []
    found: dict[int, str] = {}
    for one in reading.outcomes:
        for asset, name in zip(one.get("assets", ()), one["alignments"], strict=False):
            kind, _, number = str(asset).rpartition("_")
            if kind == "assignment" and number.isdecimal():
                found[int(number)] = readable(str(name))
    return sorted(found.items(), key=lambda pair: (pair[1].casefold(), pair[0]))


@dataclass(frozen=True, slots=True)
class Row:
    outcome_id: int
    outcome: str
    title: str
    types: str
    url: str


def rows(asked: AlignmentList, reading: Reading | None) -> list[Row]:
    """The answer by outcome, with names of outcomes as far as they are known here."""
    names = {one["id"]: one["display_name"] or one["title"] for one in reading.outcomes} if reading else {}
    numbers = {item["outcome"] for item in asked.found} - names.keys()
    trees = TreeOutcome.objects.filter(tree__canvas_account=asked.course.canvas_account, canvas_id__in=numbers)
    names |= {row.canvas_id: row.facts.name for row in trees}
    found = [
        Row(
            item["outcome"],
            names.get(item["outcome"], f"Outcome {item['outcome']}"),
            item["title"],
            item["types"],
            canvas_address(asked, item["url"]),
        )
        for item in asked.found
    ]
    return sorted(found, key=lambda row: (row.outcome.casefold(), row.outcome_id, row.title.casefold()))
