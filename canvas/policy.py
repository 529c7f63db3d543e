"""Which addresses Easel may speak to.

Https only and public addresses only, unless the host is in `insecure_hosts`. The scheme is checked before every
request, the address when the connection stands, on the very peer that was reached and before any byte of the request
leaves: a name that changes its address between two look-ups (DNS rebinding) gains nothing. What it does not prevent:
a connection is opened to the refused address and closed again, so that an administrator who may type addresses can
tell which of them listen.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit


class PolicyRefusal(Exception):
    """The policy forbids the address; the text says why in one sentence."""


class NetworkPolicy:
    """The rules for one installation.

    insecure_hosts: host names or literal addresses (no port) that may be spoken to over http and on private networks.
    """

    def __init__(self, insecure_hosts: Iterable[str] = ()) -> None:
        self.insecure_hosts = frozenset(host.lower().strip("[]") for host in insecure_hosts)

    def check_url(self, url: str) -> None:
        """Raises PolicyRefusal unless the scheme is allowed for the host."""
        parts = urlsplit(url)
        if not parts.hostname:
            raise PolicyRefusal("The address names no host.")
        if parts.username is not None or parts.password is not None:
            raise PolicyRefusal("The address must not contain a name or a password.")
        if parts.scheme == "https" or (parts.scheme == "http" and self.trusts(parts.hostname)):
            return
        raise PolicyRefusal(f"{parts.hostname} may only be spoken to over https.")

    def check_peer(self, host: str, address: str) -> None:
        """Raises PolicyRefusal when `host` led to an address that is not public."""
        if not self.trusts(host) and not _is_public(ip_address(address)):
            raise PolicyRefusal(f"{host} leads to a private network address, which is not allowed.")

    def trusts(self, host: str) -> bool:
        return host.lower().strip("[]") in self.insecure_hosts


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_global
    return address.is_global
