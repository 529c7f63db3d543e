"""What becomes of an upload when the connection, or Canvas, fails at any moment."""

import email
from email.message import Message
from pathlib import Path

import pytest

from canvas.client import CanvasClient
from canvas.errors import (
    AnswerLost,
    AnswerTimedOut,
    Fate,
    NotPermitted,
    SendingCut,
    SendingTimedOut,
    ServerFault,
    Throttled,
    Unreachable,
    Unreadable,
)
from canvas.multipart import MultipartBody
from canvas.retry import RetryPolicy
from canvas.transport import Timeouts
from tests.canvas import answers
from tests.canvas.conftest import LOOPBACK, TOKEN, MakeTransport
from tests.canvas.scripted import (
    Connection,
    Request,
    ScriptedServer,
    answer_bytes,
    answering,
    cutting_after_reading,
    cutting_before_reading,
    cutting_while_reading,
    falling_silent_after_reading,
    falling_silent_while_reading,
)


def parts_of(request: Request) -> dict[str, Message]:
    """The parts of a multipart body by the name of their field, as an independent parser reads them."""
    whole = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode() + request.body
    parts = email.message_from_bytes(whole).get_payload()
    assert isinstance(parts, list)
    found = {}
    for part in parts:
        assert isinstance(part, Message)
        name = part.get_param("name", header="content-disposition")
        assert isinstance(name, str)
        found[name] = part
    return found


def test_an_upload_arrives_as_one_multipart_form(client: CanvasClient, site: ScriptedServer, small_csv: Path) -> None:
    site.play(answering(answers.sis_import(41)))

    created = client.create_sis_import(small_csv, filename="users.csv", options={"batch_mode_term_id": 12})

    parts = parts_of(site.requests[0])
    assert created.id == 41
    assert created.state == "created"
    assert site.requests[0].path == "/api/v1/accounts/self/sis_imports"
    assert parts["attachment"].get_filename() == "users.csv"
    assert parts["attachment"].get_content_type() == "text/csv"
    assert parts["attachment"].get_payload(decode=True) == small_csv.read_bytes()
    assert parts["batch_mode_term_id"].get_payload() == "12"


def test_options_that_say_no_are_not_sent_at_all(client: CanvasClient, site: ScriptedServer, small_csv: Path) -> None:
    site.play(answering(answers.sis_import()))

    client.create_sis_import(
        small_csv,
        filename="users.csv",
        options={"skip_deletes": True, "multi_term_batch_mode": False, "batch_mode_term_id": "", "change_threshold": 0},
    )

    parts = parts_of(site.requests[0])
    assert set(parts) == {"attachment", "skip_deletes", "change_threshold"}
    assert parts["skip_deletes"].get_payload() == "true"


@pytest.mark.parametrize("name", ["été.csv", 'a "quoted" name.csv', "two\r\nlines.csv"])
def test_a_file_name_cannot_break_out_of_its_header(
    client: CanvasClient, site: ScriptedServer, small_csv: Path, name: str
) -> None:
    site.play(answering(answers.sis_import()))

    client.create_sis_import(small_csv, filename=name, options={})

    expected = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    assert f'filename="{expected}"\r\n'.encode() in site.requests[0].body
    assert parts_of(site.requests[0])["attachment"].get_payload(decode=True) == small_csv.read_bytes()


def test_progress_is_told_up_to_the_last_byte(client: CanvasClient, site: ScriptedServer, big_csv: Path) -> None:
    told: list[tuple[int, int]] = []
    site.play(answering(answers.sis_import()))

    client.create_sis_import(big_csv, filename="e.csv", options={}, on_progress=lambda *both: told.append(both))

    total = int(site.requests[0].headers["content-length"])
    assert told[-1] == (total, total)
    assert told == sorted(told)
    assert len(told) > 10


def test_raising_from_progress_stops_the_upload_before_canvas_has_it(
    client: CanvasClient, site: ScriptedServer, small_csv: Path
) -> None:
    class Stopped(Exception):
        pass

    def stop_at_the_end(sent: int, total: int) -> None:
        if sent == total:
            raise Stopped

    site.play(answering(answers.sis_import()))

    with pytest.raises(Stopped):
        client.create_sis_import(small_csv, filename="users.csv", options={}, on_progress=stop_at_the_end)

    site.wait_for_acts(1)
    assert len(site.requests[0].body) < int(site.requests[0].headers["content-length"])


def test_no_connection_means_not_sent(small_csv: Path) -> None:
    with (
        CanvasClient("http://127.0.0.1:1", TOKEN, insecure_hosts=LOOPBACK, retry=RetryPolicy(tries=1)) as canvas,
        pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached: the connection was refused\.") as caught,
    ):
        canvas.create_sis_import(small_csv, filename="users.csv", options={})

    assert caught.value.fate is Fate.NOT_SENT


def test_a_connection_cut_during_the_upload_means_not_sent(
    client: CanvasClient, site: ScriptedServer, big_csv: Path
) -> None:
    site.play(cutting_while_reading)

    with pytest.raises(SendingCut) as caught:
        client.create_sis_import(big_csv, filename="e.csv", options={})

    assert caught.value.fate is Fate.NOT_SENT
    assert site.connections == 1


def test_a_connection_cut_at_once_means_not_sent(client: CanvasClient, site: ScriptedServer, big_csv: Path) -> None:
    site.play(*[cutting_before_reading] * 5)

    with pytest.raises((SendingCut, Unreachable)) as caught:
        client.create_sis_import(big_csv, filename="e.csv", options={})

    assert caught.value.fate is Fate.NOT_SENT


