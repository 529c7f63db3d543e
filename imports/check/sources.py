"""The files of an upload as the check reads them: a CSV on disk, or an entry of a ZIP, which is never unpacked."""

import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

_PIECE = 1024 * 1024
_LONGEST_SHOWN = 2000  # bytes of a line
_LEFT_BEHIND = re.compile(r"__macosx|desktop d[bf]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One file. `name` is what people know it by; `entry` its path inside the ZIP at `path`, empty for a plain file."""

    name: str
    path: Path
    size: int
    entry: str = ""

    @property
    def is_csv(self) -> bool:
        return self.name.lower().endswith(".csv")

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Raises what `zipfile` raises for entries that are damaged or locked."""
        if not self.entry:
            with self.path.open("rb") as file:
                yield file
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(self.entry) as packed:
            yield packed

    def lines(self, first: int, last: int) -> list[tuple[int, str]]:
        """Physical lines with their numbers, from 1, for whoever shows the surroundings of a finding.

        Of a line that is very long, its beginning.
        """
        with self.open() as stream:
            wanted = islice(_lines(stream, first), last - first + 1)
            return [(number, line.decode(errors="replace").rstrip("\r")) for number, line in enumerate(wanted, first)]


def _lines(stream: IO[bytes], first: int) -> Iterator[bytes]:
    """The lines from the one with this number on. Only where there are no line feeds do carriage returns end them."""
    number, begun, newline = 1, b"", b""
    while piece := stream.read(_PIECE):
        newline = newline or (b"\r" if b"\r" in piece and b"\n" not in piece else b"\n")
        if number + piece.count(newline) < first:
            number += piece.count(newline)
            continue
        for place, part in enumerate(piece.split(newline)):
            if place:
                if number >= first:
                    yield begun
                number, begun = number + 1, b""
            begun += part[: _LONGEST_SHOWN - len(begun)]
    if begun and number >= first:
        yield begun


def is_listed(entry: zipfile.ZipInfo) -> bool:
    """Canvas passes over folders, links, hidden files, paths out of the archive, and what Macs leave behind."""
    parts = entry.filename.replace("\\", "/").split("/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    hidden = any(part.startswith(".") for part in parts)
    return bool(parts[-1]) and bool(parts[0]) and not is_link and not hidden and not _LEFT_BEHIND.search(entry.filename)


def sources_in(path: Path, name: str) -> list[Source]:
    """The files of an upload in the order of their names, in which Canvas takes files of one kind.

    Raises `zipfile.BadZipFile`.
    """
    if not name.lower().endswith(".zip"):
        return [Source(name, path, path.stat().st_size)]
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if is_listed(entry)]
    return sorted(
        (Source(entry.filename, path, entry.file_size, entry.filename) for entry in entries),
        key=lambda source: source.name,
    )
