"""Rehearsing an upload on a practice Canvas, beside its forecast."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.csv_export import csv_response
from accounts.doorbell import ring
from accounts.http import Request
from accounts.rights import Right
from imports import tasks
from imports.http import upload_for
from imports.models import Forecast, Rehearsal
from imports.selectors.rehearsals import MESSAGE_COLUMNS, ShownRehearsal, messages_of
from imports.services import rehearsing


@require_POST
def rehearse(request: Request, slug: str, pk: UUID, forecast_pk: int) -> HttpResponse:
    """Play the upload through with the options of this forecast."""
    upload = upload_for(request, slug, pk, Right.LAUNCH)
    forecast = get_object_or_404(upload.forecasts.exclude(state=Forecast.State.WAITING), pk=forecast_pk)
    if not settings.PRACTICE_URL or upload.state != upload.State.READY:
        raise Http404("There is nothing to rehearse on, or nothing to rehearse.")
    asked = rehearsing.ask(forecast=forecast, by=request.user)
    ring(tasks.rehearse, asked.pk)
    return _answer(request, asked, forecast)


@require_safe
def rehearsal(request: Request, slug: str, pk: UUID, rehearsal_pk: int) -> HttpResponse:
    """How far it is, or what came of it: a part of a page, or one of its own; 204 while it is as `?seen=` says."""
    shown = _rehearsal_for(request, slug, pk, rehearsal_pk)
    if request.GET.get("seen") == str(shown.version):
        return HttpResponse(status=204)
    return _rendered(request, shown, _forecast_of(shown))


@require_POST
def rehearsal_cancel(request: Request, slug: str, pk: UUID, rehearsal_pk: int) -> HttpResponse:
    stopped = _rehearsal_for(request, slug, pk, rehearsal_pk)
    rehearsing.cancel(rehearsal=stopped, by=request.user)
    stopped.refresh_from_db()
    return _answer(request, stopped, _forecast_of(stopped))


@require_safe
def rehearsal_csv(request: Request, slug: str, pk: UUID, rehearsal_pk: int) -> StreamingHttpResponse:
    """All messages of the practice Canvas."""
    made = get_object_or_404(upload_for(request, slug, pk, Right.READ_MESSAGES).rehearsals, pk=rehearsal_pk)
    if made.state != Rehearsal.State.READY or not made.path.exists():
        raise Http404("The messages are no longer kept.")
    return csv_response(f"rehearsal-{made.pk}.csv", MESSAGE_COLUMNS, messages_of(made))


def _rehearsal_for(request: Request, slug: str, pk: UUID, rehearsal_pk: int) -> Rehearsal:
    upload = upload_for(request, slug, pk, Right.LAUNCH)
    return get_object_or_404(upload.rehearsals.select_related("upload__canvas_account"), pk=rehearsal_pk)


def _forecast_of(rehearsal: Rehearsal) -> Forecast:
    return get_object_or_404(rehearsal.upload.forecasts, options_hash=rehearsal.options_hash)


def _answer(request: Request, rehearsal: Rehearsal, forecast: Forecast) -> HttpResponse:
    if request.htmx:
        return _rendered(request, rehearsal, forecast)
    upload = rehearsal.upload
    return redirect("imports:rehearsal", upload.canvas_account.slug, upload.pk, rehearsal.pk)


def _rendered(request: Request, rehearsal: Rehearsal, forecast: Forecast) -> HttpResponse:
    upload = rehearsal.upload
    shown: dict[str, object] = {"upload": upload, "canvas_account": upload.canvas_account, "forecast": forecast}
    shown |= rehearsal_shown(ShownRehearsal(rehearsal, forecast))
    response = render(request, "imports/_rehearsal.html" if request.htmx else "imports/rehearsal.html", shown)
    response["Vary"] = "HX-Request"
    return response


def rehearsal_shown(shown: ShownRehearsal | None) -> dict[str, object]:
    """What the template of a rehearsal needs, also where nobody has asked for one yet."""
    told: dict[str, object] = {"may_rehearse": bool(settings.PRACTICE_URL), "play": shown}
    if shown and shown.rehearsal.state == Rehearsal.State.WAITING:
        told["ahead"] = rehearsing.ahead_of(shown.rehearsal)
    if shown and shown.rehearsal.state == Rehearsal.State.READY:
        told["is_old"] = not rehearsing.is_current(shown.rehearsal)
    return told
