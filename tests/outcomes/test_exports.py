"""Rollups as files, for spreadsheets and for what reads Canvas's own export."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from accounts.models import CanvasAccount, User
from imports.models import Course
from tests.cast import Seat
from tests.outcomes.kept import NOTHING, UNREACHED, Line, course_of, keep, outcome, student
from tests.outcomes.page import address
from tests.outcomes.school import read_course
from tests.servers.practice import Practice

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def browser(seat: Seat, designer: User) -> Client:
    return seat(designer)


@pytest.fixture
def biology(canvas_account: CanvasAccount) -> Course:
    course = course_of(canvas_account)
    rows: list[Line] = [
        (student(11, "Amsel", (1, "active"), (2, "active"), sis_id="00123"), [4.0, 0.0]),
        (student(12, "=cmd|x", (2, "completed")), [2.5, UNREACHED]),
        (student(9007199254740993, "Dohle", (1, "active"), sis_id="12E5"), [NOTHING, 3.0]),
    ]
    keep(course, [outcome(1, "=Argue", path=()), outcome(2, "Measure")], rows, sections={1: "Morning", 2: "Evening"})
    return course


def downloaded(browser: Client, course: Course, name: str, **query: str | int) -> bytes:
    answer = browser.get(address(course, name), query)
    assert answer.status_code == 200
    assert answer.streaming
    return answer.getvalue()


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


# --- Canvas's own columns


def test_canvas_own_columns_are_those_of_canvas_own_export(browser: Client, course: Course, practice: Practice) -> None:
    read_course(course)
    theirs = practice.request("GET", f"/courses/{course.canvas_id}/outcome_rollups.csv")
    answer = browser.get(address(course, "canvas_csv"))
    assert answer["Content-Disposition"] == theirs.headers["Content-Disposition"]
    assert downloaded(browser, course, "canvas_csv") == theirs.content


def test_canvas_own_columns_follow_the_filter(browser: Client, biology: Course) -> None:
    shown = lines(downloaded(browser, biology, "canvas_csv", text="amsel"))
    assert shown == [
        [
            "Student name", "Student ID", "Student SIS ID", "'=Argue result", "'=Argue mastery points",
            "Unit > Measure result", "Unit > Measure mastery points",
        ],
        ["Ada Amsel", "11", "00123", "4.0", "3.0", "0.0", "3.0"],
    ]  # fmt: skip


# --- CSV


def test_the_csv_says_scores_levels_and_why_there_is_none(browser: Client, biology: Course) -> None:
    content = downloaded(browser, biology, "rollups_csv")
    assert content.startswith(b"\xef\xbb\xbf")
    head, *rows = lines(content)
    assert head[6:] == ["'=Argue score", "'=Argue level", "Unit > Measure score", "Unit > Measure level"]
    assert [row[6:] for row in sorted(rows)] == [
        ["2.5", "Beginning", "", "not reached yet"],
        ["4.0", "Exceeds", "0.0", "Beginning"],
        ["", "no result", "3.0", "Mastery"],
    ]


def test_ids_that_a_spreadsheet_would_change_are_text(browser: Client, biology: Course) -> None:
    _, *rows = lines(downloaded(browser, biology, "rollups_csv"))
    assert sorted(row[1:3] for row in rows) == [["'9007199254740993", "'12E5"], ["11", "'00123"], ["12", ""]]


def test_places_are_told_by_name(browser: Client, biology: Course) -> None:
    _, *rows = lines(downloaded(browser, biology, "rollups_csv", order=1, direction="desc"))
    assert [row[4:6] for row in rows] == [
        ["Morning, Evening", "active"],
        ["Evening", "concluded"],
        ["Morning", "active"],
    ]


def test_no_cell_of_the_csv_is_a_formula(browser: Client, biology: Course) -> None:
    content = downloaded(browser, biology, "rollups_csv")
    assert not [cell for row in lines(content) for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_points_that_are_hidden_are_not_downloaded_either(browser: Client, canvas_account: CanvasAccount) -> None:
    course = course_of(canvas_account)
    keep(course, [outcome(1)], [(student(11), [3.25])], hides=True)
    assert lines(downloaded(browser, course, "rollups_csv"))[1][6:] == ["", "Mastery"]
    workbook = downloaded(browser, course, "rollups_xlsx")
    assert not [number for number in (1, 2, 3) if b"3.25" in sheet_xml(workbook, number)]


def test_a_download_follows_filters_and_order(browser: Client, biology: Course) -> None:
    query: dict[str, str | int] = {"order": 1, "direction": "desc", "students": "results", "section": 1}
    _, *rows = lines(downloaded(browser, biology, "rollups_csv", **query))
    assert [row[0] for row in rows] == ["Ada Amsel", "Ada Dohle"]


# --- XLSX


def sheet_xml(content: bytes, number: int = 1) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read(f"xl/worksheets/sheet{number}.xml")


def cells(content: bytes, number: int = 1) -> dict[str, tuple[str, str | None]]:
    """Each cell's type (`n` for a number) and value, by its place."""
    found = {}
    for cell in ET.fromstring(sheet_xml(content, number)).iter(f"{MAIN}c"):  # noqa: S314  # written by ourselves
        value, text = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}is/{MAIN}t")
        told = value if value is not None else text
        found[cell.attrib["r"]] = (cell.get("t", "n"), told.text if told is not None else None)
    return found


