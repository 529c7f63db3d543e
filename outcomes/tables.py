"""A course's rollups as rows of a table that is downloaded. Pure."""

from collections.abc import Iterator, Sequence

import numpy as np

from outcomes.measured import MeasuredOutcome
from outcomes.scales import shown_levels
from outcomes.sheet import Rows, Sheet, Student

PEOPLE = ("Student", "Canvas user id", "SIS id", "Login", "Sections", "Enrollment")
# Words for Canvas's states where it has others on its pages.
_STATES = {"completed": "concluded"}


def path_of(outcome: MeasuredOutcome) -> str:
    """Titles of groups from below the root down, and its own, as Canvas's export joins them."""
    return " > ".join((*outcome.path, outcome.title))


def person_cells(student: Student, sections: dict[str, str]) -> tuple[str, str, str, str, str, str]:
    names = dict.fromkeys(sections.get(str(section), str(section)) for section, _ in student.places)
    states = dict.fromkeys(_STATES.get(state, state) for _, state in student.places)
    return (
        student.name,
        str(student.id),
        student.sis_id,
        student.login_id,
        ", ".join(name for name in names if name),
        ", ".join(states),
    )


def our_header(sheet: Sheet) -> list[str]:
    heads = [f"{path_of(outcome)} {what}" for outcome in sheet.outcomes for what in ("score", "level")]
    return [*PEOPLE, *heads]


def our_rows(sheet: Sheet, rows: Rows, sections: dict[str, str]) -> Iterator[list[object]]:
    """Two cells per outcome: the score, where it is reached and may be shown, and the level or why there is none."""
    scales = [shown_levels(outcome) for outcome in sheet.outcomes]
    for row in rows.tolist():
        cells: list[object] = [*person_cells(sheet.students[row], sections)]
        for column, levels in enumerate(scales):
            score = float(sheet.scores[row, column])
            if np.isnan(score):
                cells += [None, "not reached yet" if sheet.counts[row, column] else "no result"]
                continue
            level = next((level.description for level in levels if score >= level.points), "")
            cells += [None if sheet.hides_points[row, column] == 1 else score, level]
        yield cells


def canvas_header(sheet: Sheet) -> list[str]:
    """The headers of Canvas's own export (`outcome_results_controller.rb`)."""
    heads = [f"{path_of(outcome)} {what}" for outcome in sheet.outcomes for what in ("result", "mastery points")]
    return ["Student name", "Student ID", "Student SIS ID", *heads]


def canvas_rows(sheet: Sheet, rows: Rows) -> Iterator[Sequence[object]]:
    """As Canvas writes them: N/A without a SIS id, nothing without a score, mastery on every row."""
    masteries = [outcome.mastery for outcome in sheet.outcomes]
    for row in rows.tolist():
        student = sheet.students[row]
        scores = [None if np.isnan(score) else score for score in sheet.scores[row].tolist()]
        cells = [cell for pair in zip(scores, masteries, strict=True) for cell in pair]
        yield [student.name, student.id, student.sis_id or "N/A", *cells]
