"""A Redis server of the tests' own, which keeps nothing."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.servers.needs import needs
from tests.servers.processes import free_port, server, wait_for


@contextmanager
def redis_server() -> Iterator[str]:
    """The address of a running server, such as redis://127.0.0.1:41001/0."""
    program = needs("redis")
    folder = Path(tempfile.mkdtemp(prefix="easel-redis-"))
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
    try:
        with server(command, log=folder / "log"):
            url = f"redis://127.0.0.1:{port}/0"
            wait_for(lambda: _answers(url), what="Redis to answer")
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answers(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False
