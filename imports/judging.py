"""Is a forecast over a limit? Pure: figures of a forecast and limits in, sentences out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

# The only limit before there is a history, and for kinds without one: (kind, scope, percent, never below).
DEFAULTS = (
    ("user", "account", 5, 20),
    ("course", "account", 10, 5),
    ("section", "account", 10, 10),
    ("enrollment", "account", 10, 50),
    ("course", "department", 30, 5),
    ("enrollment", "department", 30, 50),
    ("enrollment", "term", 30, 50),
)
# Fewer people or courses than that are mended, not mixed up.
_STORM = 5
STORMS = {
    "same_users": "{count} of {of} new users have the names of users who are there under other ids",
    "same_courses": "{count} of {of} new courses have the names of courses that are there under other ids",
    "swapped_ids": "{count} pairs of users swap their names",
    "moved_logins": "{count} logins move from one user to another",
    "course_id_pattern": "{count} of {of} new course ids follow a pattern that no course had before",
}


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit. `place` empty: each term or department but those of `besides`, or the account.

    `unit` is percent or rows.
    """

    kind: str
    scope: str
    most: int
    unit: str = "percent"
    place: str = ""
    floor: int = 0
    besides: frozenset[str] = frozenset()

    def is_exceeded(self, removed: int, live: int) -> bool:
        """Strictly more than the limit, and not fewer than the floor."""
        if removed < max(self.floor, 1):
            return False
        return removed > self.most if self.unit == "rows" else 100 * removed > self.most * max(live, 1)


def default_bounds() -> list[Bound]:
    return [Bound(kind, scope, most, floor=floor) for kind, scope, most, floor in DEFAULTS]


def in_force(own: Sequence[Bound]) -> list[Bound]:
    """An account's own limits, and the defaults for each kind and scope that it has no general one for.

    A limit for one place takes over there, and there alone: every other place keeps what stands for each.
    """
    standing = [*own, *defaults_beside(own)]
    return [bound if bound.place else replace(bound, besides=_places_of(own, bound)) for bound in standing]


def defaults_beside(own: Iterable[Bound]) -> list[Bound]:
    """The defaults that an account's own limits leave in force."""
    general = {(bound.kind, bound.scope) for bound in own if not bound.place}
    return [bound for bound in default_bounds() if (bound.kind, bound.scope) not in general]


def _places_of(own: Iterable[Bound], general: Bound) -> frozenset[str]:
    """The places with a limit of their own for the same kind and scope."""
    same = (bound for bound in own if (bound.kind, bound.scope) == (general.kind, general.scope))
    return frozenset(bound.place for bound in same if bound.place)


def over(figures: Mapping[str, Any], bounds: Iterable[Bound]) -> list[str]:
    """One sentence for each limit that the forecast is over, and for each danger that no limit measures."""
    told = [sentence for bound in bounds for sentence in _over(figures, bound)]
    return [*told, *_empty_files(figures), *_untold_clean_up(figures), *_storms(figures)]


def _over(figures: Mapping[str, Any], bound: Bound) -> Iterator[str]:
    for place, removed, live in _measured(figures, bound):
        if bound.is_exceeded(removed, live):
            yield _sentence(bound, place, removed, live)


def _sentence(bound: Bound, place: str, removed: int, live: int) -> str:
    nameless = {"account": "", "term": " in the default term", "department": " in the root account"}[bound.scope]
    where = f" in {bound.scope} {place}" if place else nameless
    share = f" ({100 * removed / live:.1f} % of {live:,})" if live else ""
    most = f"{bound.most} %" if bound.unit == "percent" else f"{bound.most:,}"
    kind = bound.kind if removed == 1 else f"{bound.kind}s"
    return f"It removes {removed:,} {kind}{share}{where}; the limit is {most}."


def _measured(figures: Mapping[str, Any], bound: Bound) -> Iterator[tuple[str, int, int]]:
    """(place, removed, alive before)"""
    if bound.scope == "account":
        yield from (("", line["removed"], line["live"]) for line in figures["kinds"] if line["kind"] == bound.kind)
        return
    by = {"term": "term", "department": "account"}[bound.scope]
    removed = _sums(figures["places"], bound.kind, by, "removed")
    live = _sums(figures["totals"], bound.kind, by, "live")
    for place, count in removed.items():
        if place == bound.place or not (bound.place or place in bound.besides):
            yield place, count, live.get(place, 0)


def _sums(lines: Sequence[Mapping[str, Any]], kind: str, by: str, of: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in lines:
        if line["kind"] == kind:
            sums[line[by]] = sums.get(line[by], 0) + line[of]
    return sums


def _untold_clean_up(figures: Mapping[str, Any]) -> Iterator[str]:
    """Nothing is counted of what such a batch removes, so no limit would ever be over."""
    clean_up = figures["clean_up"]
    if clean_up and not clean_up["stopped_by"] and clean_up.get("terms") == []:
        yield "It is a full batch for a term that Easel does not know: what it removes cannot be counted."


def _empty_files(figures: Mapping[str, Any]) -> Iterator[str]:
    """Whatever Easel knows of: a header alone removes everything of its kind from the term."""
    clean_up = figures["clean_up"]
    if clean_up and not clean_up["stopped_by"]:
        for kind in clean_up["empty"]:
            yield f"A file of {kind}s without rows in a full batch removes all of them from the term."


def _storms(figures: Mapping[str, Any]) -> Iterator[str]:
    for storm in figures["storms"]:
        if storm["count"] >= _STORM:
            yield f"{STORMS[storm['sort']].format(**storm)}."
