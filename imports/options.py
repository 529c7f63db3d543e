"""The options of a SIS import: what each means, and which combinations Canvas ignores or punishes.

Only what is wanted is kept: a false or empty option is left out, because Canvas counts some of them as given as soon
as they are present. Source: Canvas's SIS Imports API and the behaviour behind it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class OptionsRefused(Exception):
    """Options that cannot go together: `problems` has one sentence for each, by the option's name."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Option:
    """One parameter of Canvas's POST. `shape` is flag, number, text, term or choice."""

    name: str
    group: str
    label: str
    help: str
    shape: str = "flag"
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 1
    most: int | None = None
    is_dangerous: bool = False


GROUPS = {
    "override": "What to override",
    "batch": "Full batch",
    "diffing": "Diffing",
    "deletions": "Deletions",
}
_ENROLLMENT_DROPS = (("deleted", "Deleted"), ("completed", "Completed"), ("inactive", "Inactive"))
_USER_DROPS = (("deleted", "Deleted"), ("suspended", "Suspended"))

OPTIONS: tuple[Option, ...] = (
    Option(
        "override_sis_stickiness",
        "override",
        "Override changes made in Canvas",
        "Names, dates and other fields that people changed in Canvas's pages are set to what the files say.",
    ),
    Option(
        "add_sis_stickiness",
        "override",
        "Treat these changes as made in Canvas",
        "Later imports without override will leave the fields alone that this one changes.",
    ),
    Option(
        "clear_sis_stickiness",
        "override",
        "Forget which fields were changed in Canvas",
        "Every record in the files is again open to all later imports.",
    ),
    Option(
        "update_sis_id_if_login_claimed",
        "override",
        "Move a login to its new SIS id",
        "Where a login already belongs to a user with another SIS id, that id is changed instead of giving a warning.",
    ),
    Option(
        "batch_mode",
        "batch",
        "Full batch for one term",
        "Whatever SIS imports put into the term and these files do not have is removed from Canvas.",
        is_dangerous=True,
    ),
    Option("batch_mode_term_id", "batch", "Term", "The term that the files describe completely.", shape="term"),
    Option(
        "multi_term_batch_mode",
        "batch",
        "Full batch for every term in the terms file",
        "As above, for all terms that a terms file in this upload names. Needs the limit below.",
        is_dangerous=True,
    ),
    Option(
        "change_threshold",
        "batch",
        "Limit in percent",
        "Full batch: stops before removing more than this share of courses, sections or enrollments (the rows of the "
        "files are applied all the same). Diffing: sends everything if the files differ more than this in size.",
        shape="number",
        most=100,
    ),
    Option(
        "batch_mode_enrollment_drop_status",
        "batch",
        "Missing enrollments become",
        "What happens to enrollments of the term that the files lack. Canvas deletes them unless told otherwise.",
        shape="choice",
        choices=_ENROLLMENT_DROPS,
    ),
    Option(
        "diffing_data_set_identifier",
        "diffing",
        "Data set",
        "A name of your choice. Canvas compares the files with the last ones sent under it and applies the difference.",
        shape="text",
        most=128,
    ),
    Option(
        "diffing_remaster_data_set",
        "diffing",
        "Start the data set anew",
        "Applies everything this once; the next files are compared with these.",
    ),
    Option(
        "diff_row_count_threshold",
        "diffing",
        "Limit in rows",
        "If more rows than this differ, Canvas applies everything instead of the difference.",
        shape="number",
    ),
    Option(
        "diffing_drop_status",
        "diffing",
        "Enrollments gone from the files become",
        "Canvas deletes them unless told otherwise.",
        shape="choice",
        choices=(*_ENROLLMENT_DROPS, ("deleted_last_completed", "Deleted, the last one completed")),
    ),
    Option(
        "diffing_user_remove_status",
        "diffing",
        "Users gone from the files become",
        "Canvas deletes them unless told otherwise.",
        shape="choice",
        choices=_USER_DROPS,
    ),
    Option(
        "skip_deletes",
        "deletions",
        "Skip rows that delete",
        "Rows with the status deleted are passed over. What a full batch removes is removed all the same.",
    ),
)
BY_NAME = {option.name: option for option in OPTIONS}


