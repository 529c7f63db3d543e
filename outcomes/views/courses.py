"""The courses of a Canvas account: which have been read, and reading them."""

import hashlib
from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.doorbell import ring
from accounts.http import Request, canvas_account_for
from accounts.rights import Right
from imports.http import is_key
from imports.models import Directory
from imports.services import places
from imports.tasks import collect_places
from outcomes import tasks
from outcomes.forms import CourseFilter
from outcomes.http import course_for
from outcomes.selectors.courses import ShownCourse, shown_courses
from outcomes.services import reading

_LAST_PAGE = 100_000  # beyond which no account has courses


@require_safe
def courses(request: Request, slug: str) -> HttpResponse:
    """The page, or for htmx its table; 204 where that is as it was `seen`."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    directory = places.want(canvas_account=canvas_account)
    if directory.wanted_at and not request.htmx:
        ring(collect_places, directory.pk)
    form = CourseFilter(request.GET, canvas_account=canvas_account)
    asked = request.GET.get("page", "")
    page = min(max(1, int(asked)), _LAST_PAGE) if is_key(asked) else 1
    shown, has_more = shown_courses(canvas_account, form.wanted, page=page, only_read=form.only_read)
    seen = _seen(directory, shown)
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {
        "canvas_account": canvas_account,
        "directory": directory,
        "form": form,
        "courses": shown,
        "page": page,
        "has_more": has_more,
        "seen": seen,
        "query": _query(request),
        "is_live": bool(directory.wanted_at) or any(one.open for one in shown),
    }
    response = render(request, "outcomes/_courses.html" if request.htmx else "outcomes/courses.html", context)
    response["Vary"] = "HX-Request"
    return response


def _query(request: Request) -> str:
    """The filters in the address, to come back to."""
    kept = request.GET.copy()
    kept.pop("seen", None)
    return kept.urlencode()


def _seen(directory: Directory, shown: Sequence[ShownCourse]) -> str:
    """Changes whenever the table does."""
    told = f"{directory.version} " + " ".join(f"{one.course.pk}:{one.seen}" for one in shown)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@require_POST
def list_again(request: Request, slug: str) -> HttpResponse:
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    directory = places.want(canvas_account=canvas_account, anew=True)
    ring(collect_places, directory.pk)
    return redirect("outcomes:courses", slug)


@require_POST
def read(request: Request, slug: str, canvas_id: int) -> HttpResponse:
    """Have a course read, or read again; back to where the button was."""
    course = course_for(request, slug, canvas_id)
    asked = reading.ask(course=course, by=request.user)
    ring(tasks.read_course, asked.pk)
    if request.POST.get("back") == "rollups":
        return redirect("outcomes:rollups", slug, canvas_id)
    query = request.POST.get("query", "")[:500]
    return redirect(f"{reverse('outcomes:courses', args=[slug])}{'?' if query else ''}{query}")
