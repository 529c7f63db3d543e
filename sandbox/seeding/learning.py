"""Outcomes of accounts and courses, and the assignments that they are aligned with."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sandbox.outcomes import contexts, records, tree
from sandbox.outcomes.alignments import ASSIGNMENT, BANK
from sandbox.outcomes.contexts import ACCOUNT, COURSE, Context
from sandbox.outcomes.records import DEFAULT_CRITERION, Criterion, Outcome
from sandbox.outcomes.rows import insert
from sandbox.seeding import words
from sandbox.seeding.plan import CREATED_AT, Plan
from sandbox.store.records import Course

_SHARE_OF_OUTCOMES = 0.4
_METHODS = (
    ("decaying_average", 65), ("decaying_average", 75), ("n_mastery", 2), ("highest", None), ("latest", None),
    ("average", None),
)  # fmt: skip
_SCALES = (
    DEFAULT_CRITERION,
    Criterion.of(
        (
            (4.0, "Exceeds Mastery"),
            (3.0, "Mastery"),
            (2.0, "Near Mastery"),
            (1.0, "Below Mastery"),
            (0.0, "No Evidence"),
        ),
        3.0,
    ),
    Criterion.of(((3.0, "Leads"), (2.0, "Contributes"), (1.0, "Takes part"), (0.0, "Absent")), 2.0),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One aligned thing in a course: what it is worth, and when it was handed in."""

    alignment_id: int
    outcome: Outcome
    assignment_id: int
    title: str
    quiz_id: int | None
    possible: float
    handed_in: date
    hides_points: bool
    posted: bool


class Learning:
    """Outcomes of a plan, and per course what is aligned with them."""

    def __init__(self, db: sqlite3.Connection, plan: Plan, courses: Sequence[Course]) -> None:
        self._db = db
        self._plan = plan
        self._dice = plan.dice("learning")
        self._owners = [self._context(ACCOUNT, 1), *self._faculties()]
        self._groups: dict[tuple[tuple[str, int], str], tree.Row] = {}
        self._outcomes = [self._add_outcome(number) for number in range(plan.outcomes)]
        self.pieces = {course.id: self._furnish(course) for course in courses}

    def _faculties(self) -> list[Context]:
        rows = self._db.execute("SELECT id FROM accounts WHERE sis_source_id LIKE 'F-%' ORDER BY id").fetchall()
        return [self._context(ACCOUNT, row["id"]) for row in rows]

    def _context(self, kind: str, number: int) -> Context:
        found = contexts.context(self._db, kind, number)
        if found is None:
            raise LookupError(f"{kind} {number}")
        return found

    def _add_outcome(self, number: int) -> Outcome:
        """Two of three belong to the root account, the rest to faculties; with a single course, all to the root."""
        code, theme, verbs = words.THEMES[number % len(words.THEMES)]
        round_, guid = number // len(words.THEMES), f"{code}-{number // len(words.THEMES) + 1:02}"
        verb, subject = verbs[round_ % len(verbs)], words.SUBJECTS[(round_ + number) % len(words.SUBJECTS)]
        shared = number % 3 or self._plan.courses == 1
        owner = self._owners[0] if shared else self._owners[number // 3 % len(self._owners)]
        method, times = self._dice.choice(_METHODS)
        outcome = Outcome(
            0,
            *owner.key,
            short_description=f"{guid} {verb} {subject}",
            display_name=f"{verb} {subject}",
            description=f"<p>The student {verb[0].lower()}{verb[1:]} {subject}.</p>",
            vendor_guid=guid,
            calculation_method=method,
            calculation_int=times,
            criterion=self._dice.choice(_SCALES),
            workflow_state="active",
            outcome_import_id=None,
        )
        made = records.load(self._db, records.save(self._db, outcome, CREATED_AT))
        if made is None:
            raise LookupError(guid)
        tree.add_link(self._db, self._group(owner, theme, code), made.id)
        return made

    def _group(self, owner: Context, title: str, code: str = "") -> tree.Row:
        """A group below the root of a context, made when first asked for."""
        if (owner.key, title) not in self._groups:
            root = tree.root_group(self._db, owner, CREATED_AT)
            guid = f"{code}-{owner.id}" if code else None
            group_id = tree.add_group(self._db, owner, root["id"], title=title, now=CREATED_AT, vendor_guid=guid)
            made = tree.group(self._db, group_id)
            if made is None:
                raise LookupError(title)
            self._groups[owner.key, title] = made
        return self._groups[owner.key, title]

    def _furnish(self, course: Course) -> list[Piece]:
        """Link outcomes into a course and align each with one to three pieces of work."""
        here = self._context(COURSE, course.id)
        above = {context.key for context in contexts.chain(self._db, here)}
        open_ = [one for one in self._outcomes if (one.context_type, one.context_id) in above]
        many = len(open_) if self._plan.courses == 1 else round(self._plan.outcomes * _SHARE_OF_OUTCOMES)
        chosen = sorted(self._dice.sample(open_, min(len(open_), max(many, 1))), key=lambda one: one.id)
        work = self._add_assignments(course)
        pieces = []
        for number, outcome in enumerate(chosen):
            title = "Core outcomes" if number < (len(chosen) + 1) // 2 else "Further outcomes"
            tree.add_link(self._db, self._group(here, title), outcome.id)
            pieces += [self._align(course, outcome, one) for one in self._dice.sample(work, self._dice.randint(1, 3))]
        return pieces

    def _add_assignments(self, course: Course) -> list[sqlite3.Row]:
        """Six pieces of work and a quiz. One is not published yet, one holds its grades back."""
        titles = [*self._dice.sample(words.ASSIGNMENTS, 6), (words.QUIZ, "online_quiz")]
        ids = [
            insert(
                self._db,
                "assignments",
                course_id=course.id,
                title=title,
                submission_types=types,
                workflow_state="unpublished" if number == 5 else "published",
                post_manually=int(number == 4),
                quiz_id=course.id if types == "online_quiz" else None,
            )
            for number, (title, types) in enumerate(titles)
        ]
        rows = self._db.execute(
            "SELECT * FROM assignments WHERE course_id = ? AND workflow_state = 'published' ORDER BY id", (course.id,)
        )
        return [row for row in rows.fetchall() if row["id"] in ids]

    def _align(self, course: Course, outcome: Outcome, work: sqlite3.Row) -> Piece:
        """A quiz is aligned through a question bank."""
        is_quiz = work["quiz_id"] is not None
        title = f"{outcome.short_description} questions" if is_quiz else work["title"]
        alignment_id = insert(
            self._db,
            "outcome_alignments",
            learning_outcome_id=outcome.id,
            course_id=course.id,
            content_type=BANK if is_quiz else ASSIGNMENT,
            content_id=1000 * course.id + outcome.id if is_quiz else work["id"],
            assignment_id=work["id"],
            title=title,
            workflow_state="active",
        )
        possible = 10.0 if is_quiz else outcome.scale_points
        due = _day(self._dice, course, self._db)
        hides = self._dice.random() < 0.05
        return Piece(
            alignment_id, outcome, work["id"], work["title"], work["quiz_id"], possible, due, hides,
            not work["post_manually"],
        )  # fmt: skip


def _day(dice: Random, course: Course, db: sqlite3.Connection) -> date:
    """A day of the course's term."""
    term = db.execute("SELECT start_at FROM enrollment_terms WHERE id = ?", (course.enrollment_term_id,)).fetchone()
    return date.fromisoformat(term["start_at"][:10]) + timedelta(days=dice.randint(14, 100))
