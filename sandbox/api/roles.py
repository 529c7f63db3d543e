"""Roles of accounts: Canvas's list of them, and the control that makes one."""

from sandbox import objects, roles
from sandbox.api.accounts import may_see_roles, not_allowed, the_account
from sandbox.api.lists import listed
from sandbox.http.answers import Answer, Stop, messages, not_found
from sandbox.http.calls import Call
from sandbox.http.paging import asked_page, counted_link


def index(call: Call) -> Answer:
    """`GET accounts/:id/roles`, by state, with those of the accounts above where `show_inherited`."""
    account = the_account(call)
    if not may_see_roles(call.site):
        return not_allowed(call.site)
    request, page = call.request, asked_page(call.request)
    inherited = request.flag("show_inherited")
    shown, total = roles.page(
        call.site.db(), account, listed(request, "state"), page.offset, page.size, inherited=inherited
    )
    return call.json(shown, counted_link(request, page, total))


def make(call: Call) -> Answer:
    """`name`, `base_role_type`, `account` (its number or SIS id as in addresses; the root where absent)."""
    body = call.request.json_object()
    account = objects.account(call.own_site, str(body.get("account", "self")))
    if account is None:
        raise Stop(not_found())
    try:
        number = roles.make(
            call.own_site.db(),
            call.own_site.clock.text(),
            name=str(body.get("name", "")),
            base_role_type=str(body.get("base_role_type", "")),
            account_id=account["id"],
        )
    except roles.BadRole as problem:
        raise Stop(messages(400, str(problem))) from problem
    return call.json({"id": number})
