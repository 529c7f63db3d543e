"""What is known of the account decides what a reference is worth."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from imports.check.engine import check
from imports.check.findings import Finding
from imports.check.knowledge import Known
from imports.check.rows import Options
from imports.check.sources import Source

ENROLLMENTS = "course_id,user_id,role,status\n"
USERS = "user_id,login_id,status\n"


class Account:
    """An account of which some kinds are known, by what it holds."""

    def __init__(self, **held: Sequence[str]) -> None:
        self._held: Mapping[str, Sequence[str]] = held

    def has(self, kind: str, sis_id: str, /) -> bool | None:
        return sis_id in self._held[kind] if kind in self._held else None

    def thing(self, _kind: str, _sis_id: str, /) -> None:
        """Nothing was deleted."""

    def living(self, _kind: str, _columns: Mapping[str, str], /) -> None:
        """Nobody knows."""

    def holders(self, column: str, values: Sequence[str], /) -> dict[str, str]:
        """`login_id=["ada=u1"]`: u1 has the login ada."""
        held = dict(pair.split("=") for pair in self._held.get(column, ()))
        return {value.lower(): held[value.lower()] for value in values if value.lower() in held}

    def names(self, kind: str, /) -> Sequence[str]:
        return self._held.get(kind, ())


def write(folder: Path, **files: str) -> list[Source]:
    sources = []
    for name, content in files.items():
        path = folder / f"{name}.csv"
        path.write_text(content, encoding="utf-8")
        sources.append(Source(path.name, path, path.stat().st_size))
    return sources


def found(folder: Path, known: Known | None, **files: str) -> list[Finding]:
    sources = write(folder, **files)
    return [finding for group in check(sources, known=known).groups for finding in group.examples]


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def test_what_the_account_holds_can_be_referred_to(tmp_path: Path) -> None:
    known = Account(course=["bio"], user=["u1"])

    assert not found(tmp_path, known, enrol=ENROLLMENTS + "bio,u1,student,active\n")


def test_what_neither_account_nor_upload_holds_is_refused(tmp_path: Path) -> None:
    known = Account(course=["bio"], user=["u1"])

    assert rules(found(tmp_path, known, enrol=ENROLLMENTS + "bio,u2,student,active\n")) == ["enrollment.user-not-found"]


@pytest.mark.parametrize("known", [None, Account()])
def test_where_nothing_is_known_a_reference_is_no_reason_to_refuse(tmp_path: Path, known: Known | None) -> None:
    assert not found(tmp_path, known, enrol=ENROLLMENTS + "bio,u1,student,active\n")


def test_where_nothing_is_known_an_id_beside_the_uploads_own_is_suspicious(tmp_path: Path) -> None:
    files = {"people": USERS + "u1,l1,active\n", "enrol": ENROLLMENTS + "bio,u1,student,active\nbio,u2,ta,active\n"}

    [finding] = found(tmp_path, None, **files)

    assert (finding.rule, finding.line, finding.value) == ("row.reference-unsure", 3, "u2")


@pytest.mark.parametrize("known", [Account(course=["bio"], user=["00077"]), None])
def test_zeros_that_a_spreadsheet_dropped_are_missed(tmp_path: Path, known: Known | None) -> None:
    files = {"people": USERS + "00078,l78,active\n", "enrol": ENROLLMENTS + "bio,78,student,active\n"}

    assert "cell.leading-zeros-lost" in rules(found(tmp_path, known, **files))


def test_zeros_are_missed_among_ids_that_only_the_account_knows(tmp_path: Path) -> None:
    known = Account(course=["bio"], user=["00077"])

    told = rules(found(tmp_path, known, enrol=ENROLLMENTS + "bio,77,student,active\n"))

    assert sorted(told) == ["cell.leading-zeros-lost", "enrollment.user-not-found"]


def test_a_role_of_the_accounts_own_is_taken(tmp_path: Path) -> None:
    rows = ENROLLMENTS + "bio,u1,Grader,active\nbio,u1,grader,active\n"
    known = Account(course=["bio"], user=["u1"], role=["Grader"])

    [finding] = found(tmp_path, known, enrol=rows)

    assert (finding.rule, finding.line) == ("enrollment.role-unknown", 3)


def test_of_an_unknown_role_the_nearest_of_the_accounts_own_is_named(tmp_path: Path) -> None:
    known = Account(course=["bio"], user=["u1"], role=["Lab Assistant"])

    [finding] = found(tmp_path, known, enrol=ENROLLMENTS + "bio,u1,Lab Asistant,active\n")

    assert (finding.rule, finding.hint) == ("enrollment.role-unknown", "Lab Assistant")


def test_a_role_of_admins_is_none_for_enrollments(tmp_path: Path) -> None:
    known = Account(course=["bio"], user=["u1"], role=[], admin_role=["Registrar"])
    leads = "user_id,account_id,role,status\nu1,,Registrar,active\n"

    told = rules(found(tmp_path, known, leads=leads, enrol=ENROLLMENTS + "bio,u1,Registrar,active\n"))

    assert told == ["enrollment.role-unknown"]


def test_a_role_that_may_be_the_accounts_own_is_suspicious(tmp_path: Path) -> None:
    assert rules(found(tmp_path, None, enrol=ENROLLMENTS + "bio,u1,Grader,active\n")) == ["enrollment.role-unsure"]


def test_an_admins_role_that_may_be_the_accounts_own_is_suspicious(tmp_path: Path) -> None:
    told = found(tmp_path, None, leads="user_id,account_id,role,status\nu1,,Registrar,active\n")

    assert rules(told) == ["admin.role-unsure"]


def test_a_login_of_somebody_in_the_account_is_refused(tmp_path: Path) -> None:
    known = Account(login_id=["ada=u1"], user=["u1"])

    [finding] = found(tmp_path, known, people=USERS + "u1,ada,active\nu2,Ada,active\nu3,bob,active\n")

    assert (finding.rule, finding.line) == ("user.login-id-claimed", 3)
    [finding] = found(tmp_path, known, people=USERS + "u2,ada,active\n")
    assert "SIS ID u1 has already claimed u2's" in finding.says


@pytest.mark.parametrize("before", ["u1,other,active\n", "u1,ada,deleted\n"])
def test_a_login_that_its_owner_gives_up_earlier_in_the_upload_is_free(tmp_path: Path, before: str) -> None:
    known = Account(login_id=["ada=u1"], user=["u1"])

    assert not found(tmp_path, known, people=USERS + before + "u2,ada,active\n")


def test_a_login_moves_with_its_owner_to_another_id(tmp_path: Path) -> None:
    known = Account(login_id=["ada=u1"], user=["u1"])

    assert not found(tmp_path, known, change=CHANGES + "u1,u2,user\n", people=USERS + "u2,ada,active\n")


def test_a_login_may_move_to_somebody_new_where_the_import_says_so(tmp_path: Path) -> None:
    people = write(tmp_path, people=USERS + "u2,ada,active\n")
    known = Account(login_id=["ada=u1"], user=["u1"])

    assert not check(people, known=known, options=Options(update_sis_id_if_login_claimed=True)).groups


CHANGES = "old_id,new_id,type\n"


def test_an_id_that_is_taken_is_not_given_away(tmp_path: Path) -> None:
    known = Account(user=["u1", "u2"])

    [finding] = found(tmp_path, known, change=CHANGES + "u1,u2,user\n")

    assert finding.rule == "change_sis_id.new-id-taken"
    assert finding.says == (
        "A new_id, 'u2', referenced an existing user and the user with sis_user_id 'u1' was not updated"
    )


def test_a_change_counts_for_the_rows_after_it(tmp_path: Path) -> None:
    known = Account(user=["u1"], course=["bio"])
    files = {
        "change": CHANGES + "u1,u9,user\nu9,u8,user\n",
        "enrol": ENROLLMENTS + "bio,u8,student,active\nbio,u1,student,active\n",
    }

    [finding] = found(tmp_path, known, **files)

    assert (finding.file, finding.line, finding.rule) == ("enrol.csv", 3, "enrollment.user-not-found")
