"""SIS imports: launch, look, stop, undo."""

from sandbox import batches, objects
from sandbox.api.accounts import sis_site
from sandbox.http.answers import Answer, Stop, as_json, not_found
from sandbox.http.calls import Call
from sandbox.http.paging import asked_page, counted_link, uncounted_link
from sandbox.site import Site

_SEEING = ("import_sis", "manage_sis")


def index(call: Call) -> Answer:
    site = sis_site(call, *_SEEING)
    page = asked_page(call.request)
    found = batches.index(
        site,
        created_since=call.request.param("created_since"),
        created_before=call.request.param("created_before"),
        states=call.request.params.get("workflow_state[]", []),
        offset=page.offset,
        limit=page.size,
        base=call.request.base,
    )
    return call.json({"sis_imports": found}, uncounted_link(call.request, page, len(found)))


def importing(call: Call) -> Answer:
    site = sis_site(call, *_SEEING)
    return call.json({"sis_imports": batches.importing(site, base=call.request.base)})


def create(call: Call) -> Answer:
    site = sis_site(call, "import_sis")
    try:
        batch_id = _created(call, site)
    except batches.Refusal as refusal:
        raise Stop(_refused(refusal)) from refusal
    return call.json(batches.show_new(site, batch_id, base=call.request.base))


def _created(call: Call, site: Site) -> int:
    request, user = call.request, objects.users_self(call.site)
    if request.media_type != "multipart/form-data":
        file = request.claim(request.raw_file())
        return batches.create(
            site, file=file, filename="", content_type=request.content_type, params=request.params, user=user
        )
    upload = request.form.files.get("attachment")
    return batches.create(
        site,
        file=request.claim(upload.path) if upload else None,
        filename=upload.filename if upload else "",
        content_type=upload.content_type if upload else request.content_type,
        params=request.params,
        user=user,
    )


def show(call: Call) -> Answer:
    site = sis_site(call, *_SEEING)
    return _found(call, batches.show(site, call.number("id"), base=call.request.base))


def abort(call: Call) -> Answer:
    site = sis_site(call, *_SEEING)
    return _found(call, batches.abort(site, call.number("id"), base=call.request.base))


def abort_all_pending(call: Call) -> Answer:
    batches.abort_all_pending(sis_site(call, *_SEEING))
    return call.json({"aborted": True})


def restore_states(call: Call) -> Answer:
    site = sis_site(call, "manage_sis")
    chosen = {name: call.request.flag(name) for name in ("batch_mode", "undelete_only", "unconclude_only")}
    try:
        progress = batches.restore(site, call.number("id"), **chosen, base=call.request.base)
    except batches.Refusal as refusal:
        raise Stop(_refused(refusal)) from refusal
    return _found(call, progress)


def errors(call: Call) -> Answer:
    """Messages of one import."""
    return _errors(call, sis_site(call, *_SEEING), call.number("id"))


def account_errors(call: Call) -> Answer:
    """Messages of all imports."""
    return _errors(call, sis_site(call, *_SEEING), None)


def _errors(call: Call, site: Site, batch_id: int | None) -> Answer:
    page = asked_page(call.request)
    failures_only = call.request.flag("failure")
    found = batches.errors(site, batch_id, failures_only=failures_only, offset=page.offset, limit=page.size)
    if found is None:
        return not_found()
    return call.json({"sis_import_errors": found[0]}, counted_link(call.request, page, found[1]))


def _found(call: Call, value: object) -> Answer:
    return not_found() if value is None else call.json(value)


def _refused(refusal: batches.Refusal) -> Answer:
    """Some refusals are bare text under the content type of JSON."""
    if isinstance(refusal.body, str):
        return Answer(refusal.status, refusal.body.encode())
    return as_json(refusal.body, refusal.status)
