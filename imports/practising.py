"""Playing an upload through on a practice Canvas: filled with the last known state first, then sent the very bytes.

Speaks to Canvas and to files, knows no database.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from canvas.errors import CanvasError
from canvas.practice import PracticeClient
from canvas.records import SisImportError
from imports.kinds.base import Heard
from imports.kinds.sis import SisKind, said
from imports.known.cleanup import DEFAULT_TERM, terms_of
from imports.known.exporting import ACTS, Exported, export
from imports.known.refusals import refuses
from imports.known.state import copied
from imports.patterns import pattern_of
from imports.phases import SUCCESSES, Phase

GATHERING, FILLING, IMPORTING, READING = "gathering", "filling", "importing", "reading"
# Where an upload gets more messages than these, the newest are read and the rest only counted.
MOST_MESSAGES = 100_000
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0

# (stage, percent of it): called often; may raise whatever is to end the play.
Tell = Callable[[str, float], None]


class NotPlayable(Exception):
    """The upload cannot be rehearsed; the message says why."""


@dataclass(frozen=True)
class Package:
    """Bytes as they are sent, under the name that they are sent under."""

    path: Path
    name: str


@dataclass(frozen=True)
class Script:
    """What is to be played. `terms` and `roles` as the real site lists them; `base` is what Canvas would compare with.

    `folder` is for files that are needed meanwhile.
    """

    known: Path
    folder: Path
    package: Package
    options: Mapping[str, Any]
    marker: int | None
    terms: Sequence[Mapping[str, Any]] = ()
    base: Package | None = None
    data_set: str = ""
    roles: Sequence[Mapping[str, Any]] = ()

    @property
    def role_names(self) -> dict[str, str]:
        """By the real site's numbers, which mean nothing on another."""
        return {str(role["id"]): str(role["name"]) for role in self.roles}


def play(script: Script, canvas: PracticeClient, tell: Tell, *, messages: Path) -> dict[str, Any]:
    """What the practice Canvas made of the upload, ready for JSON; its messages go into the SQLite file `messages`.

    Raises `NotPlayable`, `CanvasError`, `OSError` of the files, and what `tell` raises.
    """
    return _Play(script, canvas, tell).run(messages)


