"""Several processes that live and die together: what `manage.py worker` and `make demo` run."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

_SET_PARENT_DEATH_SIGNAL = 1  # Linux, prctl(2)
_PATIENCE = 20.0
_RESTART_PAUSE = 2.0


@dataclass(slots=True)
class Member:
    """One process of the group: restarted when it ends by itself."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0


class Group:
    """Starts its members in order, restarts who falls, and stops all of them on SIGTERM or SIGINT."""

    def __init__(self) -> None:
        self.members: list[Member] = []
        self._stopping = False

    def start(self, member: Member) -> Member:
        self.members.append(member)
        self._launch(member)
        return member

    def watch(self) -> int:
        """Stay until told to stop; returns the exit code for the whole."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note_signal)
        while not self._stopping:
            for member in self.members:
                if member.process is not None and member.process.poll() is not None and not self._stopping:
                    sys.stderr.write(f"{member.name} ended by itself and is started again\n")
                    time.sleep(_RESTART_PAUSE)
                    self._launch(member)
            time.sleep(0.2)
        self.stop()
        return 0

    def stop(self) -> None:
        """End all members; the first started last, since the others speak to it. Who does not go is killed.

        So a worker never finds the Canvas gone that it speaks to, and takes no trouble with it into its next life.
        """
        self._stopping = True
        deadline = time.monotonic() + _PATIENCE
        running = [member.process for member in self.members if member.process is not None]
        for together in (running[1:], running[:1]):
            for process in together:
                process.terminate()
            for process in together:
                _await_end(process, deadline)

    def _launch(self, member: Member) -> None:
        log = member.log.open("ab") if member.log else None
        try:
            member.process = subprocess.Popen(
                member.command,
                env={**os.environ, **member.env},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the others in order
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # nothing here runs threads
            )
        finally:
            if log:
                log.close()
        member.started_at = time.monotonic()

    def _note_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


def _await_end(process: "subprocess.Popen[bytes]", deadline: float) -> None:
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _die_with_parent() -> None:
    """Where the system can: a killed parent takes its processes along, so that none is left to work unseen."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def celery(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "dashboard", *arguments]


def worker_members(log_folder: Path | None = None) -> list[Member]:
    """One machine's worker: processes that send, that watch Canvas, and that read files; and the scheduler."""

    def log(name: str) -> Path | None:
        return log_folder / f"{name}.log" if log_folder else None

    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--pool", "threads")
    return [
        Member("sender", celery("worker", "-n", "sender@%h", "-Q", "launch", "-c", "8", *quiet), log=log("sender")),
        Member("desk", celery("worker", "-n", "desk@%h", "-Q", "poll", "-c", "8", *quiet), log=log("desk")),
        Member(
            "reader", celery("worker", "-n", "reader@%h", "-Q", "check,collect", "-c", "3", *quiet), log=log("reader")
        ),
        # A launch waits for its package and its forecast, so they must not wait for anybody's long check.
        Member(
            "forecaster",
            celery("worker", "-n", "forecaster@%h", "-Q", "forecast", "-c", "4", *quiet),
            log=log("forecaster"),
        ),
        Member("scheduler", celery("beat"), log=log("scheduler")),
    ]
