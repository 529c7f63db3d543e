"""The four ways to restore, in words: what each does and what it does not do.

Source: Canvas's `restore_states` undoes recorded changes of life-cycle states of 13 types, kept for 30 days.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestoreMode:
    """`name` is Canvas's parameter; `all` stands for the call without any."""

    name: str
    label: str
    does: str
    does_not: str


MODES = (
    RestoreMode(
        "all",
        "Everything",
        "Takes back every change of state: what the import deleted or concluded comes back, and what it created is "
        "deleted again.",
        "What people have since done with things that the import created goes out of sight with them.",
    ),
    RestoreMode(
        "undelete_only",
        "Only what it deleted",
        "Brings back courses, sections, enrollments and others that the import deleted.",
        "What it created or concluded stays as it is.",
    ),
    RestoreMode(
        "unconclude_only",
        "Only what it concluded",
        "Reopens courses and enrollments that the import concluded.",
        "What it created or deleted stays as it is.",
    ),
    RestoreMode(
        "batch_mode",
        "Only what the full batch removed",
        "Brings back what was removed because the files did not have it.",
        "What the rows of the files did stays done.",
    ),
)
# True of every mode.
NEVER = (
    "Names, dates, roles and other fields that the import changed keep their new values.",
    "Assignment overrides, and what people repaired by hand since then, are not looked at.",
    "A restore cannot itself be undone, and Canvas tells only how many things came back.",
)
