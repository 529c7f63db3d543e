"""Following Canvas from page to page by its Link header (RFC 8288)."""

import re
from collections.abc import Iterator
from typing import Any

from canvas.errors import Unreadable
from canvas.transport import Parameters, Transport

_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)')
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))', re.IGNORECASE)


def links(header: str) -> dict[str, str]:
    """The addresses of a Link header by relation; what cannot be read is left out."""
    found: dict[str, str] = {}
    for address, attributes in _LINK.findall(header):
        for quoted, plain in _REL.findall(attributes):
            for relation in (quoted or plain).lower().split():
                found.setdefault(relation, address)
    return found


def items(transport: Transport, path: str, params: Parameters, *, key: str) -> Iterator[Any]:
    """The items of all pages, each page fetched when its first item is asked for.

    `key` is the name under which Canvas wraps the list. An empty page ends it, because Canvas offers a next page
    even beyond the last. Raises ForbiddenAddress for a link that leads to another site, Unreadable for one that leads
    back to a page already read, and whatever `Transport.get` raises.
    """
    answer = transport.get(path, params)
    followed: set[str] = set()
    while page := _listed(answer.document, key):
        yield from page
        following = links(answer.link_header).get("next")
        if following is None:
            return
        if following in followed:
            raise Unreadable("Canvas's list leads back to a page that was already read.", method="GET", path=path)
        followed.add(following)
        answer = transport.get(following)


def one_page(transport: Transport, path: str, params: Parameters, *, number: int, key: str) -> tuple[list[Any], bool]:
    """The items of one page, and whether it is the last. For lists that can be gone on with where one stopped."""
    answer = transport.get(path, [*params, ("page", number)])
    listed = _listed(answer.document, key)
    return listed, not listed or "next" not in links(answer.link_header)


def _listed(document: Any, key: str) -> list[Any]:
    listed = document.get(key) if isinstance(document, dict) else document
    if not isinstance(listed, list):
        raise Unreadable(f"Canvas's answer has no list of {key.replace('_', ' ')}.", method="GET")
    return listed
