"""The server: one thread per connection, connections kept open between requests (HTTP/1.1)."""

import logging
import re
import shutil
import sys
import uuid
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import cast

from sandbox.http.answers import Answer, Cut, internal_error, messages
from sandbox.http.bodies import BadBody, Body, BodyCut, open_body
from sandbox.http.practice import Practice
from sandbox.http.requests import Request

_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::[0-9]{1,5})?")
_DRIPS = 20

logger = logging.getLogger(__name__)


class PracticeServer(ThreadingTCPServer):
    """Listens at `host` and `port` (0: any free one). Raises OSError when the port is taken.

    Uploads are written below `incoming`, which is emptied first: what lies there came with requests of a process
    that is gone.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, practice: Practice, incoming: Path) -> None:
        super().__init__((host, port), Connection)
        self.practice = practice
        self.incoming = incoming
        shutil.rmtree(incoming, ignore_errors=True)
        incoming.mkdir(parents=True)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - as in the base class
        """Clients that go away are no news; anything else is a fault of ours and is told on stderr."""
        problem = sys.exc_info()[1]
        if not isinstance(problem, OSError):
            logger.error("A connection failed", exc_info=problem)

    @property
    def address(self) -> str:
        host, port = cast("tuple[str, int]", self.server_address)
        return f"http://{host}:{port}"


class Connection(BaseHTTPRequestHandler):
    """One connection of a client."""

    server: PracticeServer
    protocol_version = "HTTP/1.1"
    server_version = "PracticeCanvas"
    sys_version = ""
    timeout = 120
    # An answer leaves in one piece; without this its head would go in a packet of its own.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        try:
            body = open_body(self.headers, self.rfile, self._send_continue)
        except BadBody as problem:
            self.close_connection = True
            self._send(messages(problem.status, str(problem)))
            return
        request = self._request(body)
        try:
            self._send(self.server.practice.answer(request))
            if body.withheld or not body.ended:
                self.close_connection = True
        except (Cut, BodyCut, OSError):
            self.close_connection = True
        finally:
            request.discard()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the names that the base class looks for

    def _request(self, body: Body) -> Request:
        host = self.headers.get("Host", "")
        base = f"http://{host}" if _HOST.fullmatch(host) else self.server.address
        return Request(self.command, self.path, self.headers, body, base=base, incoming=self.server.incoming)

    def _send(self, answer: Answer) -> None:
        size = answer.body.stat().st_size if isinstance(answer.body, Path) else len(answer.body)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(size))
        self.send_header("X-Request-Context-Id", str(uuid.uuid4()))
        for name, value in answer.headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(answer)
        self.wfile.flush()

    def _send_body(self, answer: Answer) -> None:
        if isinstance(answer.body, Path):
            with answer.body.open("rb") as file:
                shutil.copyfileobj(file, self.wfile, 1 << 20)
        elif answer.drip_seconds:
            self._drip(answer.body, answer.drip_seconds)
        else:
            self.wfile.write(answer.body)

    def _drip(self, body: bytes, seconds: float) -> None:
        step = max(1, -(-len(body) // _DRIPS))
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            self.wfile.flush()
            self.server.practice.stopping.wait(seconds / _DRIPS)

    def handle_expect_100(self) -> bool:
        """Leave to send is given when the body is first read, not before the request was looked at."""
        return True

    def _send_continue(self) -> None:
        self.send_response_only(HTTPStatus.CONTINUE)
        self.end_headers()
        self.wfile.flush()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - as in the base class
        """The base class calls this for what it cannot read as a request."""
        self.close_connection = True
        # For a line without a version it knows, it would leave out the head of the answer.
        self.request_version = self.protocol_version
        self._send(internal_error(code) if code >= 500 else messages(code, message or HTTPStatus(code).phrase))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
        """Say nothing: addresses may hold tokens, and the request log is kept per site."""
