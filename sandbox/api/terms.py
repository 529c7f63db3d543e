"""The terms of an account."""

from sandbox import terms
from sandbox.api.accounts import plain_id, the_account
from sandbox.api.lists import listed
from sandbox.http.answers import Answer, Stop, as_json, not_found
from sandbox.http.calls import Call
from sandbox.http.paging import asked_page, counted_link
from sandbox.importing.terms import find_term


def index(call: Call) -> Answer:
    """`GET accounts/:id/terms`, by state and by a part of the name."""
    _refuse_sub_accounts(call)
    request, db = call.request, call.site.db()
    page, includes = asked_page(request), listed(request, "include")
    rows, total = terms.page(db, listed(request, "workflow_state"), request.param("term_name"), page.offset, page.size)
    shown = [terms.term_json(db, row, includes) for row in rows]
    return call.json({"enrollment_terms": shown}, counted_link(request, page, total))


def show(call: Call) -> Answer:
    """`GET accounts/:id/terms/:id`, with its overrides."""
    _refuse_sub_accounts(call)
    number = find_term(call.site, plain_id(call.args["id"]))
    if number is None:
        return not_found()
    db = call.site.db()
    row = db.execute("SELECT * FROM enrollment_terms WHERE id = ?", (number,)).fetchone()
    return call.json(terms.term_json(db, row, [*listed(call.request, "include"), "overrides"]))


def _refuse_sub_accounts(call: Call) -> None:
    if the_account(call)["parent_account_id"] is not None:
        raise Stop(as_json({"message": "Terms only belong to root_accounts."}, 400))
