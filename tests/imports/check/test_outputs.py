"""The files that follow from a check: cleaned, refused rows, converted."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from imports.check.encodings import converted
from imports.check.engine import Report, check
from imports.check.outputs import cleaned, refused_rows
from imports.check.sources import Source
from tests.imports.check.corpus import EmptyAccount
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
USERS = "user_id,login_id,full_name,status\n"


def checked(folder: Path, **files: str | bytes) -> Report:
    sources = []
    for name, content in files.items():
        path = folder / f"{name}.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        sources.append(Source(path.name, path, path.stat().st_size))
    return check(sources, known=EmptyAccount())


def cleaned_text(report: Report, place: int = 0) -> str:
    return b"".join(cleaned(report.files[place])).decode()


def test_canvas_takes_the_cleaned_file_without_a_word(practice: Practice, tmp_path: Path) -> None:
    faulty = {path.stem: path.read_bytes() for path in sorted((SAMPLES / "faulty").glob("*.csv"))}
    report = checked(tmp_path, **faulty)

    order = ("accounts", "terms", "courses", "sections", "users", "enrollments")
    by_name = {file.source.name.removesuffix(".csv"): b"".join(cleaned(file)) for file in report.files}
    for name in order:
        done = imported(practice, name, by_name[name])
        assert done["workflow_state"] == "imported"


def imported(practice: Practice, name: str, content: bytes) -> dict[str, Any]:
    sent = practice.send(f"{name}.csv", content)

    def ended() -> dict[str, Any] | None:
        now: dict[str, Any] = practice.api("GET", f"accounts/self/sis_imports/{sent['id']}")
        return now if now["progress"] == 100 else None

    done = wait_for(ended, what="the import to end")
    assert done
    return done


def test_rows_that_are_taken_stay_as_they_are_written(tmp_path: Path) -> None:
    text = USERS + 'u1,l1,"Ann ""A""",active\n\nu2,,Ben,active\nu3,l3,"Cyd\nD",active\n'

    assert cleaned_text(checked(tmp_path, people=text)) == text.replace("u2,,Ben,active\n", "").replace("\n\n", "\n")


def test_line_ends_are_kept(tmp_path: Path) -> None:
    text = (USERS + "u1,l1,Ann,active\nu2,,Ben,active\n").replace("\n", "\r\n")

    assert cleaned_text(checked(tmp_path, people=text)) == (USERS + "u1,l1,Ann,active\n").replace("\n", "\r\n")


def test_a_cell_that_canvas_cannot_read_is_emptied(tmp_path: Path) -> None:
    """As Canvas does, which takes the row."""
    header = "user_id,login_id,full_name,email,status\n"
    report = checked(tmp_path, people=header + 'u1,l1,"Byron, Ada",nowhere,active\n')

    assert cleaned_text(report) == header + 'u1,l1,"Byron, Ada",,active\n'


def test_nothing_is_left_of_a_file_that_is_refused(tmp_path: Path) -> None:
    assert not cleaned_text(checked(tmp_path, people=USERS + 'u1,l1,"Ann,active\n'))


def test_refused_rows_come_with_the_problem_of_each(tmp_path: Path) -> None:
    report = checked(tmp_path, people=USERS + "u1,l1,Ann,active\nu2,,Ben,active\nu3,l3,Cyd,enrolled\n")

    rows = list(csv.DictReader(io.StringIO(b"".join(refused_rows(report.files[0])).decode())))

    assert [(row["user_id"], row["problem"].split(".")[0]) for row in rows] == [
        ("u2", "The row has no value in `login_id`"),
        ("u3", "Canvas does not know this value of `status`"),
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_of_the_refused_rows_is_run_by_a_spreadsheet(tmp_path: Path, cell: str) -> None:
    report = checked(tmp_path, people=USERS + f"u2,,{cell},active\n")

    [row] = csv.DictReader(io.StringIO(b"".join(refused_rows(report.files[0])).decode()))

    assert row["full_name"] == f"'{cell}"


def test_the_problem_stands_in_its_column_whatever_the_length_of_the_row(tmp_path: Path) -> None:
    header = "user_id,login_id,full_name,status,=1+1\n"
    report = checked(tmp_path, people=header + "u1\nu2,,Ben,active,,more\n")

    names, short, long = csv.reader(io.StringIO(b"".join(refused_rows(report.files[0])).decode()))

    assert names == ["user_id", "login_id", "full_name", "status", "'=1+1", "problem"]
    assert [row[5].split(".")[0] for row in (short, long)] == ["The row has no value in `login_id`"] * 2
    assert long[6:] == ["more"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-8"])
def test_a_converted_file_says_the_same_in_utf_8(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes((USERS + "u1,l1,Zoë Muñoz “Zo”,active\n").encode(codec))

    text = b"".join(converted(Source(path.name, path, path.stat().st_size))).decode()

    assert text == USERS + "u1,l1,Zoë Muñoz “Zo”,active\n"


def test_a_file_of_no_known_encoding_is_not_converted(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"a,b\n\x81\x8d,\x90\n")

    with pytest.raises(ValueError, match="no encoding"):
        list(converted(Source(path.name, path, path.stat().st_size)))
