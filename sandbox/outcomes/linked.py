"""The `linked` section of answers about results: what the ids in them stand for."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.outcomes import flags, tree
from sandbox.outcomes.alignments import ASSIGNMENT, BANK, Alignment, of_course
from sandbox.outcomes.contexts import Context
from sandbox.outcomes.course import Linked
from sandbox.outcomes.presenting import Presenter
from sandbox.outcomes.roster import Student, identities
from sandbox.ruby import rounded

Json = dict[str, Any]

INCLUDES = (
    "alignments",
    "assignments",
    "courses",
    "outcome_groups",
    "outcome_links",
    "outcome_paths",
    "outcomes",
    "outcomes.alignments",
    "users",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an answer is about.

    `linked` are its outcomes in the order in which they are shown, `alignment_ids` those of the results in it,
    `scores` the rollup scores of all students by outcome, where rating percents were asked for.
    """

    course: Context
    base: str
    linked: Sequence[Linked]
    users: Sequence[Student] = ()
    alignment_ids: frozenset[int] = frozenset()
    scores: Mapping[int, Sequence[float]] | None = None
    add_defaults: bool = False


class LinkedSection:
    """Each method is the element list of one include."""

    def __init__(self, db: sqlite3.Connection, subject: Subject) -> None:
        self._db = db
        self._subject = subject
        self._presenter = Presenter(db, subject.course, add_defaults=subject.add_defaults)
        self._alignments = of_course(db, subject.course)

    def __call__(self, includes: Iterable[str]) -> Json:
        makers: dict[str, Callable[[], list[Json]]] = {
            "users": self._users,
            "courses": self._courses,
            "outcomes": self._outcomes,
            "outcome_groups": self._groups,
            "outcome_links": self._links,
            "outcome_paths": self._paths,
            "outcomes.alignments": self._alignments_of_outcomes,
            "alignments": self._alignments_of_results,
            "assignments": self._assignments,
        }
        return {name: makers[name]() for name in includes}

    def _users(self) -> list[Json]:
        return linked_users(self._db, self._subject.users)

    def _courses(self) -> list[Json]:
        return [{"id": str(self._subject.course.id), "name": self._subject.course.name}]

    def _outcomes(self) -> list[Json]:
        shown = []
        for one in self._subject.linked:
            outcome = self._presenter.outcome(one.outcome)
            outcome["alignments"] = self._assignments_of(one.outcome.id)
            outcome["group_id"] = str(one.group_id)
            if self._subject.scores is not None and "ratings" in outcome:
                outcome["ratings"] = with_percents(outcome["ratings"], self._subject.scores.get(one.outcome.id, ()))
            shown.append(outcome)
        return shown

    def _assignments_of(self, outcome_id: int) -> list[str]:
        """Published assignments, quizzes that draw from an aligned question bank among them."""
        found = (
            f"assignment_{one.assignment_id}"
            for one in self._alignments
            if one.outcome_id == outcome_id and one.content_type in {ASSIGNMENT, BANK} and one.published
        )
        return list(dict.fromkeys(found))

    def _groups(self) -> list[Json]:
        rows = self._db.execute(
            "SELECT * FROM learning_outcome_groups "
            "WHERE context_type = ? AND context_id = ? AND workflow_state = 'active' ORDER BY id",
            self._subject.course.key,
        )
        return [self._presenter.group(row) for row in rows.fetchall()]

    def _links(self) -> list[Json]:
        groups = {one.group_id: tree.group(self._db, one.group_id) for one in self._subject.linked}
        return [
            self._presenter.link(one.link, one.outcome, group)
            for one in self._subject.linked
            if (group := groups[one.group_id]) is not None
        ]

    def _paths(self) -> list[Json]:
        return [
            {"id": one.outcome.id, "parts": [{"name": name} for name in path(self._db, one)]}
            for one in self._subject.linked
        ]

    def _alignments_of_outcomes(self) -> list[Json]:
        wanted = {one.outcome.id for one in self._subject.linked}
        return self._things(found for found in self._alignments if found.outcome_id in wanted)

    def _alignments_of_results(self) -> list[Json]:
        return self._things(found for found in self._alignments if found.id in self._subject.alignment_ids)

    def _things(self, alignments: Iterable[Alignment]) -> list[Json]:
        """Each aligned thing once, however many outcomes it is aligned with."""
        return list({found.asset: found.as_json(self._subject.base) for found in alignments}.values())

    def _assignments(self) -> list[Json]:
        used = [found for found in self._alignments if found.id in self._subject.alignment_ids]
        shown = {found.asset: found for found in used}
        return [
            {**found.as_json(self._subject.base), "submission_types": _submission_types(found)}
            for found in shown.values()
        ]


def path(db: sqlite3.Connection, one: Linked) -> list[str]:
    """Titles of the groups from below the root down, then that of the outcome."""
    names = [one.outcome.short_description]
    group = tree.group(db, one.group_id)
    while group is not None and group["learning_outcome_group_id"] is not None:
        names.insert(0, group["title"])
        group = tree.group(db, group["learning_outcome_group_id"])
    return names


def linked_users(db: sqlite3.Connection, users: Sequence[Student]) -> list[Json]:
    """Newer versions of Canvas tell what the institution calls the students."""
    bare = flags.is_on(db, "bare_linked_users")
    known = {} if bare else identities(db, [student.id for student in users])
    shown = []
    for student in users:
        user: Json = {
            "id": str(student.id),
            "name": student.name,
            "display_name": student.short_name,
            "sortable_name": student.sortable_name,
        }
        if student.id in known:
            identity = known[student.id]
            user |= {"sis_id": identity.sis_user_id, "integration_id": identity.integration_id}
            user["login_id"] = identity.login_id
        shown.append(user)
    return shown


def rating_place(ratings: Sequence[Json], score: float) -> int | None:
    """Which rating a score has; None where it is below the lowest. Ratings by points, descending."""
    return next((place for place, rating in enumerate(ratings) if rating["points"] <= score), None)


def with_percents(ratings: Sequence[Json], scores: Sequence[float]) -> list[Json]:
    """Ratings with the share of scored students in each, in whole percent."""
    places = [rating_place(ratings, score) for score in scores]
    total = len(scores)
    return [
        {**rating, "percent": int(rounded(100 * places.count(number) / total, 0)) if total else 0}
        for number, rating in enumerate(ratings)
    ]


def _submission_types(found: Alignment) -> str:
    return found.submission_types if found.content_type == ASSIGNMENT else "magic_marker"
