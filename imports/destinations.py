"""Where an outcome import goes: an account or a course, and the group for rows that name no parent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from imports.options import OptionsRefused

CONTEXT, GROUP = "context", "learning_outcome_group_id"
ACCOUNT, COURSE = "account", "course"
ROOT = "account:self"

_CONTEXT = re.compile(r"(account|course):([1-9]\d{0,17})|account:self")
_NUMBER = re.compile(r"[1-9]\d{0,17}")


@dataclass(frozen=True, slots=True)
class Destination:
    """`context` is `account:<Canvas id>` or `course:<Canvas id>`; `account:self` stands for the root account.

    Without a group, rows without parents land in the root group.
    """

    context: str = ROOT
    group_id: int | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """From the options of a run, which `clean` has seen."""
        return cls(options.get(CONTEXT, ROOT), options.get(GROUP))

    @property
    def is_course(self) -> bool:
        return self.context.startswith(COURSE)

    @property
    def canvas_id(self) -> str:
        return self.context.partition(":")[2]

    @property
    def key(self) -> str:
        """As the address of its tree spells it: root, account-12 or course-7."""
        return "root" if self.context == ROOT else self.context.replace(":", "-")

    @property
    def path(self) -> str:
        """Its page in Canvas, below the address of the site."""
        return f"/{self.context.partition(':')[0]}s/{self.canvas_id}/outcomes"


def clean(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an outcome import as they are stored. Raises `OptionsRefused`."""
    problems = {name: "Outcome imports have no such option." for name in given if name not in (CONTEXT, GROUP)}
    context = str(given.get(CONTEXT) or ROOT)
    group = str(given.get(GROUP) or "")
    if not _CONTEXT.fullmatch(context):
        problems[CONTEXT] = "Give an account or a course by its number in Canvas: account:12 or course:345."
    if group and not _NUMBER.fullmatch(group):
        problems[GROUP] = "Give the number that the group has in Canvas."
    if problems:
        raise OptionsRefused(problems)
    return {CONTEXT: context} | ({GROUP: int(group)} if group else {})
