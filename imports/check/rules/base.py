"""What a rule is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Severity(IntEnum):
    """What Canvas does with what was found; the worst first."""

    FILE_REFUSED = 1
    ROW_REFUSED = 2
    IGNORED = 3  # the cell or row has no effect, with a warning or without
    SUSPICIOUS = 4  # Canvas takes it, and it is probably not what was meant


@dataclass(frozen=True, slots=True)
class Rule:
    """One sort of finding.

    `cause` and `cure` are one sentence each. `says` is the message that Canvas will give, with columns of the row in
    braces; empty where Canvas says nothing.
    """

    id: str
    severity: Severity
    cause: str
    cure: str
    says: str = ""

    @property
    def refuses_row(self) -> bool:
        return self.severity is Severity.ROW_REFUSED


class _Blank(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return ""


def fill(template: str, values: Mapping[str, Any]) -> str:
    """The template with its braces filled; what is absent is left blank, as in Canvas's messages."""
    return template.format_map(_Blank(values)) if "{" in template else template
