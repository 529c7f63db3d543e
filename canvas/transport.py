"""The one place where bytes go to Canvas and come back.

- The token travels in a header, to the site it belongs to, and nowhere else: redirects are answers here, not orders.
- Nothing is asked of the surroundings: no cookies, no netrc, no proxies from the environment.
- GETs are tried again; a write only when no connection was made, because everything else may have been done already.
- Every wait has an end: to connect, between two bytes, and for the whole body of an answer.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, ReadTimeoutError

from canvas.answers import Call, RawAnswer, document_of
from canvas.connection import GuardedAdapter, NotConnected
from canvas.errors import (
    AnswerLost,
    AnswerTimedOut,
    CanvasError,
    ForbiddenAddress,
    NotAuthenticated,
    SendingCut,
    SendingTimedOut,
    Unreachable,
    Unreadable,
)
from canvas.multipart import MultipartBody
from canvas.policy import NetworkPolicy, PolicyRefusal
from canvas.retry import RetryPolicy

USER_AGENT = "Easel"
LONGEST_ANSWER = 64 * 1024 * 1024  # bytes of JSON, unpacked

Parameters = Iterable[tuple[str, str | int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer and the Link header that came with it."""

    document: Any
    link_header: str


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds: to connect; between two bytes of an answer; the same after an upload, which Canvas stores before it
    answers; for the body of one answer from its first byte to its last; for Canvas to take a piece of an upload."""

    connect: float = 5.0
    read: float = 30.0
    read_after_upload: float = 300.0
    whole_answer: float = 300.0
    send: float = 60.0


class _Bearer(AuthBase):
    """Puts the token on a request. A class, so that no frame of ours has the token in a local variable."""

    __slots__ = ("_token",)

    def __init__(self, token: str) -> None:
        # requests would quote a broken header value, and so the token, in its own error.
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise NotAuthenticated("This cannot be a Canvas token: it is empty or has characters that no token has.")
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Transport:
    """Speaks to one Canvas site with one token. Not for use by several threads at once.

    base_url: scheme and host of the site. session: taken as it is where given, so its adapters decide where
    connections go; the default one obeys the network policy. `last_rate_limit` is what Canvas last said remains of
    the token's share (about 700 when idle, refused at 0). `requests_sent` counts every try.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeouts: Timeouts | None = None,
        insecure_hosts: Iterable[str] = (),
        retry: RetryPolicy | None = None,
        session: requests.Session | None = None,
        user_agent: str = USER_AGENT,
    ) -> None:
        """Raises NotAuthenticated for a token that cannot be one."""
        self.base_url = base_url.rstrip("/")
        self.last_rate_limit: float | None = None
        self.requests_sent = 0
        self._bearer = _Bearer(token)
        self._timeouts = timeouts or Timeouts()
        self._policy = NetworkPolicy(insecure_hosts)
        self._retry = retry or RetryPolicy()
        self._session = session or _plain_session(self._policy, self._timeouts.send)
        self._session.headers["User-Agent"] = user_agent

    def __repr__(self) -> str:
        return f"<Transport to {self.base_url}>"

    def close(self) -> None:
        self._session.close()

    def get(self, path: str, params: Parameters = (), *, heavy: bool = False) -> Answer:
        """A GET of a path below the site, or of a full address on it; tried again while that may help.

        What is `heavy` is not asked for again once it took too long: Canvas may still be working on the first answer.
        """
        url = self._url_of(path)
        return self._retry.run(
            lambda: self._exchange("GET", url, params=list(params)),
            repeat_after=lambda error: error.retryable and not (heavy and isinstance(error, AnswerTimedOut)),
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        fields: Mapping[str, str] | None = None,
        body: MultipartBody | None = None,
        document: object = None,
    ) -> Answer:
        """A write, with form fields, a JSON document or an upload; tried again only while no connection can be made."""
        # A kept connection that Canvas is just closing would leave the fate of the write unknown: take a new one.
        self._session.close()
        url = self._url_of(path)
        return self._retry.run(
            lambda: self._exchange(method, url, fields=fields, body=body, document=document),
            repeat_after=lambda error: isinstance(error, Unreachable),
        )

    def _url_of(self, path: str) -> str:
        """The full address. Raises ForbiddenAddress when `path` is one on another site."""
        try:
            url = urljoin(f"{self.base_url}/", path)
            is_own = self._is_own(url)
        except ValueError:
            raise ForbiddenAddress("This is not an address that can be spoken to.") from None
        if not is_own:
            raise ForbiddenAddress("Canvas points to an address outside its own site; the token does not go there.")
        return url

    def _is_own(self, url: str) -> bool:
        """Whether scheme, host and port are those of the site."""
        return _origin(url) == _origin(self.base_url)

    def _open(
        self,
        call: Call,
        url: str,
        *,
        params: list[tuple[str, str | int]] | None = None,
        fields: Mapping[str, str] | None = None,
        body: MultipartBody | None = None,
        document: object = None,
    ) -> requests.Response:
        """Sends one request and returns the answer with its body still unread; the token goes to the own site only.

        Raises ForbiddenAddress, Unreachable, SendingCut or AnswerLost, and OSError when the body's file cannot be read.
        """
        failure: CanvasError | OSError
        try:
            response = self._dispatch(call, url, params, body or fields, document)
        except PolicyRefusal as refusal:
            failure = call.error(ForbiddenAddress, str(refusal))
        except NotConnected as obstacle:
            failure = call.error(Unreachable, f"{call.host} cannot be reached: {obstacle}.")
        except (requests.ConnectTimeout, requests.exceptions.InvalidURL):
            failure = call.error(Unreachable, f"{call.host} cannot be reached.")
        except (requests.RequestException, HTTPError, OSError) as error:
            failure = (body and body.file_error) or _interruption(call, error, body)
        else:
            self._note_rate_limit(response.headers)
            return response
        # Raised outside the handlers: the errors of requests carry the request, and with it the token.
        raise failure

    def _dispatch(
        self,
        call: Call,
        url: str,
        params: list[tuple[str, str | int]] | None,
        content: MultipartBody | Mapping[str, str] | None,
        document: object,
    ) -> requests.Response:
        body = content if isinstance(content, MultipartBody) else None
        self._policy.check_url(url)
        self.requests_sent += 1
        return self._session.request(
            call.method,
            url,
            params=params,
            data=content,
            json=document,
            headers={"Content-Type": body.content_type} if body else None,
            auth=self._bearer if self._is_own(url) else None,
            timeout=(self._timeouts.connect, self._timeouts.read_after_upload if body else self._timeouts.read),
            allow_redirects=False,
            stream=True,
        )

    def _pieces(self, call: Call, response: requests.Response) -> Iterator[bytes]:
        """The body of an answer as it arrives. Raises AnswerLost when it breaks off, Unreadable when it is too long."""
        ends = time.monotonic() + self._timeouts.whole_answer
        size = 0
        while piece := _next_piece(call, response):
            size += len(piece)
            if size > LONGEST_ANSWER:
                raise call.error(Unreadable, f"The answer is larger than {LONGEST_ANSWER} bytes.")
            if time.monotonic() > ends:
                raise call.error(AnswerTimedOut, f"{call.host} takes too long to finish its answer.")
            yield piece

    def _exchange(self, method: str, url: str, **request: Any) -> Answer:
        call = Call.to(method, url)
        with self._open(call, url, **request) as response:
            body = b"".join(self._pieces(call, response))
            document = document_of(call, RawAnswer(response.status_code, response.headers, body))
            return Answer(document, response.headers.get("Link", ""))

    def _note_rate_limit(self, headers: Mapping[str, str]) -> None:
        try:
            self.last_rate_limit = float(headers["X-Rate-Limit-Remaining"])
        except (KeyError, ValueError):
            return


def _plain_session(policy: NetworkPolicy, send_timeout: float) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, GuardedAdapter(policy, send_timeout=send_timeout))
    return session


def _origin(url: str) -> tuple[str, str | None, int | None]:
    """Raises ValueError when the address is none."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _interruption(call: Call, error: BaseException, body: MultipartBody | None) -> CanvasError:
    """What a failure after connecting means. An upload that was not handed out whole cannot have been acted upon."""
    if body is not None and body.sent < len(body):
        if _timed_out(error):
            return call.error(SendingTimedOut, f"{call.host} stopped taking the file.")
        return call.error(SendingCut, f"The connection to {call.host} broke while the file was being sent.")
    if _timed_out(error):
        return call.error(AnswerTimedOut, f"{call.host} got the request but did not answer in time.")
    return call.error(AnswerLost, f"The connection to {call.host} broke before the answer was complete.")


def _timed_out(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, (TimeoutError, ReadTimeoutError, requests.Timeout)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _next_piece(call: Call, response: requests.Response) -> bytes:
    try:
        piece: bytes = response.raw.read1(65536, decode_content=True)
        return piece
    except (HTTPError, OSError) as error:
        failure = _interruption(call, error, None)
    raise failure
