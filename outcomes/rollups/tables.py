"""A course's rollups as rows of a table that is downloaded. Pure."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from outcomes.outcome.measured import MeasuredOutcome
from outcomes.outcome.scales import shown_levels
from outcomes.rollups.sheet import Rows, Scores, Sheet, Student

PEOPLE = ("Student", "Canvas user id", "SIS id", "Login", "Sections", "Enrollment")
# Words for Canvas's states where it has others on its pages.
_STATES = {"completed": "concluded"}
UNREACHED, ABSENT = -2, -1  # where the words for them stand, counted from the end
_WITHOUT = ("not reached yet", "no result")


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
    words = [[*(level.description for level in shown_levels(one)), "", *_WITHOUT] for one in sheet.outcomes]
    places = level_places(sheet)
    for row in rows.tolist():
        cells: list[object] = [*person_cells(sheet.students[row], sections)]
        scores = listed(np.where(sheet.hides_points[row] == 1, np.nan, sheet.scores[row]))
        for score, place, told in zip(scores, places[row].tolist(), words, strict=True):
            cells += [score, told[place]]
        yield cells


def level_places(sheet: Sheet) -> npt.NDArray[np.int16]:
    """For each cell the place of its level in `shown_levels`; one more than the last place for a score below all.

    UNREACHED where results do not make a score yet, ABSENT where there is no result.
    """
    places = np.empty(sheet.scores.shape, np.int16)
    for column, outcome in enumerate(sheet.outcomes):
        rising = [-level.points for level in shown_levels(outcome)]
        places[:, column] = np.searchsorted(rising, -sheet.scores[:, column], side="left")
    missing = np.where(sheet.counts > 0, UNREACHED, ABSENT)
    return np.where(sheet.is_reached, places, missing).astype(np.int16)


def listed(scores: Scores) -> list[float | None]:
    """As Python's numbers; None where there is none."""
    return [None if score != score else score for score in scores.tolist()]  # noqa: PLR0124  # NaN alone differs from itself


def canvas_header(sheet: Sheet) -> list[str]:
    """The headers of Canvas's own export (`outcome_results_controller.rb`)."""
    heads = [f"{path_of(outcome)} {what}" for outcome in sheet.outcomes for what in ("result", "mastery points")]
    return ["Student name", "Student ID", "Student SIS ID", *heads]


def canvas_rows(sheet: Sheet, rows: Rows) -> Iterator[Sequence[object]]:
    """As Canvas writes them: N/A without a SIS id, nothing without a score, mastery on every row."""
    masteries = [outcome.mastery for outcome in sheet.outcomes]
    for row in rows.tolist():
        student = sheet.students[row]
        cells = [cell for pair in zip(listed(sheet.scores[row]), masteries, strict=True) for cell in pair]
        yield [student.name, student.id, student.sis_id or "N/A", *cells]