class _Play:
    def __init__(self, script: Script, canvas: PracticeClient, tell: Tell) -> None:
        self._script = script
        self._canvas = canvas
        self._tell = tell
        self._sis = SisKind()
        self._options = dict(script.options)

    def run(self, messages: Path) -> dict[str, Any]:
        self._meet()
        self._make_roles()
        fills = self._gather()
        self._give_base()
        not_put = self._fill(fills)
        heard = self._import(
            self._script.package, self._options, lambda percent: self._tell(IMPORTING, percent), self._script.marker
        )
        read = self._read(heard, messages)
        return {
            "state": heard.canvas_state,
            "outcome": heard.outcome,
            "counts": heard.counts,
            "statistics": heard.statistics,
            "filled": sum(fill.rows for fill in fills),
            "not_put": not_put,
            **read,
        }

    def _meet(self) -> None:
        """Nothing is sent to a Canvas that is no practice Canvas."""
        try:
            self._canvas.remove()
            self._canvas.hurry()
        except CanvasError as error:
            raise NotPlayable(f"The practice Canvas cannot be used. {error}") from error

    def _make_roles(self) -> None:
        """The institution's own; those that every Canvas has are there."""
        for role in self._script.roles:
            if role["name"] not in _BUILT_IN:
                self._canvas.make_role(role["name"], role["base_role_type"])

    def _gather(self) -> list[Exported]:
        """The imports that bring the site to the last known state."""
        self._tell(GATHERING, 0)
        script = self._script
        with copied(script.known, script.folder / "known.sqlite3") as state:
            state.learn_terms(script.terms)
            self._settle_term(state.db)
            fills = []
            for number, fill in enumerate(export(state.db, script.folder, role_names=script.role_names), 1):
                self._tell(GATHERING, 100 * number / len(ACTS))
                fills.append(fill)
            return fills

    def _settle_term(self, db: sqlite3.Connection) -> None:
        """The real site's number of a term means nothing here: it gets the term's SIS id instead."""
        if "batch_mode" not in self._options:
            return
        terms = terms_of(db, 0, self._options, self._script.terms)
        if not terms:
            raise NotPlayable("Easel cannot tell which term the full batch is about: it has no SIS id.")
        term = "default" if terms[0] == DEFAULT_TERM else f"sis_term_id:{terms[0]}"
        self._options["batch_mode_term_id"] = term

    def _give_base(self) -> None:
        """The upload that Canvas compares a data set with comes first, so that what is known lies over it."""
        script = self._script
        if script.base is None:
            return
        data_set = {"diffing_data_set_identifier": script.data_set}
        heard = self._import(script.base, data_set, lambda _: self._tell(FILLING, 0))
        if heard.outcome not in SUCCESSES:
            raise NotPlayable(f"What Canvas compares the data set with ended there as {heard.canvas_state}.")

    def _fill(self, fills: Sequence[Exported]) -> int:
        """Returns how many rows of the known state the practice Canvas would not take."""
        everything = sum(fill.rows for fill in fills)
        done = not_put = 0
        for fill in fills:
            not_put += self._fill_with(fill, partial(self._tell_filled, everything, done, fill.rows))
            done += fill.rows
        return not_put

    def _tell_filled(self, everything: int, done: int, rows: int, percent: float) -> None:
        self._tell(FILLING, 100 * (done + rows * percent / 100) / everything)

    def _fill_with(self, fill: Exported, tell: Callable[[float], None]) -> int:
        heard = self._import(Package(fill.path, fill.path.name), _TAKE_OVER, tell)
        if heard.outcome not in SUCCESSES:
            raise NotPlayable(f"The known state could not be put there: that import ended as {heard.canvas_state}.")
        fill.path.unlink()
        return sum(refuses(message.message) for message in self._newest(heard, lambda _: tell(100)))

    def _newest(self, heard: Heard, tell: Callable[[int], None]) -> Iterator[SisImportError]:
        """The messages of an import; `tell` is called now and then with how many were read."""
        messages = islice(self._canvas.sis_import_errors(heard.canvas_id), MOST_MESSAGES)
        for number, message in enumerate(messages):
            if number % 100 == 0:
                tell(number)
            yield message

    def _import(
        self, package: Package, options: Mapping[str, Any], tell: Callable[[float], None], marker: int | None = None
    ) -> Heard:
        """Send one package and follow it to its end."""
        heard = self._sis.send(
            self._canvas,
            path=package.path,
            filename=package.name,
            options=options,
            marker=marker,
            on_progress=lambda _sent, _all: tell(0),
        )
        pause = _FIRST_PAUSE
        while heard.phase != Phase.FINISHED:
            time.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 1.5)
            heard = self._sis.read(self._canvas, heard.canvas_id)
            tell(float(heard.progress or 0))
        return heard

    def _read(self, heard: Heard, path: Path) -> dict[str, Any]:
        """All messages of the upload, into the file; and how many there are of which pattern."""
        self._tell(READING, 0)
        everything = heard.warning_count + heard.error_count
        newest = self._newest(heard, lambda number: self._tell(READING, min(100.0, 100 * number / max(everything, 1))))
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as db, db:
            db.execute(_MESSAGES)
            db.executemany("INSERT INTO messages VALUES (NULL, ?, ?, ?, ?, ?, ?)", map(_line, newest))
            patterns = [dict(zip(_PATTERN, row, strict=True)) for row in db.execute(_PATTERNS)]
            read = int(db.execute("SELECT count(*) FROM messages").fetchone()[0])
        return {"messages": max(everything, read), "messages_read": read, "patterns": patterns}


def _line(message: SisImportError) -> tuple[object, ...]:
    ours = said(message)
    return ours.is_error, ours.file, ours.row, ours.text, ours.row_content, pattern_of(ours.text)


_BUILT_IN = {
    "AccountAdmin",
    "StudentEnrollment",
    "TeacherEnrollment",
    "TaEnrollment",
    "DesignerEnrollment",
    "ObserverEnrollment",
}
# A login that an older upload gave to a former id goes over to the id that is known now.
_TAKE_OVER = {"update_sis_id_if_login_claimed": True}
# Canvas tells the newest first, so that the highest number is the first message.
_MESSAGES = (
    "CREATE TABLE messages (id INTEGER PRIMARY KEY, is_error INTEGER, file TEXT, row INTEGER, text TEXT, "
    "row_content TEXT, pattern TEXT)"
)
_PATTERN = ("pattern", "is_error", "count")
_PATTERNS = "SELECT pattern, max(is_error), count(*) FROM messages GROUP BY pattern ORDER BY 3 DESC, 1 LIMIT 50"
