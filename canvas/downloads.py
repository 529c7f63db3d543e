"""Fetching a file that Canvas keeps, such as the CSV of all messages of an import."""

from contextlib import closing
from typing import BinaryIO

from canvas.answers import Call, RawAnswer, error_of
from canvas.errors import Unreadable
from canvas.transport import Transport

_MOST_REDIRECTS = 5
_LONGEST_REFUSAL = 65536  # bytes of an error page that are looked at


def download(transport: Transport, url: str, to: BinaryIO, *, limit: int) -> int:
    """Writes the file to `to` and returns its size in bytes.

    Canvas may redirect to a file host; the token is sent to Canvas itself only. Not tried again by itself, since a part
    may be written. Raises Unreadable beyond `limit` bytes or too many redirects, and any other CanvasError.
    """
    url = transport.resolve(url)
    for _ in range(_MOST_REDIRECTS + 1):
        call = Call.to("GET", url)
        with closing(transport.open(call, url)) as response:
            if response.is_redirect:
                url = transport.resolve(response.headers["Location"], against=url)
                continue
            if response.status_code != 200:
                body = b"".join(transport.pieces(call, response, limit=_LONGEST_REFUSAL))
                raise error_of(call, RawAnswer(response.status_code, response.headers, body))
            return sum(to.write(piece) for piece in transport.pieces(call, response, limit=limit))
    raise Unreadable("The file's address redirects without end.", method="GET")
