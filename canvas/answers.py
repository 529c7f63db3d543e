"""Reading what Canvas answered: a JSON document, or the error that it stands for.

Bodies and statuses are those of Canvas's `ApplicationController`, `SisImportsApiController` and `RequestThrottle`.
A 403 has three meanings (throttled, SIS not enabled, not permitted) and a 401 two; only their bodies tell them apart.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from canvas.errors import (
    CanvasError,
    InsufficientScope,
    Invalid,
    NotAuthenticated,
    NotCanvas,
    NotFound,
    NotPermitted,
    NotRootAccount,
    Redirected,
    ServerFault,
    SisNotEnabled,
    Throttled,
    TokenExpired,
    TokenRevoked,
    Unreadable,
)

E = TypeVar("E", bound=CanvasError)

LONGEST_MESSAGE = 500  # characters of Canvas's own words that an error keeps


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked, for the errors' sake: without query, headers or body."""

    method: str
    path: str
    host: str

    @classmethod
    def to(cls, method: str, url: str) -> "Call":
        parts = urlsplit(url)
        return cls(method, parts.path, parts.hostname or "")

    def error(self, kind: type[E], message: str) -> E:
        return kind(message, method=self.method, path=self.path)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An HTTP answer as it came. `headers` is looked up without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Any:
        """The JSON, or None where the body is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace").strip()

    @property
    def is_page(self) -> bool:
        return "html" in self.headers.get("Content-Type", "").lower() or self.body.lstrip().startswith(b"<")


def document_of(call: Call, answer: RawAnswer) -> Any:
    """The JSON document of a successful answer; None for a write that Canvas answers with an empty one.

    Raises the CanvasError that any other answer means.
    """
    document = answer.document()
    if 200 <= answer.status < 300 and call.method != "GET" and not answer.body.strip():
        return None
    if 200 <= answer.status < 300 and isinstance(document, (dict, list)):
        return document
    raise error_of(call, answer)


def error_of(call: Call, answer: RawAnswer) -> CanvasError:
    """The error that an unsuccessful or unreadable answer means."""
    document = answer.document()
    words = words_of(document)
    kind, message = _verdict(answer, document, words)
    return kind(
        message,
        method=call.method,
        path=call.path,
        status=answer.status,
        request_id=answer.headers.get("X-Request-Context-Id"),
        canvas_message=words,
    )


def words_of(document: Any) -> str:
    """Canvas's own message out of any of the shapes in which it sends one; empty where there is none."""
    try:
        return "; ".join(_words(document))[:LONGEST_MESSAGE]
    except RecursionError:  # lists in lists in lists: nothing that Canvas says
        return ""


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _words(item)]
    if not isinstance(value, dict):
        return []
    for key in ("errors", "error_message", "message", "error"):
        if texts := _words(value.get(key)):
            return texts
    # Rails's own form: {field: [{"message": ...}]}
    return [f"{field}: {text}" for field, items in value.items() if isinstance(items, list) for text in _words(items)]


def _verdict(answer: RawAnswer, document: Any, words: str) -> tuple[type[CanvasError], str]:
    status = answer.status
    if status == 429 or (status == 403 and "rate limit exceeded" in answer.text[:200].lower()):
        return Throttled, "Canvas asks for fewer requests: the token has used up its share for the moment."
    if 300 <= status < 400:
        return Redirected, f"The address redirects to {_target(answer)}; Easel does not follow with the token."
    if status == 413:
        return Invalid, "The file is larger than the Canvas site accepts."
    if document is None or answer.is_page:
        return _unreadable(answer)
    if status >= 500:
        return ServerFault, f"Canvas reports a fault of its own (status {status})."
    if status in {401, 403}:
        return _refused_access(answer, document, words)
    if status == 404:
        return NotFound, "Canvas does not have this, or not any more."
    if status == 400 and "root account" in words.replace("_", " "):
        return NotRootAccount, "Canvas allows this on root accounts only."
    if status >= 400:
        return Invalid, f"Canvas refuses: {words or 'it gives no reason'}"
    return _unreadable(answer)


def _target(answer: RawAnswer) -> str:
    try:
        return urlsplit(answer.headers.get("Location", "")).hostname or "another page"
    except ValueError:
        return "another page"


def _unreadable(answer: RawAnswer) -> tuple[type[CanvasError], str]:
    status = answer.status
    if not 400 <= status < 500:
        return Unreadable, f"What came back cannot be read as an answer of Canvas (status {status})."
    # Some refusals of Canvas are labelled JSON but are bare text.
    if status in {400, 422} and answer.text and not answer.is_page:
        return Invalid, f"Canvas refuses: {answer.text[:LONGEST_MESSAGE]}"
    return NotCanvas, f"The address refuses, but not as Canvas does (status {status}); a proxy or another site answers."


def _refused_access(answer: RawAnswer, document: Any, words: str) -> tuple[type[CanvasError], str]:
    said = words.lower()
    if "expired access token" in said:
        return TokenExpired, "The token has expired."
    if "revoked access token" in said:
        return TokenRevoked, "The token has been revoked."
    if "insufficient scopes" in said:
        return InsufficientScope, "The token is limited to other parts of Canvas."
    if answer.status == 403:
        return _forbidden(document)
    # Texts may be translated; without the challenge header a 401 means a missing right (older Canvas sites).
    if "WWW-Authenticate" in answer.headers or "invalid access token" in said:
        return NotAuthenticated, "Canvas does not accept the token."
    return NotPermitted, "The token's owner may not do this in Canvas."


def _forbidden(document: Any) -> tuple[type[CanvasError], str]:
    # Only the answer about SIS has plain strings for errors.
    errors = document.get("errors") if isinstance(document, dict) else None
    if isinstance(errors, list) and errors and all(isinstance(error, str) for error in errors):
        return SisNotEnabled, "SIS imports are not enabled for this account in Canvas."
    return NotPermitted, "The token's owner may not do this in Canvas."
