"""Signing in and out, and one's own settings."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import ProfileForm
from accounts.http import Request
from accounts.models import CanvasAccount
from accounts.rights import Right
from accounts.services.people import change_person

form_methods = require_http_methods(["GET", "HEAD", "POST"])

# Django's own pages for these; they declare themselves open to who is not signed in yet.
login = form_methods(
    auth_views.LoginView.as_view(template_name="accounts/login.html", redirect_authenticated_user=True)
)
logout = auth_views.LogoutView.as_view()
set_password = form_methods(
    auth_views.PasswordResetConfirmView.as_view(
        template_name="accounts/set_password.html", success_url=reverse_lazy("accounts:login")
    )
)


@require_safe
def settings(request: Request) -> HttpResponse:
    manages = CanvasAccount.objects.allowing(Right.MANAGE, request.user).exists()
    return render(request, "accounts/settings.html", {"manages": manages or request.user.is_superuser})


@form_methods
def profile(request: Request) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        change_person(user=form.save(commit=False), by=request.user)
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


@form_methods
def password(request: Request) -> HttpResponse:
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, "Your password is changed.")
        return redirect("accounts:profile")
    return render(request, "accounts/password.html", {"form": form})
