"""A worker that works off by hand what is due: the same tasks that Celery runs, in this process."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports import options as sis_options
from imports import tasks
from imports.intake import copied
from imports.models import Action, ImportRun, Upload, Watch
from imports.phases import Phase
from imports.services import (
    forecasting,
    holding,
    knowing,
    launching,
    messages,
    rehearsing,
    sending,
    uploads,
    watching,
)

PATIENCE = 30.0


def upload(canvas_account: CanvasAccount, *files: Path, by: User | None = None) -> Upload:
    """Files given and looked into."""
    given = uploads.store(canvas_account=canvas_account, files=[copied(path) for path in files], by=by)
    uploads.look(upload=given)
    given.refresh_from_db()
    return given


def launch(
    canvas_account: CanvasAccount, *files: Path, by: User | None = None, options: Mapping[str, Any] | None = None
) -> ImportRun:
    """Files launched from a page, after its forecast was made."""
    given = upload(canvas_account, *files, by=by)
    forecasting.ask(upload=given, options=sis_options.clean(options or {}))
    make_forecasts()
    return launching.launch(upload=given, options=options or {}, by=by, via=ImportRun.Via.PAGE)


def make_forecasts() -> None:
    for pk in forecasting.due():
        tasks.make_forecast(pk)


def rehearse() -> None:
    """Play through whatever waits to be rehearsed, one after the other."""
    while due := rehearsing.due():
        tasks.rehearse(due[0])


def work() -> None:
    """Work off once whatever is due in the database."""
    now = timezone.now()
    sending.give_up_dead_leases()
    watching.watch_all()
    for given in uploads.due_uploads():
        tasks.look_into_upload(str(given.pk))
    for pk in knowing.due_accounts():
        tasks.catch_up(pk)
    make_forecasts()
    holding.expire()
    holding.judge_waiting()
    for account in CanvasAccount.objects.filter(runs__phase=Phase.QUEUED).distinct():
        tasks.send_next(account.pk)
    for run in ImportRun.objects.filter(phase=Phase.UNSURE, try_at__lte=now):
        tasks.find(run.pk)
    for action in Action.objects.filter(state__in=[Action.State.ASKED, Action.State.SENDING], try_at__lte=now):
        tasks.carry_out(action.pk)
    for watch in Watch.objects.all():
        Watch.objects.filter(pk=watch.pk).update(poll_at=now)
        tasks.look(watch.pk)
    for pk in messages.due_collections():
        tasks.collect_messages(pk)


def work_until(reached: Callable[[], bool], what: str = "that") -> None:
    """Work until something has come about; fails when it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, f"{what} has not come about"
        work()
        time.sleep(0.02)


def work_until_ended(run: ImportRun) -> ImportRun:
    """Work until the run has ended and its messages are there."""

    def has_ended() -> bool:
        run.refresh_from_db()
        return not run.is_active and run.messages_state != ImportRun.Messages.DUE

    work_until(has_ended, f"the end of {run}")
    return run


def work_nothing_but_claim(run: ImportRun) -> None:
    """A worker that takes the run and dies before it does anything else."""
    watching.watch_over(run.canvas_account)
    claimed = sending.claim_next(canvas_account=run.canvas_account)
    assert claimed == run
    run.refresh_from_db()
