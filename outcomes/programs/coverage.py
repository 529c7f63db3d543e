"""Which outcome has been assessed in which course, as cells of a matrix. Pure."""

from dataclasses import dataclass

from outcomes.programs.figures import Figures, Presence, ProgramFigures


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is absent, linked, unassessed, hidden or assessed; `text` what stands there, `words` what it means."""

    kind: str
    text: str
    words: str


_ABSENT = Cell("absent", "", "not in this course")
_LINKED = Cell("linked", "·", "in the course, with nothing aligned")
_UNASSESSED = Cell("unassessed", "0", "aligned, nobody assessed yet")
_HIDDEN = Cell("hidden", "*", "hidden: a small group, or one that would give a small group away")


def coverage_row(figures: ProgramFigures, course: str) -> list[Cell]:
    """One cell per outcome, in their order."""
    presence, latest = figures.presence.get(course, {}), figures.latest.get(course, {})
    return [_cell(presence.get(one.key, Presence.ABSENT), latest.get(one.key)) for one in figures.outcomes]


def _cell(presence: Presence, one: Figures | None) -> Cell:
    if one is None or not (one.students or one.is_hidden):
        return {Presence.ABSENT: _ABSENT, Presence.LINKED: _LINKED, Presence.ALIGNED: _UNASSESSED}[presence]
    return _HIDDEN if one.is_hidden else Cell("assessed", str(one.students), f"{one.students} students with a score")
