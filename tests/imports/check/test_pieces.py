"""Cutting a CSV into cells, many at once, gives what the `csv` module gives one by one."""

import csv
import io
from typing import IO, cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from imports.check.hashing import HashMap, hash_text
from imports.check.pieces import Form, pieces

CELLS = st.text(st.sampled_from('ab1 ,"\n;é€😀\t'), max_size=20)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=12)


class Dripping:
    """A stream that gives a few bytes at a time, so that records lie across the borders of what was read."""

    def __init__(self, content: bytes, size: int) -> None:
        self._stream = io.BytesIO(content)
        self._size = size

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(min(size, self._size) if size > 3 else size)


def spelled(table: list[list[str]], newline: str, quoting: int) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=newline, quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL)
    writer.writerows(table)
    return text.getvalue()


@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.integers(0, 1), st.integers(1, 40))
def test_records_cells_and_lines_are_those_of_the_csv_module(
    table: list[list[str]], newline: str, quoting: int, size: int
) -> None:
    text = spelled(table, newline, quoting)
    reader = csv.reader(io.StringIO(text, newline=""))
    expected, line = [], 1
    for cells in reader:
        if cells:
            expected.append((line, cells))
        line = reader.line_num + 1

    stream = cast("IO[bytes]", Dripping(text.encode(), size))
    found = [
        (piece.line(row), piece.fields(row))
        for piece in pieces(stream, Form(newline=newline.encode()))
        for row in range(len(piece))
    ]

    assert found == expected


@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.integers(0, 1))
def test_a_column_has_the_trimmed_cells_and_the_numbers_of_their_texts(
    table: list[list[str]], newline: str, quoting: int
) -> None:
    """Short rows have empty cells at their end."""
    stream = io.BytesIO(spelled(table, newline, quoting).encode())
    for piece in pieces(stream, Form(newline=newline.encode())):
        rows = [piece.fields(row) for row in range(len(piece))]
        for place in range(5):
            expected = [cells[place].strip(" \t\n\v\f\r") if place < len(cells) else "" for cells in rows]
            column = piece.cell(place)
            assert column.texts(np.arange(len(piece))) == expected
            assert [int(number) for number in column.hash] == [hash_text(text) for text in expected]


@given(st.lists(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 200)))))
def test_a_map_of_numbers_keeps_what_was_put_last(batches: list[list[tuple[int, int]]]) -> None:
    kept, expected = HashMap(), dict[int, int]()
    for batch in batches:
        keys = np.array([hash_text(str(key)) for key, _ in batch], np.uint64)
        kept.put(keys, np.array([value for _, value in batch], np.uint8))
        expected |= dict(batch)

    asked = np.array([hash_text(str(key)) for key in range(60)], np.uint64)
    assert kept.get(asked).tolist() == [expected.get(key, 0) for key in range(60)]
    assert len(kept) == len(expected)


def test_a_map_grows_with_what_is_put_into_it() -> None:
    keys = np.arange(1, 100_001, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    kept = HashMap()
    for batch in np.array_split(keys, 7):
        kept.put(batch, 3)

    assert len(kept) == keys.size
    assert (kept.get(keys) == 3).all()
