"""Enrollments: of a course, a section or a person."""

import sqlite3
from typing import Any

from sandbox.api.accounts import the_account
from sandbox.api.contexts import the_course, the_section
from sandbox.api.lists import listed
from sandbox.api.people import the_user
from sandbox.api.viewers import user_number
from sandbox.directory import TYPES, Query, enrollment_json
from sandbox.http.answers import Answer, Stop, not_found
from sandbox.http.calls import Call
from sandbox.http.paging import asked_page, counted_link
from sandbox.people import user_json


def of_course(call: Call) -> Answer:
    """`GET courses/:id/enrollments`."""
    return _listed(call, "course_id", the_course(call).id)


def of_section(call: Call) -> Answer:
    """`GET sections/:id/enrollments`."""
    return _listed(call, "course_section_id", the_section(call)["id"])


def of_user(call: Call) -> Answer:
    """`GET users/:id/enrollments`."""
    return _listed(call, "user_id", the_user(call))


def show(call: Call) -> Answer:
    """`GET accounts/:id/enrollments/:id`."""
    the_account(call)
    row = call.site.db().execute("SELECT * FROM enrollments WHERE id = ?", (call.number("id"),)).fetchone()
    if row is None:
        raise Stop(not_found())
    return call.json(_shown(call, row))


def _listed(call: Call, column: str, value: int) -> Answer:
    query, db = Query("enrollments"), call.site.db()
    query.among(column, [value])
    query.among("workflow_state", listed(call.request, "state") or ["active", "invited"])
    if types := listed(call.request, "type"):
        query.among("type", [TYPES.get(name, name) for name in types])
    if user := call.request.param("user_id"):
        query.among("user_id", [user_number(db, user)])
    page = asked_page(call.request)
    rows, total = query.page(db, "*", "id", page.offset, page.size)
    return call.json([_shown(call, row) for row in rows], counted_link(call.request, page, total))


def _shown(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    db = call.site.db()
    return {**enrollment_json(db, row, call.request.base), "user": user_json(db, row["user_id"])}
