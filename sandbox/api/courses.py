"""Courses and their sections."""

from sandbox.api.accounts import the_account
from sandbox.api.contexts import the_course, the_section
from sandbox.api.lists import listed
from sandbox.api.people import the_user
from sandbox.api.viewers import acting_user
from sandbox.directory import Query, course_json, section_json
from sandbox.http.answers import Answer, Stop, as_json, not_found
from sandbox.http.calls import Call
from sandbox.http.paging import asked_page, counted_link
from sandbox.outcomes.contexts import sub_accounts
from sandbox.ruby import truth

_LIVE_STUDENTS = "EXISTS (SELECT 1 FROM enrollments WHERE course_id = courses.id AND workflow_state = 'active')"
_PUBLISHED = ("available", "completed")
_SHOWN_STATES = {"unpublished": ("claimed", "created"), "available": ("available",), "completed": ("completed",)}


def of_account(call: Call) -> Answer:
    """`GET accounts/:id/courses`: of the account and all below it."""
    account, request = the_account(call), call.request
    query = Query("courses")
    query.among("account_id", sub_accounts(call.site.db(), account["id"]))
    _narrow_states(call, query)
    if term := request.param("enrollment_term_id"):
        query.among("enrollment_term_id", [_term_id(call, term)])
    if (text := request.param("search_term")) is not None:
        if len(text) < 2:
            raise Stop(as_json({"errors": [{"message": "search_term must have at least 2 characters"}]}, 400))
        query.matching(("name", "course_code", "coalesce(sis_source_id, '')"), text)
    if published := request.param("published"):
        query.among("workflow_state", _PUBLISHED if truth(published) else _SHOWN_STATES["unpublished"])
    if (wanted := request.param("with_enrollments")) is not None:
        query.conditions.append(_LIVE_STUDENTS if truth(wanted) else f"NOT {_LIVE_STUDENTS}")
    return _courses(call, query)


def index(call: Call) -> Answer:
    """`GET courses`: those that the token's user, or the one acted as, is enrolled in."""
    return _courses_of(call, acting_user(call))


def of_user(call: Call) -> Answer:
    """`GET users/:id/courses`."""
    return _courses_of(call, the_user(call))


def show(call: Call) -> Answer:
    course = the_course(call)
    row = call.site.db().execute("SELECT * FROM courses WHERE id = ?", (course.id,)).fetchone()
    return call.json(course_json(call.site.db(), row, call.request.base, listed(call.request, "include")))


def sections(call: Call) -> Answer:
    query = Query("course_sections")
    query.among("course_id", [the_course(call).id])
    query.among("workflow_state", ["active"])
    page, db = asked_page(call.request), call.site.db()
    rows, total = query.page(db, "*", "name COLLATE NOCASE, id", page.offset, page.size)
    includes = listed(call.request, "include")
    return call.json([section_json(db, row, includes) for row in rows], counted_link(call.request, page, total))


def section(call: Call) -> Answer:
    """`GET sections/:id`, and `GET courses/:id/sections/:id`, which looks into that course alone."""
    row = the_section(call)
    if "course_id" in call.args and row["course_id"] != the_course(call).id:
        raise Stop(not_found())
    return call.json(section_json(call.site.db(), row, listed(call.request, "include")))


def _courses_of(call: Call, user_id: int) -> Answer:
    query = Query("courses")
    query.conditions.append(
        "workflow_state <> 'deleted' AND EXISTS (SELECT 1 FROM enrollments "
        "WHERE course_id = courses.id AND user_id = ? AND workflow_state IN ('active', 'invited'))"
    )
    query.values.append(user_id)
    return _courses(call, query)


def _courses(call: Call, query: Query) -> Answer:
    page, db = asked_page(call.request), call.site.db()
    rows, total = query.page(db, "*", "id", page.offset, page.size)
    includes, base = listed(call.request, "include"), call.request.base
    return call.json([course_json(db, row, base, includes) for row in rows], counted_link(call.request, page, total))


def _narrow_states(call: Call, query: Query) -> None:
    """All but deleted ones where no state is asked for."""
    asked = listed(call.request, "state")
    states = [stored for name in asked for stored in _SHOWN_STATES.get(name, (name,))]
    if states and "all" not in states:
        query.among("workflow_state", states)
    else:
        query.conditions.append("workflow_state <> 'deleted'")


def _term_id(call: Call, text: str) -> int:
    """Stops with 404."""
    prefix, _, value = text.partition(":")
    column, wanted = ("sis_source_id", value) if prefix == "sis_term_id" else ("id", text)
    row = call.site.db().execute(f"SELECT id FROM enrollment_terms WHERE {column} = ?", (wanted,)).fetchone()
    if row is None:
        raise Stop(not_found())
    return int(row["id"])
