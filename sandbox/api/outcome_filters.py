"""The parameters of results and rollups, checked in Canvas's order and refused in Canvas's words."""

import re
from dataclasses import dataclass

from sandbox.api.contexts import found_id, the_course
from sandbox.api.lists import given, listed
from sandbox.api.viewers import Viewer, the_viewer, user_number
from sandbox.http.answers import Stop, as_json
from sandbox.http.calls import Call
from sandbox.outcomes import tree
from sandbox.outcomes.contexts import Context
from sandbox.outcomes.course import Linked, arranged, chosen, linked_outcomes
from sandbox.outcomes.gradebook import CONTRIBUTING, OUTCOME, SORTS, Question, Sort
from sandbox.outcomes.linked import INCLUDES
from sandbox.outcomes.roster import CONCLUDED, INACTIVE, Student, students

_EXCLUDED_STATES = {"concluded_enrollments": CONCLUDED, "inactive_enrollments": INACTIVE}


@dataclass(frozen=True, slots=True)
class Filters:
    """A request that passed all checks."""

    viewer: Viewer
    question: Question
    aggregate: bool
    stat: str
    includes: tuple[str, ...]
    excludes: frozenset[str]


def bad(message: str) -> Stop:
    return Stop(as_json({"status": "bad_request", "message": message}, 400))


def forbidden(message: str) -> Stop:
    return Stop(as_json({"status": "forbidden", "message": message}, 403))


def read_filters(
    call: Call, *, rollups: bool, users: str = "user_ids", includes: tuple[str, ...] = INCLUDES
) -> Filters:
    """Check everything; parameters of rollups only where `rollups`. Stops with 400, 403, 404.

    `users` is the name of the parameter with students, `includes` what may be included.
    """
    course = the_course(call)
    viewer = the_viewer(call, course)
    roster = students(call.site.db(), course.id)
    _check_permission(call, viewer, roster, users)
    aggregate, stat = _aggregate(call) if rollups else (False, "mean")
    sort = _sort(call) if rollups else None
    included = _includes(call, includes, aggregate=aggregate)
    linked = _linked(call, course, viewer)
    section_id, picked = _students(call, course, roster, users)
    excludes = frozenset(listed(call.request, "exclude"))
    question = Question(
        course,
        linked,
        picked,
        section_id=section_id,
        excluded_states=frozenset(state for name, state in _EXCLUDED_STATES.items() if name in excludes),
        only_with_results="missing_user_rollups" in excludes and not aggregate,
        sort=sort,
        sees_unposted=viewer.sees_all_grades,
        picked_users=given(call.request, users),
    )
    return Filters(viewer, question, aggregate, stat, included, excludes)


def _check_permission(call: Call, viewer: Viewer, roster: list[Student], users: str) -> None:
    if viewer.sees_all_grades:
        return
    if not given(call.request, users):
        raise forbidden("users not specified and no access to all grades")
    wanted = [user_number(call.site.db(), text) for text in listed(call.request, users)]
    if not set(wanted) <= {student.id for student in roster}:
        raise bad("specified users not enrolled")
    if not set(wanted) <= viewer.readable:
        raise forbidden("not authorized to read grades for specified users")


def _aggregate(call: Call) -> tuple[bool, str]:
    aggregate = call.request.param("aggregate")
    if aggregate not in {None, "course"}:
        raise bad("invalid aggregate parameter value")
    stat = call.request.param("aggregate_stat") or "mean"
    if stat not in {"mean", "median"}:
        raise bad("invalid aggregate_stat parameter value")
    return aggregate is not None, stat


def _sort(call: Call) -> Sort | None:
    by = call.request.param("sort_by")
    if not by:
        return None
    if by not in SORTS:
        raise bad("invalid sort_by parameter value")
    target = None
    if by == OUTCOME:
        target = _target(call, "sort_outcome_id", r"\d{1,18}")
    if by == CONTRIBUTING:
        target = _target(call, "sort_alignment_id", r"[A-Z]_\d{1,18}")
    order = call.request.param("sort_order") or "asc"
    if order not in {"asc", "desc"}:
        raise bad("invalid sort_order parameter value")
    return Sort(by, order == "desc", target)


def _target(call: Call, name: str, pattern: str) -> int:
    value = call.request.param(name)
    if not value:
        raise bad(f"missing required {name} parameter value")
    if not re.fullmatch(pattern, value):
        raise bad(f"invalid {name} parameter value")
    return int(value.rpartition("_")[2])


def _includes(call: Call, known: tuple[str, ...], *, aggregate: bool) -> tuple[str, ...]:
    includes = tuple(dict.fromkeys(listed(call.request, "include")))
    for name in includes:
        if name not in known:
            raise bad(f"invalid include: {name}")
        if name == "courses" and not aggregate:
            raise bad("can't include courses unless aggregate is 'course'")
        if name == "users" and aggregate:
            raise bad("can't include users unless aggregate is not set")
    return includes


def _linked(call: Call, course: Context, viewer: Viewer) -> list[Linked]:
    db, request = call.site.db(), call.request
    linked = linked_outcomes(db, course)
    by_id, by_group = given(request, "outcome_ids"), request.param("outcome_group_id")
    if by_id and by_group:
        raise bad("can't filter by both outcome_ids and outcome_group_id")
    if by_group:
        group = tree.live_group(db, course, int(by_group)) if re.fullmatch(r"\d{1,18}", by_group) else None
        if group is None:
            raise bad("can only include an outcome group id in the outcome context")
        return [one for one in linked if one.group_id == group["id"]]
    if not by_id:
        return arranged(db, course, viewer.user_id, linked)
    wanted = {int(text) if re.fullmatch(r"\d{1,18}", text) else 0 for text in listed(request, "outcome_ids")}
    if not wanted <= {one.outcome.id for one in linked}:
        raise bad("can only include id's of outcomes in the outcome context")
    return chosen(linked, wanted)


def _students(call: Call, course: Context, roster: list[Student], users: str) -> tuple[int | None, list[Student]]:
    """The section asked for, and the students that the filters leave."""
    db, section = call.site.db(), call.request.param("section_id")
    if given(call.request, users):
        wanted = {user_number(db, text) for text in listed(call.request, users)}
        if not wanted <= {student.id for student in roster}:
            raise bad("can only include id's of users in the outcome context")
        if section:
            raise bad("cannot specify both user_ids and section_id")
        return None, [student for student in roster if student.id in wanted]
    if not section:
        return None, roster
    section_id = found_id(db, "course_sections", section)
    known = db.execute(
        "SELECT 1 FROM course_sections WHERE id = ? AND course_id = ? AND workflow_state <> 'deleted'",
        (section_id, course.id),
    )
    if known.fetchone() is None:
        raise bad("invalid section id")
    return section_id, students(db, course.id, section_id)
