"""The front page, and the address that load balancers ask."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import Request
from dashboard import health


@require_safe
def overview(request: Request) -> HttpResponse:
    return render(request, "dashboard/overview.html")


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while pages can be served, 503 otherwise; the body says how the worker is."""
    found = health.look()
    return JsonResponse(found.as_json(), status=200 if found.is_well else 503)
