"""SIS imports: states, options, messages, and how Canvas's record of one becomes ours."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from canvas.client import CanvasClient
from canvas.records import SisImport, SisImportError
from imports.kinds.base import Heard, Said
from imports.phases import Outcome, Phase
from imports.storable import storable

# Canvas calls only these messages failures; every other one is a warning about a row or about the import.
_FAILURES = (
    "Invalid UTF-8",
    "Malformed CSV",
    "Couldn't find Canvas CSV import headers",
    "Error while importing CSV. Please contact support.",
)
_PHASES = {
    "initializing": Phase.WAITING,
    "created": Phase.WAITING,
    "importing": Phase.RUNNING,
    "cleanup_batch": Phase.CLEANING,
    "restoring": Phase.RESTORING,
}
_OUTCOMES = {
    "imported": Outcome.IMPORTED,
    "imported_with_messages": Outcome.WITH_MESSAGES,
    "failed": Outcome.FAILED,
    "failed_with_messages": Outcome.FAILED,
    "aborted": Outcome.ABORTED,
    "restored": Outcome.RESTORED,
    "partially_restored": Outcome.PARTLY_RESTORED,
}
MARKER = "diff_row_count_threshold"


class SisKind:
    name = "sis"

    def send(
        self,
        canvas: CanvasClient,
        *,
        path: Path,
        filename: str,
        options: Mapping[str, Any],
        marker: int | None,
        on_progress: Callable[[int, int], None],
    ) -> Heard:
        marked = dict(options) if marker is None else {**options, MARKER: marker}
        return heard(canvas.create_sis_import(path, filename=filename, options=marked, on_progress=on_progress))

    def read(self, canvas: CanvasClient, canvas_id: int) -> Heard:
        return heard(canvas.sis_import(canvas_id))

    def listed(self, canvas: CanvasClient, *, since: datetime | None, before: datetime | None) -> Iterator[Heard]:
        return (heard(record) for record in canvas.sis_imports(created_since=since, created_before=before))

    def messages(self, canvas: CanvasClient, canvas_id: int) -> Iterator[Said]:
        newest_first = list(canvas.sis_import_errors(canvas_id))
        return map(said, reversed(newest_first))


def said(item: SisImportError) -> Said:
    """One of Canvas's messages in our words."""
    return Said(
        is_error=item.message.startswith(_FAILURES),
        file=storable(item.file or ""),
        row=item.row,
        text=storable(item.message),
        row_content=storable(item.row_info or ""),
    )


def heard(record: SisImport) -> Heard:
    """Canvas's record in our words."""
    errors, warnings = _message_counts(record)
    return Heard(
        canvas_id=record.id,
        canvas_state=record.state,
        phase=_phase(record),
        outcome=_outcome(record),
        progress=record.progress,
        canvas_created_at=record.created_at,
        canvas_started_at=record.started_at,
        canvas_ended_at=record.ended_at,
        canvas_updated_at=record.updated_at,
        canvas_user=record.user.name if record.user else "",
        canvas_user_id=str(record.user.id) if record.user else "",
        counts=record.counts,
        statistics=record.statistics,
        supplied=list(record.supplied_batches),
        warning_count=warnings,
        error_count=errors,
        options=_options(record),
        marker=record.diff_row_count_threshold,
        csvs={attachment.display_name: attachment.size for attachment in record.csv_attachments},
        raw=record.raw,
    )


def _phase(record: SisImport) -> Phase:
    """Only Canvas's state decides: neither full progress nor an end time means that an import is done."""
    if record.state in _OUTCOMES:
        return Phase.FINISHED
    phase = _PHASES.get(record.state, Phase.RUNNING)
    is_preparing = phase is Phase.RUNNING and not record.supplied_batches and not record.progress
    return Phase.PREPARING if is_preparing else phase


def _outcome(record: SisImport) -> Outcome | None:
    outcome = _OUTCOMES.get(record.state)
    applied = any(count for name, count in record.counts.items() if not name.endswith("_count"))
    if outcome is Outcome.FAILED and (applied or record.statistics.get("total_state_changes")):
        return Outcome.PARTLY_APPLIED
    return outcome


def _message_counts(record: SisImport) -> tuple[int, int]:
    """Errors and warnings: Canvas's totals at the end, else what its two capped lists show."""
    errors = record.counts.get("error_count") or len(record.processing_errors)
    warnings = record.counts.get("warning_count") or len(record.processing_warnings)
    return errors, warnings


_ECHOED = (
    "batch_mode",
    "batch_mode_term_id",
    "multi_term_batch_mode",
    "override_sis_stickiness",
    "add_sis_stickiness",
    "clear_sis_stickiness",
    "update_sis_id_if_login_claimed",
    "skip_deletes",
    "diffing_data_set_identifier",
    "diffing_drop_status",
    "diffing_user_remove_status",
    "change_threshold",
)


def _options(record: SisImport) -> dict[str, Any]:
    """The options that an import was given, as far as Canvas repeats them, by the names of its parameters."""
    raw = record.raw
    options = {name: raw[name] for name in _ECHOED if raw.get(name)}
    if raw.get("diffing_remaster"):
        options["diffing_remaster_data_set"] = True
    return options
