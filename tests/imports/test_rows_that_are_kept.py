"""Which rows of an import the known state takes up, by the numbers and cells that Canvas goes by."""

import tracemalloc
from collections import deque
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


def test_repeated_lines_of_a_large_file_are_taken_out_in_little_memory(tmp_path: Path) -> None:
    many = 200_000
    repeated = "U,first,active\r\n"
    path = tmp_path / "users.csv"
    with path.open("w", newline="") as file:
        file.write("user_id,login_id,status\r\n" + repeated)
        file.writelines(f"U{number},login{number},active\r\n" for number in range(many))
        file.write("\r\n" + repeated.rstrip())
    tracemalloc.start()
    try:
        rows = rows_of(Csv(path.name, KINDS["user"], lambda: path.open("rb")).without_repeats())
        first = next(iter(rows.cells))
        [last] = deque(rows.cells, maxlen=1)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (first, last) == (("U0", "login0", "active"), ("U", "first", "active"))
    assert most < 100 * many
