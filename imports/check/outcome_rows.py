"""One row of an outcomes CSV, by Canvas's rules, in the order in which it tries them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from imports.check.knowledge import Known
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
DEFAULT_METHOD = "decaying_average"

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a row breaks."""

    rule: str
    column: str
    value: str = ""
    hint: str = ""
    words: dict[str, str] = field(default_factory=dict)


class OutcomeRow(dict[str, str]):
    """The non-empty cells by column, and the ratings, which have no columns of their own."""

    def __init__(self, header: list[str], cells: list[str]) -> None:
        named = [name for name in header if name != "ratings"]
        super().__init__({name: cell for name, cell in zip(named, cells, strict=False) if cell.strip()})
        self.cells = cells
        ratings = cells[len(named) :]
        while ratings and not ratings[-1].strip():
            ratings = ratings[:-1]
        self.ratings = [(ratings[at], *ratings[at + 1 : at + 2]) for at in range(0, len(ratings), 2)]

    @property
    def guid(self) -> str:
        return self.get("vendor_guid", "")

    @property
    def parents(self) -> list[str]:
        return self.get("parent_guids", "").split()


@dataclass
class Tree:
    """The groups and outcomes of the file as they come; `parents` of all its groups are known beforehand."""

    into_course: bool = False
    known: Known | None = None
    groups: set[str] = field(default_factory=set)
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
    """The first rule that makes Canvas refuse the row, or what is odd about a row that it takes."""
    refused = next(_refusals(row, tree), None)
    if refused:
        yield refused
        return
    (tree.groups if row["object_type"] == "group" else tree.outcomes).add(row.guid)
    if row["object_type"] == "outcome":
        yield from _oddities(row, tree)


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
    if re.search(r"\s", row.guid):
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
    if tree.into_course and "course_id" in row:
        yield Broken("outcome.course-id-elsewhere", "course_id", row["course_id"])
    yield from _parents(row, tree)
    if len(row.parents) > 1:
        yield Broken("outcome.group-parents", "parent_guids", row["parent_guids"])
    if row.guid in tree.groups:
        yield Broken("outcome.group-twice", "vendor_guid", row.guid)
    yield from _long_title(row)


def _outcome(row: OutcomeRow, tree: Tree) -> Iterator[Broken]:
    if "course_id" in row:
        yield Broken("outcome.outcome-fields", "course_id", row["course_id"])
    yield from _parents(row, tree)
    if row.guid in tree.outcomes:
        yield Broken("outcome.outcome-twice", "vendor_guid", row.guid)
    yield from _long_title(row)
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
    quoted = ", ".join(f'"{guid}"' for guid in missing)
    hint = nearest(missing[0], tree.groups) if rule == "outcome.parents-unknown" else ""
    yield Broken(rule, "parent_guids", " ".join(missing), hint, {"list": f"[{quoted}]"})


def _long_title(row: OutcomeRow) -> Iterator[Broken]:
    if len(row["title"]) > LONGEST:
        yield Broken("outcome.title-too-long", "title", row["title"])


def _calculation(row: OutcomeRow) -> Iterator[Broken]:
    method, value = row.get("calculation_method", DEFAULT_METHOD), row.get("calculation_int")
    if method not in METHODS:
        yield Broken("outcome.calculation-method-unknown", "calculation_method", method, nearest(method, METHODS))
        return
    bounds = METHODS[method]
    if value is None:
        return
    if bounds is None:
        yield Broken("outcome.calculation-int-unused", "calculation_int", value)
        return
    least, most = bounds
    if not value.strip().isdecimal() or not least <= int(value) <= most:
        words = {"least": str(least), "most": str(most)}
        yield Broken("outcome.calculation-int-out-of-range", "calculation_int", value, words=words)


def _oddities(row: OutcomeRow, tree: Tree) -> Iterator[Broken]:
    if "calculation_method" not in row and tree.known and tree.known.has("outcome", row.guid):
        yield Broken("outcome.calculation-method-reset", "calculation_method")
    if "mastery_points" in row and not row.ratings and number(row["mastery_points"]) != DEFAULT_MASTERY:
        yield Broken("outcome.ratings-wiped", "mastery_points", row["mastery_points"])


def number(text: str) -> float | None:
    """A number with a decimal point and, perhaps, commas between thousands, as an English account reads it."""
    text = text.strip()
    return float(text.replace(",", "")) if re.search(r"\d", text) and _NUMBER.fullmatch(text) else None
