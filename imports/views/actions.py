"""Changes to imports on their way or at their end: each with a second look before it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.doorbell import ring
from accounts.http import Request, canvas_account_for
from accounts.rights import Right
from imports import tasks
from imports.forms import RestoreForm
from imports.http import is_key, run_for
from imports.models import ImportRun
from imports.phases import OURS_ALONE, UNSENT, Phase
from imports.restoring import MODES, NEVER
from imports.services import actions, launching, watching
from imports.stages import is_batch


@require_http_methods(["GET", "HEAD", "POST"])
def abort(request: Request, slug: str, pk: int) -> HttpResponse:
    run = run_for(request, slug, pk, Right.ABORT)
    if request.method != "POST":
        shown = {"run": run, "canvas_account": run.canvas_account, "not_sent": _not_sent(run)}
        return render(request, "imports/abort.html", shown | {"why_not": actions.why_no_abort(run)})
    try:
        action = actions.ask_abort(run=run, by=request.user)
    except actions.ActionRefused as reason:
        messages.error(request, str(reason))
        return redirect(run)
    if action:
        ring(tasks.carry_out, action.pk)
    return redirect(run)


def _not_sent(run: ImportRun) -> bool:
    return run.phase in OURS_ALONE and run.canvas_id is None


@require_http_methods(["GET", "HEAD", "POST"])
def abort_all(request: Request, slug: str) -> HttpResponse:
    canvas_account = canvas_account_for(request, slug, Right.ABORT)
    if request.method != "POST":
        waiting = ImportRun.objects.filter(
            canvas_account=canvas_account, phase__in=(*UNSENT, Phase.WAITING), kind=ImportRun.Kind.SIS
        )
        shown = {"canvas_account": canvas_account, "waiting": list(waiting.select_related("launched_by")[:200])}
        return render(request, "imports/abort_all.html", shown)
    try:
        action = actions.ask_abort_all(canvas_account=canvas_account, by=request.user)
    except actions.ActionRefused as reason:
        messages.error(request, str(reason))
    else:
        ring(tasks.carry_out, action.pk)
        messages.success(request, "Canvas is being told to abort everything that waits.")
    return redirect(canvas_account)


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: Request, slug: str, pk: int) -> HttpResponse:
    run = run_for(request, slug, pk, Right.RESTORE)
    form = RestoreForm(request.POST if request.method == "POST" else None, modes=[mode.name for mode in MODES])
    if request.method == "POST" and form.is_valid():
        try:
            action = actions.ask_restore(run=run, mode=form.cleaned_data["mode"], by=request.user)
        except actions.ActionRefused as reason:
            form.add_error(None, str(reason))
        else:
            ring(tasks.carry_out, action.pk)
            return redirect(run)
    shown = {
        "run": run,
        "canvas_account": run.canvas_account,
        "credential": run.canvas_account.credential,
        "form": form,
        "modes": MODES,
        "is_batch": is_batch(run),
        "never": NEVER,
        "why_not": actions.why_no_restore(run),
        "days": actions.RESTORE_DAYS,
    }
    return render(request, "imports/restore.html", shown, status=422 if form.errors else 200)


@require_POST
def recognise(request: Request, slug: str, pk: int) -> HttpResponse:
    """A person has looked into Canvas: this import there is the one."""
    run = run_for(request, slug, pk, Right.LAUNCH)
    chosen = request.POST.get("canvas_id", "")
    if is_key(chosen) and launching.recognise(run=run, canvas_id=int(chosen), by=request.user):
        watching.look_soon(run.canvas_account)
    else:
        messages.error(request, "Nobody is asked about this import any more.")
    return redirect(run)


@require_POST
def send_again(request: Request, slug: str, pk: int) -> HttpResponse:
    """A person has looked into Canvas: the import is not there."""
    run = run_for(request, slug, pk, Right.LAUNCH)
    if launching.send_again(run=run, by=request.user):
        ring(tasks.send_next, run.canvas_account_id)
    else:
        messages.error(request, "Nobody is asked about this import any more.")
    return redirect(run)
