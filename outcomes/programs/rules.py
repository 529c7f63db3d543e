"""By which rules a program chooses its outcomes and its courses. Pure: what Canvas lists is asked for elsewhere."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import translate
from typing import Any, Self

from outcomes.programs.matching import SharedOutcome

SEPARATOR = " > "


class By(StrEnum):
    """How a rule for outcomes chooses."""

    ALL = "all"
    GROUP = "group"
    GUID = "guid"
    PICKED = "picked"


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """`value`: the path of a group, its parts joined; a vendor_guid, in which * stands for anything; a picked
    outcome's Canvas id. `guid` and `label` are those of the picked one.
    """

    by: By
    value: str = ""
    guid: str = ""
    label: str = ""

    def takes(self, outcome: SharedOutcome) -> bool:
        if self.by == By.ALL:
            return True
        if self.by == By.GROUP:
            return any(_is_below(SEPARATOR.join(path), self.value) for path in outcome.paths)
        if self.by == By.GUID:
            return bool(outcome.guid) and is_like(outcome.guid, self.value)
        return self.value in map(str, outcome.ids) or bool(self.guid and self.guid == outcome.guid)

    def __str__(self) -> str:
        if self.by == By.ALL:
            return "every outcome of the courses"
        if self.by == By.GROUP:
            return f"group {self.value} and what is below it"
        return f"vendor_guid {self.value}" if self.by == By.GUID else self.label

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        return cls(**{**document, "by": By(document["by"])})


@dataclass(frozen=True, slots=True)
class CourseRule:
    """Courses that fulfil all of it: a department with all below it, a term, and words, as Canvas numbers the places.

    Every word must be in the name, the code or the SIS id; a word with * must match one of them from end to end.
    """

    department: int | None = None
    term: int | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self.department is None and self.term is None and not self.text.strip()

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word in self.text.split() if "*" not in word)

    @property
    def patterns(self) -> tuple[str, ...]:
        return tuple(word for word in self.text.split() if "*" in word)

    def takes(self, texts: Sequence[str]) -> bool:
        """Whether the patterns are met by the name, code and SIS id of a course; the rest of the rule is not asked."""
        return all(any(is_like(text, pattern) for text in texts) for pattern in self.patterns)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        return cls(**document)


def chosen(outcomes: Iterable[SharedOutcome], rules: Sequence[OutcomeRule]) -> list[SharedOutcome]:
    """What at least one of the rules takes."""
    return [outcome for outcome in outcomes if any(rule.takes(outcome) for rule in rules)]


def is_like(text: str, pattern: str) -> bool:
    """Whether a text matches a pattern from end to end, in which * stands for anything; case does not count."""
    # Only * has a meaning: brackets and question marks occur in names.
    plain = re.sub(r"[\[?]", lambda found: f"[{found[0]}]", pattern)
    return re.match(translate(plain), text, re.IGNORECASE) is not None


def _is_below(path: str, group: str) -> bool:
    return path == group or path.startswith(group + SEPARATOR)
