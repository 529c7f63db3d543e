"""The CSVs of an upload as the known state and the forecast read them."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

from imports.known.reading import Csv
from imports.known.tables import KINDS
from imports.models import Upload, UploadedCsv


def csvs_of(upload: Upload) -> list[Csv]:
    """Those that Canvas can read. What cannot be read it skips as a whole, with a message."""
    found = UploadedCsv.objects.filter(file__upload=upload, problem="").exclude(kind="").select_related("file__upload")
    return [Csv(csv.name, KINDS[csv.kind], _opener(csv), csv.size) for csv in found if csv.kind in KINDS]


def _opener(csv: UploadedCsv) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    path, entry = csv.file.path, csv.entry
    return lambda: _entry(path, entry) if entry else path.open("rb")


@contextmanager
def _entry(path: Path, entry: str) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive, archive.open(entry) as file:
        yield file
