"""The first line of a file: which kind it makes the file, and what is wrong with it."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from canvas.formats import SIS_KINDS, WHITE_SPACE, SisKind, kind_of
from imports.check.damage import INVISIBLE
from imports.check.findings import Finding
from imports.check.institution import InstitutionRules
from imports.check.rows import SECRET_COLUMNS
from imports.check.rules import RULES
from imports.check.steps import nearest

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_MOST_LACKING = 2  # a kind that lacks more headers than this is not what was meant


def columns_read(cells: Sequence[str]) -> list[str]:
    """The headers as they count for reading: in small letters; `""` for a column that is not read.

    Detection trims headers, reading does not; of two with one name the first is read.
    """
    read: list[str] = []
    for cell in cells:
        name = cell.lower()
        read.append("" if name in read or name != name.strip(WHITE_SPACE) else name)
    return read


class Header:
    """The header of one file, at a physical line."""

    def __init__(self, file: str, line: int, cells: Sequence[str]) -> None:
        self._file, self.line = file, line
        self._cells = [cell.lower() for cell in cells]
        self._names = [cell.strip(WHITE_SPACE) for cell in self._cells]
        self.columns = columns_read(cells)
        self.kind: SisKind | None = kind_of(self._names)

    def findings(self, institution: InstitutionRules) -> Iterator[Finding]:
        """What can be said from the header alone."""
        if self.kind is None:
            yield self._finding("file.kind-unknown", value=",".join(filter(None, self._names)), hint=self.nearly())
            return
        yield from self._odd_cells(self.kind)
        yield from self._missing_columns(self.kind)
        if trap := self._trap(self.kind):
            yield self._finding("file.kind-trap", hint=trap)
        for column in institution.required.get(self.kind.name, ()):
            if column not in self.columns:
                yield self._finding("institution.column-missing", column)

    def nearly(self) -> str:
        """Which kind the header nearly makes, or why it makes none, as a sentence; empty where none is near."""
        if why := self._why_misread():
            return why
        given = set(self._names) - {""}
        best = min(SIS_KINDS, key=lambda kind: (len(_lacking(kind, given)), -_known(kind, given)))
        lacking = _lacking(best, given)
        if not lacking or len(lacking) > _MOST_LACKING or not _known(best, given):
            return ""
        names = " and ".join(f"`{name}`" for name in lacking)
        shown = ",".join(filter(None, self._names))
        return f"`{shown}` matches nothing: {names} {'is' if len(lacking) == 1 else 'are'} missing for {best.name}."

    def _why_misread(self) -> str:
        """Why the right headers are not recognised; empty where they are not right."""
        line = ",".join(self._names)
        for separator, name in _OTHER_SEPARATORS.items():
            if kind_of(cell.strip(WHITE_SPACE) for cell in line.split(separator)):
                return f"The cells are separated by {name}; Canvas knows commas alone."
        if kind_of(INVISIBLE.sub("", name) for name in self._names):
            return "A header holds a character that cannot be seen, such as a second byte-order mark: type it anew."
        return ""

    def _finding(self, rule: str, column: str = "", value: str = "", hint: str = "") -> Finding:
        return Finding(rule, self._file, self.line, 1, column, value or column, RULES[rule].says, hint)

    def _odd_cells(self, kind: SisKind) -> Iterator[Finding]:
        known = [column.name for column in kind.columns]
        for place, (cell, name) in enumerate(zip(self._cells, self._names, strict=True)):
            if not name:
                continue
            if name in self._names[:place]:
                yield self._finding("header.column-twice", name)
            elif name not in known:
                yield self._finding("header.column-unknown", name, hint=nearest(name, known))
            elif cell != name:
                yield self._finding("header.spaces", name, value=cell)
            elif name in SECRET_COLUMNS:
                yield self._finding("header.password", name)

    def _missing_columns(self, kind: SisKind) -> Iterator[Finding]:
        """Every row needs one column of each set; the format asks for more than Canvas does."""
        present = set(self._names)
        needed: set[str] = set()
        for alternatives in kind.row_needs:
            if not alternatives & present:
                needed |= alternatives
                yield self._finding("header.column-missing", min(alternatives, key=len))
        for column in kind.columns:
            if column.required and column.name not in present | needed:
                yield self._finding("header.column-expected", column.name)

    def _trap(self, kind: SisKind) -> str:
        """A file that is named for one kind, or begins with the column of one, and is taken for another."""
        name = _in_words(PurePosixPath(self._file).stem)
        own = {_in_words(word) for word in (kind.name, kind.plural, kind.usual_file.removesuffix(".csv"))}
        for other in SIS_KINDS:
            usual = _in_words(other.usual_file.removesuffix(".csv"))
            if other is not kind and usual in name and not any(word in name for word in own):
                return f"It is named like a file of {other.plural}, and its headers make it one of {kind.plural}."
        first = next(filter(None, self._names))
        own_columns = {column.name for column in kind.columns}
        for other in SIS_KINDS:
            if first not in own_columns and any(first in alternatives for alternatives in other.needs):
                return (
                    f"`{first}` comes first, as in files of {other.plural}; its headers make it one of {kind.plural}."
                )
        return ""


def _in_words(name: str) -> str:
    """The words of a file's name, each between blanks."""
    return f" {' '.join(re.findall(r'[a-z]+', name.lower()))} "


def _lacking(kind: SisKind, given: set[str]) -> list[str]:
    return [
        next(column.name for column in kind.columns if column.name in alternatives)
        for alternatives in kind.needs
        if not alternatives & given
    ]


def _known(kind: SisKind, given: set[str]) -> int:
    return sum(column.name in given for column in kind.columns)
