"""From files to a launch."""

import io
import secrets
import zipfile
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doorbell import ring
from accounts.http import Request
from accounts.rights import Right
from imports import intake, tasks
from imports.forms import DestinationForm, FilesForm, OptionsForm
from imports.http import launching_account_for, upload_for
from imports.models import ImportRun, Upload, UploadedCsv
from imports.selectors.checks import ShownCheck
from imports.selectors.forecasts import terms_of
from imports.services import checking, launching, uploads
from imports.views.outcome_uploads import outcome_upload, outcomes_shown

SAMPLES = ("clean", "faulty")
OUTCOME_SAMPLES = {"clean-outcomes": "outcomes.csv", "faulty-outcomes": "faulty.csv"}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, slug: str) -> HttpResponse:
    canvas_account = launching_account_for(request, slug)
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    if intake.is_too_much(request):
        limit = f"These are more than the {filesizeformat(settings.UPLOAD_LIMIT)} that may be given at once."
        form.errors["chosen"] = form.error_class([f"{limit} Nothing was kept."])
    if request.method == "POST" and form.is_valid():
        files = [intake.taken(file) for file in form.given]
        upload = uploads.store(canvas_account=canvas_account, files=files, by=request.user)
        ring(tasks.check_upload, checking.check_of(upload=upload).pk)
        ring(tasks.look_into_upload, str(upload.pk))
        return redirect(upload)
    rights = {right for right in (Right.LAUNCH, Right.OUTCOMES) if request.user.may(right, canvas_account)}
    shown = {
        "canvas_account": canvas_account,
        "form": form,
        "samples": SAMPLES if Right.LAUNCH in rights else (),
        "outcome_samples": OUTCOME_SAMPLES if Right.OUTCOMES in rights else {},
    }
    return render(request, "imports/new.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request, slug: str, pk: UUID) -> HttpResponse:
    """What the files are, what to do with them, and the launch."""
    upload = upload_for(request, slug, pk, Right.LAUNCH)
    if upload.holds_outcomes and upload.state == Upload.State.READY:
        return outcome_upload(request, upload)
    form = OptionsForm(request.POST if request.method == "POST" else None, terms=terms_of(upload.canvas_account))
    if request.method != "POST" or not form.is_valid() or "change" in request.POST:
        shown = _shown(upload, form) | {"once_key": request.POST.get("once_key") or secrets.token_urlsafe(16)}
        return render(request, "imports/upload.html", shown, status=422 if form.errors else 200)
    if form.dangers and "confirmed" not in request.POST:
        shown = _shown(upload, form) | {"once_key": request.POST.get("once_key", "")}
        return render(request, "imports/confirm_launch.html", shown)
    return _launch(request, upload, form)


def _launch(request: Request, upload: Upload, form: OptionsForm) -> HttpResponse:
    try:
        run = launching.launch(
            upload=upload,
            options=form.wanted,
            by=request.user,
            via=ImportRun.Via.PAGE,
            once_key=request.POST.get("once_key", "")[:64],
        )
    except launching.LaunchRefused as reason:
        form.add_error(None, str(reason))
        shown = _shown(upload, form) | {"once_key": request.POST.get("once_key", "")}
        return render(request, "imports/upload.html", shown, status=422)
    ring(tasks.send_next, upload.canvas_account_id)
    return redirect(run)


@require_safe
def upload_state(request: Request, slug: str, pk: UUID) -> HttpResponse:
    """The page below its heading, once more of the files is known than the `?seen=` CSVs; 204 until then."""
    try:
        upload = upload_for(request, slug, pk, Right.LAUNCH)
    except PermissionDenied:
        if not request.htmx:
            raise
        return HttpResponse(headers={"HX-Refresh": "true"})  # the whole page says why this goes no further
    if upload.holds_outcomes and upload.state == Upload.State.READY:
        shown = outcomes_shown(upload, DestinationForm(None, canvas_account=upload.canvas_account))
    else:
        shown = _shown(upload, OptionsForm(terms=terms_of(upload.canvas_account)))
    if upload.state == Upload.State.STORED and request.GET.get("seen") == str(
        UploadedCsv.objects.filter(file__upload=upload).count()
    ):
        return HttpResponse(status=204)
    return render(request, "imports/_upload.html", shown | {"once_key": secrets.token_urlsafe(16)})


def _shown(upload: Upload, form: OptionsForm) -> dict[str, Any]:
    csvs = list(UploadedCsv.objects.filter(file__upload=upload).select_related("file"))
    return {
        "upload": upload,
        "canvas_account": upload.canvas_account,
        "files": list(upload.files.all()),
        "csvs": csvs,
        "is_convertible": any(csv.encoding for csv in csvs),
        "rows": sum(csv.rows or 0 for csv in csvs if csv.kind),
        "form": form,
        "check": ShownCheck(checking.check_of(upload=upload)) if upload.is_checkable else None,
        "ahead": ImportRun.objects.filter(canvas_account=upload.canvas_account).active().count(),
    }


@require_safe
def uploaded_file(request: Request, slug: str, pk: UUID, file_pk: int) -> FileResponse:
    """A file as it was given, always as a download: it may hold anything."""
    upload = upload_for(request, slug, pk, Right.READ_MESSAGES)
    file = get_object_or_404(upload.files, pk=file_pk)
    if not file.path.exists():
        raise Http404("The file is no longer kept.")
    return FileResponse(
        file.path.open("rb"), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )


@require_safe
def sample(request: Request, slug: str, name: str) -> HttpResponse | FileResponse:
    """A sample set to try the desk with, as a ZIP."""
    launching_account_for(request, slug)
    if name in OUTCOME_SAMPLES:
        path = settings.BASE_DIR / "samples" / "outcomes" / OUTCOME_SAMPLES[name]
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv")
    if name not in SAMPLES:
        raise Http404("There is no such sample.")
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((settings.BASE_DIR / "samples" / name).glob("*.csv")):
            archive.write(path, path.name)
    response = HttpResponse(package.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response
