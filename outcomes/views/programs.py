"""Programs: listed, defined, shown, and their courses read."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doorbell import ring
from accounts.http import Request, canvas_account_for
from accounts.rights import Right
from imports.http import is_key
from imports.services import places
from imports.tasks import collect_places
from outcomes import tasks
from outcomes.forms.programs import ProgramForm, SmallestGroupForm
from outcomes.http import asked_figures, program_for
from outcomes.models import Program
from outcomes.selectors.programs import (
    CourseState,
    Progress,
    course_states,
    programs_of,
    progress_of,
    rule_in_words,
    smallest_group,
)
from outcomes.services import collecting, computing
from outcomes.services import programs as defining
from outcomes.services.computing import Shown
from outcomes.views.figures import figures_csv, figures_shown, figures_xlsx, matrix, report_shown

_HOURS = (24, 168)


@require_safe
def programs(request: Request, slug: str) -> HttpResponse:
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    shown = {
        "canvas_account": canvas_account,
        "programs": programs_of(canvas_account),
        "archived": programs_of(canvas_account, archived=True),
        "smallest_group": smallest_group(canvas_account),
    }
    return render(request, "outcomes/programs.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def program_new(request: Request, slug: str) -> HttpResponse:
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    directory = places.want(canvas_account=canvas_account)
    if directory.wanted_at:
        ring(collect_places, directory.pk)
    form = ProgramForm(request.POST if request.method == "POST" else None, canvas_account=canvas_account)
    if request.method == "POST" and form.is_valid():
        try:
            made = defining.define(canvas_account=canvas_account, by=request.user, **form.cleaned_data)
            return redirect("outcomes:program_courses", slug, made.pk)
        except defining.NameInUse as error:
            form.add_error("name", str(error))
    shown = {"canvas_account": canvas_account, "form": form}
    return render(request, "outcomes/program_new.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def program_edit(request: Request, slug: str, pk: int) -> HttpResponse:
    edited = program_for(request, slug, pk)
    data = request.POST if request.method == "POST" else None
    form = ProgramForm(data, canvas_account=edited.canvas_account, program=edited)
    if request.method == "POST" and form.is_valid():
        try:
            defining.edit(program=edited, by=request.user, **form.cleaned_data)
            return redirect(edited)
        except defining.NameInUse as error:
            edited.refresh_from_db()
            form.add_error("name", str(error))
    shown = {"canvas_account": edited.canvas_account, "program": edited, "form": form}
    return render(request, "outcomes/program_edit.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def program_archive(request: Request, slug: str, pk: int) -> HttpResponse:
    archived = program_for(request, slug, pk)
    if request.method == "POST":
        defining.archive(program=archived, by=request.user)
        messages.success(request, f"{archived} is archived. Its snapshots stay.")
        return redirect("outcomes:programs", slug)
    shown = {"canvas_account": archived.canvas_account, "program": archived}
    return render(request, "outcomes/program_archive.html", shown)


@require_POST
def program_bring_back(request: Request, slug: str, pk: int) -> HttpResponse:
    found = program_for(request, slug, pk)
    try:
        defining.bring_back(program=found, by=request.user)
    except defining.NameInUse:
        messages.error(request, f"Another program is called {found} now. Rename that one first.")
        return redirect("outcomes:programs", slug)
    return redirect(found)


@require_safe
def program(request: Request, slug: str, pk: int) -> HttpResponse:
    found = program_for(request, slug, pk)
    states, shown = _computed(found)
    context = figures_shown(request, shown.published) | matrix(request, shown.published.figures)
    return render(request, "outcomes/program.html", _context(found, states) | context | {"shown": shown})


def _computed(found: Program) -> tuple[list[CourseState], Shown]:
    states = course_states(found)
    shown = computing.shown_of(found, states)
    if not shown.is_current:
        ring(tasks.compute_program, found.pk)
    return states, shown


def _context(found: Program, states: list[CourseState]) -> dict[str, Any]:
    return {
        "canvas_account": found.canvas_account,
        "program": found,
        "progress": progress_of(found, states),
        "failed": [one for one in states if one.state == "failed"],
        "unread": [one for one in states if one.state == "never"],
        "course_rules": rule_in_words(found.canvas_account, found.rules_for_courses),
        "outcome_rules": found.rules_for_outcomes,
        "hours": _HOURS,
    }


@require_safe
def program_progress(request: Request, slug: str, pk: int) -> HttpResponse:
    """The live part of the page: how far the courses have been read."""
    found = program_for(request, slug, pk)
    states = course_states(found)
    context = _context(found, states)
    if request.GET.get("seen") == context["progress"].seen:
        return HttpResponse(status=204)
    return render(request, "outcomes/_program_progress.html", context | {"is_new": True})


@require_POST
def program_collect(request: Request, slug: str, pk: int) -> HttpResponse:
    """Have its courses read: all, or those whose data is older than so many hours."""
    found = program_for(request, slug, pk)
    asked = request.POST.get("hours", "")
    hours = min(int(asked), 10_000) if is_key(asked) else _HOURS[0]
    collecting.want(program=found, older_than_hours=hours, by=request.user)
    ring(tasks.collect_program, found.pk)
    return redirect(found)


@require_POST
def program_retry(request: Request, slug: str, pk: int) -> HttpResponse:
    """Read once more what failed, or the course that is named."""
    found = program_for(request, slug, pk)
    course = request.POST.get("course", "")
    for asked in collecting.retry(program=found, by=request.user, course=int(course) if is_key(course) else None):
        ring(tasks.read_course, asked.pk)
    return redirect(found)


@require_safe
def program_csv(request: Request, slug: str, pk: int) -> HttpResponse:
    found = program_for(request, slug, pk)
    _, shown = _computed(found)
    return figures_csv(request, _file_name(found, asked_figures(request).by), shown.published.figures)  # type: ignore[return-value]


@require_safe
def program_xlsx(request: Request, slug: str, pk: int) -> HttpResponse:
    found = program_for(request, slug, pk)
    states, shown = _computed(found)
    progress = progress_of(found, states)
    facts = [
        ("Program", found.name),
        ("Description", found.description),
        ("Canvas account", found.canvas_account.name),
        ("Courses", f"{progress.read} of {progress.courses} read"),
        ("Data read", _data_age(progress)),
    ]
    return figures_xlsx(request, _file_name(found), shown.published, facts)


@require_safe
def program_report(request: Request, slug: str, pk: int) -> HttpResponse:
    found = program_for(request, slug, pk)
    states, shown = _computed(found)
    context = _context(found, states) | report_shown(request, shown.published)
    return render(request, "outcomes/program_report.html", context | {"shown": shown})


def _data_age(progress: Progress) -> str:
    if not (progress.oldest and progress.newest):
        return "never"
    return f"{progress.oldest:%Y-%m-%d %H:%M} to {progress.newest:%Y-%m-%d %H:%M} UTC"


def _file_name(found: Program, *parts: str) -> str:
    return "-".join(["outcomes", slugify(found.name) or str(found.pk), *parts])


@require_http_methods(["GET", "HEAD", "POST"])
def smallest_group_policy(request: Request, slug: str) -> HttpResponse:
    """From how many students on the figures of a group are shown."""
    canvas_account = canvas_account_for(request, slug, Right.MANAGE)
    initial = {"students": smallest_group(canvas_account)}
    form = SmallestGroupForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        defining.set_smallest_group(canvas_account=canvas_account, by=request.user, **form.cleaned_data)
        messages.success(request, "Saved. It holds from the next page on; snapshots stay as they were frozen.")
        return redirect("outcomes:programs", slug)
    shown = {"canvas_account": canvas_account, "form": form}
    return render(request, "outcomes/smallest_group_policy.html", shown, status=422 if form.errors else 200)
