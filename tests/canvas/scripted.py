"""A server that does exactly what a test tells it: one act per connection, over a real socket.

An act takes the connection and decides how much of the request to read, what to write, and when to hang up.
"""

import json
import socket
import socketserver
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

_PATIENCE = 20.0  # seconds after which a test has gone wrong


@dataclass
class Request:
    """What arrived, as far as it was read. Header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Connection:
    """One accepted connection, in the hands of an act."""

    def __init__(self, sock: socket.socket, server: "ScriptedServer") -> None:
        self._sock = sock
        self._stream = sock.makefile("rb")
        self._server = server

    def read_head(self) -> Request:
        method, target, _ = self._stream.readline().decode("latin-1").split(" ", 2)
        headers: dict[str, str] = {}
        while line := self._stream.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        request = Request(method, target, headers)
        self._server.requests.append(request)
        return request

    def read_request(self) -> Request:
        request = self.read_head()
        request.body = self._stream.read(int(request.headers.get("content-length", 0)))
        return request

    def read(self, size: int) -> bytes:
        """So many bytes, or fewer when the other side hangs up before."""
        return self._stream.read(size)

    def write(self, data: bytes) -> None:
        self._sock.sendall(data)

    def reset(self) -> None:
        """Hang up with a reset instead of a polite end."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._stream.close()
        self._sock.close()

    def hold(self, seconds: float = _PATIENCE) -> bool:
        """Keep the connection open and silent so long, or until the test is over, which it tells."""
        return self._server.over.wait(seconds)


Act = Callable[[Connection], None]


@dataclass
class ScriptedServer:
    """Plays its acts in order; a connection beyond the last act is closed unanswered."""

    port: int = 0
    acts: deque[Act] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    ended: SimpleQueue[None] = field(default_factory=SimpleQueue)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def play(self, *acts: Act) -> None:
        self.acts.extend(acts)

    def perform(self, sock: socket.socket) -> None:
        self.connections += 1
        try:
            if self.acts:
                self.acts.popleft()(Connection(sock, self))
        finally:
            self.ended.put(None)

    def wait_for_acts(self, count: int) -> None:
        """Until so many connections have been played to their end."""
        for _ in range(count):
            self.ended.get(timeout=_PATIENCE)


def answer_bytes(
    document: Any = None, *, status: int = 200, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None
) -> bytes:
    """A whole HTTP answer: JSON of `document`, or `body` with the headers given."""
    content = json.dumps(document).encode() if body is None else body
    lines = [f"HTTP/1.1 {status} Scripted", f"Content-Length: {len(content)}", *(f"{n}: {v}" for n, v in headers)]
    if body is None:
        lines.append("Content-Type: application/json; charset=utf-8")
    return "\r\n".join([*lines, "", ""]).encode() + content


def answering(
    document: Any = None, *, status: int = 200, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None
) -> Act:
    """Reads the whole request and answers it."""
    data = answer_bytes(document, status=status, headers=[*headers, ("Connection", "close")], body=body)
    return writing(data)


def writing(*pieces: bytes) -> Act:
    """Reads the whole request, writes the pieces as they are, and hangs up."""

    def act(connection: Connection) -> None:
        connection.read_request()
        for piece in pieces:
            connection.write(piece)

    return act


def cutting_before_reading(connection: Connection) -> None:
    connection.reset()


def cutting_while_reading(connection: Connection) -> None:
    connection.read_head()
    connection.read(1000)
    connection.reset()


def cutting_after_reading(connection: Connection) -> None:
    connection.read_request()


def falling_silent_while_reading(connection: Connection) -> None:
    connection.read_head()
    connection.hold()


def falling_silent_after_reading(connection: Connection) -> None:
    connection.read_request()
    connection.hold()


def dripping(data: bytes) -> Act:
    """Writes the head of an answer at once, and its body byte by byte for as long as the other side listens."""
    head, _, body = data.partition(b"\r\n\r\n")

    def act(connection: Connection) -> None:
        connection.read_request()
        connection.write(head + b"\r\n\r\n")
        for byte in body:
            connection.write(bytes([byte]))
            if connection.hold(0.01):
                return

    return act


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.server.scripted.perform(self.request)  # type: ignore[attr-defined]  # set in `scripted_server`


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    scripted: ScriptedServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: clients of these tests hang up at every possible moment."""


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """A server on a free port of this machine, gone at the end."""
    scripted = ScriptedServer()
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.scripted = scripted
        scripted.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield scripted
        finally:
            scripted.over.set()
            server.shutdown()
            thread.join(_PATIENCE)
