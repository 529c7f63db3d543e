"""Whatever is sent, and however the process ends, an outcome import ends in a state that is documented."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.outcomes.importing.reading import BadFile, CsvFile
from sandbox.site import Sites
from tests.sandbox.outcomes.desk import COLUMNS, Desk, outcome, row

CELLS = st.sampled_from(
    ["", "a", "g", "g a", "group", "outcome", "active", "deleted", "3", "-1", "1e999", "nan", '"', ";",
     "canvas_outcome:1", "canvas_outcome_group:1", "highest", "n_mastery", "é", "x" * 300, "\n", "\r", "<b>"]
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, max_size=len(COLUMNS) + 3), max_size=6)


def is_documented(ended: dict[str, object]) -> bool:
    """Only a success is raised to 100 percent."""
    return ended["workflow_state"] == "failed" or (ended["workflow_state"], ended["progress"]) == ("succeeded", 100)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_any_bytes_end_in_a_documented_state(content: bytes, desk: Desk) -> None:
    assert is_documented(desk.send_bytes(content))


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_any_rows_below_a_good_header_are_taken_or_told_about(rows: list[list[str]], desk: Desk) -> None:
    ended = desk.send(*(cells + [""] * (len(COLUMNS) - len(cells)) for cells in rows))
    assert is_documented(ended)
    assert ended["workflow_state"] == "succeeded" or "unexpected error" not in ended["processing_errors"][0][1]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet='a,;"\r\n', max_size=30))
def test_reading_ends_and_loses_nothing_of_unquoted_files(text: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode())
    try:
        cells = [cell for _, record in CsvFile(path).records() for cell in record]
    except BadFile:
        return
    if '"' not in text:
        assert "".join(cell or "" for cell in cells).count("a") == text.count("a")


def test_a_number_too_large_to_keep_is_a_row_error(desk: Desk) -> None:
    digits = "9" * 400
    assert desk.errors(row(digits, "Endless")) == [[2, f'Invalid value for rating tier 1 threshold: "{digits}"']]
    [[number, message]] = desk.errors(row(calculation_method="n_mastery", calculation_int="9" * 30))
    assert (number, "must be between '1' and '10'" in str(message)) == (2, True)


def test_an_import_that_died_with_its_process_is_failed_when_the_site_opens_again(tmp_path: Path) -> None:
    first = Sites(tmp_path / "data")
    site = first.get("practice-killed")
    assert site is not None
    desk = Desk(site, tmp_path)
    desk.send(outcome("a"))
    # What a process leaves behind that was killed in the midst of an import.
    site.db().execute("UPDATE outcome_imports SET workflow_state = 'importing', progress = 40")
    first.close()
    second = Sites(tmp_path / "data")
    reopened = second.get("practice-killed")
    assert reopened is not None
    found = Desk(reopened, tmp_path).show(1)
    second.close()
    assert (found["workflow_state"], found["progress"]) == ("failed", 40)
    assert found["processing_errors"] == [[1, "An unexpected error has occurred: see error report 1001"]]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00", b"\n\n\n", b",,,\n,,,\n", b'"\n"'])
def test_odd_files_are_told_apart_from_crashes(content: bytes, desk: Desk) -> None:
    assert is_documented(desk.send_bytes(content))
