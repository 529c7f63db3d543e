"""The progress of background work."""

from sandbox import batches
from sandbox.api.accounts import not_allowed, rights
from sandbox.http.answers import Answer, Stop, not_found
from sandbox.http.calls import Call


def show(call: Call) -> Answer:
    site = call.site
    found = batches.progress(site, call.number("id"), base=call.request.base)
    if found is None:
        return not_found()
    if rights(site).isdisjoint({"import_sis", "manage_sis"}):
        raise Stop(not_allowed(call.site))
    return call.json(found)


def cancel(call: Call) -> Answer:
    """Only the person whose progress it is may cancel it, and that of a restore is nobody's."""
    show(call)
    return not_allowed(call.site)
