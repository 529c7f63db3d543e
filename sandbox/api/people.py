"""People: of a course, of an account, one by one, and their logins."""

from sandbox.api.accounts import the_account
from sandbox.api.contexts import the_course
from sandbox.api.lists import listed
from sandbox.api.viewers import user_number
from sandbox.directory import TYPES, Query, course_user_json
from sandbox.http.answers import Answer, Stop, not_found
from sandbox.http.calls import Call
from sandbox.http.paging import asked_page, counted_link
from sandbox.outcomes.contexts import sub_accounts
from sandbox.people import login_json, user_json
from sandbox.store.records import ROOT_ACCOUNT_ID

_BY_NAME = "users.sortable_name COLLATE NOCASE, users.id"
_LOGIN_TEXTS = (
    "coalesce((SELECT group_concat(unique_id || ' ' || coalesce(sis_user_id, '')) FROM pseudonyms "
    "WHERE user_id = users.id), '')"
)


def the_user(call: Call) -> int:
    """The number of the user in the address, by any id that Canvas takes. Stops with 404."""
    number = user_number(call.site.db(), call.args["id"])
    if number is None:
        raise Stop(not_found())
    return number


def of_course(call: Call) -> Answer:
    """`GET courses/:id/users`, by type and state of enrollment, by text."""
    course, request, db = the_course(call), call.request, call.site.db()
    query = Query("users JOIN enrollments ON enrollments.user_id = users.id")
    query.among("enrollments.course_id", [course.id])
    query.among("enrollments.workflow_state", listed(request, "enrollment_state") or ["active", "invited"])
    if types := listed(request, "enrollment_type"):
        query.among("enrollments.type", [TYPES.get(name, name) for name in types])
    if wanted := listed(request, "user_ids"):
        query.among("users.id", [user_number(db, text) for text in wanted])
    return _people(call, query, course.id)


def of_account(call: Call) -> Answer:
    """`GET accounts/:id/users`: everybody at the root account, below it those in courses of the account."""
    account, query = the_account(call)["id"], Query("users")
    if account != ROOT_ACCOUNT_ID:
        below = sub_accounts(call.site.db(), account)
        query.conditions.append(
            "users.id IN (SELECT user_id FROM enrollments JOIN courses ON courses.id = course_id "
            f"WHERE account_id IN ({', '.join('?' * len(below))}) AND enrollments.workflow_state <> 'deleted')"
        )
        query.values += below
    return _people(call, query)


def show(call: Call) -> Answer:
    """`GET users/:id`."""
    return call.json(user_json(call.site.db(), the_user(call)))


def in_course(call: Call) -> Answer:
    """`GET courses/:id/users/:id`: 404 for somebody who is not in the course."""
    course, user, db = the_course(call), the_user(call), call.site.db()
    if not db.execute(
        "SELECT 1 FROM enrollments WHERE course_id = ? AND user_id = ? AND workflow_state <> 'deleted'",
        (course.id, user),
    ).fetchone():
        raise Stop(not_found())
    includes = listed(call.request, "include")
    return call.json(course_user_json(db, user, course.id, includes, call.request.base))


def profile(call: Call) -> Answer:
    """`GET users/:id/profile`."""
    shown = user_json(call.site.db(), the_user(call))
    kept = ("id", "name", "short_name", "sortable_name", "sis_user_id", "integration_id", "login_id")
    return call.json({**{name: shown[name] for name in kept}, "title": None, "bio": None, "time_zone": "Etc/UTC"})


def logins(call: Call) -> Answer:
    """`GET users/:id/logins`."""
    query = Query("pseudonyms")
    query.among("user_id", [the_user(call)])
    query.conditions.append("workflow_state <> 'deleted'")
    page = asked_page(call.request)
    rows, total = query.page(call.site.db(), "*", "id", page.offset, page.size)
    return call.json([login_json(row) for row in rows], counted_link(call.request, page, total))


def admins(call: Call) -> Answer:
    """`GET accounts/:id/admins`."""
    query, db, page = Query("account_users JOIN roles ON roles.id = role_id"), call.site.db(), asked_page(call.request)
    query.among("account_users.account_id", [the_account(call)["id"]])
    query.conditions.append("account_users.workflow_state = 'active'")
    columns = "account_users.id, role_id, roles.name AS role, user_id, account_users.workflow_state"
    rows, total = query.page(db, columns, "account_users.id", page.offset, page.size)
    shown = [{name: row[name] for name in ("id", "role", "role_id", "workflow_state")} for row in rows]
    people = [user_json(db, row["user_id"]) for row in rows]
    return call.json(
        [{**admin, "user": person} for admin, person in zip(shown, people, strict=True)],
        counted_link(call.request, page, total),
    )


def _people(call: Call, query: Query, course_id: int | None = None) -> Answer:
    """The people of a query over `users` page by page, by name; with what belongs to a course where one is given."""
    request, db = call.request, call.site.db()
    query.conditions.append("users.workflow_state <> 'deleted'")
    if text := request.param("search_term"):
        query.matching(("users.name", "users.sortable_name", _LOGIN_TEXTS), text)
    page, includes = asked_page(request), listed(request, "include")
    rows, total = query.page(db, "DISTINCT users.id, users.sortable_name", _BY_NAME, page.offset, page.size)
    shown = [course_user_json(db, row["id"], course_id, includes, request.base) for row in rows]
    return call.json(shown, counted_link(request, page, total))
