"""The practice Canvas as a server of its own, and one of its sites as a test sees it."""

import itertools
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.servers.processes import server, wait_for

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Practice:
    """One site of a practice Canvas: a token that no other test uses, and direct ways to look at what Canvas holds."""

    url: str
    token: str

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """A request with the site's token; `options` as `requests.request` takes them."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.request(method, f"{self.url}{path}", headers=headers, timeout=30, **options)

    def api(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of an answer below /api/v1/. Raises `requests.HTTPError` for a refusal."""
        answer = self.request(method, f"/api/v1/{path.lstrip('/')}", **options)
        answer.raise_for_status()
        return answer.json()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer of the control interface below /sandbox/."""
        answer = self.request(method, f"/sandbox/{path.lstrip('/')}", json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def sis_imports(self) -> list[dict[str, Any]]:
        """All imports of the site, newest first, as Canvas shows them."""
        found: list[dict[str, Any]] = []
        for page in itertools.count(1):
            batch = self.api("GET", "accounts/self/sis_imports", params={"per_page": 100, "page": page})["sis_imports"]
            found += batch
            if len(batch) < 100:
                break
        return found

    def send(self, name: str, content: str | bytes, **options: Any) -> dict[str, Any]:
        """Uploads a file straight to Canvas, as a tool other than Easel would; gives Canvas's first answer."""
        answer: dict[str, Any] = self.api(
            "POST", "accounts/self/sis_imports", files={"attachment": (name, content)}, params=options
        )
        return answer

    def requests_seen(self, method: str, path_part: str) -> list[dict[str, Any]]:
        """What the site's request log holds of a method and a part of the path."""
        log = self.control("GET", "requests")
        entries = log["requests"] if isinstance(log, dict) else log
        return [entry for entry in entries if entry["method"] == method and path_part in entry["path"]]


class PracticeServer:
    """A running practice Canvas."""

    def __init__(self, url: str) -> None:
        self.url = url

    def site(self, sort: str = "") -> Practice:
        """A site that nobody used before; `sort` is readonly, noadmin or expired for tokens that may do less."""
        name = f"{os.getpid()}-{next(_numbers)}"
        return Practice(self.url, f"practice-{sort}-{name}" if sort else f"practice-{name}")


@contextmanager
def practice_server(*options: str) -> Iterator[PracticeServer]:
    """`options` go to `python -m sandbox serve`, such as `--rows-per-second 200` or `--clock manual`."""
    folder = Path(tempfile.mkdtemp(prefix="easel-practice-"))
    log = folder / "log"
    command = [sys.executable, "-m", "sandbox", "serve", "--port", "0", "--data", folder / "data", *options]
    try:
        with server(command, log=log) as process:

            def address() -> str:
                text = log.read_text(encoding="utf-8", errors="replace")
                if process.poll() is not None:
                    raise RuntimeError(f"the practice Canvas ended by itself:\n{text}")
                found = re.search(r"http://[\w.]+:\d+", text)
                return found[0] if found else ""

            yield PracticeServer(wait_for(address, what="the practice Canvas to say where it listens"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
