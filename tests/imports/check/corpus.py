"""The corpus: small files, each with what must be found in it beside it.

`tests/corpus/<kind>/<case>.csv` with `<case>.txt`, and `tests/corpus/several/<case>/` for uploads of several files with
`findings.txt`. In `tests/corpus/known/<case>/` the files of `before/` were imported earlier, after the university,
so that the check knows of them. A line of expectations is `line column rule`, with the file's name before it where
there are several; `-` stands for no line or no column. A line `options <name>` sets an option of the import. Every
other SIS case is sent together with the files of `tests/corpus/university/`, which are well and come first.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from canvas.formats import kind_of
from imports.check.engine import Report, check
from imports.check.findings import Finding
from imports.check.knowledge import Known
from imports.check.outcomes import check_outcomes
from imports.check.rows import Options
from imports.check.sources import Source
from imports.known import learning
from imports.known.asking import AskedState
from imports.known.reading import Csv, rows_of
from imports.known.state import opened

ROOT = Path(__file__).resolve().parents[2] / "corpus"
UNIVERSITY = "0-university"
OUTCOMES = "outcome"
BEFORE = "before"

Expected = tuple[str, int, str, str]  # file, line, column, rule


class EmptyAccount:
    """A site that holds nothing but what Canvas brings with it."""

    def has(self, _kind: str, _sis_id: str, /) -> bool:
        return False

    def thing(self, _kind: str, _sis_id: str, /) -> None:
        return None

    def living(self, _kind: str, _columns: Mapping[str, str], /) -> tuple[str, ...]:
        return ()

    def holders(self, _column: str, _values: Sequence[str], /) -> dict[str, str]:
        return {}

    def names(self, _kind: str, /) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Case:
    """One upload: file name → where it is, without the university. `before`: files that were imported earlier."""

    id: str
    files: dict[str, Path]
    expectations: list[list[str]] = field(default_factory=list)
    before: dict[str, Path] = field(default_factory=dict)

    @property
    def is_outcomes(self) -> bool:
        return self.id.startswith(f"{OUTCOMES}/")

    @cached_property
    def options(self) -> set[str]:
        return {words[1] for words in self.expectations if words[0] == "options"}

    @property
    def expected(self) -> list[Expected]:
        first = next(iter(self.files))
        lines = [words for words in self.expectations if words[0] != "options"]
        full = [words if len(words) == 4 else [first, *words] for words in lines]
        return sorted((file, _number(line), _name(column), rule) for file, line, column, rule in full)

    @property
    def upload(self) -> dict[str, Path]:
        """What is sent: the university's files before the case's own, unless they were sent earlier."""
        return self.files if self.before else _university() | self.files

    @property
    def uploads_before(self) -> list[dict[str, Path]]:
        """What was sent earlier, one import after the other; nothing in most cases."""
        return [_university(), self.before] if self.before else []

    def sources(self) -> list[Source]:
        return [_source(name, path) for name, path in self.upload.items()]

    def found(self) -> list[Finding]:
        if self.is_outcomes:
            [(name, path)] = self.files.items()
            into_course = "into_course" in self.options
            groups = check_outcomes(_source(name, path), into_course=into_course).found.groups
        else:
            groups = self.checked().groups
        findings = [finding for group in groups for finding in group.examples]
        return [finding for finding in findings if not finding.file.startswith(UNIVERSITY)]

    def checked(self) -> Report:
        options = Options(diffing="diffing" in self.options, skip_deletes="skip_deletes" in self.options)
        with self._account() as known:
            return check(self.sources(), options=options, known=known)

    @contextmanager
    def _account(self) -> Iterator[Known]:
        """What is known of the account: what was sent earlier, or that it is empty."""
        if not self.before:
            yield EmptyAccount()
            return
        with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "known.sqlite3") as state:
            for number, files in enumerate(self.uploads_before, 1):
                rows = [rows_of(_csv(name, path)) for name, path in files.items()]
                learning.learn(state, learning.Lesson(number, rows, {}))
            yield AskedState(state, is_complete=True)


def cases() -> list[Case]:
    of_several = {"several", "known"}
    folders = sorted(path for path in ROOT.iterdir() if path.name not in {"university", *of_several})
    single = [_single(path) for folder in folders for path in sorted(folder.glob("*.csv"))]
    return single + [_several(folder) for name in sorted(of_several) for folder in sorted((ROOT / name).iterdir())]


def _single(path: Path) -> Case:
    return Case(f"{path.parent.name}/{path.stem}", {path.name: path}, _lines(path.with_suffix(".txt")))


def _several(folder: Path) -> Case:
    before = {path.name: path for path in sorted((folder / BEFORE).glob("*"))}
    files = {path.name: path for path in sorted(folder.iterdir()) if path.name not in {"findings.txt", BEFORE}}
    return Case(f"{folder.parent.name}/{folder.name}", files, _lines(folder / "findings.txt"), before)


def _university() -> dict[str, Path]:
    return {f"{UNIVERSITY}/{path.name}": path for path in sorted((ROOT / "university").iterdir())}


def _csv(name: str, path: Path) -> Csv:
    kind = kind_of(path.read_text(encoding="utf-8").partition("\n")[0].split(","))
    assert kind, path
    return Csv(name, kind, lambda: path.open("rb"))


def _lines(path: Path) -> list[list[str]]:
    return [line.split(" ") for line in path.read_text(encoding="utf-8").splitlines()]


def _source(name: str, path: Path) -> Source:
    return Source(name, path, path.stat().st_size)


def _number(text: str) -> int:
    return 0 if text == "-" else int(text)


def _name(text: str) -> str:
    return "" if text == "-" else text
