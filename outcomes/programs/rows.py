"""Figures of a program as rows of a table, for pages and downloads alike. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from outcomes.programs.charts import Piece, bar
from outcomes.programs.figures import TOTAL, Counting, Figures, Group, ProgramFigures
from outcomes.programs.matching import SharedOutcome
from outcomes.rollups.rounding import rounded

BY = ("total", "term", "course", "section")
COLUMNS = ("outcome", "group", "students", "mean", "median", "share")


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the figures is asked for: by which groups, of which outcome (None: of all), how counted and ordered."""

    by: str = TOTAL
    outcome: int | None = None
    counting: Counting = Counting.LATEST
    order: str = "outcome"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`above` are the names of the groups that the row's group belongs to, such as its term and course."""

    outcome: SharedOutcome
    group: Group
    above: tuple[str, ...]
    figures: Figures
    pieces: tuple[Piece, ...]

    @property
    def spread(self) -> str:
        """The chart in words."""
        return ", ".join(f"{piece.name} {piece.count}" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands before it is drawn: thousands are put in order, and a hundred drawn."""

    outcome: SharedOutcome
    group: Group
    figures: Figures


def places(figures: ProgramFigures, asked: Asked) -> list[Place]:
    """In the order asked for; groups in which an outcome does not stand are left out, empty and hidden ones last."""
    groups = [group for group in figures.groups if group.kind == asked.by]
    outcomes = [one for one in figures.outcomes if asked.outcome in (None, one.key)]
    found = [
        Place(outcome, group, figures.of(group.key, outcome.key, asked.counting))
        for outcome in outcomes
        for group in groups
        if asked.by == TOTAL or outcome.key in figures.latest.get(group.key, {}) or _stands(figures, outcome, group)
    ]
    if asked.order == "group":
        return sorted(found, key=lambda one: one.group.name.casefold(), reverse=asked.descending)
    value = _VALUES.get(asked.order)
    if value is None:
        return found[::-1] if asked.descending else found
    there = [one for one in found if value(one) is not None]
    there.sort(key=lambda one: value(one) or 0, reverse=asked.descending)
    return there + [one for one in found if value(one) is None]


def rows(figures: ProgramFigures, asked: Asked) -> Iterator[Row]:
    """All of them, drawn one after the other."""
    return (drawn(figures, place) for place in places(figures, asked))


def row(figures: ProgramFigures, outcome: SharedOutcome, group: Group, counting: Counting) -> Row:
    return drawn(figures, Place(outcome, group, figures.of(group.key, outcome.key, counting)))


def drawn(figures: ProgramFigures, place: Place) -> Row:
    one = place.figures
    pieces = () if one.is_hidden else tuple(bar(one, figures.scales))
    return Row(place.outcome, place.group, _above(figures, place.group), one, pieces)


def _stands(figures: ProgramFigures, outcome: SharedOutcome, group: Group) -> bool:
    return group.kind == "course" and outcome.key in figures.presence.get(group.key, {})


def _above(figures: ProgramFigures, group: Group) -> tuple[str, ...]:
    names: list[str] = []
    while group.above and group.above != TOTAL:
        group = figures.by_key[group.above]
        names.insert(0, group.name)
    return tuple(names)


def _students(one: Place) -> float | None:
    return None if one.figures.is_hidden else one.figures.students


_VALUES: dict[str, Callable[[Place], float | None]] = {
    "students": _students,
    "mean": lambda one: one.figures.mean,
    "median": lambda one: one.figures.median,
    "share": lambda one: one.figures.share,
}

HEADER = (
    "Outcome", "Title", "vendor_guid", "Canvas outcome ids", "Group", "Term", "Course", "Course code", "Section",
    "Students", "Scores", "Mean", "Median", "At mastery", "Scores with a mastery", "Share at mastery", "Distribution",
    "Hidden",
)  # fmt: skip
HIDDEN_MARK = "hidden"


def cells(one: Row, figures: ProgramFigures) -> Sequence[object]:
    """A row as a download has it."""
    term, course, section = _places(one)
    code = one.group.code
    if one.group.kind == "section":
        code = figures.by_key[one.group.above].code
    ids = " ".join(map(str, one.outcome.ids))
    place = (one.outcome.name, one.outcome.title, one.outcome.guid, ids, one.group.kind, term, course, code, section)
    if one.figures.is_hidden:
        return (*place, *[None] * 8, HIDDEN_MARK)
    told = one.figures
    counts = (told.students, told.scores, told.mean, told.median, told.mastered, told.judged)
    share = None if told.share is None else rounded(told.share, 4)
    return (*place, *counts, share, one.spread, "")


def _places(one: Row) -> tuple[str, str, str]:
    names = ["", "", ""]
    if one.group.kind in BY[1:]:
        names[: len(one.above) + 1] = (*one.above, one.group.name)
    return names[0], names[1], names[2]
