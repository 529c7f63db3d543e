"""Files that are not UTF-8, as UTF-8: what they seem to be, and a new upload with one of them converted."""

import logging
import shutil
import zipfile
from typing import IO

from accounts.models import User
from imports import intake
from imports.check import encodings, survey
from imports.check.sources import Source
from imports.inspection import FoundCsv
from imports.models import UploadedCsv, UploadedFile

_PIECE = 1024 * 1024
_UNREADABLE = (OSError, *survey.UNREADABLE)

logger = logging.getLogger(__name__)


class NotConvertible(Exception):
    """The file cannot be written anew; the message says why and what to do."""


def encoding_of(file: UploadedFile, csv: FoundCsv) -> str:
    """What a file that has no kind seems to be encoded in; empty for UTF-8, and where nobody can tell."""
    if csv.kind or not csv.size or not (csv.entry or file.name).lower().endswith(".csv"):
        return ""
    try:
        codec = encodings.guess(Source(file.name, file.path, csv.size, csv.entry))
    except _UNREADABLE:
        return ""
    return codec if codec in UploadedCsv.Encoding else ""


def source_of(csv: UploadedCsv) -> Source:
    return Source(csv.entry or csv.file.name, csv.file.path, csv.size, csv.entry)


def with_converted(*, csv: UploadedCsv, by: User) -> tuple[intake.TakenFile, ...]:
    """The files of the upload, this one as UTF-8 and the others as they are, for an upload of their own.

    Raises NotConvertible.
    """
    logger.info("file converted", extra={"upload": str(csv.file.upload_id), "csv": csv.pk, "by": by.pk})
    taken: list[intake.TakenFile] = []
    try:
        taken.extend(_converted(csv) if file == csv.file else _again(file) for file in csv.file.upload.files.all())
    except (*_UNREADABLE, ValueError) as problem:
        for file_on_disk in taken:
            file_on_disk.path.unlink(missing_ok=True)
        raise NotConvertible(
            "These files cannot be read to their end. Give them again, saved as “CSV UTF-8”."
        ) from problem
    return tuple(taken)


def _again(file: UploadedFile) -> intake.TakenFile:
    return intake.linked(file.path, name=file.name, size=file.size, sha256=file.sha256)


def _converted(csv: UploadedCsv) -> intake.TakenFile:
    def write(target: IO[bytes]) -> None:
        if csv.entry:
            _rewrite_zip(csv, target)
        else:
            _write_converted(csv, target)

    return intake.made(csv.file.name, write)


def _write_converted(csv: UploadedCsv, target: IO[bytes]) -> None:
    for piece in encodings.converted(source_of(csv)):
        target.write(piece)


def _rewrite_zip(csv: UploadedCsv, target: IO[bytes]) -> None:
    """All entries in their order and under their names, packed as they were."""
    with zipfile.ZipFile(csv.file.path) as archive, zipfile.ZipFile(target, "w") as package:
        for entry in archive.infolist():
            again = zipfile.ZipInfo(entry.filename, entry.date_time)
            again.compress_type, again.external_attr = entry.compress_type, entry.external_attr
            with package.open(again, "w", force_zip64=True) as written:
                if entry.filename == csv.entry:
                    _write_converted(csv, written)
                else:
                    with archive.open(entry) as packed:
                        shutil.copyfileobj(packed, written, _PIECE)
