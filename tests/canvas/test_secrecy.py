"""Where the token goes, and above all where it does not."""

import logging
import traceback
from pathlib import Path

import pytest

from canvas.client import CanvasClient
from canvas.errors import CanvasError, ForbiddenAddress, NotAuthenticated, Redirected, Unreachable
from canvas.policy import NetworkPolicy, PolicyRefusal
from canvas.retry import RetryPolicy
from tests.canvas import answers
from tests.canvas.conftest import LOOPBACK, QUICK, TOKEN, MakeTransport
from tests.canvas.scripted import Act, ScriptedServer, answering, cutting_after_reading, scripted_server

ACCOUNT = {"id": 1, "name": "Example University"}


def test_the_token_goes_into_a_header_and_not_into_the_address(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(ACCOUNT))

    client.account()

    assert site.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in site.requests[0].target


def test_neither_client_nor_transport_show_the_token(client: CanvasClient, make_transport: MakeTransport) -> None:
    assert TOKEN not in repr(client)
    assert TOKEN not in repr(make_transport())


@pytest.mark.parametrize("act", [cutting_after_reading, answering(answers.NOT_FOUND, status=404)])
def test_no_error_carries_the_token_even_in_what_caused_it(
    client: CanvasClient, site: ScriptedServer, caplog: pytest.LogCaptureFixture, act: Act, small_csv: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    site.play(act)

    with pytest.raises(CanvasError) as caught:
        client.create_sis_import(small_csv, filename="users.csv", options={})

    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "naïve"])
def test_a_token_that_cannot_be_one_is_refused_without_being_quoted(token: str) -> None:
    with pytest.raises(NotAuthenticated) as caught:
        CanvasClient("https://canvas.example.edu", token)

    assert token == "" or token not in str(caught.value)


def test_a_redirect_is_not_followed_with_the_token(client: CanvasClient, site: ScriptedServer) -> None:
    with scripted_server() as elsewhere:
        site.play(answering({}, status=302, headers=[("Location", f"{elsewhere.url}/login")]))

        with pytest.raises(Redirected, match="redirects to 127"):
            client.account()

        assert elsewhere.connections == 0
    assert site.connections == 1


def test_cookies_are_neither_kept_nor_sent(client: CanvasClient, site: ScriptedServer) -> None:
    site.play(answering(ACCOUNT, headers=[("Set-Cookie", "session=abc; Path=/")]), answering(ACCOUNT))

    client.account()
    client.account()

    assert "cookie" not in site.requests[1].headers


def test_the_surroundings_name_neither_proxy_nor_password(
    client: CanvasClient, site: ScriptedServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    site.play(answering(ACCOUNT))

    client.account()

    assert site.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_plain_http_is_refused_before_anything_is_sent(site: ScriptedServer) -> None:
    with CanvasClient(site.url, TOKEN, retry=QUICK) as canvas, pytest.raises(ForbiddenAddress, match="over https"):
        canvas.account()

    assert site.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_private_address_is_refused_before_a_byte_is_sent(site: ScriptedServer, host: str) -> None:
    with (
        CanvasClient(f"https://{host}:{site.port}", TOKEN, retry=RetryPolicy(tries=1)) as canvas,
        pytest.raises(ForbiddenAddress, match="private network address"),
    ):
        canvas.account()

    assert site.requests == []


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "192.168.0.9", "169.254.169.254", "100.64.0.1", "::1", "fe80::1", "::ffff:10.0.0.1", "0.0.0.1"],
)
def test_the_policy_knows_what_is_private(address: str) -> None:
    with pytest.raises(PolicyRefusal):
        NetworkPolicy().check_peer("canvas.example.edu", address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_the_policy_lets_public_addresses_pass(address: str) -> None:
    NetworkPolicy().check_peer("canvas.example.edu", address)


def test_a_host_named_insecure_may_be_private_and_plain() -> None:
    policy = NetworkPolicy({"Canvas.Internal", "[::1]"})

    policy.check_url("http://canvas.internal:3000/api")
    policy.check_url("http://[::1]:3000/api")
    policy.check_peer("canvas.internal", "10.0.0.8")


@pytest.mark.parametrize(
    "url", ["http://canvas.example.edu", "ftp://canvas.example.edu", "https://", "https://user:word@canvas.example.edu"]
)
def test_the_policy_refuses_other_addresses(url: str) -> None:
    with pytest.raises(PolicyRefusal):
        NetworkPolicy().check_url(url)


def test_an_address_that_is_none_is_an_error_of_the_connection() -> None:
    with (
        CanvasClient("https://canvas..example.edu", TOKEN, retry=RetryPolicy(tries=1)) as canvas,
        pytest.raises(Unreachable),
    ):
        canvas.account()


def test_hosts_that_are_trusted_are_trusted_by_their_whole_name() -> None:
    assert NetworkPolicy(LOOPBACK).trusts("LOCALHOST")
    assert not NetworkPolicy(LOOPBACK).trusts("localhost.example.edu")
