"""One row of an outcomes CSV, by Canvas's rules, in the order in which it tries them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from imports.check.outcome_numbers import has_odd_comma, number, whole
from imports.check.steps import nearest

REQUIRED = ("title", "vendor_guid", "object_type")
COLUMNS = (
    "canvas_id", "vendor_guid", "object_type", "title", "description", "friendly_description", "display_name",
    "calculation_method", "calculation_int", "parent_guids", "workflow_state", "mastery_points", "course_id", "ratings",
)  # fmt: skip
# Least and most of `calculation_int`; None where there must be none.
METHODS: dict[str, tuple[int, int] | None] = {
    "decaying_average": (1, 99),
    "weighted_average": (1, 99),
    "standard_decaying_average": (50, 99),
    "n_mastery": (1, 10),
    "highest": None,
    "latest": None,
    "average": None,
}
LONGEST = 255
DEFAULT_MASTERY = 3.0
# The method of an outcome that names none; which of two it is depends on a setting of the account.
DEFAULT_METHOD = "decaying_average"
# Below that, the number of a standard decaying average is refused where the account has a setting, and only there.
_LEAST_IN_DOUBT = 1
# What counts as a space in Ruby's patterns.
_SPACES = re.compile(r"[ \t\r\n\f\v]+")


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a row breaks."""

    rule: str
    column: str
    value: str = ""
    hint: str = ""
    words: dict[str, str] = field(default_factory=dict)


Cell = str | None  # None: nothing between two separators; an empty text was in quotation marks


class OutcomeRow(dict[str, str]):
    """The non-empty cells by column, and the ratings, which have no columns of their own.

    Of two columns with one name the later counts. `ratings` are points and, where there is one, description.
    """

    def __init__(self, names: list[str], cells: list[Cell]) -> None:
        """`names` are the headers before the ratings."""
        named = dict(zip(names, cells, strict=False))
        super().__init__({name: cell for name, cell in named.items() if cell and cell.strip()})
        self.cells = [cell or "" for cell in cells]
        ratings = cells[len(names) :]
        while ratings and ratings[-1] is None:
            ratings = ratings[:-1]
        texts = [cell or "" for cell in ratings]
        self.ratings = [(texts[at], *texts[at + 1 : at + 2]) for at in range(0, len(texts), 2)]

    @property
    def guid(self) -> str:
        return self.get("vendor_guid", "")

    @property
    def parents(self) -> list[str]:
        return [guid for guid in _SPACES.split(self.get("parent_guids", "")) if guid]


@dataclass
class Tree:
    """The groups and outcomes of the file as they come; `parents` of all its groups are known beforehand.

    `refused` are groups that came and that Canvas refuses.
    """

    into_course: bool = False
    groups: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    outcomes: set[str] = field(default_factory=set)
    parents: dict[str, list[str]] = field(default_factory=dict)

    def foresee(self, rows: Iterable[OutcomeRow]) -> None:
        for row in rows:
            if row.get("object_type") == "group" and row.guid:
                self.parents.setdefault(row.guid, row.parents)

    def is_below(self, guid: str, ancestor: str) -> bool:
        """Whether the file puts one group somewhere below the other."""
        seen: set[str] = set()
        waiting = [guid]
        while waiting:
            at = waiting.pop()
            if at == ancestor:
                return True
            if at not in seen:
                seen.add(at)
                waiting += self.parents.get(at, [])
        return False


def look_at(row: OutcomeRow, tree: Tree) -> Iterator[Broken]:
    """What makes Canvas refuse the row, or what is odd about a row that it takes.

    The first rule that a row breaks is the only one that is told, but for those of the model, which come together.
    """
    refused = list(islice(_refusals(row, tree), 1)) or list(_unfit(row))
    if refused:
        if row.get("object_type") == "group":
            tree.refused.add(row.guid)
        yield from refused
        return
    (tree.groups if row["object_type"] == "group" else tree.outcomes).add(row.guid)
    if row["object_type"] == "outcome":
        yield from _oddities(row)


def _unfit(row: OutcomeRow) -> Iterator[Broken]:
    return _group_model(row) if row["object_type"] == "group" else _outcome_model(row)


def _refusals(row: OutcomeRow, tree: Tree) -> Iterator[Broken]:
    yield from _unreadable(row)
    yield from _ratings(row)
    yield from _plain_values(row)
    if row["object_type"] == "group":
        yield from _group(row, tree)
    else:
        yield from _outcome(row, tree)


