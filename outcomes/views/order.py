"""The order of a course's outcomes: moved about on a page, saved in Canvas by a worker."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doorbell import ring
from accounts.http import Request
from imports.http import is_key
from outcomes import tasks
from outcomes.http import course_for, reading_for
from outcomes.models import Reading
from outcomes.outcome.measured import MeasuredOutcome
from outcomes.rollups.moving import MOVES, moved
from outcomes.selectors.sheets import sheet_of
from outcomes.services import ordering


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: Request, slug: str, canvas_id: int) -> HttpResponse:
    """A move only changes what the form holds; nothing is kept until it is saved."""
    course = course_for(request, slug, canvas_id)
    shown = reading_for(course)
    wanted = [int(text) for text in request.POST.getlist("outcome") if is_key(text)]
    what, _, move = request.POST.get("move", "").partition(":")
    if move and is_key(what):
        wanted = moved(wanted, int(what), move)
    elif request.method == "POST":
        try:
            asked = ordering.ask(course=course, outcome_ids=wanted, reading=shown, by=request.user)
        except ordering.OrderRefused as refusal:
            messages.error(request, str(refusal))
        else:
            ring(tasks.save_order, asked.pk)
        return redirect("outcomes:order", slug, canvas_id)
    latest = course.outcome_orders.select_related("asked_by").last()
    if latest and latest.is_open and not move:
        wanted = latest.outcome_canvas_ids
    context = {
        "course": course,
        "canvas_account": course.canvas_account,
        "outcomes": _in_order(shown, wanted),
        "moves": MOVES.items(),
        "is_moved": bool(move),
        "order": latest,
    }
    return render(request, f"outcomes/{'_' if request.htmx else ''}order.html", context)


def _in_order(shown: Reading, wanted: Sequence[int]) -> list[MeasuredOutcome]:
    """The outcomes read, in the order wanted as far as it goes."""
    outcomes = sheet_of(shown).outcomes
    places = {outcome_id: place for place, outcome_id in enumerate(wanted)}
    return sorted(outcomes, key=lambda outcome: places.get(outcome.id, len(places)))


@require_safe
def order_state(request: Request, slug: str, canvas_id: int) -> HttpResponse:
    """What became of the order last asked for."""
    course = course_for(request, slug, canvas_id)
    latest = course.outcome_orders.select_related("asked_by").last()
    if latest and request.GET.get("seen") == f"{latest.pk}-{latest.state}-{latest.attempts}":
        return HttpResponse(status=204)
    context = {"course": course, "canvas_account": course.canvas_account, "order": latest}
    return render(request, "outcomes/_order_state.html", context)
