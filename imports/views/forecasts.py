"""What an upload would change."""

from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.csv_export import csv_response
from accounts.doorbell import ring
from accounts.http import Request
from accounts.models import CanvasAccount, User
from accounts.rights import Right
from imports import tasks
from imports.forecast.effects import COLUMNS
from imports.forms import OptionsForm
from imports.http import upload_for
from imports.models import Forecast, Upload
from imports.selectors.forecasts import FILTERS, ShownForecast, effects, terms_of
from imports.selectors.rehearsals import rehearsal_of
from imports.services import forecasting, holding, knowing
from imports.views.rehearsals import rehearsal_shown


@require_http_methods(["GET", "HEAD", "POST"])
def forecast(request: Request, slug: str, pk: UUID) -> HttpResponse:
    """The forecast for the options chosen so far: a part of the upload's page, or a page of its own."""
    upload = upload_for(request, slug, pk, Right.LAUNCH)
    form = OptionsForm(request.POST, terms=terms_of(upload.canvas_account))
    shown: dict[str, object] = {"upload": upload, "canvas_account": upload.canvas_account, "form": form}
    if upload.state == Upload.State.READY and form.is_valid():
        asked = forecasting.ask(upload=upload, options=form.wanted)
        if asked.state == Forecast.State.WAITING:
            ring(tasks.make_forecast, asked.pk)
        shown |= forecast_shown(asked, by=request.user)
    return _answer(request, shown)


@require_safe
def forecast_state(request: Request, slug: str, pk: UUID, forecast_pk: int) -> HttpResponse:
    """The same as soon as it is made; 204 until then."""
    upload = upload_for(request, slug, pk, Right.LAUNCH)
    made = get_object_or_404(upload.forecasts, pk=forecast_pk)
    shown: dict[str, object] = {"upload": upload, "canvas_account": upload.canvas_account}
    return forecast_awaited(request, made, shown | forecast_shown(made, by=request.user))


def forecast_awaited(request: Request, made: Forecast, shown: dict[str, object]) -> HttpResponse:
    """The part of the page that waits for a forecast: 204 until it is made."""
    if made.state == Forecast.State.WAITING and request.htmx:
        return HttpResponse(status=204)
    return _answer(request, shown)


def _answer(request: Request, shown: dict[str, object]) -> HttpResponse:
    response = render(request, "imports/_forecast.html" if request.htmx else "imports/forecast.html", shown)
    response["Vary"] = "HX-Request"
    return response


def forecast_shown(forecast: Forecast, *, by: User | None) -> dict[str, object]:
    """What the template of a forecast needs, with why a launch by this person would be held."""
    canvas_account: CanvasAccount = forecast.upload.canvas_account
    if forecast.state == Forecast.State.WAITING:
        place = (canvas_account.slug, forecast.upload_id, forecast.pk)
        return {"forecast": forecast, "again": reverse("imports:forecast_state", args=place)}
    rehearsal = rehearsal_shown(rehearsal_of(forecast)) | {"is_large": knowing.is_large(canvas_account)}
    if forecast.state == Forecast.State.FAILED:
        return {"forecast": forecast} | rehearsal
    return rehearsal | {
        "forecast": forecast,
        "shown": ShownForecast(forecast),
        "knowledge": knowing.knowledge_of(canvas_account, apart_from=forecast.upload),
        "over": holding.reasons_of(forecast, by=by),
    }


@require_safe
def forecast_csv(request: Request, slug: str, pk: UUID, forecast_pk: int) -> StreamingHttpResponse:
    """The list behind a number, by `?kind=&effect=&term=&account=&course=&stays=`."""
    upload = upload_for(request, slug, pk, Right.READ_MESSAGES)
    made = get_object_or_404(upload.forecasts, pk=forecast_pk, state=Forecast.State.READY)
    if not made.path.exists():
        raise Http404("The list is no longer kept.")
    wanted = {name: request.GET[name] for name in FILTERS if name in request.GET}
    return csv_response(f"forecast-{made.pk}.csv", COLUMNS, effects(made, wanted))
