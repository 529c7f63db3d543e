"""`make_samples`: invented universities of any size."""

import csv
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from canvas.formats import kind_of

FILES = {"accounts.csv", "terms.csv", "courses.csv", "sections.csv", "users.csv", "enrollments.csv"}


def make(folder: Path, *arguments: str) -> str:
    output = StringIO()
    call_command("make_samples", "--out", str(folder), *arguments, stdout=output)
    return output.getvalue()


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(params=[1, 7, 60, 1000])
def university(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, list[dict[str, str]]]:
    """The tables of a university, by kind: accounts, terms, ..."""
    make(tmp_path, "--students", str(request.param))
    return {path.stem: table(path) for path in tmp_path.iterdir()}


def ids(rows: list[dict[str, str]], column: str) -> set[str]:
    return {row[column] for row in rows}


def test_every_file_is_of_the_kind_that_its_name_says(tmp_path: Path) -> None:
    make(tmp_path, "--students", "20")
    kinds = {path.name: kind_of(table(path)[0].keys()) for path in tmp_path.iterdir()}
    assert {name: kind and kind.usual_file for name, kind in kinds.items()} == {name: name for name in FILES}


def test_no_identifier_is_given_twice(university: dict[str, list[dict[str, str]]]) -> None:
    for kind in ("account", "term", "course", "section", "user"):
        rows = university[f"{kind}s"]
        assert len(ids(rows, f"{kind}_id")) == len(rows)
    assert len(ids(university["users"], "login_id")) == len(university["users"])


def test_every_reference_names_something_in_the_set(university: dict[str, list[dict[str, str]]]) -> None:
    accounts, courses = university["accounts"], university["courses"]
    assert ids(accounts, "parent_account_id") - {""} <= ids(accounts, "account_id")
    assert ids(courses, "account_id") <= ids(accounts, "account_id")
    assert ids(courses, "term_id") <= ids(university["terms"], "term_id")
    assert ids(university["sections"], "course_id") == ids(courses, "course_id")
    assert ids(university["enrollments"], "user_id") <= ids(university["users"], "user_id")
    course_of = {row["section_id"]: row["course_id"] for row in university["sections"]}
    assert all(course_of[row["section_id"]] == row["course_id"] for row in university["enrollments"])


def test_nobody_takes_a_course_twice(university: dict[str, list[dict[str, str]]]) -> None:
    taken = [(row["user_id"], row["course_id"]) for row in university["enrollments"] if row["role"] == "student"]
    assert len(set(taken)) == len(taken)


def test_a_parent_account_comes_before_its_children(university: dict[str, list[dict[str, str]]]) -> None:
    seen = {""}
    for row in university["accounts"]:
        assert row["parent_account_id"] in seen
        seen.add(row["account_id"])


def test_a_student_takes_ten_courses_where_there_are_that_many(tmp_path: Path) -> None:
    make(tmp_path, "--students", "500")
    students = [row for row in table(tmp_path / "enrollments.csv") if row["role"] == "student"]
    assert len(students) == 5000


def test_the_same_size_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    make(tmp_path / "a", "--students", "50", "--seed", "3", "--zip")
    make(tmp_path / "b", "--students", "50", "--seed", "3", "--zip")
    make(tmp_path / "c", "--students", "50", "--seed", "4", "--zip")
    first, second, other = ((tmp_path / name / "sis.zip").read_bytes() for name in "abc")
    assert first == second != other


def test_the_archive_holds_the_same_files(tmp_path: Path) -> None:
    make(tmp_path, "--students", "50")
    make(tmp_path, "--students", "50", "--zip")
    with zipfile.ZipFile(tmp_path / "sis.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            name: (tmp_path / name).read_bytes() for name in FILES
        }


def test_it_says_what_it_wrote_and_how_large_it_is(tmp_path: Path) -> None:
    said = make(tmp_path, "--students", "5")
    assert f"{tmp_path / 'users.csv'}  {(tmp_path / 'users.csv').stat().st_size:,} bytes" in said


def test_a_university_without_students_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        make(tmp_path, "--students", "0")
