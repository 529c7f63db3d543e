"""A file that was made valid gives no finding; one mistake in it gives the finding of that mistake, at its line."""

import csv
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from imports.check.engine import check
from imports.check.sources import Source
from tests.imports.check.corpus import EmptyAccount

Row = dict[str, str]
Upload = dict[str, list[Row]]
Mutation = tuple[str, str, Callable[[str], str], set[str]]  # file, column, what becomes of the value, rules

# Letters and digits, and what needs quotation marks; not the signs that damage in spreadsheets leaves behind.
LETTERS = st.text(st.characters(codec="utf-8", categories=("L", "Nd"), exclude_characters="Ãâ"), min_size=1)
NAMES = st.one_of(LETTERS, st.sampled_from(['Said "so"', "Two\nlines", "Comma, then", "  spaces  ", '""']))
DATES = st.sampled_from(["", "2026-08-24", "2026-08-24T09:30:00Z", "2026-08-24T09:30:00+02:00", "Aug 24, 2026"])

MUTATIONS: list[Mutation] = [
    ("users.csv", "user_id", lambda _: "", {"user.user-id-missing"}),
    ("users.csv", "login_id", lambda _: "", {"user.login-id-missing"}),
    ("users.csv", "login_id", lambda _: "LOGIN0", {"user.login-id-claimed"}),
    ("users.csv", "login_id", lambda value: f"{value}\x01", {"user.login-id-unprintable", "cell.control-character"}),
    ("users.csv", "status", lambda value: value[:-1], {"user.status-unknown"}),
    ("users.csv", "status", lambda value: value.title(), {"row.status-inexact"}),
    ("users.csv", "email", lambda _: "nobody.example.edu", {"user.email-invalid"}),
    ("users.csv", "user_id", lambda _: "1.23E+10", {"cell.spreadsheet-number"}),
    ("users.csv", "user_id", lambda value: f"{value}\u200b", {"cell.invisible-character"}),
    ("users.csv", "full_name", lambda _: "#REF!", {"cell.spreadsheet-error"}),
    ("users.csv", "full_name", lambda _: "ZoÃ«", {"cell.garbled-text"}),
    ("courses.csv", "course_id", lambda _: "", {"course.course-id-missing"}),
    ("courses.csv", "long_name", lambda _: "", {"course.long-name-missing"}),
    ("courses.csv", "start_date", lambda _: "2026-24-08", {"course.date-unreadable"}),
    ("courses.csv", "start_date", lambda _: "03/04/2026", {"cell.date-rearranged"}),
    ("sections.csv", "course_id", lambda value: f"{value}x", {"section.course-not-found"}),
    ("sections.csv", "name", lambda _: "", {"section.name-missing"}),
    ("enrollments.csv", "user_id", lambda value: f"{value}x", {"enrollment.user-not-found"}),
    ("enrollments.csv", "section_id", lambda value: f"{value}x", {"enrollment.section-not-found"}),
    ("enrollments.csv", "role", lambda _: "pupil", {"enrollment.role-unknown"}),
    ("enrollments.csv", "status", lambda _: "", {"enrollment.status-unknown"}),
]


@dataclass(frozen=True)
class Spelling:
    """How a file is written."""

    newline: str
    quoting: Literal[0, 1]  # where needed, or everywhere, as `csv` has them
    mark: bool
    last_newline: bool


SPELLINGS = st.builds(
    Spelling, st.sampled_from(["\n", "\r\n"]), st.sampled_from([0, 1]), st.booleans(), st.booleans()
)  # fmt: skip


@st.composite
def uploads(draw: st.DrawFn) -> Upload:
    """A small university in which all is well, and the last user, course and section are nowhere referred to."""
    people, courses = draw(st.integers(2, 6)), draw(st.integers(2, 4))
    pairs = draw(st.lists(st.tuples(st.integers(0, courses - 2), st.integers(0, people - 2)), min_size=1, unique=True))
    return {
        "users.csv": [draw(users(n)) for n in range(people)],
        # The last section lies in the first course, so that the last course can go wrong alone.
        "courses.csv": [draw(classes(n)) for n in range(courses)],
        "sections.csv": [
            {"section_id": f"s{n}", "course_id": f"c{n % (courses - 1)}", "name": draw(NAMES), "status": "active"}
            for n in range(courses)
        ],
        "enrollments.csv": [draw(enrollments(course, person)) for course, person in pairs],
    }


def users(number: int) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "user_id": st.just(f"u{number}"),
            "login_id": st.just(f"login{number}"),
            "full_name": NAMES,
            "email": st.sampled_from(["", f"u{number}@example.edu", f"first.last+{number}@sub.example.museum"]),
            "status": st.sampled_from(["active", "suspended"]),
        }
    )


def classes(number: int) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "course_id": st.just(f"c{number}"),
            "short_name": st.just(f"S{number}"),
            "long_name": NAMES,
            "status": st.sampled_from(["active", "published", "completed"]),
            "start_date": DATES,
        }
    )


def enrollments(course: int, person: int) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "course_id": st.just(f"c{course}"),
            "section_id": st.just(f"s{course}"),
            "user_id": st.just(f"u{person}"),
            "role": st.sampled_from(["student", "teacher", "ta", "Designer", "StudentEnrollment"]),
            "status": st.sampled_from(["active", "inactive", "completed"]),
        }
    )


def written(rows: list[Row], spelling: Spelling) -> tuple[bytes, list[int]]:
    """The file, and the physical line of every row."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator=spelling.newline, quoting=spelling.quoting)
    writer.writeheader()
    lines = []
    for row in rows:
        lines.append(text.getvalue().count("\n") + 1)
        writer.writerow(row)
    content = text.getvalue() if spelling.last_newline else text.getvalue().removesuffix(spelling.newline)
    return ("\ufeff" if spelling.mark else "").encode() + content.encode(), lines


def found(upload: Upload, spelling: Spelling) -> set[tuple[str, int, str]]:
    """File, line and rule of everything that the check finds."""
    with tempfile.TemporaryDirectory() as folder:
        sources = []
        for name, rows in upload.items():
            path = Path(folder) / name
            path.write_bytes(written(rows, spelling)[0])
            sources.append(Source(name, path, path.stat().st_size))
        groups = check(sources, known=EmptyAccount()).groups
    return {(finding.file, finding.line, finding.rule) for group in groups for finding in group.examples}


@given(uploads(), SPELLINGS)
def test_nothing_is_found_where_all_is_well(upload: Upload, spelling: Spelling) -> None:
    assert found(upload, spelling) == set()


@settings(max_examples=300)
@given(uploads(), SPELLINGS, st.sampled_from(MUTATIONS))
def test_one_mistake_is_found_at_its_line_and_nothing_else(
    upload: Upload, spelling: Spelling, mutation: Mutation
) -> None:
    file, column, change, rules = mutation
    row = upload[file][-1]
    row[column] = change(row[column])
    line = written(upload[file], spelling)[1][-1]

    assert found(upload, spelling) == {(file, line, rule) for rule in rules}
