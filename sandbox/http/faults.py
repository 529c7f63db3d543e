"""Faults on demand: what networks, proxies and Canvas itself do to a client on a bad day."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from threading import Lock
from typing import NoReturn

from sandbox.http.answers import HTML, Answer, Cut, as_json, expired_token, internal_error, throttled
from sandbox.http.bodies import Body
from sandbox.http.requests import Request

Pause = Callable[[float], object]

_MATCH = re.compile(r"(\*|[A-Z]+) (/\S*)")
_PIECE = 1 << 16
_PROXY_PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"</body>\r\n</html>\r\n"
)

# The settings of each kind with their defaults. `bytes` 0 means half of what there is; `body` is JSON.
KINDS: Mapping[str, Mapping[str, object]] = {
    "latency": {"seconds": 1.0},
    "status": {"status": 500, "body": None},
    "html": {"status": 502},
    "throttle": {"status": 403},
    "expired": {},
    "cut_before": {},
    "cut_during": {"bytes": 0},
    "cut_after": {},
    "truncate": {"bytes": 0},
    "drip": {"seconds": 2.0},
    "content_type": {"content_type": HTML},
}


class BadFault(Exception):
    """The description of a fault makes no sense; the text says why."""


@dataclass
class Fault:
    """One fault, for the next `times` requests that match.

    `match` is a method (or `*`) and a path; in the path `*` stands for one segment or a part of it, `**` for any
    number of them. `settings` are the kind's own: see KINDS.
    """

    id: int
    match: str
    kind: str
    times: int
    settings: Mapping[str, object]
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pattern = _compiled(self.match)

    def fits(self, request: Request) -> bool:
        return self._pattern.fullmatch(f"{request.method} {request.path}") is not None

    def before(self, request: Request, pause: Pause) -> Answer | None:
        """What happens before the request is worked on: nothing, an answer in its place, or Cut."""
        match self.kind:
            case "latency":
                pause(self.number("seconds"))
            case "status":
                return self._plain_refusal()
            case "html":
                return Answer(int(self.number("status")), _PROXY_PAGE, HTML)
            case "throttle":
                return throttled(int(self.number("status")))
            case "expired":
                return expired_token()
            case "cut_before":
                raise Cut
            case "cut_during":
                self._cut_during(request.body)
        return None

    def after(self, answer: Answer) -> Answer:
        """What becomes of the answer. Raises Cut."""
        match self.kind:
            case "cut_after":
                raise Cut
            case "truncate":
                body = answer.body.read_bytes() if isinstance(answer.body, Path) else answer.body
                return replace(answer, body=body[: int(self.number("bytes")) or len(body) // 2])
            case "drip":
                return replace(answer, drip_seconds=self.number("seconds"))
            case "content_type":
                return replace(answer, content_type=str(self.settings.get("content_type", HTML)))
        return answer

    def _plain_refusal(self) -> Answer:
        status, body = int(self.number("status")), self.settings.get("body")
        return internal_error(status) if body is None else as_json(body, status)

    def _cut_during(self, body: Body) -> NoReturn:
        left = int(self.number("bytes")) or max((body.length or 2) // 2, 1)
        piece = memoryview(bytearray(_PIECE))
        while left and (taken := body.readinto(piece[:left])):
            left -= taken
        raise Cut

    def number(self, name: str) -> float:
        """A setting that is a number, or the kind's default."""
        value = self.settings.get(name, KINDS[self.kind][name])
        return float(value) if isinstance(value, (int, float)) else 0.0

    def as_dict(self) -> dict[str, object]:
        return {"id": self.id, "match": self.match, "kind": self.kind, "times": self.times, **self.settings}


def _compiled(match: str) -> re.Pattern[str]:
    found = _MATCH.fullmatch(match)
    if not found:
        raise BadFault('match must be a method and a path, such as "GET /api/v1/accounts/*/sis_imports"')
    method, path = found.groups()
    parts = re.split(r"(\*\*|\*)", path.removesuffix(".json"))
    wild = {"**": ".*", "*": "[^/]*"}
    return re.compile(("[A-Z]+" if method == "*" else method) + " " + "".join(wild.get(p, re.escape(p)) for p in parts))


class Faults:
    """The faults of one site; the oldest that fits a request is used up first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = count(1)
        self._lock = Lock()

    def add(self, description: Mapping[str, object]) -> Fault:
        """Register a fault as it was posted. Raises BadFault."""
        settings = dict(description)
        match, kind, times = settings.pop("match", ""), settings.pop("kind", ""), settings.pop("times", 1)
        _verify(kind, times, settings)
        with self._lock:
            fault = Fault(next(self._ids), str(match), str(kind), int(str(times)), settings)
            self._faults.append(fault)
        return fault

    def take(self, request: Request) -> Fault | None:
        with self._lock:
            fault = next((fault for fault in self._faults if fault.fits(request)), None)
            if fault is not None:
                fault.times -= 1
                self._faults = [kept for kept in self._faults if kept.times > 0]
            return fault

    def waiting(self) -> list[dict[str, object]]:
        with self._lock:
            return [fault.as_dict() for fault in self._faults]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()


def _verify(kind: object, times: object, settings: Mapping[str, object]) -> None:
    if kind not in KINDS:
        raise BadFault(f"kind must be one of: {', '.join(KINDS)}")
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise BadFault("times must be a whole number of at least 1")
    known = KINDS[str(kind)]
    for name, value in settings.items():
        if name not in known:
            raise BadFault(f"{kind} has no setting {name}; it has: {', '.join(known) or 'none'}")
        if isinstance(known[name], (int, float)) and (not isinstance(value, (int, float)) or value < 0):
            raise BadFault(f"{name} must be a number of at least 0")
    if "status" in settings and settings["status"] not in range(200, 600):
        raise BadFault("status must be a status code from 200 to 599")
