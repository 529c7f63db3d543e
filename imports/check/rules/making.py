"""Sorts of rules about rows, of which most kinds have one each. Braces in messages name columns of the row."""

from canvas.formats import SIS_KINDS
from imports.check.rules.base import Rule, Severity

_STATUSES = {kind.name: kind.statuses for kind in SIS_KINDS}


def missing(kind: str, columns: str, says: str) -> Rule:
    """No value in any of `columns`, which are joined by `|`."""
    names = columns.split("|")
    shown = " or ".join(f"`{name}`" for name in names)
    slug = names[0].replace("_", "-")
    return Rule(
        f"{kind}.{slug}-missing", Severity.ROW_REFUSED, f"The row has no value in {shown}.", f"Fill in {shown}.", says
    )


def not_allowed(kind: str, column: str, says: str) -> Rule:
    slug = column.replace("_", "-")
    cause = f"Canvas does not know this value of `{column}`."
    return Rule(f"{kind}.{slug}-unknown", Severity.ROW_REFUSED, cause, _use_another(kind, column), says)


def _use_another(kind: str, column: str) -> str:
    statuses = _STATUSES[kind] if column == "status" else ()
    if not statuses:
        return "Use one of the values that Canvas knows; the nearest stands under Hint."
    return f"Use one of these: {', '.join(f'`{status}`' for status in statuses)}."


def no_such(kind: str, column: str, what: str, says: str, severity: Severity = Severity.ROW_REFUSED) -> Rule:
    cause = f"No {what} with the id in `{column}` is in the account or applied before this row."
    cure = f"Correct the id, or send the {what} too."
    return Rule(f"{kind}.{what.replace(' ', '-')}-not-found", severity, cause, cure, says)


def date(kind: str, says: str) -> Rule:
    cause = "Canvas cannot read the date and takes it, and one after it, for absent; the rest of the row counts."
    return Rule(f"{kind}.date-unreadable", Severity.IGNORED, cause, "Write dates as 2026-08-24T00:00:00Z.", says)


def clash(slug: str, cause: str, cure: str, says: str) -> Rule:
    return Rule(slug, Severity.ROW_REFUSED, cause, cure, says)
