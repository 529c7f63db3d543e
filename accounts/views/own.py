"""Signing in and out, and one's own settings."""

from datetime import timedelta
from typing import Any

from django.conf import settings as easel
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import ProfileForm
from accounts.http import Request
from accounts.models import CanvasAccount, User
from accounts.rights import Right
from accounts.services import signing_in
from accounts.services.people import change_person

form_methods = require_http_methods(["GET", "HEAD", "POST"])
KNOWN_FOR = timedelta(days=365)


class SignIn(auth_views.LoginView):
    """Django's own page, but for tries that must wait: their passwords are not looked at."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        username = request.POST.get("username", "")
        self.door = signing_in.door_of(username, browser=_known_browser(request, username))
        wait = signing_in.claim_try(door=self.door)
        if not wait:
            return super().post(request, *args, **kwargs)
        form = AuthenticationForm(request, initial={"username": username})
        answer = self.render_to_response(self.get_context_data(form=form, wait=wait), status=429)
        answer.headers["Retry-After"] = str(wait.seconds + 1)
        return answer

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        signing_in.forget_tries(door=self.door)
        answer = super().form_valid(form)
        _remember_browser(answer, form.get_user())
        return answer


class SetPassword(auth_views.PasswordResetConfirmView):
    """Django's own page. Who was handed a link need not wait for a stranger's guesses."""

    template_name = "accounts/set_password.html"
    success_url = reverse_lazy("accounts:login")

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        answer = super().form_valid(form)
        _remember_browser(answer, form.user)
        return answer


def _known_browser(request: HttpRequest, username: str) -> str:
    """What the cookie says by which this browser is known under that name; empty for a strange browser."""
    name = signing_in.door_of(username)
    known = request.get_signed_cookie(_cookie(name), default="", salt=name, max_age=KNOWN_FOR)
    return known or ""


def _remember_browser(answer: HttpResponse, user: User) -> None:
    name = signing_in.door_of(user.username)
    answer.set_signed_cookie(
        _cookie(name),
        signing_in.new_browser(),
        salt=name,
        max_age=KNOWN_FOR,
        path=reverse_lazy("accounts:login"),
        secure=easel.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cookie(name: str) -> str:
    """One per name: several people may share a desk."""
    return f"easel_known_{name[:12]}"


login = form_methods(SignIn.as_view())
logout = auth_views.LogoutView.as_view()
set_password = form_methods(SetPassword.as_view())


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
