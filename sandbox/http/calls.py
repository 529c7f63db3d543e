"""One call of an endpoint: the request, who sent it, and what the address named."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.http.answers import Answer, Stop, as_json, not_found
from sandbox.http.auth import Caller
from sandbox.http.requests import Request
from sandbox.http.traffic import Traffic, TrafficBook
from sandbox.site import Site, Sites


@dataclass(frozen=True)
class Call:
    """What an endpoint works with. `args` are the named segments of the route."""

    request: Request
    caller: Caller
    args: Mapping[str, str]
    sites: Sites
    book: TrafficBook

    @property
    def site(self) -> Site:
        """The caller's site. Stops with the refusal that a missing, unknown or expired token deserves."""
        if self.caller.refusal is not None:
            raise Stop(self.caller.refusal)
        return self.own_site

    @property
    def own_site(self) -> Site:
        """The site of the token even when it has expired: for the control interface."""
        if self.caller.site is None:
            raise Stop(self.caller.refusal or not_found())
        return self.caller.site

    @property
    def traffic(self) -> Traffic:
        return self.book.of(self.own_site)

    def number(self, name: str) -> int:
        """A named segment that has to be a number. Stops with 404."""
        if not re.fullmatch(r"[0-9]{1,18}", self.args[name]):
            raise Stop(not_found())
        return int(self.args[name])

    def json(self, value: object, *headers: tuple[str, str]) -> Answer:
        """A good answer in JSON, with ids in the form the client asked for."""
        return as_json(value, headers=headers, string_ids=self.request.wants_string_ids)


Endpoint = Callable[[Call], Answer]
