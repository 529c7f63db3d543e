"""The front page, and the address that load balancers ask."""

import hashlib
from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.http import Request
from dashboard import health
from dashboard.overview import STRIP_HEIGHT, STRIP_WIDTH, Card, cards_for, concerns_of


@require_safe
def overview(request: Request) -> HttpResponse:
    """The front page; asked by itself for its moving part, 204 while that is as `?seen=` says."""
    cards = cards_for(request.user)
    shown = {"cards": cards, "concerns": concerns_of(cards), "health": health.look(), "width": STRIP_WIDTH}
    cards_html = render_to_string("dashboard/_cards.html", shown | {"height": STRIP_HEIGHT}, request)
    seen = hashlib.sha256(cards_html.encode()).hexdigest()[:16]
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    template = "dashboard/_overview.html" if request.htmx else "dashboard/overview.html"
    response = render(request, template, {"cards_html": cards_html, "seen": seen, "active": _active(cards)})
    response["Vary"] = "HX-Request"
    return response


def _active(cards: Sequence[Card]) -> int:
    return sum(len(card.active) for card in cards)


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while pages can be served, 503 otherwise; the body says how the worker is."""
    found = health.look()
    return JsonResponse(found.as_json(), status=200 if found.is_well else 503)