def clean(given: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted options with values of their own types, checked one by one and together.

    `given` may hold text, as a command line or a form gives it. Raises `OptionsRefused`.
    """
    problems: dict[str, str] = {}
    wanted: dict[str, Any] = {}
    for name, value in given.items():
        option = BY_NAME.get(name)
        if option is None:
            problems[name] = f"Canvas has no option “{name}”."
            continue
        try:
            read = _READERS[option.shape](option, str(value).strip())
        except ValueError as error:
            problems[name] = f"{option.label}: {error}"
            continue
        if read:
            wanted[name] = read
    problems = problems or _clashes(wanted)
    if problems:
        raise OptionsRefused(problems)
    return wanted


def _flag(_option: Option, value: str) -> bool:
    lower = value.lower()
    if lower in {"yes", "y", "true", "t", "on", "1"}:
        return True
    if lower in {"no", "n", "false", "f", "off", "0", ""}:
        return False
    raise ValueError(f"“{value}” is neither yes nor no.")


def _number(option: Option, value: str) -> int | None:
    if not value:
        return None
    top = f" to {option.most}" if option.most else " or more"
    if not value.isdecimal() or int(value) < option.least or (option.most and int(value) > option.most):
        raise ValueError(f"“{value}” must be a whole number, {option.least}{top}.")
    return int(value)


def _text(option: Option, value: str) -> str:
    if option.most and len(value) > option.most:
        raise ValueError(f"at most {option.most} characters.")
    return value


def _choice(option: Option, value: str) -> str:
    allowed = [key for key, _ in option.choices]
    if value and value not in allowed:
        raise ValueError(f"“{value}” must be one of {', '.join(allowed)}.")
    return value


_READERS: dict[str, Callable[[Option, str], Any]] = {
    "flag": _flag,
    "number": _number,
    "text": _text,
    "term": _text,
    "choice": _choice,
}

# (option, what it needs or cannot bear, the test, the sentence)
_RULES: tuple[tuple[str, Callable[[dict[str, Any]], bool], str], ...] = (
    (
        "batch_mode_term_id",
        lambda given: "batch_mode" in given and "batch_mode_term_id" not in given,
        "A full batch needs the term that it is about.",
    ),
    (
        "batch_mode_term_id",
        lambda given: "batch_mode_term_id" in given and "batch_mode" not in given,
        "A term has no effect without a full batch: choose both or neither.",
    ),
    (
        "multi_term_batch_mode",
        lambda given: "multi_term_batch_mode" in given and "batch_mode" in given,
        "Choose a full batch for one term or for every term in the file, not both: Canvas would take the one term.",
    ),
    (
        "change_threshold",
        lambda given: "multi_term_batch_mode" in given and "change_threshold" not in given,
        "A full batch over several terms needs a limit in percent.",
    ),
    (
        "diffing_data_set_identifier",
        lambda given: _is_batch(given) and "diffing_data_set_identifier" in given,
        "A full batch cannot be diffed: Canvas would drop the data set without a word.",
    ),
    (
        "change_threshold",
        lambda given: (
            "change_threshold" in given and not _is_batch(given) and "diffing_data_set_identifier" not in given
        ),
        "A limit in percent has no effect without a full batch or a data set.",
    ),
    (
        "batch_mode_enrollment_drop_status",
        lambda given: "batch_mode_enrollment_drop_status" in given and not _is_batch(given),
        "What becomes of missing enrollments matters only in a full batch.",
    ),
    (
        "add_sis_stickiness",
        lambda given: "add_sis_stickiness" in given and "override_sis_stickiness" not in given,
        "This works only together with overriding changes made in Canvas.",
    ),
    (
        "clear_sis_stickiness",
        lambda given: "clear_sis_stickiness" in given and "override_sis_stickiness" not in given,
        "This works only together with overriding changes made in Canvas.",
    ),
    (
        "add_sis_stickiness",
        lambda given: "add_sis_stickiness" in given and "clear_sis_stickiness" in given,
        "Marking and forgetting changed fields contradict each other: Canvas would forget them.",
    ),
    *(
        (
            name,
            lambda given, name=name: name in given and "diffing_data_set_identifier" not in given,
            "This has no effect without a data set.",
        )
        for name in (
            "diffing_remaster_data_set",
            "diff_row_count_threshold",
            "diffing_drop_status",
            "diffing_user_remove_status",
        )
    ),
)


def _is_batch(given: Mapping[str, Any]) -> bool:
    return "batch_mode" in given or "multi_term_batch_mode" in given


def _clashes(given: dict[str, Any]) -> dict[str, str]:
    """The first problem of each option."""
    problems: dict[str, str] = {}
    for name, is_broken, sentence in _RULES:
        if is_broken(given):
            problems.setdefault(name, sentence)
    return problems


def term_name(term: Mapping[str, Any]) -> str:
    """A term as Canvas lists it, as people call it."""
    sis_id = term.get("sis_term_id")
    return f"{term['name']} ({sis_id})" if sis_id else str(term["name"])