def test_a_connection_cut_after_the_upload_leaves_its_fate_unknown(
    client: CanvasClient, site: ScriptedServer, big_csv: Path
) -> None:
    site.play(cutting_after_reading)

    with pytest.raises(AnswerLost) as caught:
        client.create_sis_import(big_csv, filename="e.csv", options={})

    assert caught.value.fate is Fate.UNKNOWN
    assert site.connections == 1


def test_silence_after_the_upload_leaves_its_fate_unknown(
    impatient: CanvasClient, site: ScriptedServer, small_csv: Path
) -> None:
    site.play(falling_silent_after_reading)

    with pytest.raises(AnswerTimedOut, match="did not answer in time") as caught:
        impatient.create_sis_import(small_csv, filename="users.csv", options={})

    assert caught.value.fate is Fate.UNKNOWN


def test_a_site_that_stops_taking_the_upload_means_not_sent(
    make_transport: MakeTransport, site: ScriptedServer, big_csv: Path
) -> None:
    site.play(falling_silent_while_reading)
    impatient = make_transport(timeouts=Timeouts(send=0.2))

    with (
        MultipartBody(big_csv, filename="e.csv", fields={}) as body,
        pytest.raises(SendingTimedOut, match="stopped taking the file") as caught,
    ):
        impatient.send("POST", "/api/v1/accounts/self/sis_imports", body=body)

    assert caught.value.fate is Fate.NOT_SENT


def test_an_answer_cut_in_the_middle_leaves_the_fate_unknown(
    client: CanvasClient, site: ScriptedServer, small_csv: Path
) -> None:
    whole = answer_bytes(answers.sis_import())

    def cut_answer(connection: Connection) -> None:
        connection.read_request()
        connection.write(whole[:-40])

    site.play(cut_answer)

    with pytest.raises(AnswerLost) as caught:
        client.create_sis_import(small_csv, filename="users.csv", options={})

    assert caught.value.fate is Fate.UNKNOWN
    assert site.connections == 1


@pytest.mark.parametrize("status", [200, 502, 503, 504])
def test_a_page_from_a_proxy_leaves_the_fate_unknown_and_stays_out_of_the_message(
    client: CanvasClient, site: ScriptedServer, small_csv: Path, status: int
) -> None:
    site.play(answering(status=status, body=answers.GATEWAY_PAGE, headers=[("Content-Type", "text/html")]))

    with pytest.raises(Unreadable) as caught:
        client.create_sis_import(small_csv, filename="users.csv", options={})

    assert caught.value.fate is Fate.UNKNOWN
    assert caught.value.status == status
    assert "private details" not in f"{caught.value} {caught.value.canvas_message}"
    assert site.connections == 1


def test_a_fault_of_canvas_leaves_the_fate_unknown(client: CanvasClient, site: ScriptedServer, small_csv: Path) -> None:
    site.play(answering(answers.SERVER_FAULT, status=500))

    with pytest.raises(ServerFault) as caught:
        client.create_sis_import(small_csv, filename="users.csv", options={})

    assert caught.value.fate is Fate.UNKNOWN
    assert site.connections == 1


def test_a_throttled_upload_is_refused_and_not_repeated_by_itself(
    client: CanvasClient, site: ScriptedServer, small_csv: Path
) -> None:
    site.play(answering(status=403, body=answers.THROTTLED, headers=[("Content-Type", "text/plain")]))

    with pytest.raises(Throttled) as caught:
        client.create_sis_import(small_csv, filename="users.csv", options={})

    assert caught.value.fate is Fate.REFUSED
    assert caught.value.retryable
    assert site.connections == 1


def test_an_answer_without_an_import_leaves_the_fate_unknown(
    client: CanvasClient, site: ScriptedServer, small_csv: Path
) -> None:
    site.play(answering({"surprise": True}))

    with pytest.raises(Unreadable) as caught:
        client.create_sis_import(small_csv, filename="users.csv", options={})

    assert caught.value.fate is Fate.UNKNOWN


def test_an_early_refusal_is_heard_although_the_upload_was_not_finished(
    client: CanvasClient, site: ScriptedServer, big_csv: Path
) -> None:
    def refuse_early(connection: Connection) -> None:
        connection.read_head()
        connection.write(answer_bytes(answers.ACCESS_DENIED, status=403))
        while connection.read(1 << 20):
            pass

    site.play(refuse_early)

    with pytest.raises(NotPermitted) as caught:
        client.create_sis_import(big_csv, filename="e.csv", options={})

    assert caught.value.fate is Fate.REFUSED


def test_a_missing_file_is_an_error_of_the_file(client: CanvasClient, site: ScriptedServer, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        client.create_sis_import(tmp_path / "gone.csv", filename="gone.csv", options={})

    assert site.connections == 0


def test_a_file_that_shrinks_while_it_is_sent_is_an_error_of_the_file(
    client: CanvasClient, site: ScriptedServer, big_csv: Path
) -> None:
    site.play(cutting_after_reading)

    def shrink(sent: int, _total: int) -> None:
        if sent < 1_000_000:
            with big_csv.open("r+b") as file:
                file.truncate(2_000_000)

    with pytest.raises(OSError, match="became shorter"):
        client.create_sis_import(big_csv, filename="e.csv", options={}, on_progress=shrink)


def test_a_write_never_rides_on_a_connection_kept_from_before(
    client: CanvasClient, site: ScriptedServer, small_csv: Path
) -> None:
    def answer_and_stay(connection: Connection) -> None:
        connection.read_request()
        connection.write(answer_bytes({"id": 1, "name": "Example University"}))
        connection.hold()

    site.play(answer_and_stay, answering(answers.sis_import()))
    client.account()

    client.create_sis_import(small_csv, filename="users.csv", options={})

    assert site.connections == 2
