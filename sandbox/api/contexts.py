"""The account or course that an address names."""

import re
import sqlite3

from sandbox import objects
from sandbox.api.accounts import plain_id
from sandbox.http.answers import Stop, not_found
from sandbox.http.calls import Call
from sandbox.outcomes import contexts
from sandbox.outcomes.contexts import Context

_SIS_COLUMNS = {
    "courses": {"sis_course_id": "sis_source_id", "sis_integration_id": "integration_id"},
    "course_sections": {"sis_section_id": "sis_source_id", "sis_integration_id": "integration_id"},
}


def the_context(call: Call) -> Context:
    """The account or course in the address, by any id that Canvas takes. Stops with 404."""
    return the_course(call) if "course_id" in call.args else _account(call)


def the_course(call: Call) -> Context:
    """Stops with 404."""
    number = found_id(call.site.db(), "courses", plain_id(call.args["course_id"]))
    course = contexts.course(call.site.db(), number)
    if course is None:
        raise Stop(not_found())
    return course


def the_section(call: Call) -> sqlite3.Row:
    """The section in the address. Stops with 404."""
    db = call.site.db()
    number = found_id(db, "course_sections", plain_id(call.args["id"]))
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM course_sections WHERE id = ? AND workflow_state = 'active'", (number,)
    ).fetchone()
    if row is None:
        raise Stop(not_found())
    return row


def found_id(db: sqlite3.Connection, table: str, text: str) -> int:
    """The id of a course or section by number or SIS id; 0 where there is none."""
    if re.fullmatch(r"[0-9]{1,18}", text):
        return int(text)
    prefix, _, value = text.partition(":")
    column = _SIS_COLUMNS[table].get(prefix)
    row = column and db.execute(f"SELECT id FROM {table} WHERE {column} = ?", (value,)).fetchone()
    return int(row["id"]) if row else 0


def _account(call: Call) -> Context:
    found = objects.account(call.site, plain_id(call.args["account_id"]))
    account = contexts.account(call.site.db(), found["id"]) if found else None
    if account is None:
        raise Stop(not_found())
    return account
