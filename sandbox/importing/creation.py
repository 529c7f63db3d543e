"""A POST becomes an import: Canvas's checks in Canvas's order, some of which come after the row was saved."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.importing import files
from sandbox.importing.options import Options, Params, flag, text
from sandbox.importing.terms import find_term
from sandbox.ruby import integer

if TYPE_CHECKING:
    from sandbox.site import Site

_DROP_STATUSES = ("deleted", "completed", "inactive", "deleted_last_completed")
_USER_REMOVE_STATUSES = ("deleted", "suspended")
_MAX_IDENTIFIER = 128
_EXTENSIONS = {"application/zip": "zip", "text/xml": "xml", "text/plain": "csv", "text/csv": "csv"}

_NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
_SERVER_ERROR = {
    "errors": [{"message": "An error occurred.", "error_code": "internal_server_error"}],
    "error_report_id": 1,
}
_TERM_MISSING = "Batch mode specified, but the given batch_mode_term_id cannot be found."
_THRESHOLD_MISSING = "change_threshold is required to use multi term_batch mode."


class Refusal(Exception):
    """A POST or PUT that Canvas answers with an error. `body` is JSON, or raw text where Canvas sends that."""

    def __init__(self, status: int, body: dict[str, Any] | str) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a POST; see `sandbox.batches.create`."""

    file: Path | None
    filename: str
    content_type: str
    params: Params

    @property
    def is_multipart(self) -> bool:
        return bool(self.filename) or self.content_type.startswith("multipart/form-data")

    @property
    def stored_name(self) -> str:
        """The file name given, or for a raw body one that follows from its type; unknown types count as zip."""
        if self.filename:
            return self.filename
        media_type = self.content_type.partition(";")[0].strip().lower()
        return f"sis_import.{text(self.params, 'extension') or _EXTENSIONS.get(media_type, 'zip')}"


def create(site: "Site", sent: Sent, user: Mapping[str, Any] | None) -> int:
    """The id of the new import. Raises Refusal."""
    _refuse_unusable(sent)
    options = _term_options(site, sent.params)
    batch_id = _insert(site, sent, options, user)
    if sent.file is None:
        raise Refusal(500, _SERVER_ERROR)
    files.keep_upload(site, batch_id, sent.file)
    options = _remaining_options(options, sent.params)
    site.db().execute(
        "UPDATE sis_batches SET workflow_state = 'created', options = ? WHERE id = ?",
        (json.dumps(asdict(options)), batch_id),
    )
    site.queue.ring()
    return batch_id


def _refuse_unusable(sent: Sent) -> None:
    """The checks that leave no row."""
    if (text(sent.params, "import_type") or "instructure_csv") != "instructure_csv":
        raise Refusal(500, _SERVER_ERROR)
    if sent.is_multipart:
        if sent.file is None and "attachment" not in sent.params:
            raise Refusal(400, {"error": True, "error_message": "Missing attachment"})
    elif text(sent.params, "extension") is None:
        charset = re.search(r"charset=\"?([^\s;\"]+)", sent.content_type, re.IGNORECASE)
        if charset and charset.group(1).lower() != "utf-8":
            raise Refusal(400, {"error": "Invalid content type, UTF-8 required"})


def _term_options(site: "Site", params: Params) -> Options:
    """Batch mode and its term. A term that was found beats the wish for several terms."""
    several = "multi_term_batch_mode" in params
    if not flag(params, "batch_mode") and not several:
        return Options()
    wanted = text(params, "batch_mode_term_id") if flag(params, "batch_mode") else None
    if wanted is None and not several:
        raise Refusal(400, {"message": _TERM_MISSING})
    if wanted is None:
        return Options(batch_mode=True, multi_term_batch_mode=flag(params, "multi_term_batch_mode"))
    term_id = find_term(site, wanted)
    if term_id is None:
        raise Refusal(404, _NOT_FOUND)
    return Options(batch_mode=True, batch_mode_term_id=term_id)


def _insert(site: "Site", sent: Sent, options: Options, user: Mapping[str, Any] | None) -> int:
    now = site.clock.text()
    inserted = site.db().execute(
        "INSERT INTO sis_batches (workflow_state, created_at, updated_at, user_id, filename, options, data) "
        "VALUES ('initializing', ?, ?, ?, ?, ?, ?)",
        (
            now,
            now,
            user["id"] if user else None,
            sent.stored_name,
            json.dumps(asdict(options)),
            json.dumps({"import_type": "instructure_csv"}),
        ),
    )
    return int(inserted.lastrowid or 0)


def _remaining_options(options: Options, params: Params) -> Options:
    """All that is not about terms. Raises Refusal."""
    threshold = text(params, "change_threshold")
    if options.multi_term_batch_mode is not None and threshold is None:
        raise Refusal(400, {"message": _THRESHOLD_MISSING})
    override = flag(params, "override_sis_stickiness") or None
    rows = integer(text(params, "diff_row_count_threshold") or "")
    options = replace(
        options,
        change_threshold=None if threshold is None else integer(threshold),
        diff_row_count_threshold=rows if rows > 0 else None,
        override_sis_stickiness=override,
        add_sis_stickiness=(override and flag(params, "add_sis_stickiness")) or None,
        clear_sis_stickiness=(override and flag(params, "clear_sis_stickiness")) or None,
        update_sis_id_if_login_claimed=flag(params, "update_sis_id_if_login_claimed"),
        skip_deletes=flag(params, "skip_deletes"),
        diffing_drop_status=_one_of(params, "diffing_drop_status", _DROP_STATUSES),
        diffing_user_remove_status=_one_of(params, "diffing_user_remove_status", _USER_REMOVE_STATUSES),
        batch_mode_enrollment_drop_status=_one_of(params, "batch_mode_enrollment_drop_status", _DROP_STATUSES),
    )
    identifier = text(params, "diffing_data_set_identifier")
    if identifier is None or options.batch_mode:
        return options
    if len(identifier) > _MAX_IDENTIFIER:
        raise Refusal(400, _too_long("diffing_data_set_identifier"))
    remaster = flag(params, "diffing_remaster_data_set")
    return replace(options, diffing_data_set_identifier=identifier, diffing_remaster=remaster)


def _one_of(params: Params, name: str, allowed: Sequence[str]) -> str | None:
    value = text(params, name)
    if value is not None and value not in allowed:
        raise Refusal(400, {"message": f"Invalid {name}"})
    return value


def _too_long(field: str) -> dict[str, Any]:
    return {"errors": {field: [{"attribute": field, "type": "too_long", "message": "too_long"}]}}
