"""A forecast as pages show it, and the lists behind its numbers."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from accounts.models import CanvasAccount
from imports.forecast.effects import COLUMNS, REMOVALS
from imports.judging import STORMS
from imports.models import Forecast, Watch

_MOST_PLACES = 30
# Filters of a list, by the column of the same name.
FILTERS = ("kind", "effect", "term", "account", "course")


def terms_of(canvas_account: CanvasAccount) -> list[dict[str, Any]]:
    """The terms that Canvas lists, as far as they have been fetched."""
    watch = Watch.objects.filter(canvas_account=canvas_account).first()
    return watch.terms if watch else []


@dataclass(frozen=True)
class ShownForecast:
    """One forecast that is ready."""

    forecast: Forecast

    @property
    def kinds(self) -> list[dict[str, Any]]:
        return list(self.forecast.figures["kinds"])

    @property
    def removes(self) -> bool:
        return any(line["removed"] for line in self.kinds)

    @property
    def storms(self) -> list[dict[str, Any]]:
        """Each with its sentence."""
        return [
            {**storm, "sentence": STORMS[storm["sort"]].format(**storm)} for storm in self.forecast.figures["storms"]
        ]

    @property
    def places(self) -> list[dict[str, Any]]:
        """The terms and departments where most changes."""
        return list(self.forecast.figures["places"][:_MOST_PLACES])

    @property
    def losses(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Per department, the courses that people would lose."""
        largest = self.forecast.figures["losses"]["largest"]
        return [(account, list(courses)) for account, courses in groupby(largest, key=lambda one: str(one["account"]))]

    @property
    def in_doubt(self) -> int:
        return sum(line["in_doubt"] for line in self.kinds)


def effects(forecast: Forecast, wanted: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The lines of a list, in the columns of `COLUMNS`; `wanted` narrows it by what is in `FILTERS`.

    The effect `removed` stands for all that take something away. Raises `OSError` when the file is gone.
    """
    if not forecast.path.exists():
        raise FileNotFoundError(forecast.path.name)
    tests: list[str] = ["1"]
    values: list[str] = []
    for name in FILTERS:
        if name not in wanted:
            continue
        chosen = REMOVALS if (name, wanted[name]) == ("effect", "removed") else (wanted[name],)
        tests.append(f"{name} IN ({', '.join('?' * len(chosen))})")
        values.extend(chosen)
    query = f"SELECT {', '.join(COLUMNS)} FROM effects WHERE {' AND '.join(tests)} ORDER BY id"  # noqa: S608  # names are constants
    with closing(sqlite3.connect(f"file:{forecast.path}?mode=ro", uri=True)) as db:
        yield from db.execute(query, values)
