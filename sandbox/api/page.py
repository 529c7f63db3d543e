"""The page at `/`: how to use the practice Canvas, and what a site now holds.

The token is asked for by a form and travels in its body: it appears in no address and is not shown again.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from sandbox import batches, objects
from sandbox.http.answers import HTML, Answer
from sandbox.http.calls import Call
from sandbox.site import Site

_TEMPLATE = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
_KINDS = (
    "accounts",
    "terms",
    "courses",
    "sections",
    "users",
    "logins",
    "enrollments",
    "admins",
    "groups",
    "outcomes",
    "outcome_results",
)
_SHOWN = 20


def welcome(call: Call) -> Answer:
    return _page(call, "")


def look(call: Call) -> Answer:
    """The page with one site opened."""
    site = call.sites.get((call.request.param("token") or "").strip())
    if site is None:
        return _page(call, "<p role=alert>A practice token begins with <code>practice-</code>.</p>")
    return _page(call, _held(site) + _imports(call, site) + _requests(call, site))


def _page(call: Call, site: str) -> Answer:
    text = _TEMPLATE.substitute(base=escape(call.request.base), sites=len(call.book), site=site)
    return Answer(200, text.encode(), HTML, (("Cache-Control", "no-store"),))


def _held(site: Site) -> str:
    counts = [(kind, count) for kind in _KINDS if (count := _count(site, kind)) is not None]
    return _table("What this site holds", ("kind", "number"), counts)


def _count(site: Site, kind: str) -> int | None:
    try:
        return objects.listing(site, kind, 0, 0)[1]
    except KeyError:
        return None


def _imports(call: Call, site: Site) -> str:
    found = batches.index(
        site, created_since=None, created_before=None, states=[], offset=0, limit=_SHOWN, base=call.request.base
    )
    rows = [(one["id"], one["created_at"], one["workflow_state"], f"{one['progress']} %") for one in found]
    return _table("Its last imports", ("id", "created", "state", "progress"), rows)


def _requests(call: Call, site: Site) -> str:
    lines = call.book.of(site).lines()[: -_SHOWN - 1 : -1]
    rows = [(line["at"], line["method"], line["path"], line["status"] or "cut", line["bytes"]) for line in lines]
    return _table("Its last requests", ("at", "method", "path", "status", "bytes received"), rows)


def _table(title: str, heads: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    if not rows:
        return f"<h2>{escape(title)}</h2><p>Nothing yet.</p>"
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<h2>{escape(title)}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
