"""A preview of an outcome import as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from imports.models import Forecast
from imports.preview.comparing import STILL
from imports.preview.storing import Stored, children

# So many nodes of one branch are shown at once, and so many in all before branches are left closed.
WINDOW = 100
_OPEN = 150
# What each effect is called, the worst first, with the badge of its colour.
WORDS = {
    "refused": ("row_refused", "refused"),
    "retired": ("aborted", "retired"),
    "kept": ("suspicious", "kept by Canvas"),
    "new": ("new", "new"),
    "changed": ("with_messages", "changed"),
    "moved": ("moved", "moved"),
    "added": ("moved", "added to a group"),
    "withdrawn": ("moved", "taken out of a group"),
    "unchanged": ("still", "unchanged"),
    "untouched": ("still", "not in the file"),
    "elsewhere": ("suspicious", "in another course"),
}


@dataclass
class Shown:
    """One node with what is open below it; `branch` is None for a closed one."""

    node: Stored
    branch: "Branch | None" = None

    @property
    def badge(self) -> str:
        return WORDS[self.node.effect][0]

    @property
    def word(self) -> str:
        return WORDS[self.node.effect][1]


@dataclass
class Branch:
    """Nodes below `parent`; `after` is where the next window begins, 0 at the end."""

    parent: int
    shown: list[Shown] = field(default_factory=list)
    after: int = 0


class _Opening:
    """Opens branches until enough is shown."""

    def __init__(self, forecast: Forecast, *, only_news: bool) -> None:
        self._path = forecast.path
        self._only_news = only_news
        self._left = _OPEN

    def branch(self, parent: int, after: int = 0) -> Branch:
        found = children(self._path, parent, after=after, at_most=WINDOW + 1, only_news=self._only_news)
        nodes = found[:WINDOW]
        self._left -= len(nodes)
        branch = Branch(parent, [Shown(node) for node in nodes], nodes[-1].id if len(found) > WINDOW else 0)
        for shown in branch.shown:
            if shown.node.is_group and shown.node.inside and shown.node.news > 0 and self._left > 0:
                shown.branch = self.branch(shown.node.id)
        return branch


def branch_of(forecast: Forecast, parent: int, *, after: int = 0, only_news: bool = True) -> Branch:
    """A window of the tree. Raises `OSError` when it is no longer kept."""
    return _Opening(forecast, only_news=only_news).branch(parent, after)


@dataclass
class ShownPreview:
    """One preview that is ready."""

    forecast: Forecast
    only_news: bool = True

    @property
    def refused(self) -> str:
        """Why Canvas would read nothing of the file."""
        return str(self.figures.get("refused", ""))

    @property
    def figures(self) -> dict[str, Any]:
        return dict(self.forecast.figures)

    @property
    def counts(self) -> Sequence[tuple[str, str, int, int]]:
        """Badge, word, groups and outcomes, of effects that occur."""
        counted = [(*WORDS[effect], *self._count(effect)) for effect in WORDS]
        return [line for line in counted if line[2] or line[3]]

    def _count(self, effect: str) -> tuple[int, int]:
        counts = self.figures["counts"].get(effect, {})  # one made by an earlier Easel may not have it
        return counts.get("group", 0), counts.get("outcome", 0)

    @property
    def changes_nothing(self) -> bool:
        return not any(any(self._count(effect)) for effect in WORDS if effect not in STILL)

    @cached_property
    def branch(self) -> Branch | None:
        try:
            return branch_of(self.forecast, 0, only_news=self.only_news)
        except OSError:
            return None
