"""One student's scores over the courses of a program, by name: for who may see outcomes with names."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import Request
from outcomes.forms.programs import StudentSearch
from outcomes.http import asked_figures, program_for
from outcomes.programs.definitions import COUNTING
from outcomes.programs.figures import Counting
from outcomes.selectors import students
from outcomes.selectors.programs import course_states
from outcomes.services import computing


@require_http_methods(["GET", "HEAD", "POST"])
def program_students(request: Request, slug: str, pk: int) -> HttpResponse:
    """Searched by POST: a name never stands in an address."""
    program = program_for(request, slug, pk)
    form = StudentSearch(request.POST if request.method == "POST" else None)
    found = students.search(program, form.cleaned_data["text"]) if form.is_valid() else []
    shown = {
        "canvas_account": program.canvas_account,
        "program": program,
        "form": form,
        "found": found[: students.MOST],
        "has_more": len(found) > students.MOST,
        "was_asked": form.is_bound and form.is_valid(),
    }
    return render(request, "outcomes/program_students.html", shown, status=422 if form.errors else 200)


@require_safe
def program_student(request: Request, slug: str, pk: int, user_id: int) -> HttpResponse:
    program = program_for(request, slug, pk)
    person = students.person(program, user_id)
    if person is None:
        raise Http404
    states = course_states(program)
    figures = computing.shown_of(program, states).published.figures
    counting = asked_figures(request).counting
    shown = {
        "canvas_account": program.canvas_account,
        "program": program,
        "person": person,
        "outcomes": students.scores_of(person, figures.outcomes, students.readings_of(person, states), counting),
        "counting": counting,
        "countings": list(Counting),
        "counting_words": COUNTING[counting],
    }
    return render(request, "outcomes/program_student.html", shown)
