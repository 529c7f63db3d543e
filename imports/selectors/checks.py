"""What a check found, as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from imports.check.rules import RULES, Rule, Severity
from imports.models import Check, FindingGroup, Upload
from imports.uploaded import sources_of

AROUND = 3  # lines shown before and after the one that is meant

_WORDS = {
    Severity.FILE_REFUSED: ("file_refused", "File refused"),
    Severity.ROW_REFUSED: ("row_refused", "Row refused"),
    Severity.IGNORED: ("ignored", "Ignored"),
    Severity.SUSPICIOUS: ("suspicious", "Suspicious"),
}


@dataclass(frozen=True)
class ShownGroup:
    """One group with the words of its rule. `state` and `word` are for its badge."""

    group: FindingGroup

    @property
    def rule(self) -> Rule:
        return RULES[self.group.rule]

    @property
    def state(self) -> str:
        return _WORDS[Severity(self.group.severity)][0]

    @property
    def word(self) -> str:
        return _WORDS[Severity(self.group.severity)][1]

    @property
    def says(self) -> str:
        """What Canvas will say, by the first example; the others differ in names alone."""
        return next((example["says"] for example in self.group.examples if example.get("says")), "")

    @property
    def key(self) -> str:
        """For the ids of its elements: the same in every check of the upload. Names of files can hold anything."""
        return f"{self.group.rule.replace('.', '-')}-{crc32(self.group.file.encode()):x}"


@dataclass
class ShownCheck:
    """One check, seen now."""

    run: Check

    @cached_property
    def groups(self) -> Sequence[ShownGroup]:
        return [ShownGroup(group) for group in self.run.groups.all()]

    @property
    def cleaned(self) -> str:
        """The name of the upload without its refused rows: Canvas takes outcomes as one plain file."""
        return "cleaned.csv" if self.run.upload.holds_outcomes else "cleaned.zip"

    @property
    def refused(self) -> str:
        return "refused.csv" if self.run.upload.holds_outcomes else "refused.zip"

    @property
    def totals(self) -> list[tuple[str, str, int]]:
        """Badge state, words and number of findings, the worst first; severities without any are left out."""
        counts = dict.fromkeys(Severity, 0)
        for shown in self.groups:
            counts[Severity(shown.group.severity)] += shown.group.count
        return [(*_WORDS[severity], count) for severity, count in counts.items() if count]

    @property
    def seen(self) -> str:
        return f"{self.run.pk}.{self.run.version}"


def lines_around(upload: Upload, file: str, line: int) -> list[tuple[int, str]]:
    """Physical lines of one of the upload's CSVs with their numbers; empty where there is no such file.

    May raise `OSError` and what `zipfile` raises for damaged entries.
    """
    for source in sources_of(upload):
        if source.name == file:
            return source.lines(max(1, line - AROUND), line + AROUND)
    return []
