"""Contributing scores, the mastery distribution, and the gradebook as CSV."""

import csv
import io
from typing import Any
from urllib.parse import quote

from sandbox.api.contexts import the_course
from sandbox.api.outcome_filters import Filters, bad, forbidden, read_filters
from sandbox.api.outcome_results import shown_outcomes
from sandbox.api.viewers import the_viewer
from sandbox.clock import api_time
from sandbox.http.answers import Answer
from sandbox.http.calls import Call
from sandbox.outcomes import alignments, flags, mastery, results, scales
from sandbox.outcomes.alignments import Alignment
from sandbox.outcomes.contexts import Context
from sandbox.outcomes.course import linked_outcomes
from sandbox.outcomes.gradebook import Gradebook
from sandbox.outcomes.linked import linked_users, path
from sandbox.outcomes.presenting import Presenter
from sandbox.outcomes.records import Outcome
from sandbox.outcomes.results import Wanted
from sandbox.outcomes.roster import identities, without_states

Json = dict[str, Any]

_BY_ALIGNMENT = "alignment_distributions"


def contributing_scores(call: Call) -> Answer:
    """The results behind the rollup scores of one outcome."""
    course = _graded_course(call)
    outcome_id = call.number("outcome_id")
    outcome = next(
        (one.outcome for one in linked_outcomes(call.site.db(), course) if one.outcome.id == outcome_id), None
    )
    if outcome is None:
        raise bad("outcome not found in this context")
    students = read_filters(call, rollups=False).question.students
    shown = _alignments(call, course, [outcome_id])
    keys = {one.id: mastery.alignment_key(one) for one in shown}
    rows = results.raw(call.site.db(), Wanted(course, [outcome_id], [student.id for student in students]))
    scores = [
        {
            "user_id": str(row["user_id"]),
            "alignment_id": keys[row["alignment_id"]],
            "score": row["score"],
            "submitted_or_assessed_at": api_time(row["submitted_at"] or row["assessed_at"]),
        }
        for row in rows
        if row["alignment_id"] in keys
    ]
    things = [mastery.alignment_json(one, call.request.base) for one in shown]
    about = {"id": str(outcome.id), "title": outcome.short_description}
    return call.json({"outcome": about, "alignments": things, "scores": scores})


def distribution(call: Call) -> Answer:
    """How all students spread over the ratings of each outcome."""
    course = _graded_course(call)
    filters = read_filters(call, rollups=False, users="student_ids", includes=(_BY_ALIGNMENT,))
    question, db = filters.question, call.site.db()
    students = without_states(question.students, set(question.excluded_states))
    scores = _scores_by_outcome(call, filters)
    outcomes = {one.outcome.id: one.outcome for one in shown_outcomes(call, filters)}
    shown = {}
    for outcome in outcomes.values():
        ratings = _ratings(call, course, outcome)
        about: Json = {"outcome_id": str(outcome.id)}
        about |= mastery.distribution(ratings, scores.get(outcome.id, {}))
        if _BY_ALIGNMENT in filters.includes:
            about[_BY_ALIGNMENT] = _by_alignment(call, course, outcome, ratings, [student.id for student in students])
        shown[str(outcome.id)] = about
    return call.json({"outcome_distributions": shown, "students": linked_users(db, students)})


def export(call: Call) -> Answer:
    """`outcome_rollups.csv`: a row per student."""
    filters = read_filters(call, rollups=True)
    db, question = call.site.db(), filters.question
    gradebook = Gradebook(db, question, leak=False)
    students = sorted(gradebook.students(), key=lambda student: student.name_key)
    scores, columns = gradebook.scores(), shown_outcomes(call, filters)
    known = identities(db, [student.id for student in students])
    memory = io.StringIO()
    writer = csv.writer(memory, lineterminator="\n")
    paths = [" > ".join(path(db, one)) for one in columns]
    heads = [f"{name} {what}" for name in paths for what in ("result", "mastery points")]
    writer.writerow(["Student name", "Student ID", "Student SIS ID", *heads])
    masteries = [_mastery_points(call, question.course, one.outcome) for one in columns]
    for student in students:
        reached = {score.outcome_id: score.score for score in scores.get(student.id, [])}
        cells = [
            cell
            for one, points in zip(columns, masteries, strict=True)
            for cell in (reached.get(one.outcome.id), points)
        ]
        sis_id = known[student.id].sis_user_id if student.id in known else None
        writer.writerow([student.name, student.id, sis_id or "N/A", *cells])
    name = quote(f"Outcomes-{question.course.name.replace(' ', '_')}.csv")
    disposition = ("Content-Disposition", f"attachment; filename*=UTF-8''{name}")
    return Answer(200, memory.getvalue().encode(), "text/csv; charset=utf-8", (disposition,))


def _graded_course(call: Call) -> Context:
    course = the_course(call)
    if not the_viewer(call, course).sees_all_grades:
        raise forbidden("insufficient permissions")
    return course


def _alignments(call: Call, course: Context, outcome_ids: list[int]) -> list[Alignment]:
    request = call.request
    return mastery.shown_alignments(
        alignments.of_course(call.site.db(), course),
        outcome_ids,
        only_assignments=request.flag("only_assignment_alignments"),
        unpublished=request.flag("show_unpublished_assignments"),
    )


def _scores_by_outcome(call: Call, filters: Filters) -> dict[int, dict[int, float]]:
    found: dict[int, dict[int, float]] = {}
    for user_id, scores in Gradebook(call.site.db(), filters.question, leak=False).scores().items():
        for score in scores:
            if score.score is not None:
                found.setdefault(score.outcome_id, {})[user_id] = score.score
    return found


def _ratings(call: Call, course: Context, outcome: Outcome) -> list[Json]:
    add_defaults = call.request.param("add_defaults") == "true"
    ratings: list[Json] = Presenter(call.site.db(), course, add_defaults=add_defaults).outcome(outcome)["ratings"]
    return ratings


def _by_alignment(
    call: Call, course: Context, outcome: Outcome, ratings: list[Json], user_ids: list[int]
) -> dict[str, Json]:
    """The same from the raw scores of each aligned thing."""
    raw: dict[int, dict[int, float]] = {}
    for row in results.raw(call.site.db(), Wanted(course, [outcome.id], user_ids)):
        if row["score"] is not None:
            raw.setdefault(row["alignment_id"], {})[row["user_id"]] = row["score"]
    shown = {}
    for one in _alignments(call, course, [outcome.id]):
        key = mastery.alignment_key(one)
        shown[key] = {"alignment_id": key, **mastery.distribution(ratings, raw.get(one.id, {}))}
    return shown


def _mastery_points(call: Call, course: Context, outcome: Outcome) -> float:
    db = call.site.db()
    return (
        scales.proficiency(db, course).mastery_points if flags.mastery_scales(db) else outcome.criterion.mastery_points
    )
