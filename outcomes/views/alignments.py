"""What outcomes are aligned with in a course, for one student or one assignment."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.doorbell import ring
from accounts.http import Request
from imports.http import is_key
from imports.models import Course
from outcomes import tasks
from outcomes.forms import AlignmentForm
from outcomes.http import course_for
from outcomes.models import AlignmentList, Reading
from outcomes.selectors import alignments as selectors
from outcomes.services import aligning, reading

By = AlignmentList.By


@require_http_methods(["GET", "HEAD", "POST"])
def alignments(request: Request, slug: str, canvas_id: int) -> HttpResponse:
    """Ask by POST, look by GET: the address names our own list, never a student."""
    course = course_for(request, slug, canvas_id)
    current = reading.current(course)
    forms = _forms(request, current)
    if request.method == "POST":
        form = forms.get(request.POST.get("by", ""), forms[By.STUDENT])
        if form.is_valid():
            asked = aligning.ask(course=course, by=By(form.cleaned_data["by"]), target=form.cleaned_data["target"])
            ring(tasks.read_alignments, asked.pk)
            address = reverse("outcomes:alignments", args=[slug, canvas_id])
            return redirect(f"{address}?list={asked.pk}")
    return _shown(request, course, current, forms)


def _forms(request: Request, current: Reading | None) -> dict[str, AlignmentForm]:
    told = request.POST if request.method == "POST" else None
    chosen = request.POST.get("by")
    offered = {By.STUDENT: selectors.students(current), By.ASSIGNMENT: selectors.assignments(current)}
    labels = {By.STUDENT: "Student", By.ASSIGNMENT: "Assignment"}
    return {
        by: AlignmentForm(told if chosen == by else None, by=by, choices=choices, label=labels[by])
        for by, choices in offered.items()
    }


def _shown(request: Request, course: Course, current: Reading | None, forms: dict[str, AlignmentForm]) -> HttpResponse:
    asked = _asked(request, course)
    if request.htmx and asked and request.GET.get("seen") == str(asked.version):
        return HttpResponse(status=204)
    shown = {
        "canvas_account": course.canvas_account,
        "course": course,
        "reading": current,
        "forms": forms.values(),
        "asked": asked,
        "who": dict(forms[asked.by].fields["target"].choices).get(asked.target, "") if asked else "",  # type: ignore[attr-defined]  # a choice field
        "rows": selectors.rows(asked, current) if asked else [],
    }
    status = 422 if request.method == "POST" else 200
    template = "outcomes/_alignments.html" if request.htmx and asked else "outcomes/alignments.html"
    response = render(request, template, shown, status=status)
    response["Vary"] = "HX-Request"
    return response


def _asked(request: Request, course: Course) -> AlignmentList | None:
    key = request.GET.get("list", "")
    lists = course.alignment_lists.select_related("course__canvas_account")
    return lists.filter(pk=int(key)).first() if is_key(key) else None
