"""What can go wrong between us and Canvas.

    CanvasError
    ├── ForbiddenAddress         our own policy kept us from speaking to that address      not sent
    ├── Unreachable              no connection could be made                               not sent
    ├── SendingCut               the connection broke before the request was wholly out    not sent
    │   └── SendingTimedOut
    ├── AnswerLost               the request was out, but no whole answer came back        unknown
    │   └── AnswerTimedOut
    ├── ServerFault              Canvas says that it failed (5xx)                          unknown
    ├── Unreadable               what came back is not what Canvas answers                 unknown
    └── Refused                  Canvas answered and did not do it                         refused
        ├── NotAuthenticated     the token is not valid
        │   ├── TokenExpired
        │   ├── TokenRevoked
        │   └── InsufficientScope
        ├── NotPermitted         the token's owner may not do this
        ├── SisNotEnabled        SIS imports are switched off for the account
        ├── NotRootAccount       SIS imports need a root account
        ├── NotFound
        ├── Throttled            too many requests for the moment
        ├── Redirected           the address sends us elsewhere; the token does not follow
        ├── NotCanvas            something else refuses: a proxy, or another site altogether
        └── Invalid              Canvas rejects the request and says why

The right column is the `fate` of the request, which decides whether a POST may be sent again.
"""

from enum import StrEnum


class Fate(StrEnum):
    """What became of a request that ended in an error."""

    NOT_SENT = "not_sent"  # certainly never reached Canvas whole
    REFUSED = "refused"  # Canvas answered and did not do it
    UNKNOWN = "unknown"  # Canvas may have done it


class CanvasError(Exception):
    """Base of the tree. `str(error)` is one plain sentence for a person, never with a token or a page of HTML in it.

    `canvas_message` holds Canvas's own words, where it had any. `retryable`: the same request may succeed later
    without anybody changing anything; whether repeating it is safe is a matter of `fate`. `path` has no query.
    """

    fate: Fate = Fate.UNKNOWN
    retryable: bool = False

    def __init__(
        self,
        message: str,
        *,
        method: str = "",
        path: str = "",
        status: int | None = None,
        request_id: str | None = None,
        canvas_message: str = "",
    ) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.status = status
        self.request_id = request_id
        self.canvas_message = canvas_message


class ForbiddenAddress(CanvasError):
    """Easel may not speak to this address (`canvas.policy`)."""

    fate = Fate.NOT_SENT


class Unreachable(CanvasError):
    """No connection: the name is unknown, the host refuses or stays silent, or its certificate is wrong."""

    fate = Fate.NOT_SENT
    retryable = True


class SendingCut(CanvasError):
    """The connection broke while the body was being sent. Canvas acts on whole requests only."""

    fate = Fate.NOT_SENT
    retryable = True


class SendingTimedOut(SendingCut):
    """Canvas stopped taking the body."""


class AnswerLost(CanvasError):
    """The request was sent; the connection broke before the answer was complete."""

    retryable = True


class AnswerTimedOut(AnswerLost):
    """The request was sent; the answer did not come in time."""


class ServerFault(CanvasError):
    """Canvas answered 5xx in its own format. It may have failed before or after doing the work."""

    retryable = True


class Unreadable(CanvasError):
    """A page of HTML, cut JSON, or JSON of another shape; with 502 or 504 a proxy speaks and Canvas may be at work."""

    retryable = True


class Refused(CanvasError):
    """Canvas answered and did not do it."""

    fate = Fate.REFUSED


class NotAuthenticated(Refused):
    """Canvas does not know the token, or its owner is gone."""


class TokenExpired(NotAuthenticated):
    """The token's time is over."""


class TokenRevoked(NotAuthenticated):
    """Somebody took the token back."""


class InsufficientScope(NotAuthenticated):
    """The token is limited to other endpoints."""


class NotPermitted(Refused):
    """The token is good, but its owner has not the right in Canvas."""


class SisNotEnabled(Refused):
    """SIS imports are switched off for the account."""


class NotRootAccount(Refused):
    """SIS imports and terms belong to root accounts only."""


class NotFound(Refused):
    """No such thing, or not any more, or not in a state in which this can be asked of it."""


class Throttled(Refused):
    """The token has used up its share for the moment (403 with a plain text, or 429)."""

    retryable = True


class Redirected(Refused):
    """The address answers with a redirect, which the token must not follow."""


class NotCanvas(Refused):
    """A refusal (4xx) that is a page and not Canvas's JSON: a proxy in front of it, or not Canvas at all."""


class Invalid(Refused):
    """Canvas rejects the request; `canvas_message` says why."""
