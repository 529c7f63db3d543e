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
from imports.models import Forecast, ImportRun, Watch
from imports.options import term_name

_MOST_PLACES = 30
_SHOWN_EFFECTS = ("new", "changed", "unchanged", "restored", "concluded", "deactivated", "deleted")
# Filters of a list, by the column of the same name.
FILTERS = ("kind", "effect", "term", "account", "course", "stays")


def terms_of(canvas_account: CanvasAccount) -> list[dict[str, Any]]:
    """The terms that Canvas lists, as far as they have been fetched: id, name, sis_term_id."""
    return Watch.objects.filter(canvas_account=canvas_account).values_list("terms", flat=True).first() or []


def term_of(run: ImportRun) -> str:
    """The term of a full batch for one term, as people call it; empty where there is none or it is not listed."""
    wanted = run.options.get("batch_mode_term_id")
    listed = terms_of(run.canvas_account) if wanted else []
    return next((term_name(term) for term in listed if str(term["id"]) == wanted), "")


@dataclass(frozen=True)
class ShownForecast:
    """One forecast that is ready."""

    forecast: Forecast

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """Each with its numbers per effect, in the order in which they are shown."""
        return [
            {**line, "effects": [(effect, line[effect]) for effect in _SHOWN_EFFECTS]}
            for line in self.forecast.figures["kinds"]
        ]

    @property
    def storms(self) -> list[dict[str, Any]]:
        """Each with its sentence."""
        return [
            {**storm, "sentence": STORMS[storm["sort"]].format(**storm)} for storm in self.forecast.figures["storms"]
        ]

    @property
    def places(self) -> list[dict[str, Any]]:
        """The terms and departments where most is removed."""
        return list(self.forecast.figures["places"][:_MOST_PLACES])

    @property
    def losses(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Per department, by its name where one is known, the courses that most people would lose."""
        figures = self.forecast.figures
        names = {place["account"]: place["account_name"] or place["account"] for place in figures["places"]}
        by_account = groupby(figures["losses"]["largest"], key=lambda one: str(one["account"]))
        return [(names.get(account, account), list(courses)) for account, courses in by_account]

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
