"""HTML as Canvas keeps it."""

import html
import re

_ACTIVE = re.compile(r"<(script|style|iframe|object)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HANDLERS = re.compile(r"\s(?:on\w+|style)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_SCRIPT_LINK = re.compile(r"((?:href|src)\s*=\s*[\"']?)\s*javascript:[^\"'\s>]*", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def safe_html(text: str) -> str:
    """Without scripts, frames and handlers; marks of structure and emphasis stay."""
    return _SCRIPT_LINK.sub(r"\1", _HANDLERS.sub("", _ACTIVE.sub("", text)))


def plain_text(text: str) -> str:
    """Without any tags, for names."""
    return html.unescape(_TAG.sub("", _ACTIVE.sub("", text))).strip()
