"""One import: what it is, where it stands, what became of it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from accounts.http import Request
from accounts.rights import Right
from imports.destinations import Destination
from imports.http import rights_on, run_for
from imports.models import ImportRun
from imports.selectors.forecasts import term_of
from imports.selectors.status import Status
from imports.services.actions import why_no_restore


@require_safe
def detail(request: Request, slug: str, pk: int) -> HttpResponse:
    run = run_for(request, slug, pk, Right.VIEW)
    return render(request, "imports/detail.html", _shown(request, run))


@require_safe
def status(request: Request, slug: str, pk: int) -> HttpResponse:
    """The moving part of the page; 204 while it is as `?seen=` says."""
    run = run_for(request, slug, pk, Right.VIEW)
    if request.GET.get("seen") == str(run.version):
        return HttpResponse(status=204)
    response = render(request, "imports/_status.html", _shown(request, run))
    return response if run.is_active else trigger_client_event(response, "runEnded")


def facts_shown(request: Request, run: ImportRun) -> dict[str, object]:
    """What the template of a run's facts needs."""
    is_outcomes = run.kind == ImportRun.Kind.OUTCOME
    return {
        "may": rights_on(request, run.canvas_account, run.kind),
        "place": Destination.of(run.options) if is_outcomes else None,
        "term": "" if is_outcomes else term_of(run),
        "run": run,
        "canvas_account": run.canvas_account,
    }


def _shown(request: Request, run: ImportRun) -> dict[str, object]:
    return facts_shown(request, run) | {
        "status": Status(run),
        "why_no_restore": why_no_restore(run),
    }
