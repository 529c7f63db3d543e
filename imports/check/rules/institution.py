"""What an institution can ask for beyond Canvas's rules, in its `rules.toml`."""

from imports.check.rules.base import Rule, Severity

RULES = (
    Rule(
        "institution.pattern",
        Severity.SUSPICIOUS,
        "The value does not look as the institution's rules ask.",
        "Correct the value, or the pattern in the account's rules.",
    ),
    Rule(
        "institution.role",
        Severity.SUSPICIOUS,
        "The role is not among those that the institution's rules allow.",
        "Use one of the allowed roles, or add this one to the account's rules.",
    ),
    Rule(
        "institution.account",
        Severity.SUSPICIOUS,
        "The account is not among those that the institution's rules allow.",
        "Use one of the allowed accounts, or add this one to the account's rules.",
    ),
    Rule(
        "institution.column-missing",
        Severity.SUSPICIOUS,
        "A column that the institution's rules ask for is missing.",
        "Add the column.",
    ),
)
