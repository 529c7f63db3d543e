"""The courses of a Canvas account: which have been read, and reading them."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.doorbell import ring
from accounts.http import Request, canvas_account_for
from accounts.rights import Right
from imports.http import is_key
from imports.services import places
from imports.tasks import collect_places
from outcomes import tasks
from outcomes.forms import CourseFilter
from outcomes.http import course_for
from outcomes.selectors.courses import shown_courses
from outcomes.services import reading


@require_safe
def courses(request: Request, slug: str) -> HttpResponse:
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    directory = places.want(canvas_account=canvas_account)
    if directory.wanted_at:
        ring(collect_places, directory.pk)
    form = CourseFilter(request.GET, canvas_account=canvas_account)
    asked = request.GET.get("page", "")
    page = max(1, int(asked)) if is_key(asked) else 1
    shown, has_more = shown_courses(canvas_account, form.wanted, page=page)
    return render(
        request,
        "outcomes/courses.html",
        {
            "canvas_account": canvas_account,
            "directory": directory,
            "form": form,
            "courses": shown,
            "page": page,
            "has_more": has_more,
        },
    )


@require_POST
def list_again(request: Request, slug: str) -> HttpResponse:
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    directory = places.want(canvas_account=canvas_account, anew=True)
    ring(collect_places, directory.pk)
    return redirect("outcomes:courses", slug)


@require_POST
def read(request: Request, slug: str, canvas_id: int) -> HttpResponse:
    """Have a course read, or read again."""
    course = course_for(request, slug, canvas_id)
    asked = reading.ask(course=course, by=request.user)
    ring(tasks.read_course, asked.pk)
    return redirect("outcomes:courses", slug)
