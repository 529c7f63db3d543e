"""A course's rollups as a sheet: students down, outcomes across, numpy in between. Pure.

Nothing has three kinds here as in Canvas: no result at all (`counts` 0), results that do not make a score yet
(`counts` above 0, score NaN), and the score 0.
"""

import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from canvas.result_records import LinkedUser, Rollup
from outcomes.outcome.measured import MeasuredOutcome

Scores = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]
Rows = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

_HIDDEN = {None: -1, False: 0, True: 1}


@dataclass(frozen=True, slots=True)
class Student:
    """A student with the places held in the course: (section, state of the enrollment), Canvas's words for states."""

    id: int
    name: str = field(repr=False)
    sortable_name: str = field(repr=False)
    sis_id: str = field(default="", repr=False)
    login_id: str = field(default="", repr=False)
    places: tuple[tuple[int, str], ...] = ()

    @property
    def name_key(self) -> tuple[str, int]:
        """Sorts as people read: accents and case do not count."""
        return plain(self.sortable_name), self.id


def plain(text: str) -> str:
    """A text as one searches for it: without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


@dataclass(frozen=True)
class Sheet:
    """`scores` and `counts` are students x outcomes; `times` are seconds since 1970 of the latest result, 0 for none.

    `hides_points` says per cell whether points are not to be shown: -1 where Canvas does not say.
    """

    outcomes: tuple[MeasuredOutcome, ...]
    students: tuple[Student, ...]
    scores: Scores
    counts: Counts
    times: npt.NDArray[np.int64]
    hides_points: npt.NDArray[np.int8]

    @classmethod
    def of_rollups(
        cls, outcomes: Sequence[MeasuredOutcome], users: Iterable[LinkedUser], rollups: Iterable[Rollup]
    ) -> Self:
        """From one page of Canvas's answer. Raises KeyError for a score of an outcome that is not among `outcomes`."""
        rows: dict[int, list[Rollup]] = {}
        for rollup in rollups:
            if rollup.user_id is not None:
                rows.setdefault(rollup.user_id, []).append(rollup)
        students = tuple(_student(user, rows.get(user.id, [])) for user in users)
        sheet = cls.blank(outcomes, students)
        columns = {outcome.id: place for place, outcome in enumerate(outcomes)}
        for place, student in enumerate(students):
            for score in rows[student.id][0].scores if student.id in rows else ():
                column = columns[score.outcome_id]
                sheet.scores[place, column] = np.nan if score.score is None else score.score
                sheet.counts[place, column] = score.count
                sheet.times[place, column] = int(score.submitted_at.timestamp()) if score.submitted_at else 0
                sheet.hides_points[place, column] = _HIDDEN[score.hide_points]
        return sheet

    @classmethod
    def blank(cls, outcomes: Sequence[MeasuredOutcome], students: Sequence[Student]) -> Self:
        """Nobody has a result yet."""
        shape = (len(students), len(outcomes))
        return cls(
            tuple(outcomes),
            tuple(students),
            np.full(shape, np.nan),
            np.zeros(shape, np.int32),
            np.zeros(shape, np.int64),
            np.full(shape, -1, np.int8),
        )

    @classmethod
    def joined(cls, outcomes: Sequence[MeasuredOutcome], pages: Iterable[bytes]) -> Self:
        """Of packed pages, in their order."""
        sheets = [unpacked(outcomes, page) for page in pages]
        if not sheets:
            return cls.blank(outcomes, ())
        return cls(
            tuple(outcomes),
            tuple(student for sheet in sheets for student in sheet.students),
            np.concatenate([sheet.scores for sheet in sheets]),
            np.concatenate([sheet.counts for sheet in sheets]),
            np.concatenate([sheet.times for sheet in sheets]),
            np.concatenate([sheet.hides_points for sheet in sheets]),
        )

    def packed(self) -> bytes:
        """As kept in the database; the outcomes are kept elsewhere."""
        people = [
            [one.id, one.name, one.sortable_name, one.sis_id, one.login_id, [list(place) for place in one.places]]
            for one in self.students
        ]
        file = io.BytesIO()
        np.savez_compressed(
            file,
            people=np.frombuffer(json.dumps(people).encode(), np.uint8),
            scores=self.scores,
            counts=self.counts,
            times=self.times,
            hides_points=self.hides_points,
        )
        return file.getvalue()

    def column(self, outcome_id: int) -> int | None:
        """The place of an outcome; None where the course does not have it."""
        return next((place for place, outcome in enumerate(self.outcomes) if outcome.id == outcome_id), None)

    def with_columns(self, places: Sequence[int]) -> Self:
        """Only the outcomes at these places, in this order; students stay as they are."""
        columns = np.array(places, np.intp)
        return type(self)(
            tuple(self.outcomes[place] for place in places),
            self.students,
            self.scores[:, columns],
            self.counts[:, columns],
            self.times[:, columns],
            self.hides_points[:, columns],
        )

    @cached_property
    def name_ranks(self) -> Rows:
        """The place of each student in the order of names."""
        order = sorted(range(len(self.students)), key=lambda place: self.students[place].name_key)
        ranks = np.empty(len(self.students), np.intp)
        ranks[order] = np.arange(len(self.students))
        return ranks

    @property
    def is_reached(self) -> Mask:
        """Which cells hold a score."""
        reached: Mask = ~np.isnan(self.scores)
        return reached


def unpacked(outcomes: Sequence[MeasuredOutcome], page: bytes) -> Sheet:
    with np.load(io.BytesIO(page), allow_pickle=False) as arrays:
        people = json.loads(arrays["people"].tobytes())
        students = tuple(
            Student(number, name, sortable, sis, login, tuple((section, status) for section, status in places))
            for number, name, sortable, sis, login, places in people
        )
        return Sheet(
            tuple(outcomes), students, arrays["scores"], arrays["counts"], arrays["times"], arrays["hides_points"]
        )


def _student(user: LinkedUser, rollups: Sequence[Rollup]) -> Student:
    return Student(
        id=user.id,
        name=user.name,
        sortable_name=user.sortable_name,
        sis_id=user.sis_id or "",
        login_id=user.login_id or "",
        places=tuple((rollup.section_id or 0, rollup.status) for rollup in rollups),
    )
