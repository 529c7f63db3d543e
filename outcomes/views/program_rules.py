"""Which courses and outcomes a program has."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import Request
from imports.models import Directory
from imports.selectors import places
from imports.selectors.places import Wanted
from outcomes.forms.programs import CourseRuleForm, OutcomeRuleForm
from outcomes.http import program_for
from outcomes.models import ProgramCourse
from outcomes.programs.matching import groups
from outcomes.programs.rules import SEPARATOR, chosen
from outcomes.selectors.programs import rule_in_words
from outcomes.services import computing, programs

_FOUND = 30
_SHOWN = 500


@require_http_methods(["GET", "HEAD", "POST"])
def program_courses(request: Request, slug: str, pk: int) -> HttpResponse:
    program = program_for(request, slug, pk)
    account = program.canvas_account
    form = CourseRuleForm(request.POST if request.method == "POST" else None, canvas_account=account)
    if request.method == "POST" and form.is_valid():
        programs.add_course_rule(program=program, rule=form.rule, by=request.user)
        return redirect("outcomes:program_courses", slug, pk)
    text = request.GET.get("text", "").replace("\0", "")[:100]
    placed = list(program.places.select_related("course").order_by("course__name", "pk"))
    inside = {one.course_id for one in placed}
    found = places.courses(account, Wanted(text=text)).exclude(pk__in=inside)[:_FOUND] if text.split() else []
    shown = {
        "canvas_account": account,
        "program": program,
        "form": form,
        "rules": rule_in_words(account, program.rules_for_courses),
        "placed": placed[:_SHOWN],
        "count": sum(one.hand != ProgramCourse.Hand.EXCLUDED for one in placed),
        "not_shown": max(len(placed) - _SHOWN, 0),
        "text": text,
        "is_listing": Directory.objects.filter(canvas_account=account, wanted_at__isnull=False).exists(),
        "found": found,
        "terms": places.term_names(account),
    }
    return render(request, "outcomes/program_courses.html", shown, status=422 if form.errors else 200)


@require_POST
def course_rule_remove(request: Request, slug: str, pk: int, place: int) -> HttpResponse:
    programs.remove_course_rule(program=program_for(request, slug, pk), place=place, by=request.user)
    return redirect("outcomes:program_courses", slug, pk)


@require_POST
def course_place(request: Request, slug: str, pk: int, canvas_id: int) -> HttpResponse:
    """Add a course by hand, leave it out, or leave it to the rules."""
    program = program_for(request, slug, pk)
    course = get_object_or_404(program.canvas_account.courses, canvas_id=canvas_id)
    hand = request.POST.get("hand", "")
    if hand in ProgramCourse.Hand.values:
        programs.place_course(program=program, course=course, hand=hand, by=request.user)
    return redirect("outcomes:program_courses", slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def program_outcomes(request: Request, slug: str, pk: int) -> HttpResponse:
    program = program_for(request, slug, pk)
    found = computing.outcomes_in(program)
    form = OutcomeRuleForm(
        request.POST if request.method == "POST" else None,
        groups=[SEPARATOR.join(path) for path in groups(found)],
        outcomes=[(str(one.key), one.title) for one in found],
        guids={str(one.key): one.guid for one in found},
    )
    if request.method == "POST" and form.is_valid():
        programs.add_outcome_rules(program=program, rules=form.rules, by=request.user)
        return redirect("outcomes:program_outcomes", slug, pk)
    rules = program.rules_for_outcomes
    shown = {
        "canvas_account": program.canvas_account,
        "program": program,
        "form": form,
        "rules": [(str(rule), len(chosen(found, [rule]))) for rule in rules],
        "taken": chosen(found, rules),
        "found": found,
    }
    return render(request, "outcomes/program_outcomes.html", shown, status=422 if form.errors else 200)


@require_POST
def outcome_rule_remove(request: Request, slug: str, pk: int, place: int) -> HttpResponse:
    programs.remove_outcome_rule(program=program_for(request, slug, pk), place=place, by=request.user)
    return redirect("outcomes:program_outcomes", slug, pk)
