"""`make demo`: web, worker, scheduler and the practice Canvas on this machine, with people and files to try."""

import logging
import os
import socket
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import URLError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dashboard import demo
from dashboard.processes import Group, Member, worker_members

_PATIENCE = 60.0
# A little faster than the 85 to 115 rows a second that real sites show.
_ROWS_PER_SECOND = "150"


class Command(BaseCommand):
    help = "Runs Easel with a practice Canvas on this machine until Ctrl-C. PORT and SANDBOX_PORT change the ports."

    def handle(self, *_args: Any, **_options: Any) -> None:
        logging.getLogger().setLevel(logging.WARNING)  # what the demo is filled with is no news on its terminal
        port, sandbox_port = _port("PORT", 8000), _port("SANDBOX_PORT", 9100)
        for name, number in (("PORT", port), ("SANDBOX_PORT", sandbox_port)):
            _refuse_taken(name, number)
        logs = Path(settings.DATA_DIR) / "log"
        logs.mkdir(exist_ok=True)
        group = Group()
        try:
            self._start(group, logs, port, sandbox_port)
        except BaseException:
            group.stop()
            raise
        self._greet(port, sandbox_port, logs)
        sys.exit(group.watch())

    def _start(self, group: Group, logs: Path, port: int, sandbox_port: int) -> None:
        canvas_url = f"http://127.0.0.1:{sandbox_port}"
        os.environ.setdefault("EASEL_PRACTICE_URL", canvas_url)  # for web and workers
        command = [sys.executable, "-m", "sandbox", "serve", "--port", str(sandbox_port)]
        command += ["--data", str(Path(settings.DATA_DIR) / "sandbox"), "--rows-per-second", _ROWS_PER_SECOND]
        group.start(Member("practice Canvas", command, log=logs / "practice-canvas.log"))
        _await(f"{canvas_url}/", group)
        demo.prepare(canvas_url=canvas_url)
        web = [sys.executable, "-m", "gunicorn", "--config", "dashboard/gunicorn.py", "dashboard.wsgi"]
        group.start(Member("web", web, env={"PORT": str(port)}, log=logs / "web.log"))
        for member in worker_members(logs):
            group.start(member)
        _await(f"http://127.0.0.1:{port}/healthz", group, b'"worker": "alive"')

    def _greet(self, port: int, sandbox_port: int, logs: Path) -> None:
        logins = "\n".join(f"  {login:<10} {demo.PASSWORD}   ({role.label})" for login, _, _, role in demo.PEOPLE)
        self.stdout.write(
            f"\nEasel is ready: http://127.0.0.1:{port}/\n\n"
            f"Sign in as\n{logins}\n\n"
            f"Files to send lie in samples/. The practice Canvas is at http://127.0.0.1:{sandbox_port}/,\n"
            f"its token {demo.CANVAS_ACCOUNTS[0][1]}. Logs are in {os.path.relpath(logs)}/. Ctrl-C stops everything.\n"
        )
        self.stdout.flush()


def _port(name: str, default: int) -> int:
    given = os.environ.get(name) or str(default)
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CommandError(f"{name}={given} is not a port number.")
    return int(given)


def _refuse_taken(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(f"Port {port} is in use. Choose another one: make demo {name}={port + 1}") from None


def _await(address: str, group: Group, wanted: bytes = b"") -> None:
    """Wait until the address answers with the wanted bytes. Fails when a process has ended instead."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  # our own address
                if wanted in answer.read():
                    return
        except (URLError, OSError):
            pass
        for member in group.members:
            if member.process is not None and member.process.poll() is not None:
                raise CommandError(f"{member.name} did not start; see {member.log}.")
        time.sleep(0.1)
    raise CommandError(f"{address} did not answer within {_PATIENCE:.0f} seconds; see the logs in var/log/.")
