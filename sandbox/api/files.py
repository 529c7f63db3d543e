"""Downloads of what an import was given and of what it said."""

from urllib.parse import quote

from sandbox import batches
from sandbox.http.answers import Answer, Stop, not_found, unauthenticated
from sandbox.http.calls import Call


def download(call: Call) -> Answer:
    """The verifier in the link is the permission; a token is not needed."""
    verifier = call.request.param("verifier") or ""
    site = call.sites.of_verifier(verifier) or call.caller.site
    if site is None:
        raise Stop(not_found())
    try:
        found = batches.attachment(site, call.number("id"), verifier)
    except batches.Expired as expired:
        raise Stop(unauthenticated()) from expired
    if found is None:
        return not_found()
    path, name, content_type = found
    return Answer(200, path, content_type, (("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name)}"),))
