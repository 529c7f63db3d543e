"""A first look into a file, as Canvas would read it: is it a CSV or a ZIP of CSVs, of which kinds, how many rows?

Pure functions over files on disk. Sources of the rules: Canvas reads UTF-8 with or without BOM, strict quoting, finds
the kind by the header row, looks at every file of an archive in sub-folders too, and refuses archives that unpack to
more than 100 times their size, to more than 50 GiB, or to more than 100,000 files.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
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


class UnusableFile(Exception):
    """The file cannot be sent; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FoundCsv:
    """One CSV: `entry` is its path inside a ZIP (empty for a file itself), `rows` counts records below the header."""

    entry: str
    size: int
    kind: str = ""
    headers: list[str] = field(default_factory=list)
    rows: int | None = None
    problem: str = ""


def look_into(path: Path, name: str) -> list[FoundCsv]:
    """The CSVs in a file, in the file's own order.

    Raises `UnusableFile` where Canvas would read nothing at all or refuse the whole.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".csv":
        with path.open("rb") as file:
            return [_look_at_csv(file, entry="", size=path.stat().st_size)]
    if suffix == ".zip":
        return _look_into_zip(path, name)
    raise UnusableFile(f"“{name}” is neither a .csv nor a .zip file. Canvas would read nothing in it and say nothing.")


def _look_into_zip(path: Path, name: str) -> list[FoundCsv]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if is_listed(entry)]
            _refuse_bombs(archive.infolist(), path.stat().st_size, name)
            return [_look_at_entry(archive, entry) for entry in entries]
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


def _look_at_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> FoundCsv:
    if not entry.filename.lower().endswith(".csv"):
        return FoundCsv(entry.filename, entry.file_size, problem="Not a CSV file: Canvas skips it with a warning.")
    if entry.flag_bits & 0x1:
        return FoundCsv(entry.filename, entry.file_size, problem="Locked with a password: Canvas cannot read it.")
    try:
        with archive.open(entry) as file:
            return _look_at_csv(file, entry=entry.filename, size=entry.file_size)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        return FoundCsv(entry.filename, entry.file_size, problem=f"Damaged inside the ZIP: {error}.")


def _look_at_csv(file: IO[bytes], *, entry: str, size: int) -> FoundCsv:
    if not size:
        return FoundCsv(entry, size, problem="Empty: Canvas passes over it without a word.")
    headers: list[str] = []
    with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        records = csv.reader(iter(partial(text.readline, LONGEST_LINE), ""), strict=True)
        try:
            headers = [storable(cell.strip(WHITE_SPACE).lower()) for cell in next(_filled(records), [])]
            rows = sum(1 for _ in _filled(records))
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


def _filled(records: Iterator[list[str]]) -> Iterator[list[str]]:
    """Records that are not blank: Canvas neither reads nor counts blank lines and rows of empty cells."""
    return (record for record in records if any(cell.strip(WHITE_SPACE) for cell in record))