def _unreadable(row: OutcomeRow) -> Iterator[Broken]:
    for cell in row.cells:
        if any("\udc80" <= letter <= "\udcff" for letter in cell):
            shown = "".join(f"\\x{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in cell)
            yield Broken("outcome.not-utf-8", "", f'"{shown}"')


def _ratings(row: OutcomeRow) -> Iterator[Broken]:
    before: float | None = None
    for tier, (points, *_) in enumerate(row.ratings, 1):
        words = {"tier": str(tier)}
        if not points.strip():
            yield Broken("outcome.rating-points-missing", "ratings", points, words=words)
            continue
        value = number(points)
        if value is None:
            yield Broken("outcome.rating-points-unreadable", "ratings", points, words=words)
            continue
        if before is not None and value > before:
            words |= {"points": str(value), "prior": str(before)}
            yield Broken("outcome.ratings-unordered", "ratings", points, words=words)
        before = value


def _plain_values(row: OutcomeRow) -> Iterator[Broken]:
    mastery = row.get("mastery_points")
    if mastery is not None and number(mastery) is None:
        yield Broken("outcome.mastery-points-unreadable", "mastery_points", mastery)
    if len(row.get("friendly_description", "")) > LONGEST:
        yield Broken("outcome.friendly-description-too-long", "friendly_description", row["friendly_description"])
    for name in ("vendor_guid", "title"):
        if name not in row:
            yield Broken(f"outcome.{name.replace('_', '-')}-missing", name)
    if _SPACES.search(row.guid):
        yield Broken("outcome.vendor-guid-spaces", "vendor_guid", row.guid)
    state, kind = row.get("workflow_state", "active"), row.get("object_type", "")
    if state not in {"active", "deleted"}:
        yield Broken("outcome.workflow-state-unknown", "workflow_state", state, nearest(state, ("active", "deleted")))
    if kind not in {"outcome", "group"}:
        yield Broken("outcome.object-type-unknown", "object_type", kind, nearest(kind, ("outcome", "group")))


def _group(row: OutcomeRow, tree: Tree) -> Iterator[Broken]:
    fields = [name for name in ("calculation_method", "calculation_int") if name in row]
    fields += ["ratings"] if row.ratings else []
    if fields:
        quoted = ", ".join(f'"{name}"' for name in fields)
        yield Broken("outcome.group-fields", fields[0], row.get(fields[0], ""), words={"list": f"[{quoted}]"})
    if "course_id" in row:
        course = row["course_id"].strip()
        if tree.into_course:
            yield Broken("outcome.course-id-elsewhere", "course_id", row["course_id"])
        elif not (course.isascii() and course.isdecimal()):
            yield Broken("outcome.course-not-found", "course_id", course)
    yield from _parents(row, tree)
    if len(row.parents) > 1:
        yield Broken("outcome.group-parents", "parent_guids", row["parent_guids"])
    if row.guid in tree.groups:
        yield Broken("outcome.group-twice", "vendor_guid", row.guid)


def _outcome(row: OutcomeRow, tree: Tree) -> Iterator[Broken]:
    if "course_id" in row:
        yield Broken("outcome.outcome-fields", "course_id", row["course_id"])
    yield from _parents(row, tree)
    if row.guid in tree.outcomes:
        yield Broken("outcome.outcome-twice", "vendor_guid", row.guid)


def _group_model(row: OutcomeRow) -> Iterator[Broken]:
    for name, label in (("title", "Title"), ("vendor_guid", "Vendor guid")):
        yield from _too_long(row, name, label)


def _outcome_model(row: OutcomeRow) -> Iterator[Broken]:
    labels = (("title", "Short description"), ("vendor_guid", "Vendor guid"), ("display_name", "Display name"))
    for name, label in labels:
        yield from _too_long(row, name, label)
    yield from _calculation(row)


def _parents(row: OutcomeRow, tree: Tree) -> Iterator[Broken]:
    missing = [guid for guid in row.parents if guid not in tree.groups]
    if not missing:
        return
    rule = "outcome.parents-late"
    if any(guid not in tree.parents for guid in missing):
        rule = "outcome.parents-unknown"
    elif row["object_type"] == "group" and any(tree.is_below(guid, row.guid) for guid in missing):
        rule = "outcome.parents-cyclic"
    elif any(guid in tree.refused for guid in missing):
        rule = "outcome.parents-refused"
    quoted = ", ".join(f'"{guid}"' for guid in missing)
    hint = nearest(missing[0], tree.groups) if rule == "outcome.parents-unknown" else ""
    yield Broken(rule, "parent_guids", " ".join(missing), hint, {"list": f"[{quoted}]"})


def _too_long(row: OutcomeRow, name: str, label: str) -> Iterator[Broken]:
    if len(row.get(name, "")) > LONGEST:
        rule = "outcome.title-too-long" if name == "title" else "outcome.name-too-long"
        yield Broken(rule, name, row[name], words={"label": label})


def _calculation(row: OutcomeRow) -> Iterator[Broken]:
    method, value = row.get("calculation_method", DEFAULT_METHOD), row.get("calculation_int")
    if method not in METHODS:
        yield Broken("outcome.calculation-method-unknown", "calculation_method", method, nearest(method, METHODS))
        return
    if value is None:
        return
    bounds, words = METHODS[method], {"int": str(whole(value))}
    if bounds is None:
        yield Broken("outcome.calculation-int-unused", "calculation_int", value)
    elif not min(bounds[0], _LEAST_IN_DOUBT) <= whole(value) <= bounds[1]:
        words |= {"least": str(bounds[0]), "most": str(bounds[1])}
        yield Broken("outcome.calculation-int-out-of-range", "calculation_int", value, words=words)


def _oddities(row: OutcomeRow) -> Iterator[Broken]:
    bounds, value = METHODS[row.get("calculation_method", DEFAULT_METHOD)], row.get("calculation_int")
    if bounds and value and whole(value) < bounds[0]:
        yield Broken("outcome.calculation-int-doubtful", "calculation_int", value)
    for column, text in [
        ("mastery_points", row.get("mastery_points", "")),
        *(("ratings", of[0]) for of in row.ratings),
    ]:
        if has_odd_comma(text):
            yield Broken("outcome.decimal-comma", column, text, words={"read": str(number(text))})
    if "mastery_points" in row and not row.ratings and number(row["mastery_points"]) != DEFAULT_MASTERY:
        yield Broken("outcome.ratings-wiped", "mastery_points", row["mastery_points"])
