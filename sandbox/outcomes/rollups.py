"""Rollups: one score per student and outcome, and what a course's students come to together."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sandbox.outcomes import flags, scales
from sandbox.outcomes.calculation import Result, Scale, course_mean, course_median, effective_method, rollup
from sandbox.outcomes.contexts import Context
from sandbox.outcomes.records import Outcome
from sandbox.outcomes.results import Wanted
from sandbox.outcomes.roster import Student

Json = dict[str, Any]

_COLUMNS = (
    "user_id, learning_outcome_id, score, substr(coalesce(submitted_at, assessed_at), 1, 19), percent, possible, "
    "quiz_id, title, hide_points, alignment_id"
)


class Score(NamedTuple):
    """A student's rollup score for one outcome; `contributing` are the alignment and raw score of each result."""

    outcome_id: int
    score: float | None
    title: str | None
    submitted_at: str | None
    results: int
    hide_points: bool | None
    contributing: tuple[tuple[int, str | None, float], ...] = ()

    def as_json(self) -> Json:
        return {
            "score": self.score,
            "title": self.title,
            "submitted_at": self.submitted_at,
            "count": self.results,
            "hide_points": self.hide_points,
            "links": {"outcome": str(self.outcome_id)},
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """How one outcome is scored in a course."""

    method: str
    number: int | None
    scale: Scale


class Rollups:
    """Computes rollups of a course, of as few students and outcomes as are asked for."""

    def __init__(self, db: sqlite3.Connection, wanted: Wanted, outcomes: Iterable[Outcome]) -> None:
        self._db = db
        self._wanted = wanted
        self._rules = rules(db, wanted.course, outcomes)

    def of_students(self, user_ids: Sequence[int] | None = None) -> dict[int, list[Score]]:
        """Scores by student, ascending by outcome; students without any result are absent. None: all students."""
        return self._of(self._wanted if user_ids is None else replace(self._wanted, user_ids=user_ids))

    def of_outcome(self, outcome_id: int) -> dict[int, float | None]:
        """The score of every student for one outcome."""
        found = self._of(replace(self._wanted, outcome_ids=[outcome_id]))
        return {user_id: scores[0].score for user_id, scores in found.items()}

    def _of(self, wanted: Wanted) -> dict[int, list[Score]]:
        found: dict[int, list[Score]] = {}
        for (user_id, outcome_id), rows in groupby(_rows(self._db, wanted), itemgetter(0, 1)):
            found.setdefault(user_id, []).append(_score(outcome_id, list(rows), self._rules[outcome_id]))
        return found


def rules(db: sqlite3.Connection, course: Context, outcomes: Iterable[Outcome]) -> dict[int, Rule]:
    """By outcome: its own scale and method, or under account mastery scales those of the course."""
    new_decaying = flags.is_on(db, "outcomes_new_decaying_average_calculation")
    scale = chosen = None
    if flags.mastery_scales(db):
        resolved = scales.proficiency(db, course)
        scale = Scale(resolved.points_possible, resolved.mastery_points)
        chosen = scales.method(db, course)
    found = {}
    for outcome in outcomes:
        method, number = outcome.calculation_method, outcome.calculation_int
        if chosen:
            method, number = chosen.method, chosen.number
        own = Scale(outcome.scale_points, outcome.criterion.mastery_points)
        found[outcome.id] = Rule(effective_method(method, new_decaying_average=new_decaying), number, scale or own)
    return found


def rollup_json(student: Student, scores: Sequence[Score], section_id: int | None = None) -> Iterator[Json]:
    """One Rollup object per section that the student is in."""
    shown = [score.as_json() for score in scores]
    for place in student.places:
        if section_id in {None, place.section_id}:
            links = {"user": str(student.id), "section": str(place.section_id), "status": place.status}
            yield {"scores": shown, "links": links}


def aggregate(course: Context, by_student: Mapping[int, Sequence[Score]], stat: str) -> Json:
    """The one Rollup object of a course; `stat` is `mean` or `median`."""
    by_outcome: dict[int, list[Score]] = {}
    for scores in by_student.values():
        for score in scores:
            by_outcome.setdefault(score.outcome_id, []).append(score)
    statistic = course_median if stat == "median" else course_mean
    combined = [
        Score(
            outcome_id,
            statistic([score.score for score in scores]),
            None,
            None,
            len(scores),
            all(score.hide_points for score in scores),
        )
        for outcome_id, scores in sorted(by_outcome.items())
    ]
    return {"scores": [score.as_json() for score in combined], "links": {"course": str(course.id)}}


def _rows(db: sqlite3.Connection, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """Results that have a score, together by student and outcome."""
    where, values = wanted.where()
    cursor = db.cursor()
    cursor.row_factory = None
    return cursor.execute(
        f"SELECT {_COLUMNS} FROM learning_outcome_results results WHERE {where} AND score IS NOT NULL "
        "ORDER BY user_id, learning_outcome_id, id",
        values,
    )


def _score(outcome_id: int, rows: Sequence[tuple[Any, ...]], rule: Rule) -> Score:
    results = [
        Result(score, time or "", percent, possible, quiz) for _, _, score, time, percent, possible, quiz, *_ in rows
    ]
    value = rollup(rule.method, rule.number, results, rule.scale)
    time, title = max(((row[3] or "", row[7]) for row in rows), key=itemgetter(0))
    return Score(
        outcome_id,
        value,
        _assignment_title(title) if time else None,
        f"{time}Z" if time else None,
        len(rows),
        None if value is None else all(row[8] for row in rows),
        tuple((row[9], row[7], row[2]) for row in rows),
    )


def _assignment_title(title: str | None) -> str | None:
    """Canvas takes what stands between the first and the second comma, whoever put them there."""
    parts = (title or "").split(", ")
    return parts[1] if len(parts) > 1 else None
