"""Accounts, and the rights that the caller has on them."""

import re
from collections.abc import Sequence
from typing import Any

from sandbox import objects
from sandbox.http.answers import Answer, Stop, as_json, not_found, not_permitted
from sandbox.http.calls import Call
from sandbox.http.paging import asked_page, counted_link
from sandbox.outcomes import flags
from sandbox.site import Site

_HEX_ID = re.compile(r"hex:(sis_\w+):((?:[0-9A-Fa-f]{2})+)")
_ANONYMOUS_ROOTS = {"self", "default", "1"}


def plain_id(text: str) -> str:
    """An id of the address without the form that carries odd characters as hexadecimal digits."""
    found = _HEX_ID.fullmatch(text)
    return f"{found[1]}:{bytes.fromhex(found[2]).decode('utf-8', 'replace')}" if found else text


def rights(site: Site) -> set[str]:
    """The SIS rights of the token."""
    held = {"import_sis": site.may_import, "manage_sis": site.may_restore, "read_sis": True}
    return {name for name, granted in held.items() if granted}


def may_see_roles(site: Site) -> bool:
    """The right `manage_role_overrides`, which people have who may do everything."""
    return site.may_import and site.may_restore


def not_allowed(site: Site) -> Answer:
    """The refusal of a call that the token lacks the right for."""
    return not_permitted(403 if flags.is_on(site.db(), "api_auth_error_updates") else 401)


def the_account(call: Call) -> dict[str, Any]:
    """The account in the address. Stops with 404."""
    account = objects.account(call.site, plain_id(call.args["account_id"]))
    if account is None:
        raise Stop(not_found())
    return account


def sis_site(call: Call, *any_right: str) -> Site:
    """The site of a call to a SIS endpoint, after Canvas's checks in Canvas's order.

    A bad token comes first, then the account, then the right; a missing token is refused only where the right is.
    """
    if call.caller.anonymous:
        if call.args["account_id"] not in _ANONYMOUS_ROOTS:
            raise Stop(not_found())
        return call.site
    if the_account(call)["parent_account_id"] is not None:
        raise Stop(as_json({"errors": ["SIS imports can only be executed on root accounts"]}, 400))
    if not flags.is_on(call.site.db(), "sis_imports"):
        raise Stop(as_json({"errors": ["SIS imports are not enabled for this account"]}, 403))
    if rights(call.site).isdisjoint(any_right):
        raise Stop(not_allowed(call.site))
    return call.site


def index(call: Call) -> Answer:
    """`GET accounts`: those that the token's user administers, which is the root account."""
    return _page(call, [objects.account(call.site, "self")])


def show(call: Call) -> Answer:
    return call.json(the_account(call))


def below(call: Call) -> Answer:
    """`GET accounts/:id/sub_accounts`: those right below it, or all where `recursive`."""
    recursive = call.request.flag("recursive")
    return _page(call, objects.sub_accounts(call.site, the_account(call)["id"], recursive=recursive))


def permissions(call: Call) -> Answer:
    the_account(call)
    held = rights(call.site)
    asked = call.request.params.get("permissions[]") or sorted(held | {"import_sis", "manage_sis"})
    return call.json({name: name in held for name in asked})


def users_self(call: Call) -> Answer:
    return call.json(objects.users_self(call.site))


def _page(call: Call, found: Sequence[object]) -> Answer:
    page = asked_page(call.request)
    return call.json(found[page.offset : page.offset + page.size], counted_link(call.request, page, len(found)))
