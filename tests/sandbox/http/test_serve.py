"""The command line of the server."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.servers.practice import Practice, PracticeServer
from tests.servers.processes import server, wait_for


def command(*options: object) -> list[str]:
    return [sys.executable, "-m", "sandbox", "serve", *map(str, options)]


@contextmanager
def running(data: Path) -> Iterator[tuple[subprocess.Popen[bytes], Practice]]:
    """A server on `data`, and its site `practice-kept`."""
    log = data / "log"
    with server(command("--port", 0, "--data", data), log=log) as process:
        found = wait_for(lambda: re.search(r"http://\S+", log.read_text()), what="the server's address")
        assert found is not None
        yield process, Practice(found[0], "practice-kept")


@contextmanager
def upload_that_stops_half_way(site: Practice) -> Iterator[None]:
    connection = HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    connection.putrequest("POST", "/api/v1/accounts/self/sis_imports?extension=csv")
    for name, value in (
        ("Authorization", f"Bearer {site.token}"),
        ("Content-Type", "text/csv"),
        ("Content-Length", str(1 << 24)),
    ):
        connection.putheader(name, value)
    connection.endheaders(b"x" * (1 << 22))
    yield
    connection.close()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_one_line_says_where_it_listens_and_a_signal_ends_it_cleanly(ending: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        command("--port", 0, "--data", tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(ending)
        rest, complaints = process.communicate(timeout=30)
    assert re.fullmatch(r"Practice Canvas at http://127\.0\.0\.1:\d+  token practice-demo\n", line)
    assert (process.returncode, rest, complaints) == (0, "", "")


def test_a_port_in_use_is_said_in_one_line(quick_canvas: PracticeServer, tmp_path: Path) -> None:
    port = quick_canvas.url.rpartition(":")[2]
    result = subprocess.run(
        command("--port", port, "--data", tmp_path), capture_output=True, text=True, timeout=30, check=False
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert re.fullmatch(rf"Practice Canvas cannot listen on 127\.0\.0\.1:{port}: .+\n", result.stderr)


def test_a_killed_server_finds_its_sites_again_and_forgets_half_uploads(tmp_path: Path) -> None:
    with running(tmp_path) as (process, site):
        batch = site.send("terms.csv", "term_id,name,status\nT1,Autumn,active\n")
        wait_for(lambda: site.sis_imports()[0]["progress"] == 100)
        with upload_that_stops_half_way(site):
            wait_for(lambda: list((tmp_path / "incoming").iterdir()))
            process.kill()
            process.wait(30)
    with running(tmp_path) as (_, site):
        assert [found["id"] for found in site.sis_imports()] == [batch["id"]]
        assert {term["sis_source_id"] for term in site.control("GET", "objects/terms")} == {None, "T1"}
        assert list((tmp_path / "incoming").iterdir()) == []


@pytest.mark.parametrize("options", [("--rows-per-second", "0"), ("--port", "99999"), ("--clock", "sundial")])
def test_a_wrong_option_is_refused(options: tuple[str, str], tmp_path: Path) -> None:
    result = subprocess.run(command("--data", tmp_path, *options), capture_output=True, timeout=30, check=False)
    assert result.returncode == 2
