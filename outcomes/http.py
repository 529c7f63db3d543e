"""Courses, trees and outcomes of a Canvas account, for views: only what the person may have."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.http import Request, canvas_account_for
from accounts.models import CanvasAccount
from accounts.rights import Right
from imports.http import is_key
from imports.models import Course
from outcomes.models import OutcomeCopy, Reading
from outcomes.selectors.spots import Spot, spot_of
from outcomes.services import copies
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


def page_of(request: Request) -> int:
    """The page that the address asks for; the first where it asks for none that can be."""
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if is_key(asked) and len(asked) < 9 else 1


def spot_for(request: Request, slug: str, key: str) -> tuple[CanvasAccount, Spot]:
    """A place whose tree is shown. Raises `Http404` and `PermissionDenied` as `canvas_account_for` does."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    spot = spot_of(canvas_account, key)
    if spot is None:
        raise Http404("There is no such place.")
    return canvas_account, spot


def copy_for(request: Request, slug: str, canvas_id: int, *, anew: bool = False) -> OutcomeCopy:
    """An outcome, by Canvas's number, wanted anew where it is not fresh; the view rings a worker."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    if not is_key(str(canvas_id)):
        raise Http404("There is no such outcome.")
    return copies.want(canvas_account=canvas_account, canvas_id=canvas_id, anew=anew)
