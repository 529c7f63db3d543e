"""The CSVs of an upload as the check, the known state and the forecast read them."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

from imports.check.sources import Source, sources_in
from imports.known.reading import Csv
from imports.known.tables import KINDS
from imports.models import Upload, UploadedCsv, UploadedFile


def free_name(name: str, taken: set[str]) -> str:
    """Two files of one name get a number: Canvas, too, tells them apart by name. `taken` gets the name, in small."""
    stem, dot, suffix = name.rpartition(".")
    free, number = name, 2
    while free.lower() in taken:
        free, number = f"{stem} ({number}){dot}{suffix}", number + 1
    taken.add(free.lower())
    return free


def sources_of(upload: Upload) -> list[Source]:
    """Everything in the upload by the names that Canvas sees, and in their order, in which it works through a kind.

    Raises `zipfile.BadZipFile`.
    """
    found = [source for file, name in _named(upload) for source in sources_in(file.path, name)]
    return sorted(found, key=lambda source: source.name)


def _named(upload: Upload) -> Iterator[tuple[UploadedFile, str]]:
    taken: set[str] = set()
    for file in upload.files.all():
        yield file, free_name(file.name, taken)


def csvs_of(upload: Upload) -> list[Csv]:
    """Those that Canvas can read, in the order of `sources_of`. What it cannot read it skips, with a message."""
    names = {file.pk: name for file, name in _named(upload)}
    found = UploadedCsv.objects.filter(file__upload=upload, problem="").exclude(kind="").select_related("file__upload")
    readable = [(csv.entry or names[csv.file_id], csv) for csv in found if csv.kind in KINDS]
    readable.sort(key=lambda named: named[0])
    return [Csv(base_name(path), KINDS[csv.kind], _opener(csv), csv.size) for path, csv in readable]


def base_name(path: str) -> str:
    """The last part of a path inside a ZIP."""
    return path.rpartition("/")[2]


def _opener(csv: UploadedCsv) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    path, entry = csv.file.path, csv.entry
    return lambda: _entry(path, entry) if entry else path.open("rb")


@contextmanager
def _entry(path: Path, entry: str) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive, archive.open(entry) as file:
        yield file
