"""Messages of one run: filtered, paged by key, and the patterns that occur most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from imports.models import ImportRun, Message

PAGE = 50
_MOST_PATTERNS = 6


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages in Canvas's order. `newer` leads back towards the first, `older` onward; empty at the ends."""

    messages: Sequence[Message]
    newer: str
    older: str


def messages_of(run: ImportRun, wanted: Mapping[str, Any]) -> QuerySet[Message]:
    """The run's messages, narrowed by what `MessageFilter` has cleaned."""
    messages = run.messages.all()
    if wanted.get("severity"):
        messages = messages.filter(severity=wanted["severity"])
    if wanted.get("file"):
        messages = messages.filter(file=wanted["file"])
    if wanted.get("pattern"):
        messages = messages.filter(pattern_id=wanted["pattern"])
    if wanted.get("text"):
        messages = messages.filter(text__icontains=wanted["text"])
    return messages


def page(messages: QuerySet[Message], *, before: str = "", after: str = "") -> Page:
    """Fifty messages behind the cursor `before`, or ahead of `after`; without either, the first."""
    if after.isdecimal():
        found = list(messages.filter(pk__lt=int(after)).order_by("-pk")[: PAGE + 1])
        shown = found[:PAGE][::-1]
        return Page(shown, _key(shown, 0, len(found) > PAGE), _key(shown, -1, bool(shown)))
    if before.isdecimal():
        messages = messages.filter(pk__gt=int(before))
    found = list(messages.order_by("pk")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, _key(shown, 0, before.isdecimal()), _key(shown, -1, len(found) > PAGE))


def _key(messages: Sequence[Message], index: int, wanted: bool) -> str:
    return str(messages[index].pk) if wanted and messages else ""


def files_of(run: ImportRun) -> list[str]:
    """The files that messages name; the empty one, for those about the whole import, left out."""
    return list(run.messages.exclude(file="").order_by("file").values_list("file", flat=True).distinct())


def patterns_of(run: ImportRun) -> list[dict[str, Any]]:
    """The commonest patterns of those that occur more than once: `pattern` (its id), `pattern__text` and `count`."""
    counted = run.messages.values("pattern", "pattern__text").annotate(count=Count("pk")).filter(count__gt=1)
    return list(counted.order_by("-count", "pattern")[:_MOST_PATTERNS])
