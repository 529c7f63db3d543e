"""Starting and stopping server processes, and waiting for a condition by asking for it."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def free_port() -> int:
    """A TCP port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(condition: Callable[[], T], *, seconds: float = 30, what: str = "") -> T:
    """The first true value of `condition`, asked for again and again. Raises `TimeoutError` after so many seconds."""
    until = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > until:
            raise TimeoutError(f"waited {seconds:g} s in vain for {what or condition}")
        time.sleep(0.02)
    return value


@contextmanager
def server(
    command: Sequence[object], *, log: Path, user: str | None = None, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs inside the `with` block, its output going to `log`; afterwards asked, then made to end.

    `env` is the whole environment; without it the process gets ours.
    """
    extra: list[str] | None = [] if user else None
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2] if user is None else log.parent,
            env=os.environ if env is None else env,
            user=user,
            group=user,
            extra_groups=extra,
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes], *, patience: float = 10) -> None:
    """SIGTERM, then, for who does not listen, SIGKILL."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
