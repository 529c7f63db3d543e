"""People: who may sign in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import PersonForm
from accounts.http import Request, must_be_superuser, must_hold_somewhere
from accounts.models import User
from accounts.rights import Right
from accounts.selectors import people_with_roles
from accounts.services import people as services


@require_safe
def people(request: Request) -> HttpResponse:
    must_hold_somewhere(request.user, Right.MANAGE)
    return render(request, "accounts/people.html", {"people": people_with_roles(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: Request) -> HttpResponse:
    must_be_superuser(request.user)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = services.add_person(**form.cleaned_data, by=request.user)
        messages.success(request, f"{added} is added. Make a link by which {added} sets a password, and hand it over.")
        return redirect("accounts:person", added.pk)
    return render(request, "accounts/person_add.html", {"form": form})


@require_safe
def person(request: Request, pk: int) -> HttpResponse:
    must_hold_somewhere(request.user, Right.MANAGE)
    shown = get_object_or_404(people_with_roles(request.user), pk=pk)
    return render(request, "accounts/person.html", {"person": shown})


@require_POST
def person_link(request: Request, pk: int) -> HttpResponse:
    """Answers with the page itself, so that the link is in no history but the handed-over one."""
    must_be_superuser(request.user)
    shown = get_object_or_404(people_with_roles(request.user), pk=pk)
    parts = services.make_password_link(user=shown, by=request.user)
    link = request.build_absolute_uri(reverse("accounts:set_password", args=parts))
    return render(request, "accounts/person.html", {"person": shown, "link": link})


@require_POST
def person_active(request: Request, pk: int) -> HttpResponse:
    must_be_superuser(request.user)
    shown = get_object_or_404(User, pk=pk)
    active = request.POST.get("active") == "yes"
    try:
        services.set_active(user=shown, active=active, by=request.user)
        messages.success(request, f"{shown} may {'sign in' if active else 'not sign in any more'}.")
    except services.WouldLockOut as reason:
        messages.error(request, str(reason))
    return redirect("accounts:person", pk)
