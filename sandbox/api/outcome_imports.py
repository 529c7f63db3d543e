"""Outcome imports: launch and look."""

import re

from sandbox.api.accounts import not_allowed
from sandbox.api.contexts import the_context
from sandbox.http.answers import Answer, Stop, as_json, internal_error
from sandbox.http.calls import Call
from sandbox.http.requests import Request
from sandbox.outcomes import imports
from sandbox.outcomes.imports import Upload
from sandbox.store.records import ADMIN_ID

_CHARSET = re.compile(r"charset=\"?([^\s;\"]+)", re.IGNORECASE)


def create(call: Call) -> Answer:
    context = the_context(call)
    if not call.site.may_import:
        raise Stop(not_allowed(call.site))
    group_id = call.number("group_id") if "group_id" in call.args else None
    if (call.request.param("import_type") or "instructure_csv") != "instructure_csv":
        raise Stop(internal_error())
    upload = _uploaded(call.request, group_id)
    import_id = imports.create(call.site, context, upload, ADMIN_ID)
    answer = call.json(imports.show(call.site, context, str(import_id)))
    # Rung after the answer was made, so that it always shows the import as it was taken.
    call.site.outcome_queue.ring()
    return answer


def show(call: Call) -> Answer:
    context = the_context(call)
    found = imports.show(call.site, context, call.args["id"])
    if found is None:
        raise Stop(_unknown(call.args["id"]))
    return call.json(found)


def created_group_ids(call: Call) -> Answer:
    context = the_context(call)
    try:
        found = imports.created_group_ids(call.site, context, call.args["id"])
    except imports.Unfinished as unfinished:
        raise Stop(as_json({"message": str(unfinished)}, 404)) from unfinished
    if found is None:
        raise Stop(_unknown(call.args["id"]))
    return call.json(found)


def _uploaded(request: Request, group_id: int | None) -> Upload:
    """The part `attachment`, else the body itself. A body that says it is not UTF-8 is refused."""
    if (part := request.form.files.get("attachment")) is not None:
        return Upload(request.claim(part.path), part.filename, group_id)
    if "attachment" in request.form.fields:
        raise Stop(internal_error())
    extension = request.param("extension")
    charset = _CHARSET.search(request.content_type)
    if extension is None and charset and charset[1].lower() != "utf-8":
        raise Stop(as_json({"error": "Invalid content type, UTF-8 required"}, 400))
    return Upload(request.claim(request.raw_file()), f"outcome_import.{extension or 'csv'}", group_id)


def _unknown(import_id: str) -> Answer:
    if import_id == imports.LATEST:
        return as_json({"message": "ActiveRecord::RecordNotFound"}, 404)
    columns = '"outcome_imports"."context_id" = $1 AND "outcome_imports"."context_type" = $2'
    return as_json({"message": f"Couldn't find OutcomeImport with 'id'={import_id} [WHERE {columns}]"}, 404)
