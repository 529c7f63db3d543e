"""Request bodies as they come off the wire, read piece by piece into memory that the reader owns."""

import re
from collections.abc import Callable
from email.message import Message
from io import BufferedIOBase

LARGEST_BODY = 64 * 1024**3
_LONGEST_CHUNK_LINE = 1024
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?\r?\n")
_SCRAP = 1 << 16


class BadBody(Exception):
    """The body breaks the rules of HTTP or of its own content type. `status` is the answer it deserves."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class BodyCut(Exception):
    """The client went away before the body was complete."""


class Body:
    """A body of known length.

    `received` counts the bytes of content so far. `before_first_read` sends `100 Continue` to the clients that wait
    for it, so that a request which is refused at once never sends its file.
    """

    def __init__(
        self, stream: BufferedIOBase, length: int, *, before_first_read: Callable[[], None] | None = None
    ) -> None:
        self.length: int | None = length
        self.received = 0
        self._stream = stream
        self._left = length
        self._before_first_read = before_first_read

    @property
    def withheld(self) -> bool:
        """Whether the client still waits for leave to send."""
        return self._before_first_read is not None

    @property
    def ended(self) -> bool:
        """Whether everything was read."""
        return self._left == 0

    def readinto(self, target: memoryview) -> int:
        """Fill `target` as far as the body reaches; 0 means the body has ended.

        Raises BodyCut when the client stops half-way.
        """
        if self._before_first_read is not None:
            self._before_first_read()
            self._before_first_read = None
        count = self._fill(target)
        self.received += count
        return count

    def read(self, limit: int) -> bytes:
        """At most `limit` bytes."""
        content = bytearray(limit)
        view = memoryview(content)
        filled = 0
        while filled < limit and (count := self.readinto(view[filled:])):
            filled += count
        return bytes(view[:filled])

    def drain(self) -> None:
        """Read the rest and forget it, as the web server in front of Canvas does with what Canvas does not want."""
        scrap = memoryview(bytearray(_SCRAP))
        while self.readinto(scrap):
            pass

    def _fill(self, target: memoryview) -> int:
        wanted = min(len(target), self._left)
        count = self._take(target[:wanted]) if wanted else 0
        self._left -= count
        return count

    def _take(self, target: memoryview) -> int:
        try:
            count = self._stream.readinto(target)
        except OSError as problem:
            raise BodyCut from problem
        if not count:
            raise BodyCut
        return count


class ChunkedBody(Body):
    """A body in chunked transfer coding (RFC 9112, section 7.1); trailers are read and dropped."""

    def __init__(self, stream: BufferedIOBase, *, before_first_read: Callable[[], None] | None = None) -> None:
        super().__init__(stream, 0, before_first_read=before_first_read)
        self.length = None
        self._ended = False

    @property
    def ended(self) -> bool:
        return self._ended

    def _fill(self, target: memoryview) -> int:
        if self._left == 0 and not self._ended:
            self._open_chunk()
        count = super()._fill(target)
        if count and self._left == 0 and self._line().strip():
            raise BadBody("A chunk is longer than it says")
        return count

    def _open_chunk(self) -> None:
        size = _CHUNK_SIZE.fullmatch(self._line())
        if size is None:
            raise BadBody("A chunk does not begin with its size")
        self._left = int(size[1], 16)
        if self.received + self._left > LARGEST_BODY:
            raise BadBody("The body is too large", 413)
        if self._left == 0:
            self._ended = True
            while self._line().strip():
                pass

    def _line(self) -> bytes:
        try:
            line = self._stream.readline(_LONGEST_CHUNK_LINE)
        except OSError as problem:
            raise BodyCut from problem
        if not line:
            raise BodyCut
        if not line.endswith(b"\n"):
            raise BadBody("A line between chunks is too long")
        return line


def open_body(headers: Message, stream: BufferedIOBase, send_continue: Callable[[], None]) -> Body:
    """The body that the headers announce; without any announcement an empty one.

    Raises BadBody for a length that is no number, one beyond LARGEST_BODY, two that differ, and unknown codings.
    """
    waits = str(headers.get("Expect", "")).lower() == "100-continue"
    before = send_continue if waits else None
    coding = headers.get("Transfer-Encoding")
    lengths = set(headers.get_all("Content-Length", []))
    if coding is not None:
        if coding.lower() != "chunked" or lengths:
            raise BadBody("Unknown transfer coding", 501)
        return ChunkedBody(stream, before_first_read=before)
    if not lengths:
        return Body(stream, 0)
    length = lengths.pop()
    if lengths or not re.fullmatch(r"[0-9]{1,18}", length):
        raise BadBody("Bad Content-Length")
    if int(length) > LARGEST_BODY:
        raise BadBody("The body is too large", 413)
    return Body(stream, int(length), before_first_read=before if int(length) else None)
