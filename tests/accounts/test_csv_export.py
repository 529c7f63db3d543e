"""Tables as CSV downloads."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.csv_export import csv_response, safe_cell


def _download(rows: list[list[object]]) -> str:
    response = csv_response("table.csv", ["a", "b"], rows)
    return b"".join(response).decode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_would_be_a_formula_gets_an_apostrophe(start: str) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


def test_a_number_stays_a_number_even_below_zero() -> None:
    assert safe_cell(-5) == -5


def test_nothing_is_an_empty_cell() -> None:
    assert safe_cell(None) == ""


def test_times_are_written_in_iso_8601() -> None:
    assert safe_cell(datetime(2026, 2, 1, 8, 30, tzinfo=UTC)) == "2026-02-01T08:30:00+00:00"


def test_the_file_begins_with_a_byte_order_mark_and_the_header() -> None:
    assert _download([]) == "\ufeffa,b\r\n"


def test_many_rows_arrive_in_pieces_and_whole() -> None:
    text = _download([[number, "x"] for number in range(2_000)])
    assert text.count("\n") == 2_001
    assert text.endswith("1999,x\r\n")


def test_rows_are_asked_for_only_as_the_download_is_read() -> None:
    asked: list[int] = []

    def rows() -> Iterator[list[object]]:
        for number in range(10_000):
            asked.append(number)
            yield [number]

    pieces = iter(csv_response("table.csv", ["a"], rows()))
    next(pieces)
    assert len(asked) < 1_000


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2))
def test_no_cell_starts_a_formula_whatever_it_holds(cells: list[str]) -> None:
    lines = _download([list(cells)]).removeprefix("\ufeff")
    header, *found = csv.reader(io.StringIO(lines, newline=""))
    assert header == ["a", "b"]
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in found for cell in row)
