"""Multipart forms (RFC 7578), read in one pass: file parts go straight to disk, whatever their size."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from sandbox.http.bodies import BadBody, Body

_WINDOW = 1 << 20
_LONGEST_FIELD = 1 << 20
_LONGEST_PART_HEADERS = 1 << 14
_MOST_PARTS = 1000
_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')

Sink = Callable[[memoryview], object]


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file part: where it lies now, the base name the client gave it, and the type of the part ("" if none)."""

    path: Path
    filename: str
    content_type: str


@dataclass(slots=True)
class Form:
    """The fields and files of a form, by name, in the order they came."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, UploadedFile] = field(default_factory=dict)


class _Window:
    """A fixed stretch of memory that slides along the body.

    Reading in large pieces and looking for the boundary with `bytearray.find` is what keeps a 2 GiB upload at the
    speed of the wire; nothing is copied except the few bytes that could be the beginning of a boundary.
    """

    def __init__(self, body: Body, preset: bytes) -> None:
        self._body = body
        self._memory = bytearray(_WINDOW)
        self._view = memoryview(self._memory)
        self._view[: len(preset)] = preset
        self._start, self._end = 0, len(preset)

    def pass_on(self, mark: bytes, sink: Sink) -> None:
        """Give everything before `mark` to `sink` and move behind it. Raises BadBody when the body ends first."""
        while (found := self._memory.find(mark, self._start, self._end)) < 0:
            safe = max(self._end - len(mark) + 1, self._start)
            if safe > self._start:
                sink(self._view[self._start : safe])
            self._start = safe
            self._slide()
        if found > self._start:
            sink(self._view[self._start : found])
        self._start = found + len(mark)

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        while self._end - self._start < count:
            self._slide()
        self._start += count
        return bytes(self._view[self._start - count : self._start])

    def _slide(self) -> None:
        kept = self._end - self._start
        self._view[:kept] = self._view[self._start : self._end]
        self._start, self._end = 0, kept
        count = self._body.readinto(self._view[kept:])
        if count == 0:
            raise BadBody("The form ends before its last boundary")
        self._end += count


class _Memory:
    """A sink for what has to stay small."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.content = bytearray()

    def __call__(self, piece: memoryview) -> None:
        if len(self.content) + len(piece) > self._limit:
            raise BadBody("A field of the form is too large", 413)
        self.content += piece


def read_multipart(body: Body, content_type: str, folder: Path) -> Form:
    """Read a whole form; files land in `folder` under random names and belong to the caller.

    Raises BadBody for a form without boundary or with broken parts; BodyCut when the client goes away. Files that
    were written by then are removed.
    """
    boundary = header_parameters(content_type).get("boundary", "")
    if not 1 <= len(boundary) <= 200 or not boundary.isascii():
        raise BadBody("The form does not name its boundary")
    form = Form()
    try:
        _read_parts(body, boundary.encode(), form, folder)
    except BaseException:
        for upload in form.files.values():
            upload.path.unlink(missing_ok=True)
        raise
    return form


def _read_parts(body: Body, boundary: bytes, form: Form, folder: Path) -> None:
    mark = b"\r\n--" + boundary
    # The first boundary has no line before it; a line end put there makes it like all others.
    window = _Window(body, b"\r\n")
    window.pass_on(mark, _forget)
    for _ in range(_MOST_PARTS):
        tail = window.take(2)
        if tail == b"--":
            return
        if tail != b"\r\n":
            raise BadBody("A boundary is followed by something else")
        _read_part(window, mark, form, folder)
    raise BadBody("The form has too many parts")


def _forget(_: memoryview) -> None:
    """A sink for what nobody wants: text before the first boundary."""


def _read_part(window: _Window, mark: bytes, form: Form, folder: Path) -> None:
    raw = _Memory(_LONGEST_PART_HEADERS)
    window.pass_on(b"\r\n\r\n", raw)
    headers = _part_headers(raw.content.decode("utf-8", "replace"))
    disposition = header_parameters(headers.get("content-disposition", ""))
    name, filename = disposition.get("name", ""), disposition.get("filename")
    if filename is None:
        text = _Memory(_LONGEST_FIELD)
        window.pass_on(mark, text)
        form.fields.setdefault(name, []).append(text.content.decode("utf-8", "replace"))
        return
    upload = UploadedFile(folder / secrets.token_hex(16), base_name(filename), headers.get("content-type", ""))
    if (replaced := form.files.get(name)) is not None:
        replaced.path.unlink()
    form.files[name] = upload
    with upload.path.open("wb") as file:
        window.pass_on(mark, file.write)


def _part_headers(block: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in block.split("\r\n"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def header_parameters(value: str) -> dict[str, str]:
    """The parameters of a header such as `form-data; name="x"`, names in lower case, `filename*` decoded."""
    found = {}
    for name, quoted, bare in _PARAMETER.findall(value):
        found[name.lower()] = re.sub(r'\\(["\\])', r"\1", quoted) if quoted else bare
    extended = found.pop("filename*", None)
    if extended is not None and extended.count("'") >= 2:
        charset, _, encoded = extended.split("'", 2)
        found["filename"] = _percent_decoded(encoded, charset)
    return found


def _percent_decoded(text: str, charset: str) -> str:
    try:
        return unquote(text, encoding=charset or "utf-8", errors="replace")
    except LookupError:
        return unquote(text, errors="replace")


def base_name(filename: str) -> str:
    """A client's file name without the folders that some clients send along."""
    return re.split(r"[/\\]", filename)[-1].replace("%22", '"')
