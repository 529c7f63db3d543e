"""What passes between a site and its clients: the log of requests, the faults, the rate limit."""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from threading import Lock

from sandbox.http.answers import Answer, throttled
from sandbox.http.faults import Faults, Pause
from sandbox.http.requests import Request
from sandbox.http.throttle import Bucket, Full
from sandbox.site import Site

_LOG_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class Line:
    """One request to the API.

    `path` is without the query, which may hold a token; `status` is null where the connection was cut instead of an
    answer; `bytes` counts the content of the request's body that was read; `at` is the site's time.
    """

    method: str
    path: str
    status: int | None
    bytes: int
    at: str


class Traffic:
    """The traffic of one site. Kept in memory: a restart forgets it."""

    def __init__(self, site: Site, *, throttle: bool) -> None:
        self.faults = Faults()
        self.bucket = Bucket(site.clock.now, enabled=throttle)
        self._site = site
        self._lines: deque[Line] = deque(maxlen=_LOG_LENGTH)
        self._lock = Lock()

    def pass_through(self, request: Request, work: Callable[[], Answer], pause: Pause) -> Answer:
        """Answer a request by `work`, unless a fault or the rate limit has other plans; log it either way."""
        at = self._site.clock.now()
        status = None
        try:
            answer = self._limited(lambda: self._faulted(request, work, pause))
            request.finish()
            status = answer.status
            return answer
        finally:
            with self._lock:
                stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
                self._lines.append(Line(request.method, request.path, status, request.body.received, stamp))

    def lines(self) -> list[dict[str, object]]:
        """The last requests, oldest first."""
        with self._lock:
            return [asdict(line) for line in self._lines]

    def forget(self) -> None:
        with self._lock:
            self._lines.clear()

    def reset(self) -> None:
        """Back to the first day, as the site itself."""
        self.forget()
        self.faults.clear()
        self.bucket.empty()

    def _limited(self, work: Callable[[], Answer]) -> Answer:
        if not self.bucket.enabled:
            return work()
        try:
            with self.bucket.charged() as charge:
                answer = work()
        except Full:
            return throttled(self.bucket.status)
        return replace(answer, headers=(*answer.headers, *charge.headers))

    def _faulted(self, request: Request, work: Callable[[], Answer], pause: Pause) -> Answer:
        fault = self.faults.take(request)
        if fault is None:
            return work()
        return fault.before(request, pause) or fault.after(work())


class TrafficBook:
    """The traffic of every site that was called since the start."""

    def __init__(self, *, throttle: bool) -> None:
        self._throttle = throttle
        self._by_token: dict[str, Traffic] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._by_token)

    def of(self, site: Site) -> Traffic:
        with self._lock:
            if site.token not in self._by_token:
                self._by_token[site.token] = Traffic(site, throttle=self._throttle)
            return self._by_token[site.token]

    def close(self, site: Site) -> None:
        """Forget the traffic of a site that is no more."""
        with self._lock:
            self._by_token.pop(site.token, None)
