"""Taking files in: streamed to disk in the data directory, hashed on the way, never held in memory.

The hash is complete when the last byte is on disk, so an upload is stored with its SHA-256 before anything else
happens to it.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from accounts.http import Request

_PIECE = 1024 * 1024
_TOO_MUCH = "easel.too_much"


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file on disk that is to become part of an upload. `path` is ours to move."""

    name: str
    path: Path
    size: int
    sha256: str


class HashingUploadHandler(TemporaryFileUploadHandler):
    """Writes what a browser sends straight to disk, and hashes it as it comes; of strangers it keeps nothing."""

    chunk_size = _PIECE
    received = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        # The form's token is looked for, and so the whole body read, before anybody asks who sends it.
        if not cast("Request", self.request).user.is_authenticated:
            raise SkipFile
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # passed through untouched
        self.digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_LIMIT:
            # The rest is read and dropped: a browser shows an answer only once it has sent everything.
            cast("HttpRequest", self.request).META[_TOO_MUCH] = True
            raise SkipFile
        self.digest.update(raw_data)
        return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> TemporaryUploadedFile:
        file = cast("TemporaryUploadedFile", super().file_complete(file_size))
        file.sha256 = self.digest.hexdigest()  # type: ignore[attr-defined]  # read by `taken` below
        return file


def is_too_much(request: HttpRequest) -> bool:
    """Whether the request held more than the limit, so that its files are not all there."""
    return _TOO_MUCH in request.META


def taken(file: UploadedFile) -> TakenFile:
    """What `HashingUploadHandler` stored, as a file of ours that outlives the request."""
    temporary = cast("TemporaryUploadedFile", file)
    source = Path(temporary.temporary_file_path())
    kept = source.with_name(f"{source.name}.{secrets.token_hex(8)}")
    os.link(source, kept)  # the request removes its own name of the file when it ends
    with kept.open("rb") as file_on_disk:
        os.fsync(file_on_disk.fileno())
    sha256: str = temporary.sha256  # type: ignore[attr-defined]  # set by the handler
    return TakenFile(_plain_name(file.name or ""), kept, file.size or 0, sha256)


def copied(path: Path) -> TakenFile:
    """A copy of a file that a script named, hashed as it is copied. Raises `OSError`."""
    target = Path(settings.UPLOAD_DIR) / f"incoming-{secrets.token_hex(16)}"
    digest = hashlib.sha256()
    with path.open("rb") as source, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
        for piece in pieces(source):
            digest.update(piece)
            to.write(piece)
        to.flush()
        os.fsync(to.fileno())
    return TakenFile(_plain_name(path.name), target, target.stat().st_size, digest.hexdigest())


def made(name: str, write: Callable[[IO[bytes]], None]) -> TakenFile:
    """A file that we write ourselves, for an upload that follows from another. Nothing is left of one that fails."""
    target = Path(settings.UPLOAD_DIR) / f"incoming-{secrets.token_hex(16)}"
    try:
        with os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return TakenFile(_plain_name(name), target, target.stat().st_size, digest.hexdigest())


def linked(path: Path, *, name: str, size: int, sha256: str) -> TakenFile:
    """A file of another upload once more: they never change, so one copy on disk serves both. Raises `OSError`."""
    target = Path(settings.UPLOAD_DIR) / f"incoming-{secrets.token_hex(16)}"
    os.link(path, target)
    return TakenFile(name, target, size, sha256)


def pieces(file: IO[bytes]) -> Iterable[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _plain_name(name: str) -> str:
    """The base name, without characters that have no place in a name, and short enough for our table."""
    base = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(character for character in base if character.isprintable()).strip()
    stem, dot, suffix = printable.rpartition(".")
    return f"{stem[:200]}{dot}{suffix[:50]}" if stem else printable[:250] or "unnamed"
