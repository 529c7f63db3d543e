"""Pages of a list, and the `Link` header that leads from one to the next."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from sandbox.http.answers import Stop, not_found
from sandbox.http.requests import Request
from sandbox.ruby import integer

_DEFAULT_SIZE = 10
_LARGEST_SIZE = 100
_LONGEST_HEADER = 6 * 1024
_NEVER_REPEATED = {"access_token", "api_key", "page", "per_page"}
_ORDER = ("current", "next", "prev", "first", "last")
_KEPT_FIRST = ("next", "last", "prev", "current", "first")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was asked for; `number` begins at 1."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


def asked_page(request: Request) -> Page:
    """The page in the parameters. Stops with 404 for a page that is no number, as Canvas does."""
    number = request.param("page") or "1"
    if not re.fullmatch(r"0*[1-9][0-9]{0,12}", number):
        raise Stop(not_found())
    asked = request.param("per_page")
    size = _DEFAULT_SIZE if asked is None else integer(asked)
    return Page(int(number), min(max(size, 1), _LARGEST_SIZE))


def counted_link(request: Request, page: Page, total: int) -> tuple[str, str]:
    """The header for a list whose length is known."""
    return _header(request, page, _counted(page, total))


def page_urls(request: Request, page: Page, total: int) -> tuple[str, dict[str, str]]:
    """For lists that repeat their links in the body: the address with `{page}` for the number, and those of pages."""
    numbers = _counted(page, total)
    template = _address(request, page, 0).replace("page=0&per_page", "page={page}&per_page")
    return template, {rel: _address(request, page, numbers[rel]) for rel in _ORDER if rel in numbers}


def uncounted_link(request: Request, page: Page, shown: int) -> tuple[str, str]:
    """The header for a list that Canvas does not count.

    A full page promises a next one even when nothing follows; so does an empty page behind the first.
    """
    promised = shown == page.size or (shown == 0 and page.number > 1)
    numbers = {"next": page.number + 1} if promised else {"last": page.number}
    return _header(request, page, _behind(page) | numbers)


def _counted(page: Page, total: int) -> dict[str, int]:
    last = max(1, -(-total // page.size))
    numbers = _behind(page) | {"last": last}
    return numbers | {"next": page.number + 1} if page.number < last else numbers


def _behind(page: Page) -> dict[str, int]:
    """The pages that every list can name, however long it is."""
    numbers = {"current": page.number, "first": 1}
    return numbers | {"prev": page.number - 1} if page.number > 1 else numbers


def _address(request: Request, page: Page, number: int) -> str:
    others = [
        (name, value) for name, values in request.query.items() for value in values if name not in _NEVER_REPEATED
    ]
    query = urlencode([*others, ("page", number), ("per_page", page.size)])
    return f"{request.base}{request.path}?{query}"


def _header(request: Request, page: Page, numbers: dict[str, int]) -> tuple[str, str]:
    links = {rel: f'<{_address(request, page, number)}>; rel="{rel}"' for rel, number in numbers.items()}
    for rel in reversed(_KEPT_FIRST):
        if _length(links.values()) > _LONGEST_HEADER:
            links.pop(rel, None)
    return "Link", ",".join(links[rel] for rel in _ORDER if rel in links)


def _length(links: Iterable[str]) -> int:
    return sum(len(link) + 1 for link in links)
