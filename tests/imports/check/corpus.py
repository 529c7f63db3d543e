"""The corpus: small files, each with what must be found in it beside it.

`tests/corpus/<kind>/<case>.csv` with `<case>.txt`, and `tests/corpus/several/<case>/` for uploads of several files with
`findings.txt`. A line of expectations is `line column rule`, with the file's name before it where there are several;
`-` stands for no line or no column. A line `options <name>` sets an option of the import. Every SIS case is sent
together with the files of `tests/corpus/university/`, which are well and come first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from imports.check.engine import check
from imports.check.findings import Finding
from imports.check.outcomes import check_outcomes
from imports.check.rows import Options
from imports.check.sources import Source

ROOT = Path(__file__).resolve().parents[2] / "corpus"
UNIVERSITY = "0-university"
OUTCOMES = "outcome"

Expected = tuple[str, int, str, str]  # file, line, column, rule


class EmptyAccount:
    """A site that holds nothing but what Canvas brings with it."""

    def has(self, _kind: str, _sis_id: str, /) -> bool:
        return False

    def holders(self, _column: str, _values: Sequence[str], /) -> dict[str, str]:
        return {}

    def names(self, _kind: str, /) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class Case:
    """One upload: file name → where it is, without the university."""

    id: str
    files: dict[str, Path]
    expectations: list[list[str]] = field(default_factory=list)

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
        """What is sent: the university's files before the case's own."""
        university = {f"{UNIVERSITY}/{path.name}": path for path in sorted((ROOT / "university").iterdir())}
        return university | self.files

    def sources(self) -> list[Source]:
        return [_source(name, path) for name, path in self.upload.items()]

    def found(self) -> list[Finding]:
        if self.is_outcomes:
            [(name, path)] = self.files.items()
            into_course = "into_course" in self.options
            groups = check_outcomes(_source(name, path), into_course=into_course, known=EmptyAccount()).found.groups
        else:
            options = Options(diffing="diffing" in self.options, skip_deletes="skip_deletes" in self.options)
            groups = check(self.sources(), options=options, known=EmptyAccount()).groups
        findings = [finding for group in groups for finding in group.examples]
        return [finding for finding in findings if not finding.file.startswith(UNIVERSITY)]


def cases() -> list[Case]:
    folders = sorted(path for path in ROOT.iterdir() if path.is_dir() and path.name not in {"university", "several"})
    single = [_single(path) for folder in folders for path in sorted(folder.glob("*.csv"))]
    return single + [_several(folder) for folder in sorted((ROOT / "several").iterdir())]


def _single(path: Path) -> Case:
    return Case(f"{path.parent.name}/{path.stem}", {path.name: path}, _lines(path.with_suffix(".txt")))


def _several(folder: Path) -> Case:
    files = {path.name: path for path in sorted(folder.iterdir()) if path.name != "findings.txt"}
    return Case(f"several/{folder.name}", files, _lines(folder / "findings.txt"))


def _lines(path: Path) -> list[list[str]]:
    return [line.split(" ") for line in path.read_text(encoding="utf-8").splitlines()]


def _source(name: str, path: Path) -> Source:
    return Source(name, path, path.stat().st_size)


def _number(text: str) -> int:
    return 0 if text == "-" else int(text)


def _name(text: str) -> str:
    return "" if text == "-" else text
