"""Reading an outcomes CSV: records, separator, header.

The file is read whole: outcome files hold thousands of rows, not millions.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.ruby import listed

REQUIRED = ("title", "vendor_guid", "object_type")
OPTIONAL = (
    "canvas_id",
    "description",
    "friendly_description",
    "display_name",
    "calculation_method",
    "calculation_int",
    "parent_guids",
    "workflow_state",
    "mastery_points",
    "course_id",
)
RATINGS = "ratings"

Cell = str | None
"""None: nothing between two separators; an empty text was quoted. Bytes that are not UTF-8 are lone surrogates."""


class BadFile(Exception):
    """The whole file is refused; the text is Canvas's message."""


@dataclass(frozen=True, slots=True)
class Header:
    """The named columns, without `ratings`; cells from `len(names)` on are ratings."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> "Header":
        """Raises BadFile; and ValueError for a cell left empty before the ratings, over which Canvas stumbles."""
        end = cells.index(RATINGS) if RATINGS in cells else len(cells)
        names = [_sound(cell) for cell in cells[:end]]
        behind = [cell for cell in cells[end + 1 :] if (cell or "").strip()]
        if behind:
            raise BadFile(f"Invalid fields after ratings: {listed(map(str, behind))}")
        if missing := [name for name in REQUIRED if name not in names]:
            raise BadFile(f"Missing required fields: {listed(missing)}")
        if invalid := [name for name in names if name not in REQUIRED + OPTIONAL]:
            raise BadFile(f"Invalid fields: {listed(invalid)}")
        return cls(tuple(names))

    @property
    def reaches_other_contexts(self) -> bool:
        return "course_id" in self.names


def _sound(cell: Cell) -> str:
    if cell is None:
        raise ValueError("a header without a name")
    cell.encode()
    return cell


class CsvFile:
    """The text of a file. `lines` are physical ones: progress is measured by them."""

    def __init__(self, path: Path) -> None:
        self._text = path.read_bytes().decode("utf-8-sig", "surrogateescape")
        self.lines = self._text.count("\n") + (not self._text.endswith("\n") and bool(self._text))

    def records(self) -> Iterator[tuple[int, list[Cell]]]:
        """Number, from 1 for the header, and cells; blank lines are counted and have no cells. Raises BadFile."""
        if self.lines == 0:
            raise BadFile("File has no data")
        if self.lines == 1:
            raise BadFile("File has no outcomes data")
        return enumerate(self._split(), start=1)

    def _split(self) -> Iterator[list[Cell]]:
        text, separator = self._text, self._separator()
        field = re.compile(rf'"((?:[^"]|"")*+)"|([^"\r\n{separator}]*+)')
        end = re.compile(re.escape(self._line_end()) + r"|\Z")
        position, cells = 0, list[Cell]()
        while position < len(text):
            found = field.match(text, position)
            assert found is not None  # noqa: S101 - the second branch of the pattern fits anything
            cells.append(_cell(found))
            position = found.end()
            if text.startswith(separator, position):
                position += 1
                if position < len(text):
                    continue
                cells.append(None)
            ended = end.match(text, position)
            if ended is None:
                raise BadFile("Invalid CSV File")
            position = ended.end()
            yield [] if cells == [None] else cells
            cells = []

    def _separator(self) -> str:
        header = self._text.partition("\n")[0]
        return ";" if header.count(";") > header.count(",") else ","

    def _line_end(self) -> str:
        found = re.search(r"\r\n|\n|\r", self._text)
        return found[0] if found else "\n"


def _cell(found: re.Match[str]) -> Cell:
    quoted, bare = found.groups()
    return quoted.replace('""', '"') if quoted is not None else bare or None
