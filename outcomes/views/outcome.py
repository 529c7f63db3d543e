"""One outcome: what it is, where it stands and is used, and changing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doorbell import ring
from accounts.http import Request
from outcomes import tasks
from outcomes.forms import OutcomeForm
from outcomes.forms.outcome import with_more_levels
from outcomes.http import copy_for, page_of
from outcomes.models import OutcomeCopy
from outcomes.outcome.changing import consequences, differences
from outcomes.outcome.described import Described
from outcomes.outcome.stamps import stamp
from outcomes.selectors.outcomes import ShownOutcome
from outcomes.services import editing

_OUTDATED = (
    "The outcome has changed in Canvas since you opened this form. What stands in the form is still yours: see what "
    "would change once more, beside what Canvas has now."
)


@require_safe
def outcome(request: Request, slug: str, canvas_id: int) -> HttpResponse:
    """The page of an outcome; its moving part alone for htmx, and 204 while that is as `?seen=` says."""
    shown = ShownOutcome(_rung(copy_for(request, slug, canvas_id)))
    if request.htmx and request.GET.get("seen") == shown.seen:
        return HttpResponse(status=204)
    page = page_of(request)
    courses, has_more = shown.assessed(page=page)
    context = {
        "canvas_account": shown.copy.canvas_account,
        "shown": shown,
        "why_not": editing.why_not(shown.copy),
        "courses": courses,
        "page": page,
        "has_more": has_more,
    }
    response = render(request, "outcomes/_outcome.html" if request.htmx else "outcomes/outcome.html", context)
    response["Vary"] = "HX-Request"
    return response


def _rung(copy: OutcomeCopy) -> OutcomeCopy:
    if copy.is_open:
        ring(tasks.read_outcome, copy.pk)
    return copy


@require_http_methods(["GET", "HEAD", "POST"])
def edit_outcome(request: Request, slug: str, canvas_id: int) -> HttpResponse:
    """The form; what it would change; and sending that, in three steps of one address."""
    copy = _rung(copy_for(request, slug, canvas_id))
    facts, why_not = copy.facts, editing.why_not(copy)
    if facts is None or why_not:
        messages.error(request, why_not)
        return redirect("outcomes:outcome", slug, canvas_id)
    step = request.POST.get("step", "")
    if request.method != "POST":
        return _form(request, copy, facts, OutcomeForm(old=facts.definition))
    if step in ("more", "edit"):
        told = with_more_levels(request.POST) if step == "more" else request.POST
        return _form(request, copy, facts, OutcomeForm(told, old=facts.definition))
    return _judge(request, copy, facts, OutcomeForm(request.POST, old=facts.definition))


def _judge(request: Request, copy: OutcomeCopy, facts: Described, form: OutcomeForm) -> HttpResponse:
    """Show what would change, or send it where the person has seen that."""
    if request.POST.get("seen") != stamp(facts.definition):
        form.add_error(None, _OUTDATED)
    if not form.is_valid():
        return _form(request, copy, facts, form, status=422)
    wished = form.definition
    if request.POST.get("step") == "send":
        try:
            edit = editing.ask(copy=copy, seen=facts.definition, wished=wished, by=request.user)
        except editing.EditRefused as reason:
            form.add_error(None, str(reason))
            return _form(request, copy, facts, form, status=422)
        ring(tasks.send_edit, edit.pk)
        return redirect("outcomes:outcome", copy.canvas_account.slug, copy.canvas_id)
    changes = differences(facts.definition, wished)
    if not changes:
        form.add_error(None, "Nothing is changed.")
        return _form(request, copy, facts, form, status=422)
    shown = {
        "canvas_account": copy.canvas_account,
        "copy": copy,
        "facts": facts,
        "form": form,
        "changes": changes,
        "consequences": consequences(facts.definition, wished),
        "shown": ShownOutcome(copy),
        "seen": stamp(facts.definition),
    }
    return render(request, "outcomes/confirm_edit.html", shown)


def _form(
    request: Request, copy: OutcomeCopy, facts: Described, form: OutcomeForm, *, status: int = 200
) -> HttpResponse:
    shown = {
        "canvas_account": copy.canvas_account,
        "copy": copy,
        "facts": facts,
        "form": form,
        "seen": stamp(facts.definition),
    }
    return render(request, "outcomes/edit_outcome.html", shown, status=status)
