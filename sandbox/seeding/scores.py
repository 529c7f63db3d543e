"""Results: what students reached, with all that makes real ones uneven."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random

from sandbox.outcomes.calculation import percent
from sandbox.seeding.learning import Piece
from sandbox.seeding.people import Seat
from sandbox.seeding.plan import Plan
from sandbox.store.records import User

_INSERT = (
    "INSERT INTO learning_outcome_results (course_id, user_id, learning_outcome_id, alignment_id, assignment_id, "
    "quiz_id, title, score, possible, percent, mastery, attempt, hide_points, hidden, posted, submitted_at, "
    "assessed_at, workflow_state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, 'active')"
)
_LONGEST_TITLE = 250
_WITHOUT_ANY_RESULT = 0.04
_NOT_HANDED_IN = 0.12
_WITHOUT_SCORE = 0.01
_HIDDEN = 0.005


def add_results(
    db: sqlite3.Connection, plan: Plan, seats: Sequence[Seat], pieces: Mapping[int, Sequence[Piece]]
) -> None:
    dice = plan.dice("scores")
    abilities = {seat.user.id: dice.gauss(0.68, 0.14) for seat in seats}
    difficulty = {piece.outcome.id: dice.gauss(0, 0.08) for listed in pieces.values() for piece in listed}
    for seat in seats:
        if dice.random() < _WITHOUT_ANY_RESULT:
            continue
        ability = abilities[seat.user.id]
        db.executemany(
            _INSERT,
            [
                _result(dice, seat, piece, ability - difficulty[piece.outcome.id])
                for piece in pieces[seat.course.id]
                if dice.random() >= _NOT_HANDED_IN
            ],
        )


def _result(dice: Random, seat: Seat, piece: Piece, expected: float) -> tuple[object, ...]:
    share = min(max(dice.gauss(expected, 0.15), 0.0), 1.0)
    score = None if dice.random() < _WITHOUT_SCORE else round(share * piece.possible * 2) / 2
    handed_in, assessed = _times(dice, piece)
    reached = None if score is None else percent(score, piece.possible, scale_points=piece.outcome.scale_points)
    mastery_share = piece.outcome.criterion.mastery_points / piece.outcome.scale_points
    return (
        seat.course.id,
        seat.user.id,
        piece.outcome.id,
        piece.alignment_id,
        piece.assignment_id,
        piece.quiz_id,
        _title(seat.user, piece),
        score,
        piece.possible,
        reached,
        None if reached is None else int(reached >= mastery_share),
        piece.hides_points,
        int(dice.random() < _HIDDEN),
        piece.posted,
        handed_in,
        assessed,
    )


def _title(user: User, piece: Piece) -> str:
    return f"{user.name}, {piece.title}"[:_LONGEST_TITLE]


def _times(dice: Random, piece: Piece) -> Iterator[str | None]:
    """When it was handed in (not every assessment follows a submission) and when it was assessed."""
    day = piece.handed_in + timedelta(days=dice.randint(-3, 2))
    clock = f"T{dice.randint(7, 22):02}:{dice.randint(0, 59):02}:{dice.randint(0, 59):02}.000000Z"
    yield None if dice.random() < 0.1 else f"{day}{clock}"
    yield f"{day + timedelta(days=7)}{clock}"
