"""From a file of outcomes to a launch: where it goes, what the check says, what it would change."""

import secrets

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.doorbell import ring
from accounts.http import Request
from imports import tasks
from imports.forms import DestinationForm
from imports.models import Check, Forecast, ImportRun, Upload, UploadedCsv
from imports.selectors.checks import ShownCheck
from imports.selectors.outcome_places import place_name
from imports.services import checking, forecasting, launching, places
from imports.views.previews import preview_shown


def outcome_upload(request: Request, upload: Upload) -> HttpResponse:
    """The page; the address says where the outcomes are to go."""
    form = DestinationForm(request.POST or request.GET or None, canvas_account=upload.canvas_account)
    once_key = request.POST.get("once_key", "")[:64]
    if request.method == "POST" and form.is_valid():
        try:
            run = launching.launch(
                upload=upload, options=form.wanted, by=request.user, via=ImportRun.Via.PAGE, once_key=once_key
            )
        except launching.LaunchRefused as reason:
            form.add_error(None, str(reason))
        else:
            ring(tasks.send_next, upload.canvas_account_id)
            return redirect(run)
    shown = outcomes_shown(upload, form) | {"once_key": once_key or secrets.token_urlsafe(16)}
    return render(request, "imports/upload.html", shown, status=422 if request.method == "POST" else 200)


def outcomes_shown(upload: Upload, form: DestinationForm) -> dict[str, object]:
    """What the templates of such an upload need; asks for check, preview and places where they are not there yet."""
    account = upload.canvas_account
    destination = form.destination
    directory = places.want(canvas_account=account)
    if directory.wanted_at:
        ring(tasks.collect_places, directory.pk)
    check = checking.check_of(upload=upload, into_course=destination.is_course)
    if check.state == Check.State.DUE:
        ring(tasks.check_upload, check.pk)
    forecast = forecasting.ask(upload=upload, options=form.wanted)
    if forecast.state == Forecast.State.WAITING:
        ring(tasks.make_forecast, forecast.pk)
    ahead = ImportRun.objects.filter(canvas_account=account).under_way().count()
    return preview_shown(forecast) | {
        "upload": upload,
        "canvas_account": account,
        "form": form,
        "place": place_name(account, destination),
        "directory": directory,
        "csvs": (csvs := list(UploadedCsv.objects.filter(file__upload=upload).select_related("file"))),
        "rows": sum(csv.rows or 0 for csv in csvs),
        "check": ShownCheck(check),
        "ahead": ahead,
    }
