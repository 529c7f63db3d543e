"""The server itself: connections, heads, bodies, and requests that no friendly client sends."""

import json
import socket
import threading
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from tests.servers.practice import Practice

SELF = "/api/v1/accounts/self"
IMPORTS = "/api/v1/accounts/self/sis_imports"
TERMS = "term_id,name,status\nT1,Autumn,active\n"


def auth(practice: Practice, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {practice.token}", **more}


def dial(practice: Practice) -> socket.socket:
    """A bare connection to the server."""
    host, _, port = urlsplit(practice.url).netloc.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=30)


def spoken(practice: Practice, *pieces: bytes) -> bytes:
    """Sends bytes as they are and gives everything that comes back until the server closes."""
    with dial(practice) as link:
        for piece in pieces:
            link.sendall(piece)
        answer = bytearray()
        while received := link.recv(1 << 16):
            answer += received
    return bytes(answer)


def test_a_connection_serves_many_requests(wire: HTTPConnection, practice: Practice) -> None:
    for _ in range(3):
        wire.request("GET", SELF, headers=auth(practice))
        answer = wire.getresponse()
        assert json.loads(answer.read())["id"] == 1
    wire.request("POST", "/api/v1/nowhere", body=b"x" * 100_000, headers=auth(practice))
    assert wire.getresponse().read()
    wire.request("GET", SELF, headers=auth(practice))
    assert wire.getresponse().status == 200


def test_every_answer_is_json_with_an_id_of_its_own(practice: Practice) -> None:
    answers = [practice.request("GET", path) for path in (SELF, "/api/v1/nowhere", SELF)]
    assert {answer.headers["Content-Type"] for answer in answers} == {"application/json; charset=utf-8"}
    assert len({answer.headers["X-Request-Context-Id"] for answer in answers}) == 3


def test_an_address_that_is_not_there_is_not_found(practice: Practice) -> None:
    answer = practice.request("DELETE", IMPORTS)
    assert answer.status_code == 404
    assert answer.json() == {"errors": [{"message": "The specified resource does not exist."}]}


def test_an_address_may_end_in_json(practice: Practice) -> None:
    assert practice.request("GET", f"{SELF}.json").json() == practice.request("GET", SELF).json()


def test_head_tells_the_length_and_sends_no_body(wire: HTTPConnection, practice: Practice) -> None:
    wire.request("HEAD", SELF, headers=auth(practice))
    answer = wire.getresponse()
    assert int(answer.headers["Content-Length"]) > 0
    assert answer.read() == b""


def test_ids_are_text_for_who_asks_so(practice: Practice) -> None:
    batch = practice.send("terms.csv", TERMS)
    accept = auth(practice, Accept="application/json+canvas-string-ids")
    connection = HTTPConnection(urlsplit(practice.url).netloc, timeout=30)
    connection.request("GET", f"{IMPORTS}/{batch['id']}", headers=accept)
    found = json.loads(connection.getresponse().read())
    connection.close()
    assert found["id"] == str(batch["id"])
    assert isinstance(found["progress"], int)


def test_a_body_in_chunks_is_imported(wire: HTTPConnection, practice: Practice) -> None:
    pieces = [TERMS[:10].encode(), TERMS[10:].encode()]
    headers = auth(practice, **{"Content-Type": "text/csv"})
    wire.request("POST", f"{IMPORTS}?extension=csv", body=iter(pieces), headers=headers, encode_chunked=True)
    assert json.loads(wire.getresponse().read())["workflow_state"] == "created"


def test_who_waits_for_leave_to_send_is_given_it_or_refused_at_once(practice: Practice) -> None:
    def first_line(token: str) -> bytes:
        with dial(practice) as link:
            link.sendall(
                f"POST {IMPORTS}?extension=csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
                f"Content-Type: text/csv\r\nContent-Length: {len(TERMS)}\r\nExpect: 100-continue\r\n\r\n".encode()
            )
            return link.makefile("rb").readline()

    assert first_line(practice.token) == b"HTTP/1.1 100 Continue\r\n"
    assert first_line("7~secret") == b"HTTP/1.1 401 Unauthorized\r\n"


@pytest.mark.parametrize(
    "request_text, status",
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"505"),
        (b"BREW /coffee HTTP/1.1\r\nHost: x\r\n\r\n", b"501"),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: much\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_closed(
    request_text: bytes, status: bytes, practice: Practice
) -> None:
    assert spoken(practice, request_text).split(b" ")[1] == status


def test_a_form_that_breaks_off_is_refused(wire: HTTPConnection, practice: Practice) -> None:
    headers = auth(practice, **{"Content-Type": "multipart/form-data; boundary=b"})
    wire.request("POST", IMPORTS, body=b"--b\r\nContent-Dis", headers=headers)
    answer = wire.getresponse()
    assert answer.status == 400
    assert b"ends before its last boundary" in answer.read()


def test_many_clients_are_served_at_once(practice: Practice) -> None:
    practice.control("POST", "faults", {"match": f"GET {SELF}", "kind": "latency", "seconds": 20})
    waiting = HTTPConnection(urlsplit(practice.url).netloc, timeout=30)
    waiting.request("GET", SELF, headers=auth(practice))
    answers: list[int] = []
    clients = [
        threading.Thread(target=lambda: answers.append(practice.request("GET", IMPORTS).status_code)) for _ in range(8)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    waiting.close()
    assert answers == [200] * 8


def test_links_lead_back_to_the_host_that_was_asked(wire: HTTPConnection, practice: Practice) -> None:
    wire.request("GET", IMPORTS, headers=auth(practice, Host="canvas.example.edu:8443"))
    answer: HTTPResponse = wire.getresponse()
    answer.read()
    assert "<http://canvas.example.edu:8443/api/v1/accounts/self/sis_imports?page=1" in (answer.headers["Link"] or "")
