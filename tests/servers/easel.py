"""Easel as it is installed: its own data directory, its own processes, its command line and its pages."""

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import psycopg
import requests

from tests.servers.practice import Practice
from tests.servers.processes import end, free_port, server, wait_for

ROOT = Path(__file__).parents[2]
PASSWORD = "a long enough password"
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Easel:
    """One installation. Its processes end when the `with` block does.

    settings: further EASEL_ variables, without the prefix. workers: commands of the processes that make up the workers
    and the scheduler; each begins with what follows the Python interpreter.
    """

    def __init__(self, folder: Path, *, settings: Mapping[str, str], workers: Sequence[Sequence[str]]) -> None:
        self.folder = folder
        self.env = {
            "EASEL_DATA_DIR": str(folder),
            "EASEL_INSECURE_HTTP": "yes",
            "EASEL_INSECURE_CANVAS_HOSTS": "127.0.0.1",
            "EASEL_ANSWER_PATIENCE": "2",
            **{f"EASEL_{name}": value for name, value in settings.items()},
        }
        self._commands = workers
        self._workers: list[subprocess.Popen[bytes]] = []
        self._processes = contextlib.ExitStack()

    def __enter__(self) -> "Easel":
        self.manage("migrate", "--verbosity", "0")
        self.start_workers()
        return self

    def __exit__(self, *_: object) -> None:
        self._processes.close()

    def manage(
        self, *arguments: str | Path, given: str = "", expect: int = 0, env: Mapping[str, str] | None = None
    ) -> str:
        """What `manage.py` prints. Raises `AssertionError` for another exit code than the one expected."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            input=given,
            capture_output=True,
            check=False,
            text=True,
            cwd=ROOT,
            env=self._environment() | dict(env or {}),
            timeout=180,
        )
        assert done.returncode == expect, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout

    def start_workers(self) -> None:
        for number, command in enumerate(self._commands):
            log = self.folder / f"worker-{number}-{len(self._workers)}.log"
            process = server([sys.executable, *command], log=log, env=self._environment())
            self._workers.append(self._processes.enter_context(process))

    def kill_workers(self) -> None:
        """SIGKILL to all at once: no chance to tidy up."""
        for process in self._workers:
            process.kill()
        for process in self._workers:
            process.wait()
        self._workers.clear()

    def stop_workers(self) -> None:
        for process in self._workers:
            end(process)
        self._workers.clear()

    @cached_property
    def address(self) -> str:
        """Where pages are served; the web server is started when it is first asked for."""
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--config", "dashboard/gunicorn.py", "dashboard.wsgi"]
        env = self._environment() | {"PORT": str(port), "EASEL_WEB_WORKERS": "1"}
        self._processes.enter_context(server(command, log=self.folder / "web.log", env=env))
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: _answers(f"{address}/healthz"), what="the pages")
        return address

    def add_superuser(self) -> None:
        """Olga, who runs the installation, with `PASSWORD`."""
        who = ("--username", "olga", "--email", "olga@example.edu")
        self.manage("createsuperuser", "--no-input", *who, env={"DJANGO_SUPERUSER_PASSWORD": PASSWORD})

    def signed_in(self) -> requests.Session:
        """Olga at something simpler than a browser."""
        session = requests.Session()
        form = {"username": "olga", "password": PASSWORD}
        assert self.send_form(session, f"{self.address}/login/", fields=form).url == f"{self.address}/"
        return session

    @staticmethod
    def send_form(
        session: requests.Session,
        page: str,
        *,
        to: str = "",
        fields: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, IO[bytes]]] | None = None,
    ) -> requests.Response:
        """What follows upon a form of a page, sent to the page itself or to the address that its button names."""
        found = _CSRF.search(session.get(page, timeout=30).text)
        assert found, page
        answer = session.post(to or page, {"csrfmiddlewaretoken": found[1], **(fields or {})}, files=files, timeout=60)
        assert answer.ok, answer.text
        return answer

    def add_account(self, practice: Practice) -> str:
        """The name of a Canvas account that stands for the practice site."""
        name = practice.token.removeprefix("practice-")
        self.manage("add_account", name, "--url", practice.url, "--token-stdin", given=practice.token)
        return name

    def launch(self, account: str, *files: Path, expect: int = 0, wait: bool = False) -> dict[str, Any]:
        """What `launch --json` says."""
        flags = ["--json", "--wait"] if wait else ["--json"]
        said: dict[str, Any] = json.loads(self.manage("launch", *files, "--account", account, *flags, expect=expect))
        return said

    def ended(self, run: Mapping[str, Any], *, seconds: float = 90) -> str:
        """The outcome of a launched run, once it has one."""

        def outcome() -> str:
            return str(dict(self.ask("SELECT id, outcome FROM imports_importrun"))[run["run"]])

        return wait_for(outcome, seconds=seconds, what=f"the end of {run}")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the installation's database."""
        url = self.env.get("EASEL_DATABASE_URL")
        if url:
            with psycopg.connect(url) as postgres:
                return postgres.execute(sql.encode()).fetchall()
        with contextlib.closing(sqlite3.connect(self.folder / "easel.sqlite3", timeout=20)) as lite:
            return lite.execute(sql).fetchall()

    def _environment(self) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("EASEL_")}
        return outside | self.env


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=10).ok
    except requests.RequestException:
        return False
