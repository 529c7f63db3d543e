"""Outcome imports: Canvas has no list of them, no abort and no restore, and tells the first 25 messages alone.

Facts: `outcome_imports_api_controller.rb`, `outcome_import.rb`, `lib/outcomes/import.rb`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from canvas.client import CanvasClient
from canvas.errors import NotFound
from canvas.outcome_records import OutcomeImport
from canvas.outcomes import Context
from imports.destinations import Destination
from imports.kinds.base import Heard, Made, Said
from imports.phases import Outcome, Phase

LATEST = "latest"
_PHASES = {
    "initializing": Phase.WAITING,
    "created": Phase.WAITING,
    "importing": Phase.RUNNING,
    "succeeded": Phase.FINISHED,
    "failed": Phase.FINISHED,
}


class OutcomeKind:
    name = "outcome"
    is_listed = False
    can_abort = False
    can_restore = False
    most_messages: int | None = 25

    def send(
        self,
        canvas: CanvasClient,
        *,
        path: Path,
        filename: str,
        options: Mapping[str, Any],
        marker: int | None,  # noqa: ARG002  # Canvas echoes nothing that was sent along
        on_progress: Callable[[int, int], None],
    ) -> Heard:
        destination = Destination.of(options)
        made = canvas.outcomes.create_import(
            context_of(canvas, destination),
            path,
            filename=filename,
            group_id=destination.group_id,
            on_progress=on_progress,
        )
        return heard(made)

    def read(self, canvas: CanvasClient, canvas_id: int, *, options: Mapping[str, Any]) -> Heard:
        return heard(_record(canvas, canvas_id, options))

    def listed(self, _canvas: CanvasClient, *, since: datetime | None, before: datetime | None) -> Iterator[Heard]:  # noqa: ARG002
        return iter(())

    def seen(self, canvas: CanvasClient, *, options: Mapping[str, Any]) -> Iterator[Heard]:
        """The import that began last in the place, if any ever did; one that waits cannot be seen."""
        try:
            yield heard(_record(canvas, LATEST, options))
        except NotFound:
            return

    def messages(self, canvas: CanvasClient, canvas_id: int, *, options: Mapping[str, Any]) -> Iterator[Said]:
        for row, text in _record(canvas, canvas_id, options).processing_errors:
            yield Said(is_error=True, file="", row=row, text=text.replace("\x00", "\N{SYMBOL FOR NULL}"))

    def made(self, canvas: CanvasClient, canvas_id: int, *, options: Mapping[str, Any]) -> list[Made]:
        """Groups that it created or changed, by their present titles. Empty for an import that failed."""
        context = context_of(canvas, Destination.of(options))
        try:
            ids = set(canvas.outcomes.created_group_ids(context, canvas_id))
        except NotFound:
            return []
        titles = {group.id: group.title for group in canvas.outcomes.groups(context) if group.id in ids} if ids else {}
        return [Made(number, titles.get(number, "")) for number in sorted(ids)]


def context_of(canvas: CanvasClient, destination: Destination) -> Context:
    if destination.is_course:
        return Context.course(destination.canvas_id)
    return canvas.outcomes.root if destination.canvas_id == "self" else Context.account(destination.canvas_id)


def _record(canvas: CanvasClient, import_id: int | str, options: Mapping[str, Any]) -> OutcomeImport:
    return canvas.outcomes.read_import(context_of(canvas, Destination.of(options)), import_id)


def heard(record: OutcomeImport) -> Heard:
    """Canvas's record in our words."""
    outcome = _outcome(record)
    return Heard(
        canvas_id=record.id,
        canvas_state=record.state,
        phase=_PHASES.get(record.state, Phase.RUNNING),
        outcome=outcome,
        progress=record.progress,
        canvas_created_at=record.created_at,
        canvas_started_at=None,
        canvas_ended_at=record.ended_at,
        canvas_updated_at=record.updated_at,
        canvas_user=record.user.name if record.user else "",
        canvas_user_id=str(record.user.id) if record.user else "",
        counts={},
        statistics={},
        supplied=["outcomes"],
        warning_count=0,
        error_count=len(record.processing_errors),
        options={},
        marker=None,
        has_more=outcome is not None,
        raw=record.raw,
    )


def _outcome(record: OutcomeImport) -> Outcome | None:
    """`succeeded` says that Canvas came to the end of the file, not that it took every row."""
    if record.state == "succeeded":
        return Outcome.WITH_MESSAGES if record.processing_errors else Outcome.IMPORTED
    if record.state != "failed":
        return None
    # A failure is put at 100 too; only a share between shows that rows were applied before it.
    return Outcome.PARTLY_APPLIED if 0 < (record.progress or 0) < 100 else Outcome.FAILED
