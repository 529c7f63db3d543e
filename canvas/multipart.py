"""A multipart/form-data body that is read from disk while it is sent (RFC 7578)."""

import errno
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

_PIECE = 256 * 1024
_PART_TYPES = {".csv": "text/csv", ".zip": "application/zip"}


class MultipartBody:
    """Form fields and one file, with a length and a `read`: what requests needs to send it without holding it.

    `sent` counts the bytes handed out, so it says after a failure whether Canvas can have the whole; `file_error` is
    set when it was the file that could not be read. on_progress is called with (sent, total) before each piece leaves;
    raising there stops the upload, and Canvas never has the whole. Use as a context manager, which closes the file.
    """

    def __init__(
        self,
        path: Path,
        *,
        filename: str,
        fields: Mapping[str, str],
        file_field: str = "attachment",
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Opens the file; raises OSError when that fails."""
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.sent = 0
        self.file_error: OSError | None = None
        self._on_progress = on_progress
        self._head = _head(boundary, fields, file_field, filename)
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._file = path.open("rb", buffering=0)
        self._file_left = os.fstat(self._file.fileno()).st_size
        self._length = len(self._head) + self._file_left + len(self._tail)

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = _PIECE) -> bytes:
        """The next piece of at most `size` bytes, which may be shorter; empty at the end.

        Raises OSError when the file cannot be read or has become shorter than it was when opened.
        """
        piece = self._next(size)
        self.sent += len(piece)
        if piece and self._on_progress:
            self._on_progress(self.sent, self._length)
        return piece

    def _next(self, size: int) -> bytes:
        if self._head:
            piece, self._head = self._head[:size], self._head[size:]
        elif self._file_left:
            piece = self._from_file(min(size, self._file_left))
        else:
            piece, self._tail = self._tail[:size], self._tail[size:]
        return piece

    def _from_file(self, size: int) -> bytes:
        try:
            piece = self._file.read(size)
        except OSError as error:
            self.file_error = error
            raise
        if not piece:
            self.file_error = OSError(errno.EIO, "the file became shorter while it was being sent")
            raise self.file_error
        self._file_left -= len(piece)
        return piece

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


def _head(boundary: str, fields: Mapping[str, str], file_field: str, filename: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    part_type = _PART_TYPES.get(Path(filename).suffix.lower(), "application/octet-stream")
    parts.append(
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{_quoted(file_field)}"; filename="{_quoted(filename)}"\r\n'
        f"Content-Type: {part_type}\r\n\r\n"
    )
    return "".join(parts).encode("utf-8", "replace")


def _quoted(name: str) -> str:
    """As browsers write names: UTF-8 as it is, and only what would end the quotes or the line replaced."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
