"""Connections that know two things which requests does not tell: whether they stood, and whom they reached.

Everything that fails inside `connect` happened before the request: it is raised as NotConnected, which neither
urllib3 nor requests wraps. Whatever fails later may have reached Canvas.
"""

import ssl
from socket import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, SSLError

from canvas.policy import NetworkPolicy

# What http.client asks of a body at a time: large enough to keep up with curl, small enough that a slow line gets
# one piece out before the time-out for sending, which counts per piece.
PIECE = 256 * 1024


class NotConnected(Exception):
    """No connection was made, so nothing was sent; the text is the reason, as the end of a sentence."""


class _Guarded(HTTPConnection):
    """Connects only where the policy allows."""

    policy: NetworkPolicy
    send_timeout: float

    def connect(self) -> None:
        try:
            super().connect()
        except (HTTPError, OSError) as error:
            reason = _reason(error)
        else:
            self.sock.settimeout(self.send_timeout)
            return
        raise NotConnected(reason)

    # connect() calls this before TLS begins.
    def _new_conn(self) -> socket:
        sock = super()._new_conn()
        try:
            self.policy.check_peer(self.host, sock.getpeername()[0])
        except BaseException:
            sock.close()
            raise
        return sock


class GuardedAdapter(HTTPAdapter):
    """A requests adapter whose connections obey a NetworkPolicy. send_timeout: seconds for PIECE bytes of a body."""

    def __init__(self, policy: NetworkPolicy, *, send_timeout: float) -> None:
        self._policy = policy
        self._send_timeout = send_timeout
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, blocksize=PIECE, **kwargs)

        class PlainConnection(_Guarded):
            policy = self._policy
            send_timeout = self._send_timeout

        class TlsConnection(_Guarded, HTTPSConnection):
            policy = self._policy
            send_timeout = self._send_timeout

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = PlainConnection

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = TlsConnection

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}


def _reason(error: Exception) -> str:
    if isinstance(error, NameResolutionError):
        return "the name is not known"
    # urllib3's NewConnectionError is also one of its time-outs, and wraps the real reason.
    if isinstance(error, NewConnectionError):
        refused = isinstance(error.__cause__, ConnectionRefusedError)
        return "the connection was refused" if refused else "no connection could be made"
    if isinstance(error, (ConnectTimeoutError, TimeoutError)):
        return "it does not answer"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not valid"
    if isinstance(error, (ssl.SSLError, SSLError)):
        return "no secure connection could be agreed"
    return "the connection broke at once"
