"""Rules of one's own: what an institution asks for beyond Canvas, in the text of its `rules.toml`.

[patterns]                       # whole values, as regular expressions, by kind and column
"user.user_id" = "[ST][0-9]{7}"

[allowed]
roles = ["student", "teacher"]   # in enrollments
accounts = ["SCI", "ART"]        # of courses

[required]                       # columns that a file of the kind must have
user = ["email"]
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from canvas.formats import SIS_KINDS

_TABLES = {"patterns", "allowed", "required"}
_ALLOWED = {"roles", "accounts"}
_COLUMNS = {kind.name: [column.name for column in kind.columns] for kind in SIS_KINDS}


class BadRules(ValueError):
    """The text is not what it should be; the message says where and why."""


@dataclass(frozen=True, slots=True)
class InstitutionRules:
    """`patterns` by (kind, column); `roles` and `accounts` are empty where all are allowed; `required` by kind."""

    patterns: Mapping[tuple[str, str], re.Pattern[str]] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_rules(text: str) -> InstitutionRules:
    """Raises BadRules."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as bad:
        raise BadRules(f"This is not TOML: {bad}.") from bad
    _expect_known(tables, _TABLES, "table")
    allowed = _table(tables, "allowed")
    _expect_known(allowed, _ALLOWED, "list in [allowed]:")
    return InstitutionRules(
        patterns=dict(_pattern(name, value) for name, value in _table(tables, "patterns").items()),
        roles=frozenset(_words(allowed.get("roles", []), "allowed.roles")),
        accounts=frozenset(_words(allowed.get("accounts", []), "allowed.accounts")),
        required=dict(_required(kind, value) for kind, value in _table(tables, "required").items()),
    )


def _expect_known(given: Mapping[str, Any], known: set[str], what: str) -> None:
    for name in given:
        if name not in known:
            raise BadRules(f"There is no {what} “{name}”; there are {', '.join(sorted(known))}.")


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise BadRules(f"“{name}” must be a table: [{name}].")
    return table


def _pattern(name: str, value: Any) -> tuple[tuple[str, str], re.Pattern[str]]:
    kind, _, column = name.partition(".")
    if not column:
        meant = next(iter(value), "column") if isinstance(value, dict) else "column"
        raise BadRules(f'Put kind and column into quotation marks, as in "{name}.{meant}" = …')
    _expect_column(kind, column, f"patterns.“{name}”")
    if not isinstance(value, str):
        raise BadRules(f"patterns.“{name}” must be a text in quotation marks.")
    try:
        return (kind, column), re.compile(value)
    except (re.error, OverflowError, RecursionError) as bad:
        raise BadRules(f"patterns.“{name}” is not a regular expression: {bad}.") from bad


def _required(kind: str, value: Any) -> tuple[str, tuple[str, ...]]:
    columns = _words(value, f"required.{kind}")
    for column in columns:
        _expect_column(kind, column, f"required.{kind}")
    return kind, columns


def _words(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise BadRules(f"{where} must be a list of texts.")
    return tuple(value)


def _expect_column(kind: str, column: str, where: str) -> None:
    if kind not in _COLUMNS:
        raise BadRules(f"{where}: there is no kind “{kind}”; there are {', '.join(sorted(_COLUMNS))}.")
    if column not in _COLUMNS[kind]:
        raise BadRules(f"{where}: {kind} files have no column “{column}”.")
