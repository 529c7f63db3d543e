"""The page at `/`: how to use the practice Canvas, and what a site now holds.

The token is asked for by a form and travels in its body: it appears in no address and is not shown again.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from sandbox import batches, objects
from sandbox.http.answers import HTML, Answer
from sandbox.http.calls import Call
from sandbox.site import Site

_TEMPLATE = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
_KINDS = (
    "accounts terms courses sections users logins enrollments admins groups outcome_groups outcomes outcome_results"
).split()
_SHOWN = 20


def welcome(call: Call) -> Answer:
    return _page(call, "")


def look(call: Call) -> Answer:
    """The page with one site opened."""
    site = call.sites.get((call.request.param("token") or "").strip())
    if site is None:
        return _page(call, "<p role=alert>A practice token begins with <code>practice-</code>.</p>")
    return _page(call, _now(site) + _held(site) + _imports(call, site) + _requests(call, site))


def _page(call: Call, site: str) -> Answer:
    text = _TEMPLATE.substitute(base=escape(call.request.base), sites=len(call.book), site=site)
    return Answer(200, text.encode(), HTML, (("Cache-Control", "no-store"),))


def _now(site: Site) -> str:
    return f"<p>At this site it is <b>{_short(site.clock.text())}</b> (UTC).</p>"


def _held(site: Site) -> str:
    rows = [(kind.replace("_", " "), *objects.tally(site, kind)) for kind in _KINDS]
    return _table("What Canvas now holds", ("kind", "in use", "deleted"), [row for row in rows if any(row[1:])])


def _imports(call: Call, site: Site) -> str:
    found = batches.index(
        site, created_since=None, created_before=None, states=[], offset=0, limit=_SHOWN, base=call.request.base
    )
    heads = ("id", "created", "state", "progress", "errors", "warnings", "files")
    return _table("Its last imports", heads, [_import(one) for one in found])


def _import(shown: dict[str, Any]) -> tuple[object, ...]:
    counts = shown["data"].get("counts", {})
    files = ", ".join(file["display_name"] for file in shown.get("csv_attachments", []))
    said = [counts.get(name, "") for name in ("error_count", "warning_count")]
    state = shown["workflow_state"].replace("_", " ")
    return (shown["id"], _short(shown["created_at"]), state, f"{shown['progress']} %", *said, files)


def _requests(call: Call, site: Site) -> str:
    lines = call.book.of(site).lines()[: -_SHOWN - 1 : -1]
    rows = [
        (_short(str(line["at"])), line["method"], line["path"], line["status"] or "cut", line["bytes"])
        for line in lines
    ]
    return _table("Its last requests", ("at", "method", "path", "status", "bytes received"), rows)


def _short(time: str) -> str:
    """A time to the second, for people."""
    return time[:19].replace("T", " ")


def _table(title: str, heads: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    if not rows:
        return f"<h2>{escape(title)}</h2><p>Nothing yet.</p>"
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        f"<h2>{escape(title)}</h2><div class=table tabindex=0 role=region aria-label='{escape(title)}'>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(value: object) -> str:
    return f"<td{' class=number' if isinstance(value, int) else ''}>{escape(str(value))}</td>"
