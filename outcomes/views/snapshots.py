"""Snapshots of a program: frozen, shown, compared, renamed, deleted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import Request
from accounts.rights import Right
from imports.http import is_key
from outcomes.forms.programs import FreezeForm, SnapshotDeleteForm, SnapshotNameForm
from outcomes.http import asked_figures, program_for, snapshot_for
from outcomes.models import Program, Snapshot
from outcomes.programs.comparing import compared
from outcomes.programs.published import Published
from outcomes.selectors.programs import course_states
from outcomes.services import computing
from outcomes.services import snapshots as freezing
from outcomes.views.figures import figures_csv, figures_shown, figures_xlsx, matrix, report_shown

NOW = "now"


@require_http_methods(["GET", "HEAD", "POST"])
def snapshots(request: Request, slug: str, pk: int) -> HttpResponse:
    """The list of them, and freezing."""
    program = program_for(request, slug, pk)
    published = computing.shown_of(program, course_states(program)).published
    terms = [(term.key, term.name) for term in published.figures.of_kind("term")]
    form = FreezeForm(request.POST if request.method == "POST" else None, terms=terms)
    if request.method == "POST" and form.is_valid():
        try:
            current = computing.current_of(program)
            return redirect(freezing.freeze(program=program, shown=current, by=request.user, **form.cleaned_data))
        except freezing.NothingToFreeze:
            messages.error(request, "No course of this has been read yet, so there is nothing to freeze.")
            return redirect("outcomes:snapshots", slug, pk)
    shown = {
        "canvas_account": program.canvas_account,
        "program": program,
        "form": form,
        "snapshots": program.snapshots.defer("content"),
    }
    return render(request, "outcomes/snapshots.html", shown, status=422 if form.errors else 200)


@require_safe
def snapshot(request: Request, slug: str, pk: int, number: int) -> HttpResponse:
    found = snapshot_for(request, slug, pk, number)
    context = figures_shown(request, found.published) | matrix(request, found.published.figures)
    return render(request, "outcomes/snapshot.html", _context(found) | context)


def _context(found: Snapshot) -> dict[str, object]:
    return {"canvas_account": found.program.canvas_account, "program": found.program, "snapshot": found}


@require_safe
def snapshot_csv(request: Request, slug: str, pk: int, number: int) -> HttpResponse:
    found = snapshot_for(request, slug, pk, number)
    name = _file_name(found, asked_figures(request).by)
    return figures_csv(request, name, found.published.figures)  # type: ignore[return-value]


@require_safe
def snapshot_xlsx(request: Request, slug: str, pk: int, number: int) -> HttpResponse:
    found = snapshot_for(request, slug, pk, number)
    facts = [
        ("Program", str(found.facts.get("program", found.program.name))),
        ("Description", str(found.facts.get("description", ""))),
        ("Snapshot", found.name),
        ("Of", found.term_name or "all terms"),
        ("Frozen", f"{found.taken_at:%Y-%m-%d %H:%M} UTC by {found.taken_by_name}"),
        ("Courses", f"{found.courses} read"),
        ("Data read", f"{found.read_from:%Y-%m-%d %H:%M} to {found.read_to:%Y-%m-%d %H:%M} UTC"),
    ]
    return figures_xlsx(request, _file_name(found), found.published, facts)


@require_safe
def snapshot_report(request: Request, slug: str, pk: int, number: int) -> HttpResponse:
    found = snapshot_for(request, slug, pk, number)
    return render(request, "outcomes/snapshot_report.html", _context(found) | report_shown(request, found.published))


def _file_name(found: Snapshot, *parts: str) -> str:
    return "-".join(["outcomes", slugify(found.program.name) or "program", slugify(found.name) or "snapshot", *parts])


@require_http_methods(["GET", "HEAD", "POST"])
def snapshot_rename(request: Request, slug: str, pk: int, number: int) -> HttpResponse:
    found = snapshot_for(request, slug, pk, number)
    form = SnapshotNameForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        freezing.rename(snapshot=found, by=request.user, **form.cleaned_data)
        return redirect(found)
    return render(
        request, "outcomes/snapshot_rename.html", _context(found) | {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def snapshot_delete(request: Request, slug: str, pk: int, number: int) -> HttpResponse:
    """For admins alone, who type its name."""
    found = snapshot_for(request, slug, pk, number)
    if not request.user.may(Right.MANAGE, found.program.canvas_account):
        raise PermissionDenied(f"Only an admin of {found.program.canvas_account} may delete a snapshot; ask one.")
    form = SnapshotDeleteForm(request.POST if request.method == "POST" else None, snapshot=found)
    if request.method == "POST" and form.is_valid():
        freezing.delete(snapshot=found, by=request.user)
        messages.success(request, f"Snapshot {found} is deleted.")
        return redirect("outcomes:snapshots", slug, pk)
    return render(
        request, "outcomes/snapshot_delete.html", _context(found) | {"form": form}, status=422 if form.errors else 200
    )


@require_safe
def snapshots_compare(request: Request, slug: str, pk: int) -> HttpResponse:
    """Two snapshots of a program, or one and what is live, outcome by outcome."""
    program = program_for(request, slug, pk)
    kept = list(program.snapshots.defer("content"))
    choices = [(str(one.pk), _told(one)) for one in kept] + [(NOW, "the numbers of now")]
    before, after = request.GET.get("before", ""), request.GET.get("after", NOW)
    one, other = _both(program, before, after)
    shown = {
        "canvas_account": program.canvas_account,
        "program": program,
        "choices": choices,
        "before": before,
        "after": after,
        "changes": compared(one.figures, other.figures) if one and other else None,
        "thresholds": {one.threshold, other.threshold} if one and other else set(),
    }
    return render(request, "outcomes/snapshots_compare.html", shown)


def _told(one: Snapshot) -> str:
    return f"{one.name} ({', '.join(filter(None, (one.term_name, f'{one.taken_at:%Y-%m-%d}')))})"


def _both(program: Program, before: str, after: str) -> tuple[Published | None, Published | None]:
    """What is to be compared. Beside a snapshot of one term, the numbers of now are those of that term."""
    found = {told: program.snapshots.filter(pk=int(told)).first() for told in (before, after) if is_key(told)}
    shown = {told: one.published if one else None for told, one in found.items()}
    if NOW in (before, after):
        shown[NOW] = computing.shown_of(program, course_states(program)).published
        for told, one in found.items():
            if one and one.term_name:
                shown[NOW] = _of_same_term(shown[NOW], shown[told])
    return shown.get(before), shown.get(after)


def _of_same_term(now: Published | None, frozen: Published | None) -> Published | None:
    """None where nothing of the term is left."""
    term = frozen.figures.of_kind("term")[0].key if frozen else ""
    return now.within(term) if now and term in now.figures.by_key else None
