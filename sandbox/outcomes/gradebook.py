"""The learning mastery gradebook of a course: which students a request means, in what order, on which page."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sandbox.outcomes.contexts import Context
from sandbox.outcomes.course import Linked
from sandbox.outcomes.records import Outcome
from sandbox.outcomes.results import Wanted, users_with_results
from sandbox.outcomes.rollups import Rollups, Score
from sandbox.outcomes.roster import Identity, Student, identities, without_states

STUDENT, OUTCOME, CONTRIBUTING = "student", "outcome", "contributing_score"
_IDENTITIES: dict[str, Callable[[Identity], str | None]] = {
    "student_sis_id": lambda identity: identity.sis_user_id,
    "student_integration_id": lambda identity: identity.integration_id,
    "student_login_id": lambda identity: identity.login_id,
}
SORTS = (STUDENT, OUTCOME, "student_name", *_IDENTITIES, CONTRIBUTING)

# Orders for which Canvas gives the rollups of the page alone.
_PAGED = (STUDENT, OUTCOME, CONTRIBUTING)

Value = str | float | None


@dataclass(frozen=True, slots=True)
class Sort:
    """`target` is the outcome or the alignment by whose score students are sorted."""

    by: str
    descending: bool = False
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks of a gradebook. `students` are all that its filters leave, before what `exclude` names."""

    course: Context
    linked: Sequence[Linked]
    students: Sequence[Student]
    section_id: int | None = None
    excluded_states: frozenset[str] = frozenset()
    only_with_results: bool = False
    sort: Sort | None = None
    sees_unposted: bool = True
    picked_users: bool = False

    @property
    def outcomes(self) -> list[Outcome]:
        """Each once, by id."""
        return sorted({one.outcome.id: one.outcome for one in self.linked}.values(), key=lambda outcome: outcome.id)


@dataclass(frozen=True, slots=True)
class Page:
    """`users` are the students of the page, `total` how many there are, `rows` the students whose rollups are sent."""

    users: Sequence[Student]
    total: int
    rows: Sequence[tuple[Student, Sequence[Score]]]


class Gradebook:
    """Answers a question; `leak` lets unsorted rollups out for all students on every page, as Canvas does."""

    def __init__(self, db: sqlite3.Connection, question: Question, *, leak: bool) -> None:
        self._db = db
        self._question = question
        self._leak = leak
        outcomes = question.outcomes
        # Scores of everybody are read in one sweep; picked students are looked up one by one.
        users = [student.id for student in question.students] if question.picked_users else None
        self._wanted = Wanted(
            question.course, [outcome.id for outcome in outcomes], users, unposted=question.sees_unposted
        )
        self.rollups = Rollups(db, self._wanted, outcomes)

    def students(self) -> list[Student]:
        """The students that `exclude` leaves."""
        question = self._question
        students = without_states(question.students, set(question.excluded_states))
        if question.only_with_results:
            scored = users_with_results(self._db, self._wanted, [student.id for student in students])
            students = [student for student in students if student.id in scored]
        return students

    def scores(self) -> dict[int, list[Score]]:
        """The rollup scores of all students that concluded and inactive excludes leave."""
        kept = {student.id for student in without_states(self._question.students, set(self._question.excluded_states))}
        return {user_id: scores for user_id, scores in self.rollups.of_students().items() if user_id in kept}

    def page(self, offset: int, size: int) -> Page:
        ordered = self._ordered(self.students())
        users = ordered[offset : offset + size]
        sort = self._question.sort
        if self._leak and (sort is None or sort.by not in _PAGED):
            return Page(users, len(ordered), self._everybody(ordered))
        scores = self.rollups.of_students([student.id for student in users])
        return Page(users, len(ordered), [(student, scores.get(student.id, [])) for student in users])

    def _everybody(self, students: Sequence[Student]) -> list[tuple[Student, Sequence[Score]]]:
        """Those with results by name, then those without by id."""
        scores = self.rollups.of_students()
        scored = sorted((student for student in students if student.id in scores), key=lambda student: student.name_key)
        others = sorted((student for student in students if student.id not in scores), key=lambda student: student.id)
        return [(student, scores.get(student.id, [])) for student in (*scored, *others)]

    def _ordered(self, students: Sequence[Student]) -> list[Student]:
        """Without a value one comes last in either direction; among equals the name decides, in the direction asked."""
        sort = self._question.sort
        if sort is None:
            return list(students)
        value = self._value(sort, students)
        placed = [(value(student), student) for student in students]
        known = [(found, *student.name_key, student) for found, student in placed if found is not None]
        known.sort(key=lambda entry: entry[:3], reverse=sort.descending)
        missing = [student for found, student in placed if found is None]
        missing.sort(key=lambda student: student.name_key, reverse=sort.descending)
        return [entry[3] for entry in known] + missing

    def _value(self, sort: Sort, students: Sequence[Student]) -> Callable[[Student], Value]:
        """By what a student is sorted."""
        if sort.by in _IDENTITIES:
            known, field = identities(self._db, [student.id for student in students]), _IDENTITIES[sort.by]
            return lambda student: field(known[student.id]) if student.id in known else None
        if sort.by in {OUTCOME, CONTRIBUTING} and sort.target is not None:
            by_outcome = sort.by == OUTCOME
            scores = self.rollups.of_outcome(sort.target) if by_outcome else self._raw_scores(sort.target)
            return lambda student: scores.get(student.id)
        return lambda student: student.name_key[0]

    def _raw_scores(self, alignment_id: int) -> dict[int, float | None]:
        where, values = replace(self._wanted, user_ids=None).where()
        rows = self._db.execute(
            "SELECT user_id, score FROM learning_outcome_results results "
            f"WHERE {where} AND alignment_id = ? ORDER BY id",
            (*values, alignment_id),
        )
        return {row["user_id"]: row["score"] for row in rows}
