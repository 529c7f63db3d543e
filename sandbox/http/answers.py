"""Answers and the bodies that Canvas gives to what it refuses."""

import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
CHALLENGE = ("WWW-Authenticate", 'Bearer realm="canvas-lms"')

_report_ids = count(1)


@dataclass(frozen=True)
class Answer:
    """What goes back. A body is bytes or a file; `drip_seconds` spreads it over so many seconds."""

    status: int = 200
    body: bytes | Path = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    drip_seconds: float = 0


class Stop(Exception):
    """Ends the work on a request with an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Cut(Exception):
    """Ends the connection without any answer."""


def as_json(
    value: object, status: int = 200, *, headers: tuple[tuple[str, str], ...] = (), string_ids: bool = False
) -> Answer:
    """An answer in JSON; with `string_ids`, numbers that are ids become strings."""
    shown = _with_string_ids(value) if string_ids else value
    return Answer(status, json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode(), headers=headers)


def _with_string_ids(value: object, *, is_id: bool = False) -> object:
    if isinstance(value, dict):
        return {
            key: _with_string_ids(item, is_id=key == "id" or key.endswith(("_id", "_ids")))
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_string_ids(item, is_id=is_id) for item in value]
    return str(value) if is_id and isinstance(value, int) and not isinstance(value, bool) else value


def messages(code: int, text: str, *, headers: tuple[tuple[str, str], ...] = (), **beside: object) -> Answer:
    """The commonest shape of a refusal; `beside` stands before the list of errors."""
    return as_json({**beside, "errors": [{"message": text}]}, code, headers=headers)


def not_found() -> Answer:
    return messages(404, "The specified resource does not exist.")


def unauthenticated() -> Answer:
    return messages(401, "user authorization required", headers=(CHALLENGE,), status="unauthenticated")


def invalid_token() -> Answer:
    return messages(401, "Invalid access token.", headers=(CHALLENGE,))


def expired_token() -> Answer:
    error = {"message": "Expired access token.", "expired_at": "2025-01-01T00:00:00Z"}
    return as_json({"errors": [error]}, 401, headers=(CHALLENGE,))


def not_permitted(status: int = 403) -> Answer:
    """Hosted Canvas says 403 since 2025; older sites say 401 with the same body and no challenge."""
    return messages(status, "user not authorized to perform that action", status="unauthorized")


def throttled(status: int = 403) -> Answer:
    reason = "429 Too Many Requests" if status == 429 else "403 Forbidden"
    body = f"{reason} (Rate Limit Exceeded)\n".encode()
    return Answer(status, body, TEXT, (("X-Rate-Limit-Remaining", "0.0"),))


def internal_error(status: int = 500) -> Answer:
    error = {"message": "An error occurred.", "error_code": "internal_server_error"}
    return as_json({"errors": [error], "error_report_id": next(_report_ids)}, status)
