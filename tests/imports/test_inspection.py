"""The first look into a file."""

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.inspection import FoundCsv, UnusableFile, holds_outcomes, look_into
from tests.imports import files


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def only(path: Path) -> FoundCsv:
    [found] = look_into(path, path.name)
    return found


def test_kind_and_rows_are_found_by_the_headers_whatever_the_name(tmp_path: Path) -> None:
    found = only(files.users(tmp_path, 7, name="people of today.csv"))

    assert (found.kind, found.rows, found.problem) == ("user", 7, "")


def test_rows_are_counted_as_canvas_counts_them(tmp_path: Path) -> None:
    """Blank lines do not count, and a quoted field may go over several lines."""
    text = '\ufeffcourse_id,short_name,long_name,status\r\n\r\nC1,"A\nB",Long,active\r\n,,,\r\nC2,X,Y,active\r\n'

    found = only(files.write(tmp_path / "courses.csv", text))

    assert (found.kind, found.rows) == ("course", 2)


@pytest.mark.parametrize(
    "content, word",
    [
        (b"", "Empty"),
        ("user_id,login_id,status\nU1,é,active\n".encode("utf-16"), "UTF-8"),
        ("user_id,login_id,status\nU1,é,active\n".encode("latin-1"), "UTF-8"),
        (b'user_id,login_id,status\nU1,"open,active\n', "Malformed"),
        (b"user_id,first_name\nU1,A\n", "user_id, first_name"),
        (b"user_id,login\0\nU1,A\n", "user_id, login\N{SYMBOL FOR NULL}"),
    ],
)
def test_what_canvas_would_not_read_is_named(tmp_path: Path, content: bytes, word: str) -> None:
    found = only(files.write(tmp_path / "users.csv", content))

    assert word in found.problem
    assert not found.kind


def test_an_archive_shows_each_csv_in_its_folders_and_passes_over_what_macs_leave(tmp_path: Path) -> None:
    users = files.users(tmp_path, 2).read_bytes()
    path = zipped(
        tmp_path / "all.zip",
        {"term/users.csv": users, "__MACOSX/users.csv": users, "term/.DS_Store": b"x", "readme.txt": b"hello"},
    )

    found = look_into(path, path.name)

    assert [(csv.entry, csv.kind) for csv in found] == [("readme.txt", ""), ("term/users.csv", "user")]


def test_an_archive_that_unpacks_to_a_hundred_times_its_size_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {"users.csv": b"0" * 5_000_000})

    with pytest.raises(UnusableFile, match="100 times"):
        look_into(path, path.name)


@pytest.mark.parametrize(
    "names, word", [(["users.csv", "users.csv"], "two files of the same path"), (["d/" * 501 + "users.csv"], "1,000")]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_paths_that_cannot_be_kept_apart_or_kept_is_refused(
    tmp_path: Path, names: list[str], word: str
) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "user_id,login_id,status\nU1,a,active\n")

    with pytest.raises(UnusableFile, match=word):
        look_into(path, path.name)


def test_only_what_canvas_passes_over_is_left_out(tmp_path: Path) -> None:
    users = files.users(tmp_path, 2).read_bytes()
    names = ("../users.csv", "/users.csv", "Desktop DB/users.csv", "Desktop Documents/users.csv", ".hidden/users.csv")
    path = zipped(tmp_path / "all.zip", dict.fromkeys(names, users))

    assert [csv.entry for csv in look_into(path, path.name)] == ["Desktop Documents/users.csv"]


def test_a_file_packed_in_a_way_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", {"users.csv": b"user_id,login_id,status\nU1,a,active\n"})
    content = bytearray(path.read_bytes())
    content[8] = content[content.index(b"PK\x01\x02") + 10] = 9  # Deflate64, as of archives beyond 2 GB
    path.write_bytes(content)

    assert "Make the ZIP again" in only(path).problem


def test_a_file_that_is_locked_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", {"users.csv": b"user_id,login_id,status\nU1,a,active\n"})
    content = bytearray(path.read_bytes())
    for place in (6, content.index(b"PK\x01\x02") + 8):
        content[place] |= 1
    path.write_bytes(content)

    assert "Locked with a password" in only(path).problem


@pytest.mark.parametrize(
    "rows, word", [('U1,a"b,active\n', "line 2: A quotation mark stands"), ("U1,a,active\r\n", "do not all end")]
)
def test_what_the_check_finds_malformed_is_malformed_at_first_sight(tmp_path: Path, rows: str, word: str) -> None:
    found = only(files.write(tmp_path / "users.csv", "user_id,login_id,status\n" + rows))

    assert word in found.problem
    assert not found.kind


def test_outcomes_that_are_malformed_are_named(tmp_path: Path) -> None:
    found = only(files.write(tmp_path / "tree.csv", 'vendor_guid,object_type,title\nO,outcome,"One\n'))

    assert "Malformed CSV, line 2" in found.problem


@pytest.mark.parametrize(
    "header, kind", [("user_id,login_id,status", "user"), ("vendor_guid,object_type,title", "outcomes")]
)
def test_without_counting_rows_the_header_alone_is_read(tmp_path: Path, header: str, kind: str) -> None:
    path = files.write(tmp_path / "some.csv", f'{header}\nO,outcome,"One\n')

    [found] = look_into(path, path.name, counting=False)

    assert (found.kind, found.rows, found.problem) == (kind, None, "")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le"])
def test_outcomes_are_known_for_such_in_utf_16_too(tmp_path: Path, codec: str) -> None:
    path = files.write(tmp_path / "tree.csv", "vendor_guid,object_type,title\nO,outcome,Été\n".encode(codec))

    assert holds_outcomes(path, path.name)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="not a readable ZIP"):
        look_into(files.write(tmp_path / "all.zip", b"PK\x03\x04 nonsense"), "all.zip")


def test_a_damaged_entry_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("bad.csv", "user_id,login_id,status\nU1,a,active\n")
        archive.writestr("good.csv", "course_id,short_name,long_name,status\nC1,A,B,active\n")
    path = files.write(tmp_path / "all.zip", buffer.getvalue().replace(b"U1,a,active", b"U1,b,active", 1))

    bad, good = look_into(path, path.name)

    assert "Damaged" in bad.problem
    assert (good.kind, good.rows) == ("course", 1)


@given(content=st.binary(max_size=400), suffix=st.sampled_from(["csv", "zip"]))
def test_no_bytes_whatever_break_the_look(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = files.write(tmp_path_factory.mktemp("any") / f"any.{suffix}", content)

    try:
        found = look_into(path, path.name)
    except UnusableFile:
        return
    assert all(csv.kind or csv.problem for csv in found)


def test_a_file_that_is_one_endless_line_is_named_without_being_read_into_memory(tmp_path: Path) -> None:
    endless = tmp_path / "users.csv"
    with endless.open("wb") as file:
        file.truncate(256 * 1024 * 1024)
    tracemalloc.start()
    try:
        found = only(endless)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert "No kind of SIS file" in found.problem
    assert most < 128 * 1024 * 1024
