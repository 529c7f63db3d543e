"""A file that is not UTF-8, as UTF-8: to have, or to go on with."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.doorbell import ring
from accounts.http import Request
from accounts.rights import Right
from imports import tasks
from imports.check.encodings import converted
from imports.http import upload_for
from imports.models import Upload, UploadedCsv
from imports.services import uploads
from imports.services.converting import NotConvertible, source_of, with_converted


@require_safe
def converted_csv(request: Request, slug: str, pk: UUID, csv_pk: int) -> StreamingHttpResponse:
    """The file as UTF-8, written while it is read; always a download, since it may hold anything."""
    csv = _convertible(upload_for(request, slug, pk, Right.READ_MESSAGES), csv_pk)
    if not csv.file.path.exists():
        raise Http404("The file is no longer kept.")
    response = StreamingHttpResponse(converted(source_of(csv)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=csv.name) or ""
    return response


@require_POST
def use_converted(request: Request, slug: str, pk: UUID, csv_pk: int) -> HttpResponse:
    """A new upload in which this file is UTF-8 and the others are as they were."""
    upload = upload_for(request, slug, pk, Right.LAUNCH)
    try:
        files = with_converted(csv=_convertible(upload, csv_pk), by=request.user)
    except NotConvertible as reason:
        messages.error(request, str(reason))
        return redirect(upload)
    following = uploads.store(canvas_account=upload.canvas_account, files=files, by=request.user)
    ring(tasks.look_into_upload, str(following.pk))
    messages.success(request, "The file is now UTF-8; what was given before is kept as it was.")
    return redirect(following)


def _convertible(upload: Upload, csv_pk: int) -> UploadedCsv:
    csvs = UploadedCsv.objects.filter(file__upload=upload).exclude(encoding="").select_related("file__upload")
    return get_object_or_404(csvs, pk=csv_pk)
