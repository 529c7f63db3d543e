"""Launching: from an upload and options to a run that waits to be sent; and taking it back before that."""

import logging
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from imports import destinations
from imports import options as sis_options
from imports.check.rules import RULES, Severity
from imports.destinations import Destination
from imports.kinds.sis import MARKER
from imports.models import FindingGroup, ImportRun, Upload
from imports.phases import UNSENT, Phase
from imports.selectors.outcome_places import names_of
from imports.services import holding

_MARKER_BASE = 10**12
_NOT_YET = datetime(1970, 1, 1, tzinfo=UTC)

logger = logging.getLogger(__name__)


class LaunchRefused(Exception):
    """The upload cannot be launched; the message says why and what to do."""


@transaction.atomic
def launch(
    *,
    upload: Upload,
    options: Mapping[str, Any],
    by: User | None,
    via: ImportRun.Via,
    actor_name: str = "",
    once_key: str = "",
) -> ImportRun:
    """Queue an upload for Canvas, or hold it where it would change more than a limit allows.

    Where its forecast is not made yet, the run waits for that.

    `options` are Canvas's parameter names. `once_key` makes a second call with the same key return the first one's
    run, so that a double click launches once. Raises `LaunchRefused` and `options.OptionsRefused`.
    """
    upload = Upload.objects.select_for_update(of=("self",)).select_related("canvas_account").get(pk=upload.pk)
    earlier = upload.runs.filter(once_key=once_key).first() if once_key else None
    if earlier:
        return earlier
    if upload.state != Upload.State.READY:
        raise LaunchRefused(upload.problem or "The files are still being looked at; try again in a moment.")
    wanted = clean_options(upload, options)
    _refuse_unreadable(upload, wanted)
    run = ImportRun.objects.create(
        canvas_account=upload.canvas_account,
        kind=upload.kind,
        phase=Phase.CHECKING,
        via=via,
        launched_by=by,
        upload=upload,
        options=wanted,
        marker=None if upload.holds_outcomes else new_marker(wanted),
        once_key=once_key,
        at=timezone.now(),
        **_names(upload, wanted),
    )
    _record_launch(run, upload, actor_name)
    holding.judge(run=run)
    return run


def clean_options(upload: Upload, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that the upload's kind of import takes. Raises `options.OptionsRefused`."""
    return destinations.clean(options) if upload.holds_outcomes else sis_options.clean(options)


def _refuse_unreadable(upload: Upload, options: Mapping[str, Any]) -> None:
    """Canvas would end an import of such outcomes at once; there is nothing in it to be gained."""
    if not upload.holds_outcomes:
        return
    into_course = Destination.of(options).is_course
    fault = FindingGroup.objects.filter(
        check_run__upload=upload, check_run__into_course=into_course, severity=Severity.FILE_REFUSED
    ).first()
    if fault:
        raise LaunchRefused(f"Canvas would read nothing of this file. {RULES[fault.rule].cause}")


def _names(upload: Upload, options: Mapping[str, Any]) -> dict[str, str]:
    """What people call the place and the group of an outcome import, kept as they are called now."""
    if not upload.holds_outcomes:
        return {}
    destination = Destination.of(options)
    place, group = names_of(upload.canvas_account, destination)
    return {"place_name": place[:255], "group_title": group[:255]}


def new_marker(wanted: Mapping[str, Any]) -> int | None:
    """A number by which Canvas's answers tell a SIS import; imports of outcomes echo nothing.

    None where the person set that limit: it must stay theirs, and the run is found again by other signs.
    """
    return None if MARKER in wanted else _MARKER_BASE + secrets.randbelow(_MARKER_BASE * 1000)


def _record_launch(run: ImportRun, upload: Upload, actor_name: str) -> None:
    record(
        verb="launch",
        subject=f"{upload.package_name} to {run.place_name or upload.canvas_account}",
        subject_key=f"run:{run.pk}",
        actor=run.launched_by,
        actor_name=actor_name,
        canvas_account=upload.canvas_account,
        detail={"options": run.options, "sha256": upload.package_sha256, "bytes": upload.package_size},
    )
    logger.info("run launched", extra={"run": run.pk, "upload": str(upload.id), "via": run.via})


@transaction.atomic
def cancel(*, run: ImportRun, by: User | None) -> bool:
    """Take back a run that has not been sent. False if it is too late for that."""
    if not ImportRun.objects.move(
        run.pk, [*UNSENT, Phase.ASKED], Phase.CANCELLED, finished_at=timezone.now(), problem=""
    ):
        return False
    record(
        verb="cancel",
        subject=str(run),
        subject_key=f"run:{run.pk}",
        actor=by,
        canvas_account=run.canvas_account,
    )
    return True


@transaction.atomic
def recognise(*, run: ImportRun, canvas_id: int, by: User | None) -> bool:
    """The person asked says: this import in Canvas is it. False if nobody was asked, or that one was not offered."""
    if canvas_id not in run.candidates:
        return False
    same = ImportRun.objects.filter(canvas_account=run.canvas_account, kind=run.kind, canvas_id=canvas_id, upload=None)
    same.delete()  # until now it passed for another tool's; the next look at Canvas fills this run
    known = {"canvas_id": canvas_id, "canvas_created_at": timezone.now(), "heard_at": _NOT_YET}
    if not ImportRun.objects.move(run.pk, Phase.ASKED, Phase.WAITING, problem="", candidates=[], **known):
        transaction.set_rollback(True)
        return False
    record(
        verb="recognise",
        subject=f"{run} as import {canvas_id}",
        subject_key=f"run:{run.pk}",
        actor=by,
        canvas_account=run.canvas_account,
    )
    return True


@transaction.atomic
def send_again(*, run: ImportRun, by: User | None) -> bool:
    """The person asked says: it is not in Canvas, send it. False if nobody was asked any more."""
    if not ImportRun.objects.move(
        run.pk, Phase.ASKED, Phase.QUEUED, problem="", attempts=0, try_at=None, candidates=[], unsure_since=None
    ):
        return False
    record(
        verb="send again",
        subject=str(run),
        subject_key=f"run:{run.pk}",
        actor=by,
        canvas_account=run.canvas_account,
    )
    return True
