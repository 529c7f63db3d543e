"""Finding a run of ours in Canvas when the answer to its POST was lost, by its marker or by other signs."""

import logging
import secrets
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.utils import timezone

from canvas.client import CanvasClient
from canvas.errors import CanvasError
from imports import leases
from imports.kinds.base import Heard
from imports.kinds.registry import KINDS
from imports.models import ImportRun
from imports.phases import Phase
from imports.services.mirroring import adopt

# More imports than this after ours, within the time that a POST can be open, do not happen.
_FURTHEST = 2000
_MAX_RESENDS = 3
# Between Canvas's clock and ours; also what a request may take from one to the other.
_CLOCKS_DIFFER = timedelta(minutes=1)

logger = logging.getLogger(__name__)


def claim_unsure(*, run: ImportRun) -> bool:
    """Let one worker alone look for the run."""
    now = timezone.now()
    free = ImportRun.objects.filter(try_at__lte=now).exclude(lease_until__gt=now)
    return free.move(
        run.pk,
        Phase.UNSURE,
        Phase.UNSURE,
        lease_until=now + timedelta(seconds=3 * leases.SECONDS),
        lease_holder=secrets.token_hex(8),
        try_at=now,
    )


def find(*, run: ImportRun, canvas: CanvasClient) -> None:
    """Look for a run of ours in Canvas's list, once; found, it is adopted, else it is looked for again or settled."""
    try:
        since = list(_created_since(run, canvas))
    except CanvasError as error:
        _look_again(run, f"Canvas cannot be asked whether it has the import: {error}")
        return
    ours = next((heard for heard in since if run.marker and heard.marker == run.marker), None)
    if ours:
        adopt(run=run, heard=ours)
        return
    likely = [heard for heard in since if _may_be(run, heard)]
    is_listed = KINDS[run.kind].is_listed
    if run.marker is None and (_settled_by_files(run, likely) if is_listed else _settled_by_signs(run, likely)):
        return
    if run.unsure_since and timezone.now() < run.unsure_since + timedelta(seconds=settings.ANSWER_PATIENCE):
        _look_again(run, "")
    elif likely or not is_listed:
        _ask(run, likely)
    elif run.attempts < _MAX_RESENDS:
        logger.info("run is certainly absent, goes again", extra={"run": run.pk})
        _leave(run, Phase.QUEUED, problem="Canvas never had it; it is sent again.", unsure_since=None)
    else:
        _leave(run, Phase.ASKED, problem=f"Sent {run.attempts} times, and Canvas does not have it.")


def _created_since(run: ImportRun, canvas: CanvasClient) -> Iterator[Heard]:
    """Imports made since the run was sent, newest first.

    By id where we know one from before, so that no clock has to agree with another; else by a generous time.
    """
    earliest = (run.submitted_at or run.at) - timedelta(days=1)
    for heard in islice(KINDS[run.kind].seen(canvas, options=run.options), _FURTHEST):
        if run.newest_before is not None and heard.canvas_id <= run.newest_before:
            return
        if run.newest_before is None and heard.canvas_created_at and heard.canvas_created_at < earliest:
            return
        yield heard


def _may_be(run: ImportRun, heard: Heard) -> bool:
    """Not known as another run of ours, sent with our token, and without a marker that would tell."""
    if heard.marker is not None and run.marker is not None:
        return False
    credential = run.canvas_account.credential
    owner = credential.owner_canvas_id if credential else ""
    if owner and heard.canvas_user_id and heard.canvas_user_id != owner:
        return False
    known = ImportRun.objects.filter(canvas_account=run.canvas_account, kind=run.kind, canvas_id=heard.canvas_id)
    return not known.exclude(upload=None).exists()


def _settled_by_files(run: ImportRun, likely: list[Heard]) -> bool:
    """Without a marker the files tell: one import with just our CSV names and sizes is ours."""
    if run.upload is None:
        return False
    files = run.upload.files.prefetch_related("csvs")
    csvs = {csv.name: csv.size for file in files for csv in file.csvs.all() if csv.kind}
    same = [heard for heard in likely if heard.csvs and heard.csvs == csvs]
    if len(same) != 1:
        return False
    return adopt(run=run, heard=same[0])


def _settled_by_signs(run: ImportRun, likely: list[Heard]) -> bool:
    """Where Canvas lists nothing, the latest import of the place is ours if our token made it while we were sending."""
    credential = run.canvas_account.credential
    owner = credential.owner_canvas_id if credential else ""
    if run.submitted_at is None or run.unsure_since is None or not owner:
        return False
    earliest, latest = run.submitted_at - _CLOCKS_DIFFER, run.unsure_since + _CLOCKS_DIFFER
    for heard in likely:
        made = heard.canvas_created_at
        if heard.canvas_user_id == owner and made and earliest <= made <= latest:
            return adopt(run=run, heard=heard)
    return False


def _ask(run: ImportRun, likely: list[Heard]) -> None:
    if not likely:
        place = run.place_name or "that place"
        _leave(
            run,
            Phase.ASKED,
            candidates=[],
            problem=f"Canvas lists no outcome imports, and the latest in {place} is not this one. It may still wait "
            "there. Look in Canvas whether its outcomes have arrived before you send it again.",
        )
        return
    ids = [heard.canvas_id for heard in likely[:20]]
    listed = ", ".join(str(number) for number in ids)
    _leave(
        run,
        Phase.ASKED,
        candidates=ids,
        problem=f"Canvas has imports that may be this one ({listed}), and no sign tells. Look at them and choose.",
    )


def _look_again(run: ImportRun, why: str) -> None:
    waited = (timezone.now() - run.unsure_since).total_seconds() if run.unsure_since else 0.0
    fields = {"problem": why} if why else {}
    _leave(run, Phase.UNSURE, try_at=timezone.now() + timedelta(seconds=min(30.0, 1.0 + waited / 4)), **fields)


def _leave(run: ImportRun, phase: Phase, **fields: object) -> None:
    # Who looked for longer than its lease knows of an earlier sending only: meanwhile it may have gone out again.
    mine = ImportRun.objects.filter(lease_holder=run.lease_holder)
    mine.move(run.pk, Phase.UNSURE, phase, lease_until=None, **fields)
