"""A rehearsal as pages show it, beside the forecast, and its messages."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from imports.forecast.comparing import Line, compare, end_foretold
from imports.models import Forecast, Rehearsal
from imports.phases import Outcome

MESSAGE_COLUMNS = ("severity", "file", "row", "message", "row content")
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Stage:
    """One step on the way. `look` is the class of its dot."""

    label: str
    look: str
    percent: float | None


@dataclass
class ShownRehearsal:
    """One rehearsal and the forecast that it is held against."""

    rehearsal: Rehearsal
    forecast: Forecast

    @property
    def stages(self) -> list[Stage]:
        now = list(Rehearsal.Stage.values).index(self.rehearsal.stage)
        looks = ("is-done", "is-now", "")
        return [
            Stage(
                str(label), looks[(number > now) + (number >= now)], self.rehearsal.percent if number == now else None
            )
            for number, label in enumerate(Rehearsal.Stage.labels)
        ]

    @property
    def ended_as(self) -> str:
        """How the practice Canvas ended it, in our words."""
        return str(Outcome(self.rehearsal.figures["outcome"]).label)

    @cached_property
    def lines(self) -> Sequence[Line]:
        return compare(self._foretold, self.rehearsal.figures)

    @property
    def differences(self) -> int:
        """How many numbers differ."""
        return sum(bool(line.difference) for line in self.lines)

    @property
    def ended_otherwise(self) -> bool:
        """Whether the forecast expects a full batch to be stopped and it was not, or the other way round."""
        if not self._foretold:
            return False
        is_stopped: bool = self.rehearsal.figures["state"] == "aborted"
        return is_stopped != (end_foretold(self._foretold) == "aborted")

    @property
    def agrees(self) -> bool:
        return not self.differences and not self.ended_otherwise

    @property
    def has_forecast(self) -> bool:
        return bool(self._foretold)

    @property
    def _foretold(self) -> dict[str, Any]:
        is_ready = self.forecast.state == Forecast.State.READY
        return self.forecast.figures if is_ready else {}

    @cached_property
    def patterns(self) -> list[dict[str, Any]]:
        """What the messages have in common, the commonest first, each with a few `examples` while they are kept."""
        examples = self._examples()
        return [{**one, "examples": examples.get(one["pattern"], [])} for one in self.rehearsal.figures["patterns"]]

    def _examples(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        if self.rehearsal.path.exists():
            with closing(_opened(self.rehearsal)) as db:
                for pattern, *example in db.execute(_SOME):
                    found.setdefault(pattern, []).append(dict(zip(("file", "row", "text"), example, strict=True)))
        return found


_SOME = f"""
SELECT pattern, file, row, text FROM (
  SELECT *, row_number() OVER (PARTITION BY pattern ORDER BY id DESC) AS number FROM messages)
WHERE number <= {_EXAMPLES} ORDER BY id DESC
"""  # noqa: S608  # a number of ours


def rehearsal_of(forecast: Forecast) -> ShownRehearsal | None:
    """That of the same upload with the same options."""
    found = Rehearsal.objects.filter(upload=forecast.upload, options_hash=forecast.options_hash).first()
    return ShownRehearsal(found, forecast) if found else None


def messages_of(rehearsal: Rehearsal) -> Iterator[tuple[object, ...]]:
    """Lines of `MESSAGE_COLUMNS`, in Canvas's order. Raises `OSError` when the file is gone."""
    if not rehearsal.path.exists():
        raise FileNotFoundError(rehearsal.path.name)
    query = (
        "SELECT CASE WHEN is_error THEN 'error' ELSE 'warning' END, file, row, text, row_content FROM messages "
        "ORDER BY id DESC"
    )
    with closing(_opened(rehearsal)) as db:
        yield from db.execute(query)


def _opened(rehearsal: Rehearsal) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{rehearsal.path}?mode=ro", uri=True)
