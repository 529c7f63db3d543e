"""Courses, trees, outcomes and programs of a Canvas account, for views: only what the person may have."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.http import Request, canvas_account_for
from accounts.models import CanvasAccount
from accounts.rights import Right
from imports.http import is_key
from imports.models import Course
from outcomes.models import OutcomeCopy, Program, Reading, Snapshot
from outcomes.programs.figures import TOTAL, Counting
from outcomes.programs.rows import BY, COLUMNS, Asked
from outcomes.selectors.spots import Spot, spot_of
from outcomes.services import copies
from outcomes.services import reading as readings


def course_for(request: Request, slug: str, canvas_id: int) -> Course:
    """One course, by Canvas's number. Raises `Http404` and `PermissionDenied` as `canvas_account_for` does."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    return get_object_or_404(canvas_account.courses.select_related("canvas_account"), canvas_id=canvas_id)


def program_for(request: Request, slug: str, pk: int) -> Program:
    """One program of the account, archived ones too. Raises as `canvas_account_for` does."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    return get_object_or_404(canvas_account.programs.select_related("canvas_account"), pk=pk)


def snapshot_for(request: Request, slug: str, program: int, pk: int) -> Snapshot:
    snapshots = program_for(request, slug, program).snapshots
    return get_object_or_404(snapshots.select_related("program__canvas_account"), pk=pk)


def asked_figures(request: Request) -> Asked:
    """What an address asks for of a program's figures; what makes no sense is passed over."""
    told = request.GET
    outcome = told.get("outcome", "")
    counting, order = told.get("counting", ""), told.get("sort", "").removeprefix("-")
    return Asked(
        by=told["by"] if told.get("by") in BY else TOTAL,
        outcome=int(outcome) if is_key(outcome) else None,
        counting=Counting(counting) if counting in set(Counting) else Counting.LATEST,
        order=order if order in COLUMNS else "outcome",
        descending=told.get("sort", "").startswith("-"),
    )


def asked_page(request: Request, name: str = "page") -> int:
    """The page of that name that the address asks for, from 1; the first where it asks for none that can be."""
    asked = request.GET.get(name, "")
    return max(1, int(asked)) if is_key(asked) and len(asked) < 9 else 1


def page_of(request: Request) -> int:
    """The page that the address asks for; the first where it asks for none that can be."""
    return asked_page(request)


def spot_for(request: Request, slug: str, key: str) -> tuple[CanvasAccount, Spot]:
    """A place whose tree is shown. Raises `Http404` and `PermissionDenied` as `canvas_account_for` does."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    spot = spot_of(canvas_account, key)
    if spot is None:
        raise Http404("There is no such place.")
    return canvas_account, spot


def copy_for(request: Request, slug: str, canvas_id: int) -> OutcomeCopy:
    """An outcome, by Canvas's number, wanted anew where it is not fresh; the view rings a worker."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    if not is_key(str(canvas_id)):
        raise Http404("There is no such outcome.")
    return copies.want(canvas_account=canvas_account, canvas_id=canvas_id)


def anew_if_replaced(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of a reading: where a newer one takes its place while they look, they look again."""

    @wraps(view)
    def looking(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Reading.DoesNotExist:
            return redirect(request.get_full_path())

    return looking


def reading_for(course: Course) -> Reading:
    """What has been read of the course. Raises `Http404` where nothing has."""
    shown = readings.current(course)
    if shown is None:
        raise Http404("The course has not been read.")
    return shown
