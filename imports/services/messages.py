"""Collecting all messages of an import from Canvas, not only the few that it puts on the import itself."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotFound
from imports.check.outcome_file import lines_of
from imports.kinds.base import Said
from imports.kinds.registry import KINDS
from imports.models import ImportRun, Message, MessagePattern
from imports.patterns import pattern_of
from imports.services.previewing import source_of

_PIECE = 2000
_MAX_TRIES = 8
_LEASE = timedelta(minutes=15)

logger = logging.getLogger(__name__)


def due_collections() -> list[int]:
    """Runs whose messages are to be collected now."""
    due = ImportRun.objects.filter(messages_state=ImportRun.Messages.DUE, messages_try_at__lte=timezone.now())
    return list(due.order_by("messages_try_at").values_list("pk", flat=True)[:50])


def claim_collection(*, run: ImportRun) -> bool:
    """Let one worker collect: nobody else tries before its lease is over.

    After too many tries it is given up, whatever they died of: what came after the run waits for its messages.
    """
    now = timezone.now()
    due = ImportRun.objects.filter(pk=run.pk, messages_state=ImportRun.Messages.DUE, messages_try_at__lte=now)
    if due.filter(messages_tries__gte=_MAX_TRIES).update(**_over(ImportRun.Messages.SHORT)):
        logger.warning("messages given up", extra={"run": run.pk})
        return False
    return bool(due.update(messages_try_at=now + _LEASE, messages_tries=F("messages_tries") + 1))


def collect(*, run: ImportRun, canvas: CanvasClient) -> None:
    """Fetch all messages and put them in the place of those we had, at once."""
    if run.canvas_id is None:
        raise ValueError("a run that is not in Canvas has no messages")
    run.refresh_from_db()
    try:
        kind = KINDS[run.kind]
        said = _joined(run, list(kind.messages(canvas, run.canvas_id, options=run.options)))
        made = kind.made(canvas, run.canvas_id, options=run.options)
    except NotFound:
        said, made = [], []
    except CanvasError as error:
        _try_again(run, error)
        return
    if made:
        ImportRun.objects.filter(pk=run.pk).update(made=[{"id": one.canvas_id, "title": one.title} for one in made])
    _replace(run, said)


def _joined(run: ImportRun, said: list[Said]) -> list[Said]:
    """Messages with the rows that they are about, where Canvas does not give these and the file is still kept."""
    upload = run.upload
    if run.kind != ImportRun.Kind.OUTCOME or upload is None or upload.purged_at or not said:
        return said
    try:
        lines = lines_of(source_of(upload), {one.row for one in said if one.row})
    except OSError:
        return said
    return [replace(one, row_content=lines.get(one.row or 0, "")) for one in said]


def _try_again(run: ImportRun, error: CanvasError) -> None:
    logger.warning("messages not collected", extra={"run": run.pk, "error": type(error).__name__})
    if run.messages_tries >= _MAX_TRIES:
        _finish(run, ImportRun.Messages.SHORT)
        return
    pause = timedelta(seconds=min(600.0, 2.0**run.messages_tries))
    ImportRun.objects.filter(pk=run.pk).update(messages_try_at=timezone.now() + pause)


@transaction.atomic
def _replace(run: ImportRun, said: list[Said]) -> None:
    ImportRun.objects.select_for_update().get(pk=run.pk)  # two that collected at once come one after the other
    most = KINDS[run.kind].most_messages
    is_short = len(said) < run.warning_count + run.error_count or (most is not None and len(said) >= most)
    if is_short and run.messages.count() >= len(said):
        _finish(run, ImportRun.Messages.SHORT)
        return
    run.messages.all().delete()
    patterns = _patterns({pattern_of(one.text) for one in said})
    for piece in _pieces(said):
        Message.objects.bulk_create(
            Message(
                run=run,
                severity=Message.Severity.ERROR if one.is_error else Message.Severity.WARNING,
                file=one.file[:1024],
                row=one.row,
                pattern_id=patterns[pattern_of(one.text)],
                text=one.text,
                row_content=one.row_content,
            )
            for one in piece
        )
    _finish(run, ImportRun.Messages.SHORT if is_short else ImportRun.Messages.COMPLETE)


def _pieces(said: list[Said]) -> Iterable[list[Said]]:
    return (said[start : start + _PIECE] for start in range(0, len(said), _PIECE))


def _patterns(texts: set[str]) -> dict[str, int]:
    """The ids of these patterns; those we have not met before are added."""
    MessagePattern.objects.bulk_create((MessagePattern(text=text) for text in sorted(texts)), ignore_conflicts=True)
    known = MessagePattern.objects.in_bulk(sorted(texts), field_name="text")
    return {text: pattern.pk for text, pattern in known.items()}


def _finish(run: ImportRun, state: ImportRun.Messages) -> None:
    ImportRun.objects.filter(pk=run.pk).update(**_over(state))
    logger.info("messages collected", extra={"run": run.pk, "state": state})


def _over(state: ImportRun.Messages) -> dict[str, Any]:
    """The fields of a run about whose messages nothing is left to do."""
    return {
        "messages_state": state,
        "messages_try_at": None,
        "version": F("version") + 1,
        "changed_at": timezone.now(),
    }
