"""Bodies of known length and in chunks."""

import io
from email.message import Message

import pytest

from sandbox.http.bodies import LARGEST_BODY, BadBody, Body, BodyCut, ChunkedBody, open_body


def headers(**values: str) -> Message:
    message = Message()
    for name, value in values.items():
        message[name.replace("_", "-")] = value
    return message


def unasked() -> None:
    raise AssertionError("nobody waited for leave to send")


def test_a_body_ends_where_its_length_says() -> None:
    body = Body(io.BytesIO(b"first second"), 5)
    assert body.read(100) == b"first"
    assert body.ended


def test_a_body_shorter_than_its_length_was_cut() -> None:
    with pytest.raises(BodyCut):
        Body(io.BytesIO(b"first"), 6).read(6)


@pytest.mark.parametrize(
    "wire, content",
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"5;name=value\r\nhello\r\nC\r\n and bye bye\r\n0\r\n\r\n", b"hello and bye bye"),
        (b"1\r\nx\r\n0\r\nChecksum: 1\r\n\r\n", b"x"),
        (b"0\r\n\r\n", b""),
    ],
)
def test_chunks_are_joined(wire: bytes, content: bytes) -> None:
    body = ChunkedBody(io.BytesIO(wire + b"GET /"))
    assert body.read(100) == content
    assert body.ended


@pytest.mark.parametrize("wire", [b"x\r\nhello\r\n", b"3\r\nhello\r\n0\r\n\r\n", b"5" * 2000, b"-1\r\n\r\n"])
def test_broken_chunks_are_refused(wire: bytes) -> None:
    with pytest.raises(BadBody):
        ChunkedBody(io.BytesIO(wire)).read(100)


@pytest.mark.parametrize("wire", [b"", b"5\r\nhel", b"5\r\nhello\r\n", b"0\r\n"])
def test_chunks_without_their_end_were_cut(wire: bytes) -> None:
    with pytest.raises(BodyCut):
        ChunkedBody(io.BytesIO(wire)).read(100)


@pytest.mark.parametrize(
    "announced, status",
    [
        ({"Content_Length": "ten"}, 400),
        ({"Content_Length": "-1"}, 400),
        ({"Content_Length": str(LARGEST_BODY + 1)}, 413),
        ({"Transfer_Encoding": "gzip"}, 501),
        ({"Transfer_Encoding": "chunked", "Content_Length": "5"}, 501),
    ],
)
def test_an_announcement_that_makes_no_sense_is_refused(announced: dict[str, str], status: int) -> None:
    with pytest.raises(BadBody) as refused:
        open_body(headers(**announced), io.BytesIO(), unasked)
    assert refused.value.status == status


def test_a_request_that_announces_nothing_has_an_empty_body() -> None:
    assert open_body(headers(), io.BytesIO(b"GET /next"), unasked).read(10) == b""


def test_leave_to_send_is_given_once_and_only_when_the_body_is_read() -> None:
    given: list[str] = []
    body = open_body(
        headers(Content_Length="2", Expect="100-continue"), io.BytesIO(b"ab"), lambda: given.append("100 Continue")
    )
    before = (body.withheld, list(given))
    assert body.read(2) == b"ab"
    body.drain()
    assert before == (True, [])
    assert (body.withheld, given) == (False, ["100 Continue"])
