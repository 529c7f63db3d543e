"""What a check gives back: findings, in groups that are counted exactly and shown by examples."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from imports.check.rules import RULES, Rule

EXAMPLES = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one row or file.

    `line` is physical, from 1; `record` is Canvas's row number, the header being 1; both are 0 where no line is meant.
    `says` is the message that Canvas will give; `hint` what was probably meant; `other_line` where the other row is,
    in `other_file`, for rules about two rows.
    """

    rule: str
    file: str
    line: int = 0
    record: int = 0
    column: str = ""
    value: str = ""
    says: str = ""
    hint: str = ""
    other_file: str = ""
    other_line: int = 0


@dataclass(slots=True)
class Group:
    """All findings of one rule in one file: how many there are, and the first of them."""

    rule: str
    file: str
    count: int = 0
    examples: list[Finding] = field(default_factory=list)

    @property
    def wants(self) -> int:
        """How many examples more."""
        return EXAMPLES - len(self.examples)

    @property
    def definition(self) -> Rule:
        return RULES[self.rule]


class Collector:
    """Groups as they fill."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], Group] = {}
        self._changed: dict[tuple[str, str], None] = {}

    def group(self, rule: str, file: str) -> Group:
        """The group, noted as changed."""
        key = (rule, file)
        self._changed[key] = None
        return self._groups.setdefault(key, Group(rule, file))

    def add(self, finding: Finding) -> None:
        group = self.group(finding.rule, finding.file)
        group.count += 1
        if group.wants > 0:
            group.examples.append(finding)

    def changed(self) -> Iterator[Group]:
        """The groups that changed since the last call."""
        keys, self._changed = list(self._changed), {}
        return (self._groups[key] for key in keys)

    @property
    def groups(self) -> list[Group]:
        """The worst first; within a severity in the order in which they were found."""
        return sorted(self._groups.values(), key=lambda group: group.definition.severity)
