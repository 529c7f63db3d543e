"""GETs: tried again while it may help, and never for ever."""

import gzip
import json

import pytest

from canvas.client import CanvasClient
from canvas.errors import (
    AnswerLost,
    AnswerTimedOut,
    CanvasError,
    Fate,
    NotFound,
    SendingCut,
    ServerFault,
    Unreachable,
    Unreadable,
)
from canvas.retry import RetryPolicy
from canvas.transport import LONGEST_ANSWER, Timeouts
from tests.canvas import answers
from tests.canvas.conftest import LOOPBACK, TOKEN, MakeTransport
from tests.canvas.scripted import (
    Act,
    Connection,
    ScriptedServer,
    answer_bytes,
    answering,
    cutting_after_reading,
    cutting_before_reading,
    dripping,
    falling_silent_after_reading,
    writing,
)

ACCOUNT = {"id": 1, "name": "Example University", "parent_account_id": None, "root_account_id": None}
PAGE = [("Content-Type", "text/html")]


@pytest.mark.parametrize(
    "trouble",
    [
        cutting_before_reading,
        cutting_after_reading,
        writing(answer_bytes(ACCOUNT)[:-10]),
        answering(answers.SERVER_FAULT, status=500),
        answering(status=502, body=answers.GATEWAY_PAGE, headers=PAGE),
        answering(status=200, body=b'{"id": 1, "na', headers=[("Content-Type", "application/json")]),
        answering(status=403, body=answers.THROTTLED, headers=[("Content-Type", "text/plain")]),
    ],
    ids=["reset", "cut", "cut answer", "fault", "gateway", "cut json", "throttled"],
)
def test_a_get_is_tried_again_after_trouble_that_may_pass(
    client: CanvasClient, site: ScriptedServer, trouble: Act
) -> None:
    site.play(trouble, trouble, answering(ACCOUNT))

    assert client.account().name == "Example University"
    assert site.connections == 3


def test_a_get_is_not_tried_more_often_than_allowed(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(*[answering(answers.SERVER_FAULT, status=500)] * 5)

    with pytest.raises(ServerFault):
        client.account()

    assert site.connections == 3


def test_a_get_is_not_repeated_after_a_refusal(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(answers.NOT_FOUND, status=404))

    with pytest.raises(NotFound):
        client.sis_import(99)

    assert site.connections == 1


def test_a_put_without_an_answer_is_not_repeated(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(cutting_after_reading)

    with pytest.raises(AnswerLost) as caught:
        client.abort_sis_import(41)

    assert caught.value.fate is Fate.UNKNOWN
    assert site.connections == 1


def test_silence_ends_in_a_time_out(impatient: CanvasClient, site: ScriptedServer) -> None:
    site.play(falling_silent_after_reading)

    with pytest.raises(AnswerTimedOut):
        impatient.account()


def test_an_answer_that_only_drips_is_given_up(make_transport: MakeTransport, site: ScriptedServer) -> None:
    site.play(dripping(answer_bytes({**ACCOUNT, "name": "x" * 10_000})))
    slow = make_transport(timeouts=Timeouts(2, 5, 5, whole_answer=0.05), retry=RetryPolicy(tries=1))

    with pytest.raises(AnswerTimedOut, match="too long"):
        slow.get("/api/v1/accounts/self")


def test_an_answer_beyond_the_limit_is_not_taken_in(impatient: CanvasClient, site: ScriptedServer) -> None:
    bomb = gzip.compress(b"[" + b" " * LONGEST_ANSWER + b"]", compresslevel=1)
    site.play(answering(body=bomb, headers=[("Content-Encoding", "gzip"), ("Content-Type", "application/json")]))

    with pytest.raises(Unreadable, match=f"larger than {LONGEST_ANSWER} bytes"):
        impatient.account()


def test_a_packed_answer_is_unpacked(client: CanvasClient, site: ScriptedServer) -> None:
    packed = gzip.compress(json.dumps(ACCOUNT).encode())
    site.play(answering(body=packed, headers=[("Content-Encoding", "gzip"), ("Content-Type", "application/json")]))

    assert client.account().name == "Example University"


def test_a_chunked_answer_is_read_to_its_end(client: CanvasClient, site: ScriptedServer) -> None:
    content = json.dumps(ACCOUNT).encode()
    chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in (content[:10], content[10:])]
    site.play(writing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *chunks, b"0\r\n\r\n"))

    assert client.account().name == "Example University"


def test_a_chunked_answer_without_its_end_is_lost(impatient: CanvasClient, site: ScriptedServer) -> None:
    site.play(writing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b'20\r\n{"id": 1'))

    with pytest.raises(AnswerLost):
        impatient.account()


@pytest.mark.parametrize("content", [b"null", b'"text"', b"", b"[" * 100_000])
def test_an_answer_that_is_no_document_is_unreadable(
    impatient: CanvasClient, site: ScriptedServer, content: bytes
) -> None:
    site.play(answering(body=content, headers=[("Content-Type", "application/json")]))

    with pytest.raises(Unreadable):
        impatient.account()


def test_what_remains_of_the_tokens_share_is_noted(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(ACCOUNT, headers=[("X-Rate-Limit-Remaining", "612.5")]))

    client.account()

    assert client.last_rate_limit == 612.5


def test_a_host_that_is_not_there_is_tried_again_and_then_named() -> None:
    with (
        CanvasClient("http://127.0.0.1:1", TOKEN, insecure_hosts=LOOPBACK, retry=RetryPolicy(first=0.01)) as canvas,
        pytest.raises(Unreachable, match="cannot be reached"),
    ):
        canvas.account()


def test_an_address_without_tls_behind_https_is_unreachable(site: ScriptedServer) -> None:
    def speak_plainly(connection: Connection) -> None:
        connection.write(answer_bytes(ACCOUNT))
        connection.read(1_000_000)

    site.play(speak_plainly)
    address = site.url.replace("http:", "https:")

    with (
        CanvasClient(address, TOKEN, insecure_hosts=LOOPBACK, retry=RetryPolicy(tries=1)) as canvas,
        pytest.raises(Unreachable, match="no secure connection") as caught,
    ):
        canvas.account()

    assert caught.value.fate is Fate.NOT_SENT


def test_pauses_grow_up_to_a_bound_and_are_never_sure() -> None:
    policy = RetryPolicy(first=1.0, cap=4.0)
    longest = [max(policy.pause(failures) for _ in range(500)) for failures in (1, 2, 3, 9)]

    assert [round(pause) for pause in longest] == [1, 2, 4, 4]
    assert len({policy.pause(1) for _ in range(20)}) > 10


def test_the_budget_ends_the_tries_before_their_number_does() -> None:
    calls = []

    def failing() -> None:
        calls.append(1)
        raise SendingCut("cut")

    with pytest.raises(CanvasError):
        RetryPolicy(tries=50, first=0.001, budget=0.0).run(failing, repeat_after=lambda error: error.retryable)

    assert len(calls) == 1