def test_the_workbook_has_numbers_as_numbers_and_ids_as_text(browser: Client, biology: Course) -> None:
    found = cells(downloaded(browser, biology, "rollups_xlsx", order=1, direction="desc"))
    assert found["B4"] == ("inlineStr", "11")
    assert found["C4"] == ("inlineStr", "00123")
    assert found["G4"] == ("n", "4")
    assert found["H4"] == ("n", "0")
    assert found["H5"] == ("inlineStr", "not reached yet")
    assert "G6" not in found


def test_the_workbook_keeps_header_and_students_in_view(browser: Client, biology: Course) -> None:
    pane = re.search(rb"<pane [^>]*>", sheet_xml(downloaded(browser, biology, "rollups_xlsx")))
    assert pane
    assert b'state="frozen"' in pane[0]
    assert b'topLeftCell="B4"' in pane[0]


def test_the_workbook_has_the_colours_of_the_levels(browser: Client, biology: Course) -> None:
    content = downloaded(browser, biology, "rollups_xlsx")
    styles = zipfile.ZipFile(io.BytesIO(content)).read("xl/styles.xml")
    for color in (b"FF2B7ABC", b"FF03893D", b"FF555555"):
        assert color in styles
    assert b"0.##" not in styles  # in which a spreadsheet shows 3 as "3."


def test_no_cell_of_the_workbook_is_a_formula(browser: Client, biology: Course) -> None:
    content = downloaded(browser, biology, "rollups_xlsx")
    for number in (1, 2, 3):
        assert b"<f>" not in sheet_xml(content, number)
    assert ("inlineStr", "=Argue") in cells(content).values()


def test_the_workbook_tells_figures_and_levels_of_each_outcome(browser: Client, biology: Course) -> None:
    content = downloaded(browser, biology, "rollups_xlsx")
    figures, levels = cells(content, 2), cells(content, 3)
    assert [figures[f"{column}3"][1] for column in "ABFGHIJK"] == ["2", "Measure", "3", "3", "2", "1.5", "1.5", "0.5"]
    assert [levels[f"{column}3"][1] for column in "ABCD"] == ["=Argue", "Mastery", "3", "mastery"]


def test_a_course_without_anything_is_downloaded_too(browser: Client, canvas_account: CanvasAccount) -> None:
    course = course_of(canvas_account)
    keep(course, [], [])
    for name in ("rollups_csv", "rollups_xlsx", "canvas_csv"):
        assert downloaded(browser, course, name)
