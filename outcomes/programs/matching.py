"""Which outcomes of different courses are the same one. Pure.

By Canvas's id first. Outcomes of different ids are the same where they carry the same vendor_guid, as copies of an
outcome do. An outcome whose guid changed between two readings has, for all of them, the one that was read last.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from outcomes.outcome.measured import MeasuredOutcome


@dataclass(frozen=True, slots=True)
class SharedOutcome:
    """One outcome over all courses. `key` is its smallest Canvas id; `paths` are those of its groups, in any course.

    What it says of itself is from the course that was read last.
    """

    key: int
    ids: tuple[int, ...]
    guid: str
    name: str
    title: str
    paths: tuple[tuple[str, ...], ...] = ()

    def is_same(self, other: "SharedOutcome") -> bool:
        """Also where one of both is from an earlier time."""
        return bool(set(self.ids) & set(other.ids)) or bool(self.guid and self.guid == other.guid)

    def as_json(self) -> list[Any]:
        return [self.key, self.ids, self.guid, self.name, self.title, self.paths]

    @classmethod
    def from_json(cls, document: Any) -> Self:
        key, ids, guid, name, title, paths = document
        return cls(key, tuple(ids), guid, name, title, tuple(tuple(path) for path in paths))


def shared(courses: Iterable[Iterable[MeasuredOutcome]]) -> list[SharedOutcome]:
    """The outcomes of courses, each once, by title. Courses from the one that was read first to the last."""
    newest: dict[int, MeasuredOutcome] = {}
    paths: dict[int, dict[tuple[str, ...], None]] = {}
    for course in courses:
        for outcome in course:
            newest[outcome.id] = outcome
            paths.setdefault(outcome.id, {})[outcome.path] = None
    by_guid: dict[str, list[int]] = {}
    for number, outcome in newest.items():
        by_guid.setdefault(outcome.vendor_guid or f"\0{number}", []).append(number)
    found = (_shared(ids, newest, paths) for ids in by_guid.values())
    return sorted(found, key=lambda one: (one.title.casefold(), one.key))


def _shared(
    ids: list[int], newest: Mapping[int, MeasuredOutcome], paths: Mapping[int, Mapping[tuple[str, ...], None]]
) -> SharedOutcome:
    speaker = newest[ids[-1]]
    return SharedOutcome(
        key=min(ids),
        ids=tuple(sorted(ids)),
        guid=speaker.vendor_guid,
        name=speaker.name,
        title=speaker.title,
        paths=tuple(sorted({path for number in ids for path in paths[number]})),
    )


def groups(outcomes: Iterable[SharedOutcome]) -> list[tuple[str, ...]]:
    """Paths of all groups in which the outcomes stand, and of those above, in order."""
    return sorted({prefix for outcome in outcomes for path in outcome.paths for prefix in _prefixes(path)})


def _prefixes(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for length in range(1, len(path) + 1):
        yield path[:length]
