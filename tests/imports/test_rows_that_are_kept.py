"""Which rows of an import the known state takes up, by the numbers and cells that Canvas goes by."""

from pathlib import Path

from imports.known.reading import Csv, rows_of
from imports.known.tables import KINDS
from tests.imports import files


def kept(folder: Path, text: str, *, refused: int) -> list[tuple[str | None, ...]]:
    path = files.write(folder / "users.csv", text)
    rows = rows_of(Csv(path.name, KINDS["user"], lambda: path.open("rb")))
    return list(rows.wanted(frozenset({(path.name, refused)}), skip_deletes=False))


def test_rows_of_empty_cells_count_and_blank_lines_do_not(tmp_path: Path) -> None:
    text = "user_id,login_id,status\n\n,,\nU1,one,active\nU2,,active\n\nU3,three,active\n"

    assert kept(tmp_path, text, refused=4) == [("U1", "one", "active"), ("U3", "three", "active")]


def test_of_two_columns_with_one_header_the_first_is_read(tmp_path: Path) -> None:
    assert kept(tmp_path, "user_id,status,status\nU1,active,deleted\n", refused=0) == [("U1", "active")]


def test_a_no_break_space_is_part_of_an_id(tmp_path: Path) -> None:
    assert kept(tmp_path, "user_id,status\nU1\u00a0, active \n", refused=0) == [("U1\u00a0", "active")]
