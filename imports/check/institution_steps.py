"""The institution's own rules, applied to rows."""

import re
from functools import partial

from imports.check.rows import Rows
from imports.check.steps import hint_of


def look_at_institution(rows: Rows) -> None:
    rules = rows.world.institution
    for (kind, column), pattern in rules.patterns.items():
        if kind == rows.kind.name and rows.has(column):
            bad = rows.memo(column, partial(_breaks, pattern), key=f"{kind} pattern") == 1
            rows.report("institution.pattern", bad & rows.given(column), column)
    if rules.roles and rows.kind.name == "enrollment" and rows.has("role"):
        bad = rows.memo("role", lambda text: text not in rules.roles, key="allowed roles") == 1
        rows.report("institution.role", bad & rows.given("role"), "role", hint=hint_of(rules.roles))
    if rules.accounts and rows.kind.name == "course" and rows.has("account_id"):
        bad = rows.memo("account_id", lambda text: text not in rules.accounts, key="allowed accounts") == 1
        rows.report("institution.account", bad & rows.given("account_id"), "account_id", hint=hint_of(rules.accounts))


def _breaks(pattern: re.Pattern[str], text: str) -> bool:
    return not pattern.fullmatch(text)
