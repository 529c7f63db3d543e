"""Answers as Canvas gives them."""

from typing import Any

ACCESS_DENIED = {
    "status": "unauthorized",
    "errors": [{"message": "user not authorized to perform that action"}],
}
NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
SERVER_FAULT = {"errors": [{"message": "An error occurred.", "error_code": "internal_server_error"}]}
CHALLENGE = ("WWW-Authenticate", 'Bearer realm="canvas-lms"')
THROTTLED = b"403 Forbidden (Rate Limit Exceeded)\n"
GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>private details</body></html>"


def sis_import(sis_import_id: int = 41, **changes: Any) -> dict[str, Any]:
    """A SIS import as Canvas answers a POST, or with changes."""
    fresh: dict[str, Any] = {
        "id": sis_import_id,
        "created_at": "2026-01-05T09:30:00Z",
        "started_at": None,
        "ended_at": None,
        "updated_at": "2026-01-05T09:30:00Z",
        "progress": 0,
        "workflow_state": "created",
        "data": {"import_type": "instructure_csv"},
        "batch_mode": None,
        "batch_mode_term_id": None,
        "skip_deletes": False,
        "diffing_data_set_identifier": None,
        "diffed_against_import_id": None,
        "change_threshold": None,
        "diff_row_count_threshold": None,
        "user": {"id": 7, "name": "Ada Example", "sortable_name": "Example, Ada", "short_name": "Ada"},
    }
    return {**fresh, **changes}


def progress(**changes: Any) -> dict[str, Any]:
    """The progress of a restore that waits to begin."""
    queued = {
        "id": 9,
        "context_id": 41,
        "context_type": "SisBatch",
        "user_id": None,
        "tag": "sis_batch_state_restore",
        "completion": 0.0,
        "workflow_state": "queued",
        "message": None,
        "url": "https://canvas.example.edu/api/v1/progress/9",
    }
    return {**queued, **changes}
