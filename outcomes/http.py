"""Courses of a Canvas account, for views: only what the person may have."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.http import Request, canvas_account_for
from accounts.rights import Right
from imports.models import Course
from outcomes.models import Reading
from outcomes.services import reading as readings


def course_for(request: Request, slug: str, canvas_id: int) -> Course:
    """One course, by Canvas's number. Raises `Http404` and `PermissionDenied` as `canvas_account_for` does."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    return get_object_or_404(canvas_account.courses.select_related("canvas_account"), canvas_id=canvas_id)


def reading_for(course: Course) -> Reading:
    """What has been read of the course. Raises `Http404` where nothing has."""
    shown = readings.current(course)
    if shown is None:
        raise Http404("The course has not been read.")
    return shown
