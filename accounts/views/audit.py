"""The audit log."""

import json
from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.csv_export import csv_response
from accounts.forms import AuditFilter
from accounts.http import Request, must_hold_somewhere
from accounts.models import AuditLine
from accounts.rights import Right
from accounts.selectors import audit_lines, audit_page

COLUMNS = ("at", "who", "action", "subject", "canvas_account", "detail")


@require_safe
def audit(request: Request) -> HttpResponse:
    must_hold_somewhere(request.user, Right.AUDIT)
    form = AuditFilter(request.GET, user=request.user)
    form.is_valid()
    wanted = form.cleaned_data  # without the filters that make no sense, about which the form says so
    page = audit_page(audit_lines(request.user, wanted), before=wanted.get("before"), after=wanted.get("after"))
    return render(request, "accounts/audit.html", {"form": form, "page": page})


@require_safe
def audit_csv(request: Request) -> HttpResponseBase:
    must_hold_somewhere(request.user, Right.AUDIT)
    form = AuditFilter(request.GET, user=request.user)
    if not form.is_valid():
        return HttpResponseBadRequest("One of the filters makes no sense.", content_type="text/plain")
    return csv_response("audit.csv", COLUMNS, _rows(audit_lines(request.user, form.cleaned_data).iterator(2000)))


def _rows(lines: Iterator[AuditLine]) -> Iterator[list[object]]:
    for line in lines:
        detail = json.dumps(line.detail, ensure_ascii=False) if line.detail else ""
        yield [line.at, line.actor_name, line.verb, line.subject, line.canvas_account, detail]
