"""From an upload to the files in it, without trusting a single name or size.

Canvas goes by the extension of the upload and, for archives, by their content: zip, tar and gzip'd tar.
"""

import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MAX_FILES = 100_000
MAX_BYTES = 50 * 1024**3
MAX_GROWTH = 100

_IGNORED = re.compile(r"__macosx|desktop d[bf]", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, RuntimeError, ValueError)
_CHUNK = 1024 * 1024


class BadArchive(Exception):
    """The archive cannot be unpacked, or is larger than Canvas allows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an upload. `name` is its path inside; `file` is None where it is no CSV and was left packed."""

    name: str
    file: Path | None


@dataclass(frozen=True, slots=True)
class _Packed:
    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]


def is_csv(name: str) -> bool:
    return name.lower().endswith(".csv")


def unpack(upload: Path, filename: str, folder: Path) -> list[Entry]:
    """The files of the upload in the order of their names; CSVs are written to `folder` under numbers.

    An upload that is neither `.csv` nor `.zip` holds nothing. Raises BadArchive.
    """
    if is_csv(filename):
        return [Entry(filename, upload)]
    if not filename.lower().endswith(".zip"):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _packed(upload) as entries:
            return _write(sorted(entries, key=lambda entry: entry.name), folder, _allowance(upload))
    except _BROKEN as broken:
        raise BadArchive(type(broken).__name__) from broken


def unpacked_size(upload: Path, filename: str) -> int:
    """Bytes of all files inside an archive, as it declares them; of the file itself otherwise. Raises BadArchive."""
    if not filename.lower().endswith(".zip"):
        return upload.stat().st_size
    try:
        with _packed(upload) as entries:
            return sum(entry.size for entry in entries)
    except _BROKEN as broken:
        raise BadArchive(type(broken).__name__) from broken


def _allowance(upload: Path) -> int:
    return min(MAX_GROWTH * upload.stat().st_size, MAX_BYTES)


def _write(packed: list[_Packed], folder: Path, allowance: int) -> list[Entry]:
    if len(packed) > MAX_FILES or sum(entry.size for entry in packed) > allowance:
        raise BadArchive("too large")
    entries = []
    for number, entry in enumerate(packed):
        file = folder / f"{number}.csv" if is_csv(entry.name) else None
        if file:
            allowance -= _copy(entry, file, allowance)
        entries.append(Entry(entry.name, file))
    return entries


def _copy(entry: _Packed, file: Path, allowance: int) -> int:
    """Unpack one file; its real size. The declared one is only a claim, hence the second look. Raises BadArchive."""
    written = 0
    with entry.open() as source, file.open("wb") as target:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > allowance:
                raise BadArchive("too large")
            target.write(chunk)
    return written


@contextmanager
def _packed(upload: Path) -> Iterator[list[_Packed]]:
    """What the archive lists, without what Canvas passes over in silence."""
    if zipfile.is_zipfile(upload):
        with zipfile.ZipFile(upload) as archive:
            yield [_zip_entry(archive, info) for info in archive.infolist() if _is_zipped_file(info)]
    else:
        with tarfile.open(upload, "r:*") as archive_of_tapes:
            members = (member for member in archive_of_tapes if member.isreg() and _is_listed(member.name))
            yield [_tar_entry(archive_of_tapes, member) for member in members]


def _zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Packed:
    return _Packed(info.filename, info.file_size, lambda: archive.open(info))


def _tar_entry(archive: tarfile.TarFile, member: tarfile.TarInfo) -> _Packed:
    def opened() -> IO[bytes]:
        content = archive.extractfile(member)
        if content is None:
            raise tarfile.ExtractError("not a file")
        return content

    return _Packed(member.name, member.size, opened)


def _is_zipped_file(info: zipfile.ZipInfo) -> bool:
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    return not info.is_dir() and not is_link and _is_listed(info.filename)


def _is_listed(name: str) -> bool:
    """Links and paths that lead out of the archive are skipped in silence, and so are hidden files."""
    parts = name.replace("\\", "/").split("/")
    return not name.startswith("/") and not any(part.startswith(".") for part in parts) and not _IGNORED.search(name)
