"""A course with everything that makes real ones uneven, by the roll of dice."""

from datetime import date, timedelta
from random import Random

from sandbox.outcomes.rows import insert
from tests.sandbox.engine.practice import Practice, csv
from tests.sandbox.outcomes.classroom import Classroom
from tests.sandbox.outcomes.desk import group, outcome

METHODS = (
    ("highest", None), ("latest", None), ("average", None), ("n_mastery", 2), ("n_mastery", None),
    ("decaying_average", 65), ("decaying_average", 80), ("weighted_average", 75), ("standard_decaying_average", 65),
    (None, None),
)  # fmt: skip
SCALES = (
    ("4", "Best", "3", "Good", "2", "Fair", "1", "Weak", "0", "None"),
    ("5", "Exceeds", "3", "Meets", "0", "Does not meet"),
    ("4", "Best", "3", "Good", "2", "Fair"),  # scores may be below the lowest level
)
STATES = ("active", "active", "active", "completed", "inactive")


def make_uneven(classroom: Classroom, seed: int, students: int = 24) -> None:
    """Students of one section or two in all states, and outcomes by every method, one of them linked twice."""
    dice = Random(seed)
    people = [f"s{number}" for number in range(students)]
    places = [(sis_id, section) for sis_id in people for section in dice.choice(("a", "b", "ab"))]
    sent = Practice(classroom.desk.site, classroom.desk.folder).send_zip(
        {
            "users.csv": csv(
                "user_id,login_id,first_name,last_name,status",
                *(f"{sis_id},l-{sis_id},{sis_id},{dice.choice('ÁBCDe')}x,active" for sis_id in people),
            ),
            "enrollments.csv": csv(
                "course_id,section_id,user_id,role,status",
                *(f"music,{section},{sis_id},student,{dice.choice(STATES)}" for sis_id, section in places),
            ),
        }
    )
    assert sent["workflow_state"] == "imported", sent.get("processing_warnings")
    guids = [_outcome(classroom, dice, number, *method) for number, method in enumerate(METHODS)]
    for sis_id in dice.sample(people, students - 3):
        for guid in guids:
            for _ in range(dice.choice((0, 1, 1, 2, 3, 6))):
                _add_result(classroom, dice, sis_id, guid)


def _outcome(classroom: Classroom, dice: Random, number: int, method: str | None, times: int | None) -> str:
    guid = f"u{number}"
    parents = "g h" if number == 0 else "g"
    errors = classroom.desk.errors(
        group("g"), group("h"), outcome(guid, *dice.choice(SCALES), mastery_points="3", parent_guids=parents),
        into=classroom.course,
    )  # fmt: skip
    assert errors == []
    # An import would not keep every method under every flag, but outcomes from before a flag was switched have it.
    classroom.desk.site.db().execute(
        "UPDATE learning_outcomes SET calculation_method = ?, calculation_int = ? WHERE vendor_guid = ?",
        (method, times, guid),
    )
    return guid


def _add_result(classroom: Classroom, dice: Random, sis_id: str, guid: str) -> None:
    possible = dice.choice((4.0, 5.0, 10.0, 0.0))
    score = None if dice.random() < 0.05 else dice.randint(0, 40) * possible / 40 if possible else dice.randint(0, 4)
    columns: dict[str, object] = {
        "possible": possible,
        "percent": score / possible if score is not None and possible and dice.random() < 0.8 else None,
        "hide_points": int(dice.random() < 0.3),
        "hidden": int(dice.random() < 0.05),
        "submitted_at": None if dice.random() < 0.2 else _moment(dice),
        "assessed_at": None if dice.random() < 0.2 else _moment(dice),
    }
    place = (
        _quiz(classroom, dice, guid) if dice.random() < 0.3 else _work(classroom, guid, f"Work {dice.randint(1, 3)}")
    )
    about = {"course_id": classroom.course.id, "user_id": classroom.user(sis_id), "workflow_state": "active"}
    about |= {"learning_outcome_id": classroom.outcome(guid), "score": score, "title": f"{sis_id}, Work"}
    insert(classroom.desk.site.db(), "learning_outcome_results", **about, **columns, **place)


def _moment(dice: Random) -> str:
    """Few days, so that some results are of the same time."""
    return f"{date(2026, 2, 1) + timedelta(days=dice.randint(0, 9))}T10:00:00.000000Z"


def _work(classroom: Classroom, guid: str, title: str) -> dict[str, int]:
    """Columns of a result that tell what it is of."""
    alignment, db = classroom.alignment(guid, title), classroom.desk.site.db()
    [assignment] = db.execute("SELECT id FROM assignments WHERE title = ?", (title,)).fetchone()
    return {"alignment_id": alignment, "assignment_id": assignment}


def _quiz(classroom: Classroom, dice: Random, guid: str) -> dict[str, int]:
    """The same, of a question bank from which one of two quizzes draws."""
    quiz = dice.randint(1, 2)
    assignment = _work(classroom, guid, f"Quiz {quiz}")["assignment_id"]
    alignment = insert(
        classroom.desk.site.db(),
        "outcome_alignments",
        learning_outcome_id=classroom.outcome(guid),
        course_id=classroom.course.id,
        content_type="AssessmentQuestionBank",
        content_id=dice.randint(1, 10**6),
        assignment_id=assignment,
        title="Bank",
        workflow_state="active",
    )
    return {"alignment_id": alignment, "assignment_id": assignment, "quiz_id": quiz}
