"""The way of a request through the practice Canvas."""

import logging
from threading import Event

from sandbox.http.answers import Answer, Stop, internal_error, messages, not_found
from sandbox.http.auth import Caller, identify
from sandbox.http.bodies import BadBody, BodyCut
from sandbox.http.calls import Call
from sandbox.http.requests import Request
from sandbox.http.routing import Routes
from sandbox.http.traffic import TrafficBook
from sandbox.site import Sites

_CONTROL = "/sandbox/"

logger = logging.getLogger(__name__)


class Practice:
    """Answers requests. `stopping` ends whatever waits, when the server goes down."""

    def __init__(self, sites: Sites, routes: Routes, *, throttle: bool) -> None:
        self.stopping = Event()
        self._sites = sites
        self._routes = routes
        self._book = TrafficBook(throttle=throttle)

    def answer(self, request: Request) -> Answer:
        """The answer to a request whose body is then read to its end, unless the client still withholds it.

        Raises Cut and BodyCut: the connection has to be closed without an answer.
        """
        try:
            return self._answer(request)
        except BadBody as problem:
            return messages(problem.status, str(problem))

    def close(self) -> None:
        self._sites.close()

    def _answer(self, request: Request) -> Answer:
        caller = identify(request, self._sites)
        if caller.site is None or request.path.startswith(_CONTROL):
            answer = self._work(request, caller)
            request.finish()
            return answer
        traffic = self._book.of(caller.site)
        return traffic.pass_through(request, lambda: self._work(request, caller), self.stopping.wait)

    def _work(self, request: Request, caller: Caller) -> Answer:
        found = self._routes.find(request)
        if found is None:
            return not_found()
        endpoint, args = found
        try:
            return endpoint(Call(request, caller, args, self._sites, self._book))
        except Stop as stop:
            return stop.answer
        except (BadBody, BodyCut):
            raise
        except Exception:
            # Canvas, too, says only that something happened; the reason belongs to whoever runs the server.
            logger.exception("%s %s failed", request.method, request.path)
            return internal_error()
