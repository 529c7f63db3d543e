"""What whoever runs a check is told while it runs, and what it makes of archives."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from imports.check.engine import Report, check
from imports.check.findings import EXAMPLES, Group
from imports.check.rows import Options
from imports.check.rules import Severity
from imports.check.sources import Source, sources_in
from tests.imports.check.corpus import EmptyAccount

USERS = "user_id,login_id,status\n"
MANY = 20_000


def source(path: Path, content: str | bytes) -> Source:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Source(path.name, path, path.stat().st_size)


def large(rows: int, status: str = "active", pad: int = 0) -> str:
    return USERS + "".join(f"user-{n},login-{n}{'x' * pad},{status}\n" for n in range(rows))


def zipped(path: Path, entries: dict[str, str | bytes]) -> list[Source]:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return sources_in(path, path.name)


def rules(report: Report) -> list[str]:
    return [group.rule for group in report.groups]


def test_thousands_of_the_same_are_one_group_counted_exactly(tmp_path: Path) -> None:
    report = check([source(tmp_path / "people.csv", large(MANY, "enrolled"))])

    [group] = report.groups
    assert (group.rule, group.count, len(group.examples)) == ("user.status-unknown", MANY, EXAMPLES)
    assert report.files[0].verdicts.refused == report.files[0].rows == MANY


def test_lines_and_records_are_right_far_into_a_file(tmp_path: Path) -> None:
    """Past several of the pieces in which a file is read, with line breaks inside cells."""
    header = "user_id,login_id,full_name,status\n"
    lines = [f'u{n},l{n},"Two\nlines {"x" * 100}",active\n' for n in range(MANY)]
    lines[MANY - 5] = 'u,,"Two\nlines",active\n'
    [group] = check([source(tmp_path / "people.csv", header + "".join(lines))]).groups

    [finding] = group.examples
    assert (finding.rule, finding.record) == ("user.login-id-missing", MANY - 5 + 2)
    assert finding.line == 2 * (MANY - 5) + 2


def test_the_worst_comes_first(tmp_path: Path) -> None:
    content = USERS + "u1,l1,Active\nu2,l2,enrolled\n"
    report = check([source(tmp_path / "people.csv", content), source(tmp_path / "broken.csv", 'a,"b\n')])

    assert rules(report) == ["file.unclosed-quote", "user.status-unknown", "row.status-inexact"]
    assert [report.count(severity) for severity in Severity] == [1, 1, 0, 1]


def test_progress_only_grows_and_ends_at_its_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    check([source(tmp_path / "people.csv", large(MANY, pad=200))], on_progress=lambda *step: told.append(step))

    assert told == sorted(told)
    assert len({done for done, _ in told}) > 5
    assert told[-1][0] == told[-1][1]


def test_the_first_rows_of_a_large_file_are_told_before_the_files_that_come_before_it(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    people = source(tmp_path / "people.csv", USERS + "u1,,active\n")
    header = "course_id,user_id,role,status\n"
    rows = "".join(f"bio,u1,student,{'enrolled' * 40}\n" for _ in range(30_000))
    enrolled = source(tmp_path / "enrol.csv", header + rows)

    check([people, enrolled], on_group=lambda group: told.append((group.file, group.rule)))

    assert told[0] == ("enrol.csv", "enrollment.status-unknown")
    assert ("people.csv", "user.login-id-missing") in told


def test_what_the_first_rows_showed_is_taken_back_where_the_file_is_refused(tmp_path: Path) -> None:
    told: dict[tuple[str, str], Group] = {}
    content = large(MANY, "enrolled", pad=500) + 'u,"l,active\n'

    report = check(
        [source(tmp_path / "people.csv", content)],
        on_group=lambda group: told.__setitem__((group.rule, group.file), group),
    )

    assert rules(report) == ["file.unclosed-quote"]
    assert {rule for (rule, _), group in told.items() if group.count} == {"file.unclosed-quote"}


def test_files_of_an_archive_are_read_where_they_are_in_canvas_s_order(tmp_path: Path) -> None:
    entries: dict[str, str | bytes] = {
        "b/enrol.csv": "course_id,user_id,role,status\nbio,u1,student,active\n",
        "z/people.csv": USERS + "u1,l1,active\n",
        "a/teaching.csv": "course_id,short_name,long_name,status\nbio,BIO,Biology,active\n",
        ".hidden/people.csv": "rubbish",
        "notes.txt": "by hand",
    }
    report = check(zipped(tmp_path / "all.zip", entries), known=EmptyAccount())

    assert [file.kind for file in report.files] == ["course", "enrollment", "", "user"]
    assert rules(report) == ["file.not-csv"]
    assert not (tmp_path / "b").exists()


def test_a_damaged_entry_is_named(tmp_path: Path) -> None:
    sources = zipped(tmp_path / "all.zip", {"people.csv": large(500)})
    content = bytearray((tmp_path / "all.zip").read_bytes())
    content[200:260] = bytes(60)
    (tmp_path / "all.zip").write_bytes(content)

    assert rules(check(sources)) == ["file.damaged"]


@pytest.mark.parametrize("place", [0.01, 0.5])
def test_an_entry_that_is_damaged_behind_its_beginning_leaves_the_others_readable(tmp_path: Path, place: float) -> None:
    """Also where its first rows would be shown before it is read to its end."""
    courses = "course_id,short_name,long_name,status\nbio,BIO,Biology,active\n"
    sources = zipped(tmp_path / "all.zip", {"people.csv": large(450_000), "teaching.csv": courses})
    content = bytearray((tmp_path / "all.zip").read_bytes())
    at = 30_000 + int(place * len(content))
    content[at : at + 60] = bytes(60)
    (tmp_path / "all.zip").write_bytes(content)

    report = check(sources, on_group=lambda _group: None)

    assert rules(report) == ["file.damaged"]
    assert report.files[1].rows == 1


def test_an_entry_with_a_password_is_named(tmp_path: Path) -> None:
    sources = zipped(tmp_path / "all.zip", {"people.csv": USERS + "u1,l1,active\n"})
    content = bytearray((tmp_path / "all.zip").read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "all.zip").write_bytes(content)

    assert rules(check(sources)) == ["file.locked"]


def test_passwords_are_in_no_finding(tmp_path: Path) -> None:
    content = "user_id,login_id,password,status\nu1,,opensesame,active\nu2,l2,open\x01sesame,active\n"

    findings = [finding for group in check([source(tmp_path / "p.csv", content)]).groups for finding in group.examples]

    assert findings
    assert not any("sesame" in repr(finding) for finding in findings)


def test_an_option_lets_a_new_person_take_over_a_login(tmp_path: Path) -> None:
    people = source(tmp_path / "people.csv", USERS + "u1,l1,active\nu2,l1,active\n")

    assert rules(check([people])) == ["user.login-id-claimed"]
    assert not check([people], options=Options(update_sis_id_if_login_claimed=True)).groups


@pytest.mark.parametrize("around", [0, 1])
def test_the_lines_around_a_finding_can_be_read(tmp_path: Path, around: int) -> None:
    people = source(tmp_path / "people.csv", USERS + "u1,l1,active\nu2,,active\nu3,l3,active\n")
    [finding] = [finding for group in check([people]).groups for finding in group.examples]

    shown = people.lines(finding.line - around, finding.line + around)

    assert shown == [(2, "u1,l1,active"), (3, "u2,,active"), (4, "u3,l3,active")][1 - around : 2 + around]


def test_lines_are_read_from_far_behind_and_from_files_whose_lines_end_with_carriage_returns(tmp_path: Path) -> None:
    far = source(tmp_path / "far.csv", large(MANY, pad=100))
    old = source(tmp_path / "old.csv", (USERS + "u1,l1,active\nu2,,active\n").replace("\n", "\r"))

    assert far.lines(MANY, MANY) == [(MANY, f"user-{MANY - 2},login-{MANY - 2}{'x' * 100},active")]
    assert old.lines(2, 9) == [(2, "u1,l1,active"), (3, "u2,,active")]


def test_of_a_line_without_an_end_the_beginning_is_read(tmp_path: Path) -> None:
    endless = source(tmp_path / "endless.csv", USERS + "u" * 5_000_000)

    [(number, line)] = endless.lines(2, 5)

    assert number == 2
    assert set(line) == {"u"}
    assert len(line) < 10_000


def test_long_cells_are_told_apart_by_their_ends(tmp_path: Path) -> None:
    """And white space around them is none of theirs."""
    long, spaces = "x" * 3000, " " * 3000
    rows = f"u,l,active,{long}a\nu,l,active,{spaces}{long}a{spaces}\nu,l,active,{long}b\n"
    report = check([source(tmp_path / "people.csv", USERS.strip() + ",full_name\n" + rows)])

    lines = {group.rule: [finding.line for finding in group.examples] for group in report.groups}
    assert lines == {"row.repeated": [3], "row.conflict": [4]}


@pytest.mark.parametrize(
    "header, hint",
    [
        ("user_id;login_id;status", "The cells are separated by semicolons; Canvas knows commas alone."),
        ("user_id\tlogin_id\tstatus", "The cells are separated by tabs; Canvas knows commas alone."),
        ("\ufeff\ufeffuser_id,login_id,status", "A header holds a character that cannot be seen"),
    ],
)
def test_why_the_right_headers_match_nothing_is_said(tmp_path: Path, header: str, hint: str) -> None:
    [group] = check([source(tmp_path / "people.csv", f"{header}\nu1,l1,active\n")]).groups

    assert group.examples[0].hint.startswith(hint)


def test_hints_name_what_was_probably_meant(tmp_path: Path) -> None:
    table = [
        ["user_id", "login_id", "status", "emial"],
        ["u1", "l1", "actve", ""],
    ]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(table)
    report = check([source(tmp_path / "people.csv", text.getvalue())])

    assert {finding.hint for group in report.groups for finding in group.examples} == {"active", "email"}


def test_a_header_that_matches_nothing_says_what_it_lacks(tmp_path: Path) -> None:
    [group] = check([source(tmp_path / "people.csv", "user_id,first_name\nu1,Ann\n")]).groups

    assert group.examples[0].hint == "`user_id,first_name` matches nothing: `login_id` is missing for user."
