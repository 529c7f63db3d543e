"""Courses, their sections and their people."""

from sandbox import objects
from sandbox.api.accounts import the_account
from sandbox.api.contexts import found_id, the_course
from sandbox.api.lists import listed
from sandbox.api.viewers import user_number
from sandbox.directory import TYPES, Query, course_json, course_user_json, enrollment_json, section_json
from sandbox.http.answers import Answer, Stop, as_json, not_found
from sandbox.http.calls import Call
from sandbox.http.paging import asked_page, counted_link
from sandbox.http.requests import parsed_boolean
from sandbox.outcomes.contexts import sub_accounts
from sandbox.people import user_json

_LIVE_STUDENTS = "EXISTS (SELECT 1 FROM enrollments WHERE course_id = courses.id AND workflow_state = 'active')"
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
    if (wanted := request.param("with_enrollments")) is not None:
        query.conditions.append(_LIVE_STUDENTS if parsed_boolean(wanted) else f"NOT {_LIVE_STUDENTS}")
    return _courses(call, query)


def index(call: Call) -> Answer:
    """`GET courses`: those that the token's user is enrolled in."""
    query = Query("courses")
    query.conditions.append(
        "workflow_state <> 'deleted' AND EXISTS (SELECT 1 FROM enrollments "
        "WHERE course_id = courses.id AND user_id = ? AND workflow_state IN ('active', 'invited'))"
    )
    query.values.append(objects.ADMIN_ID)
    return _courses(call, query)


def show(call: Call) -> Answer:
    course = the_course(call)
    row = call.site.db().execute("SELECT * FROM courses WHERE id = ?", (course.id,)).fetchone()
    return call.json(course_json(call.site.db(), row, listed(call.request, "include")))


def sections(call: Call) -> Answer:
    query = Query("course_sections")
    query.among("course_id", [the_course(call).id])
    query.among("workflow_state", ["active"])
    page, db = asked_page(call.request), call.site.db()
    rows, total = query.page(db, "*", "name COLLATE NOCASE, id", page.offset, page.size)
    includes = listed(call.request, "include")
    return call.json([section_json(db, row, includes) for row in rows], counted_link(call.request, page, total))


def section(call: Call) -> Answer:
    db = call.site.db()
    number = found_id(db, "course_sections", call.args["id"])
    row = db.execute("SELECT * FROM course_sections WHERE id = ? AND workflow_state = 'active'", (number,)).fetchone()
    if row is None:
        raise Stop(not_found())
    return call.json(section_json(db, row, listed(call.request, "include")))


def users(call: Call) -> Answer:
    """`GET courses/:id/users`, by type and state of enrollment, by text."""
    course, request, db = the_course(call), call.request, call.site.db()
    query = Query("users JOIN enrollments ON enrollments.user_id = users.id")
    query.among("enrollments.course_id", [course.id])
    query.among("enrollments.workflow_state", listed(request, "enrollment_state") or ["active", "invited"])
    query.conditions.append("users.workflow_state <> 'deleted'")
    if types := listed(request, "enrollment_type"):
        query.among("enrollments.type", [TYPES.get(name, name) for name in types])
    if wanted := listed(request, "user_ids"):
        query.among("users.id", [user_number(db, text) for text in wanted])
    if text := request.param("search_term"):
        logins = "coalesce((SELECT group_concat(unique_id || ' ' || coalesce(sis_user_id, '')) FROM pseudonyms "
        query.matching(("users.name", "users.sortable_name", f"{logins} WHERE user_id = users.id), '')"), text)
    page, includes = asked_page(request), listed(request, "include")
    rows, total = query.page(
        db, "DISTINCT users.id, users.sortable_name", "users.sortable_name COLLATE NOCASE, users.id",
        page.offset, page.size,
    )  # fmt: skip
    shown = [course_user_json(db, row["id"], course.id, includes, request.base) for row in rows]
    return call.json(shown, counted_link(request, page, total))


def enrollments(call: Call) -> Answer:
    """`GET courses/:id/enrollments`."""
    query = Query("enrollments")
    query.among("course_id", [the_course(call).id])
    query.among("workflow_state", listed(call.request, "state") or ["active", "invited"])
    if types := listed(call.request, "type"):
        query.among("type", [TYPES.get(name, name) for name in types])
    page, db, base = asked_page(call.request), call.site.db(), call.request.base
    rows, total = query.page(db, "*", "id", page.offset, page.size)
    shown = [{**enrollment_json(row, base), "user": user_json(db, row["user_id"])} for row in rows]
    return call.json(shown, counted_link(call.request, page, total))


def user(call: Call) -> Answer:
    """`GET users/:id`, and its profile."""
    number = user_number(call.site.db(), call.args["id"])
    if number is None:
        raise Stop(not_found())
    return call.json(user_json(call.site.db(), number))


def _courses(call: Call, query: Query) -> Answer:
    page, db = asked_page(call.request), call.site.db()
    rows, total = query.page(db, "*", "id", page.offset, page.size)
    includes = listed(call.request, "include")
    return call.json([course_json(db, row, includes) for row in rows], counted_link(call.request, page, total))


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
