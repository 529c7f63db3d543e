"""Held launches, and the limits that hold them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.doorbell import ring
from accounts.http import Request, canvas_account_for
from accounts.rights import Right
from imports import tasks
from imports.forms import LimitForm
from imports.http import run_for
from imports.judging import defaults_beside
from imports.models import Forecast, Hold, ImportRun
from imports.phases import Phase
from imports.services import forecasting, holding, limiting
from imports.views.forecasts import forecast_awaited, forecast_shown
from imports.views.previews import preview_shown
from imports.views.runs import facts_shown


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: Request, slug: str, pk: int) -> HttpResponse:
    """Why a launch is held and what it would change; approve or refuse it."""
    run = run_for(request, slug, pk, Right.APPROVE)
    held = get_object_or_404(Hold.objects.select_related("decided_by"), run=run)
    if request.method == "POST":
        return _decide(request, run)
    shown = facts_shown(request, run) | {
        "hold": held,
        "upload": run.upload,
        "why_not": holding.why_not_approve(run, request.user),
    }
    made = _forecast_of(run)
    if made:
        is_outcomes = run.kind == ImportRun.Kind.OUTCOME
        shown |= preview_shown(made) if is_outcomes else forecast_shown(made, by=run.launched_by)
        shown |= {"over": None, "again": request.path}  # the hold itself says why
        if request.htmx:
            return forecast_awaited(request, made, shown)
    return render(request, "imports/hold.html", shown)


def _forecast_of(run: ImportRun) -> Forecast | None:
    """What is decided about: while nothing is, by what is known now, since a hold may last for days."""
    if run.phase == Phase.HELD and run.kind == ImportRun.Kind.SIS and run.upload:
        asked = forecasting.ask(upload=run.upload, options=run.options)
        if asked.state == Forecast.State.WAITING:
            ring(tasks.make_forecast, asked.pk)
        return asked
    return Forecast.objects.filter(upload=run.upload, options_hash=forecasting.options_hash(run.options)).first()


def _decide(request: Request, run: ImportRun) -> HttpResponse:
    reason = request.POST.get("reason", "")[:1000]
    try:
        if "approve" in request.POST:
            holding.approve(run=run, by=request.user, reason=reason)
        else:
            holding.refuse(run=run, by=request.user, reason=reason)
    except holding.DecisionRefused as why:
        messages.error(request, str(why))
        return redirect("imports:hold", run.canvas_account.slug, run.pk)
    ring(tasks.send_next, run.canvas_account_id)
    return redirect(run)


@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: Request, slug: str) -> HttpResponse:
    """How much an import may remove before a second person is asked."""
    canvas_account = canvas_account_for(request, slug, Right.MANAGE)
    form = LimitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limiting.set_limit(canvas_account=canvas_account, by=request.user, **form.cleaned_data)
        return redirect("imports:limits", canvas_account.slug)
    own = limiting.own_bounds(canvas_account.pk)
    shown = {
        "canvas_account": canvas_account,
        "form": form,
        "in_force": [*canvas_account.limits.all(), *defaults_beside(own)],
        "suggestions": [bound for bound in limiting.suggestions(canvas_account) if bound not in own],
    }
    return render(request, "imports/limits.html", shown, status=422 if form.errors else 200)


@require_POST
def limit_remove(request: Request, slug: str, pk: int) -> HttpResponse:
    canvas_account = canvas_account_for(request, slug, Right.MANAGE)
    limiting.remove_limit(limit=get_object_or_404(canvas_account.limits, pk=pk), by=request.user)
    return redirect("imports:limits", canvas_account.slug)
