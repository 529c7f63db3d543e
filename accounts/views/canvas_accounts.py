"""Canvas accounts, their tokens and the people who work on them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doorbell import ring
from accounts.forms import AddressForm, CanvasAccountForm, MemberForm, RoleForm, TokenForm
from accounts.http import Request, canvas_account_for, must_be_superuser
from accounts.models import CanvasAccount, Credential, Membership, User
from accounts.rights import Right, Role
from accounts.selectors import canvas_accounts_of, members
from accounts.services import canvas_accounts as account_services
from accounts.services import people
from accounts.services.credentials import replace_token
from accounts.tasks import verify_credential


@require_safe
def canvas_accounts(request: Request) -> HttpResponse:
    return render(request, "accounts/canvas_accounts.html", {"rows": canvas_accounts_of(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def canvas_account_add(request: Request) -> HttpResponse:
    must_be_superuser(request.user)
    form = CanvasAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = account_services.add_canvas_account(**form.cleaned_data, by=request.user)
        return _being_checked(saved)
    return render(request, "accounts/canvas_account_add.html", {"form": form})


@require_safe
def canvas_account(request: Request, slug: str) -> HttpResponse:
    managed = canvas_account_for(request, slug, Right.MANAGE)
    return _canvas_account_page(request, managed, MemberForm())


@require_safe
def credential(request: Request, slug: str) -> HttpResponse:
    """The live part of the page: asks for itself while a token is being checked."""
    managed = canvas_account_for(request, slug, Right.MANAGE)
    candidate = managed.candidate
    if candidate and request.GET.get("seen") == candidate.seen:
        return HttpResponse(status=204)
    return render(request, "accounts/_credential.html", _credentials(managed, candidate))


@require_http_methods(["GET", "HEAD", "POST"])
def token(request: Request, slug: str) -> HttpResponse:
    managed = canvas_account_for(request, slug, Right.MANAGE)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _being_checked(replace_token(canvas_account=managed, **form.cleaned_data, by=request.user))
    return render(request, "accounts/token.html", {"canvas_account": managed, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: Request, slug: str) -> HttpResponse:
    managed = canvas_account_for(request, slug, Right.MANAGE)
    must_be_superuser(request.user)
    present = {"base_url": managed.base_url, "canvas_account_id": managed.canvas_account_id}
    form = AddressForm(request.POST or None, initial=present)
    if request.method == "POST" and form.is_valid():
        saved = account_services.change_address(canvas_account=managed, **form.cleaned_data, by=request.user)
        return _being_checked(saved)
    return render(request, "accounts/address.html", {"canvas_account": managed, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: Request, slug: str) -> HttpResponse:
    managed = canvas_account_for(request, slug, Right.MANAGE)
    must_be_superuser(request.user)
    if request.method == "POST":
        account_services.archive_canvas_account(canvas_account=managed, by=request.user)
        messages.success(request, f"{managed} is archived and its token wiped.")
        return redirect("accounts:canvas_accounts")
    return render(request, "accounts/archive.html", {"canvas_account": managed})


@require_POST
def member_add(request: Request, slug: str) -> HttpResponse:
    managed = canvas_account_for(request, slug, Right.MANAGE)
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _canvas_account_page(request, managed, form)
    return _set_role(request, managed, form.cleaned_data["username"], form)


@require_POST
def member_role(request: Request, slug: str, pk: int) -> HttpResponse:
    managed = canvas_account_for(request, slug, Right.MANAGE)
    membership = get_object_or_404(Membership, canvas_account=managed, user=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _canvas_account_page(request, managed, MemberForm())
    return _set_role(request, managed, membership.user, form)


@require_POST
def member_remove(request: Request, slug: str, pk: int) -> HttpResponse:
    managed = canvas_account_for(request, slug, Right.MANAGE)
    membership = get_object_or_404(Membership, canvas_account=managed, user=pk)
    try:
        people.remove_person(canvas_account=managed, user=membership.user, by=request.user)
        messages.success(request, f"{membership.user} has no role on {managed} any more.")
    except people.WouldLockOut as reason:
        messages.error(request, str(reason))
    return redirect("accounts:canvas_account", managed.slug)


def _set_role(request: Request, managed: CanvasAccount, user: User, form: RoleForm) -> HttpResponse:
    role = form.cleaned_data["role"]
    try:
        people.set_role(canvas_account=managed, user=user, role=role, by=request.user)
        messages.success(request, f"{user} is now {role.label.lower()} on {managed}.")
    except people.WouldLockOut as reason:
        messages.error(request, str(reason))
    return redirect("accounts:canvas_account", managed.slug)


def _being_checked(saved: Credential) -> HttpResponse:
    ring(verify_credential, saved.pk)
    return redirect("accounts:canvas_account", saved.canvas_account.slug)


def _credentials(managed: CanvasAccount, candidate: Credential | None) -> dict[str, object]:
    return {"canvas_account": managed, "used": managed.credential, "candidate": candidate}


def _canvas_account_page(request: Request, managed: CanvasAccount, form: MemberForm) -> HttpResponse:
    context = {"members": members(managed), "roles": Role.choices, "form": form}
    return render(request, "accounts/canvas_account.html", _credentials(managed, managed.candidate) | context)
