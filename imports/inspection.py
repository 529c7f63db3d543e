"""A first look into a file, as Canvas would read it: is it a CSV or a ZIP of CSVs, of which kinds, how many rows?

Pure functions over files on disk. Sources of the rules: Canvas reads UTF-8 with or without BOM, strict quoting, finds
the kind by the header row, looks at every file of an archive in sub-folders too, and refuses archives that unpack to
more than 100 times their size, to more than 50 GiB, or to more than 100,000 files.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from canvas.formats import WHITE_SPACE, kind_of
from imports.storable import storable

MAX_BLOW_UP = 100
MAX_UNPACKED = 50 * 1024**3
MAX_ENTRIES = 100_000
# Python's csv module refuses longer cells; Canvas has no such limit, but no column of any kind comes near it.
csv.field_size_limit(10 * 1024 * 1024)
# In characters: a file may be one endless line, which must not fill the memory. More than any cell may have.
LONGEST_LINE = 20 * 1024 * 1024
LONGEST_HEADER = 64 * 1024
OUTCOMES = "outcomes"


class UnusableFile(Exception):
    """The file cannot be sent; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FoundCsv:
    """One CSV: `entry` is its path inside a ZIP (empty for a file itself).

    `rows` counts records below the header; None where they cannot be read, or were not counted.
    """

    entry: str
    size: int
    kind: str = ""
    headers: list[str] = field(default_factory=list)
    rows: int | None = None
    problem: str = ""


def refuse_unusable(files: Sequence[tuple[Path, str]]) -> None:
    """Raises `UnusableFile` where Canvas would read nothing at all or refuse the whole.

    Quick at any size: of an archive the list of its entries is read. `files`: where each lies, and its name.
    """
    if not files:
        raise UnusableFile("No file was given.")
    if len(files) > 1 and any(_suffix(name) == ".zip" for _, name in files):
        raise UnusableFile("Send either one ZIP archive or CSV files: an archive inside an archive is not read.")
    for path, name in files:
        if _suffix(name) == ".zip":
            with _opened_zip(path, name) as archive:
                _refuse_bombs(archive.infolist(), path.stat().st_size, name)
        elif _suffix(name) != ".csv":
            raise UnusableFile(
                f"“{name}” is neither a .csv nor a .zip file. Canvas would read nothing in it and say nothing."
            )


def look_into(path: Path, name: str, *, counting: bool = True) -> list[FoundCsv]:
    """The CSVs in a file, in the file's own order. Without `counting` their headers alone are read.

    Raises `UnusableFile`.
    """
    refuse_unusable([(path, name)])
    if _suffix(name) != ".zip":
        with path.open("rb") as file:
            return [_look_at_csv(file, entry="", size=path.stat().st_size, counting=counting)]
    with _opened_zip(path, name) as archive:
        return [_look_at_entry(archive, entry, counting) for entry in archive.infolist() if is_listed(entry)]


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


@contextmanager
def _opened_zip(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise UnusableFile(f"“{name}” is not a readable ZIP archive. Make it again, or send the CSV files.") from error


def is_listed(entry: zipfile.ZipInfo) -> bool:
    """Canvas passes over folders, hidden files and what is in hidden folders, and what Macs leave behind."""
    parts = entry.filename.split("/")
    lower = entry.filename.lower()
    hidden = any(part.startswith(".") for part in parts)
    return bool(parts[-1]) and not hidden and "__macosx" not in lower and "desktop d" not in lower


def _refuse_bombs(entries: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise UnusableFile(f"“{name}” holds more than {MAX_ENTRIES:,} files; Canvas refuses such an archive.")
    if unpacked > min(MAX_BLOW_UP * packed, MAX_UNPACKED):
        raise UnusableFile(
            f"“{name}” unpacks to more than {MAX_BLOW_UP} times its size; Canvas refuses such an archive. "
            "Send the CSV files themselves: Easel packs them so that Canvas takes them."
        )


def _look_at_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, counting: bool) -> FoundCsv:
    if not entry.filename.lower().endswith(".csv"):
        return FoundCsv(entry.filename, entry.file_size, problem="Not a CSV file: Canvas skips it with a warning.")
    if entry.flag_bits & 0x1:
        return FoundCsv(entry.filename, entry.file_size, problem="Locked with a password: Canvas cannot read it.")
    try:
        with archive.open(entry) as file:
            return _look_at_csv(file, entry=entry.filename, size=entry.file_size, counting=counting)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        return FoundCsv(entry.filename, entry.file_size, problem=f"Damaged inside the ZIP: {error}.")


def _look_at_csv(file: IO[bytes], *, entry: str, size: int, counting: bool) -> FoundCsv:
    if not size:
        return FoundCsv(entry, size, problem="Empty: Canvas passes over it without a word.")
    if is_outcomes(head := file.read(LONGEST_HEADER)):
        return _outcomes(head, file, entry=entry, size=size)
    file.seek(0)
    headers: list[str] = []
    with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        records = csv.reader(iter(partial(text.readline, LONGEST_LINE), ""), strict=True)
        try:
            headers = [storable(cell.strip(WHITE_SPACE).lower()) for cell in next(filter(_is_filled, records), [])]
            rows = sum(map(_is_filled, records)) if counting else None
        except UnicodeDecodeError:
            return FoundCsv(entry, size, problem="Not UTF-8: Canvas would skip the whole file. Save it as “CSV UTF-8”.")
        except csv.Error as error:
            problem = f"Malformed CSV near line {records.line_num}: {error}. Canvas would skip the whole file."
            return FoundCsv(entry, size, headers=headers, problem=problem)
    kind = kind_of(headers)
    if kind is None:
        seen = ", ".join(header for header in headers if header) or "nothing"
        problem = f"No kind of SIS file has these headers: {seen}. Canvas would skip the whole file."
        return FoundCsv(entry, size, headers=headers, rows=rows, problem=problem)
    return FoundCsv(entry, size, kind=kind.name, headers=headers, rows=rows)


def holds_outcomes(path: Path, name: str) -> bool:
    """Whether a file is a CSV of outcomes, by its first line."""
    if Path(name).suffix.lower() != ".csv":
        return False
    with path.open("rb") as file:
        return is_outcomes(file.read(LONGEST_HEADER))


def is_outcomes(head: bytes) -> bool:
    """Whether the first line of a file names the columns that only outcome files have."""
    line = head.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n").partition(b"\n")[0]
    names = {name.strip(b'" ').lower() for name in line.replace(b";", b",").split(b",")}
    return {b"vendor_guid", b"object_type"} <= names


def _outcomes(head: bytes, file: IO[bytes], *, entry: str, size: int) -> FoundCsv:
    """Whether Canvas can read it, the check says. Small as such files are, lines are as good as rows until then."""
    separator = ";" if head.partition(b"\n")[0].count(b";") > head.partition(b"\n")[0].count(b",") else ","
    text = (head + file.read()).decode("utf-8-sig", "surrogateescape")
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(map(str.strip, row))]
    headers = [storable(cell) for cell in rows[0]]
    return FoundCsv(entry, size, kind=OUTCOMES, headers=headers, rows=len(rows) - 1)


def _is_filled(record: list[str]) -> bool:
    """Canvas neither reads nor counts blank lines and rows of empty cells."""
    return bool("".join(record).strip(WHITE_SPACE))
