"""The messages of one import."""

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from accounts.csv_export import csv_response
from accounts.http import Request
from accounts.rights import Right
from imports.forms import MessageFilter
from imports.http import run_for
from imports.models import ImportRun
from imports.selectors import messages as selectors


@require_safe
def messages(request: Request, slug: str, pk: int) -> HttpResponse:
    """The table of messages: as a part of the import's page, or as a page of its own without JavaScript."""
    run = run_for(request, slug, pk, Right.READ_MESSAGES)
    form = MessageFilter(request.GET, run=run)
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    shown = {
        "run": run,
        "canvas_account": run.canvas_account,
        "form": form,
        "is_filtered": bool(form.wanted),
        "page": selectors.page(selectors.messages_of(run, form.wanted), before=before, after=after),
        "patterns": selectors.patterns_of(run),
    }
    response = render(request, "imports/_messages.html" if request.htmx else "imports/messages.html", shown)
    response["Vary"] = "HX-Request"
    return _with_address(request, run, response)


def _with_address(request: Request, run: ImportRun, response: HttpResponse) -> HttpResponse:
    """Inside the import's page its address takes on the filter, so that it can be reloaded and handed on."""
    page, query = run.get_absolute_url(), request.GET.urlencode()
    here = (request.htmx.current_url_abs_path or "").partition("?")[0]
    return replace_url(response, f"{page}?{query}" if query else page) if here == page else response


@require_safe
def messages_csv(request: Request, slug: str, pk: int) -> StreamingHttpResponse:
    """All messages that the filter lets through."""
    run = run_for(request, slug, pk, Right.READ_MESSAGES)
    form = MessageFilter(request.GET, run=run)
    header = ("severity", "file", "row", "message", "row content")
    return csv_response(f"messages-{run.canvas_id or run.pk}.csv", header, _rows(run, form))


def _rows(run: ImportRun, form: MessageFilter) -> Iterator[tuple[object, ...]]:
    for message in selectors.messages_of(run, form.wanted).order_by("pk").iterator(chunk_size=2000):
        yield message.severity, message.file, message.row, message.text, message.row_content
