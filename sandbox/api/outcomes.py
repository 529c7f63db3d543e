"""Single outcomes: show, change, and what they are aligned with."""

import re
from typing import Any

from sandbox.api.contexts import the_course
from sandbox.api.viewers import the_viewer, user_number
from sandbox.http.answers import Answer, Stop, as_json, messages, not_found
from sandbox.http.calls import Call
from sandbox.http.requests import Request
from sandbox.outcomes import alignments, editing, flags, records
from sandbox.outcomes.alignments import ASSIGNMENT, BANK, LIVE, Alignment
from sandbox.outcomes.contexts import Context
from sandbox.outcomes.editing import Change, Invalid
from sandbox.outcomes.presenting import Presenter
from sandbox.outcomes.records import Outcome
from sandbox.outcomes.roster import students

Json = dict[str, Any]

# Fields that cannot be changed where scales belong to accounts, and what Canvas calls them.
_OF_THE_SCALE = {
    "mastery_points": "mastery points",
    "ratings": "ratings",
    "calculation_method": "calculation values",
    "calculation_int": "calculation values",
}


def show(call: Call) -> Answer:
    return _shown(call, _the_outcome(call))


def update(call: Call) -> Answer:
    outcome, change, db = _the_outcome(call), read_change(call.request), call.site.db()
    if flags.mastery_scales(db):
        for name, words in _OF_THE_SCALE.items():
            if name in change.fields or (name == "ratings" and change.ratings is not None):
                raise Stop(as_json({"error": f"Individual outcome {words} cannot be modified."}, 403))
    try:
        return _shown(call, editing.update(db, outcome, change, call.site.clock.text()))
    except Invalid as invalid:
        raise Stop(as_json({"errors": invalid.complaints}, 400)) from invalid


def read_change(request: Request) -> Change:
    """The fields of an outcome, from a form or from JSON."""
    if request.media_type == "application/json":
        given = request.json_object().get("ratings")
        listed = given if isinstance(given, list) else None
        ratings = listed and [
            (_text(tier.get("points")), _text(tier.get("description"))) for tier in listed if isinstance(tier, dict)
        ]
    else:
        ratings = _form_ratings(request)
    return Change({name: values[-1] for name, values in request.params.items() if values}, ratings or None)


def _form_ratings(request: Request) -> list[tuple[str, str]]:
    """Pairs of `ratings[][points]` and `ratings[][description]`, in the order in which they were sent."""
    points = request.params.get("ratings[][points]", [])
    texts = request.params.get("ratings[][description]", [])
    count = max(len(points), len(texts))
    return list(zip(points + [""] * (count - len(points)), texts + [""] * (count - len(texts)), strict=True))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _the_outcome(call: Call) -> Outcome:
    outcome = records.load(call.site.db(), call.number("id"))
    if outcome is None or outcome.workflow_state != "active":
        raise Stop(not_found())
    return outcome


def _shown(call: Call, outcome: Outcome) -> Answer:
    presenter = Presenter(call.site.db(), add_defaults=call.request.param("add_defaults") == "true")
    return call.json(presenter.outcome(outcome))


def course_alignments(call: Call) -> Answer:
    """`GET courses/:id/outcome_alignments`, by student or by assignment; never paged."""
    course = the_course(call)
    viewer = the_viewer(call, course)
    student, assignment = call.request.param("student_id"), call.request.param("assignment_id")
    if not student and not assignment:
        raise Stop(as_json({"message": "student_id or assignment_id is required"}, 400))
    assignment_id = _assignment(call, course, assignment) if assignment else None
    if student:
        user_id = user_number(call.site.db(), student)
        if user_id is None or user_id not in {one.id for one in students(call.site.db(), course.id)}:
            raise Stop(not_found())
        if not viewer.sees_all_grades and user_id not in viewer.readable:
            raise Stop(messages(403, "user not authorized to perform that action", status="unauthorized"))
    elif not viewer.sees_all_grades:
        raise Stop(as_json({"message": "Unauthorized"}, 401))
    kinds = {ASSIGNMENT} if not student else {ASSIGNMENT, BANK} | (set() if assignment_id else {LIVE})
    found = [one for one in alignments.of_course(call.site.db(), course) if one.content_type in kinds]
    if assignment_id is not None:
        found = [one for one in found if one.assignment_id == assignment_id]
    return call.json([_alignment_json(one, call.request.base) for one in found])


def _assignment(call: Call, course: Context, text: str) -> int:
    number = int(text) if re.fullmatch(r"\d{1,18}", text) else 0
    known = call.site.db().execute(
        "SELECT 1 FROM assignments WHERE id = ? AND course_id = ? AND workflow_state <> 'deleted'", (number, course.id)
    )
    if known.fetchone() is None:
        raise Stop(as_json({"message": "Assignment not found or does not belong to course"}, 404))
    return number


def _alignment_json(one: Alignment, base: str) -> Json:
    shown = {
        "learning_outcome_id": one.outcome_id,
        "title": one.title,
        "submission_types": one.submission_types,
    }
    if one.content_type == LIVE:
        return shown | {"assessment_id": one.content_id}
    url = f"{base}/courses/{one.course_id}/assignments/{one.assignment_id}"
    return shown | {"assignment_id": one.assignment_id, "url": url}
