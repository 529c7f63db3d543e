"""Rows as the workers would have left them, for tests of pages that only read."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports.models import ImportRun, Message, MessagePattern, Upload, UploadedCsv, UploadedFile
from imports.phases import Outcome, Phase

NOW = timezone.now()


def run(canvas_account: CanvasAccount, *, at: datetime | None = None, **fields: Any) -> ImportRun:
    """A run of another tool that ended well, unless the fields say otherwise."""
    moment = at or NOW - timedelta(hours=1)
    values: dict[str, Any] = {
        "phase": Phase.FINISHED,
        "outcome": Outcome.IMPORTED if fields.get("phase", Phase.FINISHED) == Phase.FINISHED else "",
        "canvas_started_at": moment,
        "canvas_created_at": moment,
        "finished_at": moment + timedelta(seconds=90)
        if fields.get("phase", Phase.FINISHED) == Phase.FINISHED
        else None,
    }
    return ImportRun.objects.create(canvas_account=canvas_account, at=moment, **(values | fields))


def upload(canvas_account: CanvasAccount, by: User | None = None, **kinds: int) -> Upload:
    """An upload that has been looked into: `users=3` is a file users.csv with three rows."""
    given = Upload.objects.create(
        canvas_account=canvas_account, given_by=by, state=Upload.State.READY, package_name="easel.zip", package_size=900
    )
    for plural, rows in kinds.items():
        file = UploadedFile.objects.create(
            upload=given, name=f"{plural}.csv", stored_as=f"{plural}.csv", size=900, sha256="0" * 64
        )
        UploadedCsv.objects.create(file=file, kind=plural.removesuffix("s"), rows=rows, size=900)
    return given


def message(of: ImportRun, text: str, *, pattern: str = "", **fields: Any) -> Message:
    kept, _ = MessagePattern.objects.get_or_create(text=pattern or text)
    values = {"severity": Message.Severity.WARNING, "file": "users.csv", "row": 2} | fields
    return Message.objects.create(run=of, pattern=kept, text=text, **values)
