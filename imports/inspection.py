"""A first look into a file, as Canvas would read it: is it a CSV or a ZIP of CSVs, of which kinds, how many rows?

Pure functions over files on disk. Whether Canvas can read a CSV at all is for `check.survey` to say. Sources of the
other rules: Canvas finds the kind by the header row, looks at every file of an archive in sub-folders too, and refuses
archives that unpack to more than 100 times their size, to more than 50 GiB, or to more than 100,000 files.
"""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from canvas.formats import WHITE_SPACE, kind_of
from imports.check.encodings import utf16_of
from imports.check.outcome_file import outcome_form, records
from imports.check.pieces import Form, pieces
from imports.check.rules import RULES
from imports.check.rules.files import NOT_UTF8
from imports.check.sources import Source, is_listed, sources_in
from imports.check.survey import UNREADABLE, Fault, fault_of, form_of, survey
from imports.storable import storable

MAX_BLOW_UP = 100
MAX_UNPACKED = 50 * 1024**3
MAX_ENTRIES = 100_000
LONGEST_PATH = 1000  # as is kept of it
LONGEST_HEADER = 64 * 1024
OUTCOMES = "outcomes"

_MOST_SHOWN = 300  # characters of headers: a file may be one endless line
_WHY = {
    "file.locked": "Locked with a password: Canvas cannot read it.",
    "file.damaged": "Damaged inside the ZIP, or packed in a way that cannot be read. Make the ZIP again.",
}


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
                _refuse_names([entry.filename for entry in archive.infolist() if is_listed(entry)], name)
        elif _suffix(name) != ".csv":
            raise UnusableFile(
                f"“{name}” is neither a .csv nor a .zip file. Canvas would read nothing in it and say nothing."
            )


def look_into(path: Path, name: str, *, counting: bool = True) -> list[FoundCsv]:
    """The CSVs in a file, in the order of their names. Without `counting` their headers alone are read.

    Raises `UnusableFile`.
    """
    refuse_unusable([(path, name)])
    return [_look_at(source, counting=counting) for source in sources_in(path, name)]


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


@contextmanager
def _opened_zip(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise UnusableFile(f"“{name}” is not a readable ZIP archive. Make it again, or send the CSV files.") from error


def _refuse_bombs(entries: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise UnusableFile(f"“{name}” holds more than {MAX_ENTRIES:,} files; Canvas refuses such an archive.")
    if unpacked > min(MAX_BLOW_UP * packed, MAX_UNPACKED):
        raise UnusableFile(
            f"“{name}” unpacks to more than {MAX_BLOW_UP} times its size; Canvas refuses such an archive. "
            "Send the CSV files themselves: Easel packs them so that Canvas takes them."
        )


def _refuse_names(paths: list[str], name: str) -> None:
    """Canvas unpacks one file of a path and passes over a second in silence."""
    if len(set(paths)) < len(paths):
        raise UnusableFile(f"“{name}” holds two files of the same path, of which Canvas reads one. Make it again.")
    if max(map(len, paths), default=0) > LONGEST_PATH:
        raise UnusableFile(
            f"“{name}” holds a path of more than {LONGEST_PATH:,} characters. Make it again with shorter names."
        )


def _look_at(source: Source, *, counting: bool) -> FoundCsv:
    found = FoundCsv(source.entry, source.size)
    if not source.is_csv:
        return replace(found, problem="Not a CSV file: Canvas skips it with a warning.")
    if not source.size:
        return replace(found, problem="Empty: Canvas passes over it without a word.")
    try:
        with source.open() as file:
            head = file.read(LONGEST_HEADER)
        if is_outcomes(head):
            return _look_at_outcomes(source, found, counting=counting)
        return _look_at_rows(source, found, counting=counting)
    except Fault as fault:
        return replace(found, problem=_problem(fault))
    except UNREADABLE as broken:
        return replace(found, problem=_problem(fault_of(broken)))


def _look_at_rows(source: Source, found: FoundCsv, *, counting: bool) -> FoundCsv:
    """Raises Fault, and what `zipfile` raises for damaged entries."""
    form = form_of(source)
    found = replace(found, headers=_headers(source, form))
    kind = kind_of(found.headers)
    if counting:
        survey(source, form, lambda _size: None)
        found = replace(found, rows=_count_rows(source, form))
    if kind:
        return replace(found, kind=kind.name)
    seen = ", ".join(filter(None, found.headers))[:_MOST_SHOWN] or "nothing"
    return replace(found, problem=f"No kind of SIS file has these headers: {seen}. Canvas would skip the whole file.")


def _headers(source: Source, form: Form) -> list[str]:
    with source.open() as stream:
        first = next(pieces(stream, form), None)
    cells = first.fields(0) if first else []
    return [storable(cell[:_MOST_SHOWN].strip(WHITE_SPACE).lower()) for cell in cells]


def _count_rows(source: Source, form: Form) -> int:
    """Records below the header that hold anything; Canvas neither reads nor counts the others."""
    with source.open() as stream:
        filled = sum(piece.count_filled() for piece in pieces(stream, form))
    return max(0, filled - 1)


def _problem(fault: Fault) -> str:
    if fault.rule in _WHY:
        return _WHY[fault.rule]
    rule = RULES[fault.rule]
    if rule.says == NOT_UTF8:
        return "Not UTF-8: Canvas would skip the whole file. Save it as “CSV UTF-8”."
    line = f", line {fault.line:,}" if fault.line else ""
    return f"{rule.says}{line}: {rule.cause} Canvas would skip the whole file."


def holds_outcomes(path: Path, name: str) -> bool:
    """Whether a file is a CSV of outcomes, by its first line."""
    if Path(name).suffix.lower() != ".csv":
        return False
    with path.open("rb") as file:
        return is_outcomes(file.read(LONGEST_HEADER))


def is_outcomes(head: bytes) -> bool:
    """Whether the first line of a file names the columns that only outcome files have, be it in UTF-16."""
    if codec := utf16_of(head):
        head = head.decode(codec, errors="ignore").encode()
    line = head.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n").partition(b"\n")[0]
    names = {name.strip(b'" ').lower() for name in line.replace(b";", b",").split(b",")}
    return {b"vendor_guid", b"object_type"} <= names


def _look_at_outcomes(source: Source, found: FoundCsv, *, counting: bool) -> FoundCsv:
    """Raises Fault, and what `zipfile` raises for damaged entries."""
    form = outcome_form(source)
    if counting:
        survey(source, form, lambda _size: None, utf8=False)
    all_records = records(source, form)
    _, _, header = next(all_records)
    headers = [storable((cell or "")[:_MOST_SHOWN]) for cell in header]
    rows = sum(1 for _ in all_records) if counting else None
    return replace(found, kind=OUTCOMES, headers=headers, rows=rows)
