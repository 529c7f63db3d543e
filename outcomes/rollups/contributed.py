"""The results behind one outcome's rollups: which thing gave which student which score, and when. Pure."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from canvas.result_records import ContributingScores, OutcomeResult


@dataclass(frozen=True, slots=True)
class Thing:
    """What gave scores, an assignment for instance; `url` is Canvas's page of it, empty where that is no address."""

    name: str
    sort: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """`time` are seconds since 1970, 0 where nobody knows. `score` is as given, on the scale of the thing."""

    thing: Thing
    score: float | None
    time: int


@dataclass(frozen=True)
class Contributed:
    """`scores` are (place of the thing, score, time) by student."""

    things: tuple[Thing, ...]
    scores: dict[int, list[tuple[int, float | None, int]]] = field(repr=False)

    @classmethod
    def of_scores(cls, told: ContributingScores) -> Self:
        """From the endpoint that newer sites have."""
        things = tuple(Thing(one.name, one.asset[0], _web(one.url)) for one in told.things)
        places = {one.id: place for place, one in enumerate(told.things)}
        scores: dict[int, list[tuple[int, float | None, int]]] = {}
        for score in told.scores:
            if score.alignment_id in places:
                line = (places[score.alignment_id], score.score, _seconds(score.submitted_or_assessed_at))
                scores.setdefault(score.user_id, []).append(line)
        return cls(things, scores)

    @classmethod
    def of_results(cls, results: Iterable[OutcomeResult], names: Mapping[str, str]) -> Self:
        """From single results, as every site tells them; `names` are those of things such as `assignment_12`."""
        places: dict[str, int] = {}
        scores: dict[int, list[tuple[int, float | None, int]]] = {}
        for result in results:
            place = places.setdefault(result.alignment, len(places))
            line = (place, result.score, _seconds(result.submitted_or_assessed_at))
            scores.setdefault(result.user_id, []).append(line)
        return cls(tuple(Thing(names.get(asset, asset)) for asset in places), scores)

    def of_student(self, user_id: int) -> list[Contribution]:
        """Newest first."""
        lines = [Contribution(self.things[place], score, time) for place, score, time in self.scores.get(user_id, [])]
        return sorted(lines, key=lambda line: -line.time)

    def packed(self) -> bytes:
        """As kept in the database."""
        things = [[one.name, one.sort, one.url] for one in self.things]
        return zlib.compress(json.dumps([things, self.scores]).encode())

    @classmethod
    def unpacked(cls, content: bytes) -> Self:
        things, scores = json.loads(zlib.decompress(content))
        return cls(tuple(Thing(*one) for one in things), {int(user): _lines(lines) for user, lines in scores.items()})


def _lines(lines: list[list[Any]]) -> list[tuple[int, float | None, int]]:
    return [(int(place), score, int(time)) for place, score, time in lines]


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _web(url: str) -> str:
    """An address ends up in a link: nothing but pages of the web."""
    return url if url.startswith(("https://", "http://")) else ""
