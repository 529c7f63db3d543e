"""What workers are rung for. A task claims, calls the service, and rings for what follows; the services decide."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from celery import shared_task
from django.utils import timezone

from accounts import connections
from accounts import tasks as accounts_tasks
from accounts.doorbell import ring
from accounts.models import CanvasAccount
from accounts.sealing import CredentialUnreadable
from canvas.client import CanvasClient
from imports.models import (
    Action,
    Check,
    Directory,
    Forecast,
    Heartbeat,
    Hold,
    ImportRun,
    OutcomeTree,
    Rehearsal,
    Upload,
    Watch,
)
from imports.phases import Phase
from imports.services import (
    actions,
    checking,
    finding,
    forecasting,
    holding,
    knowing,
    messages,
    outcome_trees,
    places,
    rehearsing,
    sending,
    telling,
    uploads,
    watching,
)

logger = logging.getLogger(__name__)


@contextmanager
def speaking_for(canvas_account: CanvasAccount) -> Iterator[CanvasClient | None]:
    """A client for the account while the block lasts, or None while it has no usable token; then its pages say so."""
    canvas = _client_for(canvas_account)
    with canvas or nullcontext():
        yield canvas


def _client_for(canvas_account: CanvasAccount) -> CanvasClient | None:
    try:
        return connections.client_for(canvas_account)
    except connections.NoCredential:
        return None
    except CredentialUnreadable:
        logger.exception("token cannot be opened", extra={"canvas_account": canvas_account.pk})
        return None


@shared_task
def tick() -> None:
    """Every two seconds: note that a worker lives, and ring for whatever is due in the database."""
    Heartbeat.objects.update_or_create(name="tick", defaults={"at": timezone.now()})
    sending.give_up_dead_leases()
    accounts_tasks.due()
    watching.watch_all()
    for upload in uploads.due_uploads():
        ring(look_into_upload, str(upload.pk))
    for pk in checking.due_checks():
        ring(check_upload, pk)
    _ring_for_forecasts_and_holds()
    for account in CanvasAccount.objects.filter(runs__phase=Phase.QUEUED).distinct():
        ring(send_next, account.pk)
    for run in ImportRun.objects.filter(phase=Phase.UNSURE, try_at__lte=timezone.now()):
        ring(find, run.pk)
    for action in Action.objects.filter(
        state__in=[Action.State.ASKED, Action.State.SENDING], try_at__lte=timezone.now()
    ):
        ring(carry_out, action.pk)
    for watch in Watch.objects.due().select_related("canvas_account"):
        ring(look, watch.pk)
    for pk in messages.due_collections():
        ring(collect_messages, pk)
    for pk in watching.due_histories():
        ring(collect_history, pk)
    _ring_for_rehearsals()
    _ring_for_places()


def _ring_for_places() -> None:
    for pk in places.due():
        ring(collect_places, pk)
    for pk in outcome_trees.due():
        ring(collect_outcome_tree, pk)


def _ring_for_forecasts_and_holds() -> None:
    for pk in knowing.due_accounts():
        ring(catch_up, pk)
    for pk in forecasting.due():
        ring(make_forecast, pk)
    holding.expire()
    holding.judge_waiting()
    for pk in telling.untold():
        ring(tell_approvers, pk)


def _ring_for_rehearsals() -> None:
    for pk in rehearsing.due():
        ring(rehearse, pk)
    for pk in rehearsing.to_be_removed():
        ring(remove_practice_site, pk)


@shared_task
def look_into_upload(pk: str) -> None:
    upload = Upload.objects.get(pk=pk)
    uploads.look(upload=upload)


@shared_task
def check_upload(pk: int) -> None:
    run = Check.objects.select_related("upload__canvas_account").get(pk=pk)
    if checking.claim(run=run):
        checking.run_check(run=run)


@shared_task
def catch_up(canvas_account_pk: int) -> None:
    knowing.catch_up(canvas_account=CanvasAccount.objects.get(pk=canvas_account_pk))


@shared_task
def make_forecast(pk: int) -> None:
    forecast = Forecast.objects.select_related("upload__canvas_account").get(pk=pk)
    if forecasting.claim(forecast=forecast):
        with forecasting.kept(forecast), speaking_for(forecast.upload.canvas_account) as canvas:
            forecasting.make(forecast=forecast, canvas=canvas)
        for account_pk in holding.judge_waiting():
            ring(send_next, account_pk)


@shared_task
def rehearse(pk: int) -> None:
    rehearsal = Rehearsal.objects.select_related("upload__canvas_account").get(pk=pk)
    if rehearsing.claim(rehearsal=rehearsal):
        rehearsing.rehearse(rehearsal=rehearsal, connect=connections.connect_practice)
        _ring_for_rehearsals()


@shared_task
def remove_practice_site(rehearsal_pk: int) -> None:
    rehearsing.remove_site(rehearsal=Rehearsal.objects.get(pk=rehearsal_pk), connect=connections.connect_practice)


@shared_task
def tell_approvers(hold_pk: int) -> None:
    telling.tell_approvers(hold=Hold.objects.select_related("run__canvas_account", "run__launched_by").get(pk=hold_pk))


@shared_task
def send_next(canvas_account_pk: int) -> None:
    account = CanvasAccount.objects.get(pk=canvas_account_pk)
    watching.watch_over(account)
    with speaking_for(account) as canvas:
        if canvas and (run := sending.claim_next(canvas_account=account)):
            sending.send(run=run, canvas=canvas)
            watching.look_soon(account)
            ring(send_next, account.pk)


@shared_task
def find(run_pk: int) -> None:
    run = ImportRun.objects.select_related("canvas_account", "upload").get(pk=run_pk)
    with speaking_for(run.canvas_account) as canvas:
        if canvas and finding.claim_unsure(run=run):
            run.refresh_from_db()
            finding.find(run=run, canvas=canvas)


@shared_task
def carry_out(action_pk: int) -> None:
    action = Action.objects.select_related("run", "canvas_account").get(pk=action_pk)
    with speaking_for(action.canvas_account) as canvas:
        if canvas and actions.claim(action=action):
            actions.carry_out(action=action, canvas=canvas)
            watching.look_soon(action.canvas_account)


@shared_task
def look(watch_pk: int) -> None:
    watch = Watch.objects.select_related("canvas_account").get(pk=watch_pk)
    with speaking_for(watch.canvas_account) as canvas:
        if canvas and watching.claim(watch=watch):
            watching.look(watch=watch, canvas=canvas)
            # Rung ahead, so that a fast rhythm does not wait for the next tick.
            ring(look, watch.pk, after=watch.interval)


@shared_task
def collect_messages(run_pk: int) -> None:
    run = ImportRun.objects.select_related("canvas_account").get(pk=run_pk)
    with speaking_for(run.canvas_account) as canvas:
        if canvas and messages.claim_collection(run=run):
            messages.collect(run=run, canvas=canvas)


@shared_task
def collect_history(watch_pk: int) -> None:
    watch = Watch.objects.select_related("canvas_account").get(pk=watch_pk)
    with speaking_for(watch.canvas_account) as canvas:
        if canvas and watching.claim_history(watch=watch):
            watching.collect_history(watch=watch, canvas=canvas)


@shared_task
def collect_outcome_tree(tree_pk: int) -> None:
    tree = OutcomeTree.objects.select_related("canvas_account").get(pk=tree_pk)
    with speaking_for(tree.canvas_account) as canvas:
        if canvas is None:
            outcome_trees.fail_without_token(tree=tree)
        elif outcome_trees.claim(tree=tree):
            with outcome_trees.kept(tree):
                outcome_trees.collect(tree=tree, canvas=canvas)


@shared_task
def collect_places(directory_pk: int) -> None:
    directory = Directory.objects.select_related("canvas_account").get(pk=directory_pk)
    with speaking_for(directory.canvas_account) as canvas:
        if canvas is None:
            places.fail_without_token(directory=directory)
        elif places.claim(directory=directory):
            places.collect(directory=directory, canvas=canvas)
