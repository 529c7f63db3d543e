"""What the check of an upload has found so far, and the files that follow from it."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doorbell import ring
from accounts.http import Request, canvas_account_for
from accounts.rights import Right
from imports import tasks
from imports.check.rows import Options
from imports.check.survey import UNREADABLE
from imports.forms import HouseRulesForm
from imports.http import is_key, upload_for
from imports.models import Check, HouseRules
from imports.selectors.checks import ShownCheck, lines_around
from imports.services import checking


@require_safe
def check(request: Request, slug: str, pk: UUID) -> HttpResponse:
    """The findings under the chosen options; 204 while they are as `?seen=` says."""
    upload = upload_for(request, slug, pk, Right.LAUNCH)
    if upload.purged_at:
        raise Http404("The files are no longer kept.")
    options = Options(
        diffing=bool(request.GET.get("diffing_data_set_identifier", "").strip()),
        skip_deletes=bool(request.GET.get("skip_deletes")),
        update_sis_id_if_login_claimed=bool(request.GET.get("update_sis_id_if_login_claimed")),
    )
    into_course = upload.holds_outcomes and request.GET.get("context", "").startswith("course")
    run = checking.check_of(upload=upload, options=options, into_course=into_course)
    if run.state == Check.State.DUE:
        ring(tasks.check_upload, run.pk)
    shown = ShownCheck(run)
    if request.GET.get("seen") == shown.seen:
        return HttpResponse(status=204)
    response = render(
        request,
        "imports/_check.html" if request.htmx else "imports/check.html",
        {"canvas_account": upload.canvas_account, "upload": upload, "check": shown},
    )
    response["Vary"] = "HX-Request"
    return response


@require_safe
def lines(request: Request, slug: str, pk: UUID) -> HttpResponse:
    """The lines around one finding."""
    upload = upload_for(request, slug, pk, Right.READ_MESSAGES)
    line = request.GET.get("line", "")
    if not is_key(line):
        raise Http404("There is no such line.")
    try:
        around = lines_around(upload, request.GET.get("file", ""), int(line))
    except (OSError, *UNREADABLE):
        around = []
    return render(request, "imports/_lines.html", {"lines": around, "line": int(line)})


@require_safe
def checked_files(request: Request, slug: str, pk: UUID, check_pk: int, name: str) -> FileResponse:
    """The upload without its refused rows, or the refused rows alone with why."""
    upload = upload_for(request, slug, pk, Right.READ_MESSAGES)
    run = upload.checks.filter(pk=check_pk, state=Check.State.DONE).first()
    suffix, content_type = ("csv", "text/csv") if upload.holds_outcomes else ("zip", "application/zip")
    path = run.folder / name if run and name in (f"cleaned.{suffix}", f"refused.{suffix}") else None
    if path is None or not path.exists():
        raise Http404("There is no such file.")
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=content_type)


@require_http_methods(["GET", "HEAD", "POST"])
def house_rules(request: Request, slug: str) -> HttpResponse:
    """The institution's own rules, which every check of this Canvas account follows."""
    canvas_account = canvas_account_for(request, slug, Right.MANAGE)
    saved = HouseRules.objects.filter(canvas_account=canvas_account).first()
    form = HouseRulesForm(request.POST or None, initial={"text": saved.text if saved else ""})
    if request.method == "POST" and form.is_valid():
        checking.save_house_rules(canvas_account=canvas_account, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, "The rules are saved; uploads from now on are checked by them.")
        return redirect("imports:house_rules", slug)
    shown = {"canvas_account": canvas_account, "form": form}
    return render(request, "imports/house_rules.html", shown, status=422 if form.errors else 200)
