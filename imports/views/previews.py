"""What an import of outcomes would do to the tree it goes into."""

from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.csv_export import csv_response
from accounts.http import Request
from accounts.rights import Right
from imports.destinations import Destination
from imports.http import is_key, upload_for
from imports.models import Forecast, Upload
from imports.preview.storing import COLUMNS, lines
from imports.selectors.outcome_places import groups_to_choose, place_name, present_of
from imports.selectors.previews import ShownPreview, branch_of
from imports.services import holding


@require_safe
def preview(request: Request, slug: str, pk: UUID, forecast_pk: int) -> HttpResponse:
    """The preview as soon as it is made; 204 until then."""
    upload = upload_for(request, slug, pk, Right.LAUNCH)
    made = _preview_of(upload, forecast_pk)
    if made.state == Forecast.State.WAITING and request.htmx:
        return HttpResponse(status=204)
    shown: dict[str, object] = {"upload": upload, "canvas_account": upload.canvas_account}
    shown |= preview_shown(made, everything=bool(request.GET.get("all"))) | {"arrived": bool(request.htmx)}
    response = render(request, "imports/_preview.html" if request.htmx else "imports/preview.html", shown)
    response["Vary"] = "HX-Request"
    return response


def preview_shown(forecast: Forecast, *, everything: bool = False) -> dict[str, object]:
    """What the template of a preview needs, with the groups that the tree offers."""
    destination = Destination.of(forecast.options)
    account = forecast.upload.canvas_account
    shown = {
        "forecast": forecast,
        "destination": destination,
        "place": place_name(account, destination),
        "groups": groups_to_choose(present_of(account, destination.context)),
    }
    if forecast.state == Forecast.State.READY:
        made = ShownPreview(forecast, only_news=not everything)
        shown |= {
            "preview": made,
            "over": holding.reasons_of(forecast, by=forecast.upload.given_by),
            "everything": everything,
        }
    return shown


@require_safe
def branch(request: Request, slug: str, pk: UUID, forecast_pk: int) -> HttpResponse:
    """What lies below `?node=`, behind `?after=`; with `?all` also what stays as it is."""
    upload = upload_for(request, slug, pk, Right.LAUNCH)
    made = _preview_of(upload, forecast_pk)
    node, after = request.GET.get("node", ""), request.GET.get("after", "0")
    if not is_key(node) or not is_key(after):
        raise Http404("There is no such branch.")
    try:
        found = branch_of(made, int(node), after=int(after), only_news=not request.GET.get("all"))
    except OSError as gone:
        raise Http404("The preview is no longer kept.") from gone
    shown = {"upload": upload, "canvas_account": upload.canvas_account, "forecast": made, "branch": found}
    shown |= {"everything": bool(request.GET.get("all"))}
    response = render(request, "imports/_branch.html" if request.htmx else "imports/branch.html", shown)
    response["Vary"] = "HX-Request"
    return response


@require_safe
def preview_csv(request: Request, slug: str, pk: UUID, forecast_pk: int) -> StreamingHttpResponse:
    """What changes as a table; with `?all` the whole tree."""
    made = _preview_of(upload_for(request, slug, pk, Right.LAUNCH), forecast_pk)
    if not made.path.exists():
        raise Http404("The preview is no longer kept.")
    return csv_response(f"preview-{made.pk}.csv", COLUMNS, lines(made.path, only_news=not request.GET.get("all")))


def _preview_of(upload: Upload, pk: int) -> Forecast:
    if not upload.holds_outcomes:
        raise Http404("Only outcomes have a preview.")
    return get_object_or_404(upload.forecasts, pk=pk)
