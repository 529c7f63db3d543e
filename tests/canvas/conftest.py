"""A scripted site and clients that give up on it quickly."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from canvas.client import CanvasClient
from canvas.retry import RetryPolicy
from canvas.transport import Timeouts, Transport
from tests.canvas.scripted import ScriptedServer, scripted_server

TOKEN = "7~very-secret-token"
LOOPBACK = frozenset({"127.0.0.1", "localhost"})
QUICK = RetryPolicy(tries=3, first=0.01, cap=0.02, budget=10)

MakeTransport = Callable[..., Transport]


@pytest.fixture
def site() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def client(site: ScriptedServer) -> Iterator[CanvasClient]:
    """A client with a token for the scripted site that retries at once."""
    with CanvasClient(site.url, TOKEN, insecure_hosts=LOOPBACK, timeout=(2, 5), retry=QUICK) as canvas:
        yield canvas


@pytest.fixture
def impatient(site: ScriptedServer) -> Iterator[CanvasClient]:
    """A client that waits a moment for an answer, and does not try again."""
    with CanvasClient(
        site.url,
        TOKEN,
        insecure_hosts=LOOPBACK,
        timeout=(2, 0.2),
        upload_timeout=0.2,
        retry=RetryPolicy(tries=1),
    ) as canvas:
        yield canvas


@pytest.fixture
def make_transport(site: ScriptedServer) -> Iterator[MakeTransport]:
    made: list[Transport] = []

    def make(base_url: str = site.url, **settings: Any) -> Transport:
        defaults: dict[str, Any] = {"insecure_hosts": LOOPBACK, "retry": QUICK, "timeouts": Timeouts(2, 5, 5)}
        made.append(Transport(base_url, TOKEN, **{**defaults, **settings}))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


@pytest.fixture
def small_csv(tmp_path: Path) -> Path:
    path = tmp_path / "users.csv"
    path.write_text("user_id,login_id,status\nU1,ada,active\n")
    return path


@pytest.fixture
def big_csv(tmp_path: Path) -> Path:
    """64 MiB without using the disk: more than sockets buffer."""
    path = tmp_path / "enrollments.csv"
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    return path
