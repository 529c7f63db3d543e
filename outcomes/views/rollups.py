"""The rollups of a course: students down, outcomes across, and what lies behind a cell."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import push_url

from accounts.doorbell import ring
from accounts.http import Request
from imports.models import Course
from outcomes import tasks
from outcomes.forms import GridFilter
from outcomes.http import anew_if_replaced, course_for, reading_for
from outcomes.models import Reading
from outcomes.selectors import cells
from outcomes.selectors.grid import column_of, grid_of
from outcomes.services import contributing
from outcomes.services import reading as readings


@require_http_methods(["GET", "HEAD", "POST"])
@anew_if_replaced
def rollups(request: Request, slug: str, canvas_id: int) -> HttpResponse:
    """Filters come by POST, and go on to an address in which nobody's name can be read."""
    course = course_for(request, slug, canvas_id)
    shown = readings.current(course)
    if request.method == "POST":
        return redirect(request.path + (GridFilter(request.POST, reading=shown).address if shown else ""))
    context: dict[str, object] = {
        "course": course,
        "canvas_account": course.canvas_account,
        "reading": shown,
        "news": _news(course, shown),
    }
    if shown:
        form = GridFilter(request.GET, reading=shown)
        view = form.view
        context |= {
            "form": form,
            "view": view,
            "grid": grid_of(shown, view),
            "order": course.outcome_orders.select_related("asked_by").last(),
        }
    return render(request, "outcomes/rollups.html", context)


def _news(course: Course, shown: Reading | None) -> Reading | None:
    """What is newer than the reading that is shown: one under way, or one that failed."""
    newest = course.readings.order_by("-pk").first()
    return newest if newest != shown else None


@require_safe
def reading(request: Request, slug: str, canvas_id: int) -> HttpResponse:
    """How far a reading is, for a page that shows the reading numbered `shown`, 0 for none."""
    course = course_for(request, slug, canvas_id)
    shown = readings.current(course)
    was_shown = request.GET.get("shown", "")
    if shown and was_shown == "0":
        return HttpResponse(headers={"HX-Refresh": "true"})
    news = _news(course, shown)
    if news and request.GET.get("seen") == f"{news.pk}-{news.version}":
        return HttpResponse(status=204)
    context = {
        "course": course,
        "canvas_account": course.canvas_account,
        "reading": shown,
        "news": news,
        "shown": was_shown,
        "has_arrived": shown is not None and str(shown.pk) != was_shown,
    }
    return render(request, "outcomes/_reading.html", context)


@require_safe
@anew_if_replaced
def measured_outcome(request: Request, slug: str, canvas_id: int, outcome_id: int) -> HttpResponse:
    """An outcome as it is measured in the course: levels, method, how the chosen students spread."""
    course = course_for(request, slug, canvas_id)
    shown = reading_for(course)
    form = GridFilter(request.GET, reading=shown)
    column = column_of(shown, form.view, outcome_id)
    if column is None:
        raise Http404("The course does not have this outcome.")
    return _tray(request, course, "measured_outcome", {"column": column, "view": form.view})


@require_safe
@anew_if_replaced
def cell(request: Request, slug: str, canvas_id: int, outcome_id: int, user_id: int) -> HttpResponse:
    """The results of one student for one outcome; fetched by a worker with the first look at the outcome."""
    course = course_for(request, slug, canvas_id)
    shown = reading_for(course)
    opened = cells.opened(shown, outcome_id=outcome_id, user_id=user_id)
    if opened is None:
        raise Http404("The course does not have this student or outcome.")
    wanted = contributing.ask(reading=shown, outcome_id=outcome_id)
    if wanted.is_open and "again" not in request.GET:
        ring(tasks.fetch_contributions, wanted.pk)
    context = {"opened": opened, "contributions": wanted, **cells.explained(opened, wanted)}
    return _tray(request, course, "cell", context)


def _tray(request: Request, course: Course, name: str, context: dict[str, object]) -> HttpResponse:
    """Beside the table, or as a page of its own without JavaScript."""
    context |= {"course": course, "canvas_account": course.canvas_account}
    response = render(request, f"outcomes/{'_' if request.htmx else ''}{name}.html", context)
    response["Vary"] = "HX-Request"
    return push_url(response, False) if request.htmx else response  # the address stays that of the table
