"""Who is calling: the bearer token and the site it opens."""

import re
from dataclasses import dataclass

from sandbox.http.answers import Answer, expired_token, invalid_token, unauthenticated
from sandbox.http.requests import Request
from sandbox.site import Site, Sites

_BEARER = re.compile(r"Bearer +(\S+) *")


@dataclass(frozen=True, slots=True)
class Caller:
    """The site that the token opens, and why the API must refuse the caller, if it must.

    An expired token still names its site, so that the control interface can be used on it.
    """

    site: Site | None
    refusal: Answer | None = None
    anonymous: bool = False


def identify(request: Request, sites: Sites) -> Caller:
    """The caller by the header, else by the parameter `access_token`. Raises BadBody and BodyCut: it may be a field."""
    token = _token(request)
    if token is None:
        return Caller(None, unauthenticated(), anonymous=True)
    site = sites.get(token)
    if site is None:
        return Caller(None, invalid_token())
    return Caller(site, expired_token() if site.expired else None)


def _token(request: Request) -> str | None:
    header = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    if header:
        return header[1]
    if "access_token" in request.query:
        return request.query["access_token"][-1]
    return request.param("access_token")
