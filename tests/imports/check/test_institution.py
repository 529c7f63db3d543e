"""Rules of an institution's own."""

from pathlib import Path

import pytest

from imports.check.engine import check
from imports.check.institution import BadRules, read_rules
from imports.check.sources import Source

RULES = """
[patterns]
"user.user_id" = "[ST][0-9]{3}"

[allowed]
roles = ["student", "teacher"]
accounts = ["SCI", "ART"]

[required]
user = ["email"]
"""


def found(folder: Path, content: str) -> list[tuple[str, int, str, str]]:
    path = folder / "upload.csv"
    path.write_text(content, encoding="utf-8")
    report = check([Source(path.name, path, path.stat().st_size)], institution=read_rules(RULES))
    return [
        (finding.rule, finding.line, finding.column, finding.hint)
        for group in report.groups
        for finding in group.examples
    ]


def test_ids_must_fit_their_pattern(tmp_path: Path) -> None:
    content = "user_id,login_id,status,email\nS001,l1,active,\nS1,l2,active,\nXS001,l3,active,\n"

    assert found(tmp_path, content) == [
        ("institution.pattern", 3, "user_id", ""),
        ("institution.pattern", 4, "user_id", ""),
    ]


def test_columns_must_be_there(tmp_path: Path) -> None:
    content = "user_id,login_id,status\nS001,l1,active\n"

    assert found(tmp_path, content) == [("institution.column-missing", 1, "email", "")]


def test_roles_must_be_allowed(tmp_path: Path) -> None:
    content = "course_id,user_id,role,status\nbio,S001,student,active\nbio,S002,students,active\n"

    assert found(tmp_path, content) == [("institution.role", 3, "role", "student")]


def test_accounts_must_be_allowed(tmp_path: Path) -> None:
    content = "course_id,short_name,long_name,account_id,status\nbio,BIO,Biology,SCY,active\n"

    assert found(tmp_path, content) == [("institution.account", 2, "account_id", "SCI")]


@pytest.mark.parametrize(
    "text, word",
    [
        ("patterns = [", "not TOML"),
        ("[pattern]", "no table “pattern”; there are allowed, patterns, required"),
        ("patterns = 1", r"“patterns” must be a table"),
        ('[patterns]\n"usr.user_id" = "x"', "no kind “usr”"),
        ('[patterns]\n"user.id" = "x"', "user files have no column “id”"),
        ('[patterns]\n"user.user_id" = "["', "not a regular expression"),
        ('[patterns]\n"user.user_id" = "a{99999999999}"', "not a regular expression"),
        ('[patterns]\n"user.user_id" = 1', "must be a text"),
        ('[patterns]\n"user" = "x"', 'quotation marks, as in "user.column"'),
        ('[patterns]\nuser.user_id = "x"', 'quotation marks, as in "user.user_id"'),
        ('[allowed]\nrole = ["student"]', "“role”"),
        ('[allowed]\nroles = "student"', "must be a list of texts"),
        ('[required]\nuser = ["mail"]', "no column “mail”"),
    ],
)
def test_what_is_wrong_with_the_rules_is_said(text: str, word: str) -> None:
    with pytest.raises(BadRules, match=word):
        read_rules(text)
