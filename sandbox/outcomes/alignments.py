"""What outcomes are aligned with in a course."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from sandbox.outcomes.contexts import Context

Json = dict[str, Any]

ASSIGNMENT, RUBRIC = "Assignment", "Rubric"
BANK, LIVE = "AssessmentQuestionBank", "LiveAssessments::Assessment"

# How Canvas writes a thing in links, and the folder of its page below the course; live assessments have no page.
_ASSETS = {
    ASSIGNMENT: ("assignment", "assignments"),
    RUBRIC: ("rubric", "rubrics"),
    BANK: ("assessment_question_bank", "question_banks"),
    LIVE: ("live_assessments:assessment", ""),
}


@dataclass(frozen=True, slots=True)
class Alignment:
    """An aligned thing; `published` only says something about assignments and quizzes."""

    id: int
    outcome_id: int
    course_id: int
    content_type: str
    content_id: int
    title: str
    assignment_id: int | None
    submission_types: str
    published: bool

    @classmethod
    def of(cls, row: sqlite3.Row) -> "Alignment":
        return cls(
            row["id"],
            row["learning_outcome_id"],
            row["course_id"],
            row["content_type"],
            row["content_id"],
            row["title"],
            row["assignment_id"],
            row["submission_types"] or "magic_marker",
            row["published"] == "published",
        )

    @property
    def asset(self) -> str:
        """`assignment_12` and the like."""
        return asset(self.content_type, self.content_id)

    def html_url(self, base: str) -> str:
        folder = _ASSETS[self.content_type][1]
        return f"{base}/courses/{self.course_id}/{folder}/{self.content_id}" if folder else ""

    def as_json(self, base: str) -> Json:
        return {"id": self.asset, "name": self.title, "html_url": self.html_url(base)}


def asset(content_type: str, content_id: int) -> str:
    """How links name a thing: `assignment_12`."""
    return f"{_ASSETS[content_type][0]}_{content_id}"


def of_course(db: sqlite3.Connection, course: Context) -> list[Alignment]:
    """All alignments of a course whose thing was not deleted."""
    rows = db.execute(
        "SELECT outcome_alignments.*, assignments.submission_types, assignments.workflow_state AS published "
        "FROM outcome_alignments LEFT JOIN assignments ON assignments.id = outcome_alignments.assignment_id "
        "WHERE outcome_alignments.course_id = ? AND outcome_alignments.workflow_state = 'active' "
        "AND coalesce(assignments.workflow_state, '') <> 'deleted' ORDER BY outcome_alignments.id",
        (course.id,),
    )
    return [Alignment.of(row) for row in rows]
