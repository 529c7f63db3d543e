"""Forms of the settings pages. They ask and refuse; writing is for the services."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.addresses import canvas_address
from accounts.models import CanvasAccount, User
from accounts.rights import Right, Role
from accounts.selectors import audit_verbs
from accounts.zones import OFFERED

# Django's forms take their model as a type only for the type checker.
if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm


class TokenForm(forms.Form):
    """A token is typed or pasted once and never shown again, not even when the form comes back with an error."""

    token = forms.CharField(
        label="Access token",
        max_length=2000,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Made in Canvas under Account, Settings, Approved Integrations, by somebody who may import SIS data.",
    )

    def clean_token(self) -> str:
        """Pasting often brings the word before the token along."""
        token: str = self.cleaned_data["token"].strip().removeprefix("Bearer ").strip()
        if not token.isascii() or any(sign.isspace() for sign in token):
            raise ValidationError("A token has no spaces and no special letters; paste it once more.")
        return token


class AddressForm(TokenForm):
    """Which Canvas, and which account there."""

    base_url = forms.CharField(
        label="Address of Canvas", max_length=255, help_text="Such as canvas.example.edu.", widget=forms.TextInput
    )
    canvas_account_id = forms.RegexField(
        r"^[\w:~.-]{1,120}$",
        label="Account in Canvas",
        initial="self",
        help_text="“self” is the root account of that address; otherwise its id.",
    )
    field_order = ("name", "base_url", "canvas_account_id", "token")

    def clean_base_url(self) -> str:
        try:
            return canvas_address(self.cleaned_data["base_url"], insecure_hosts=settings.INSECURE_CANVAS_HOSTS)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class CanvasAccountForm(AddressForm):
    name = forms.CharField(label="Name", max_length=120, help_text="What people here call it.")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        taken = CanvasAccount.objects.filter(name__iexact=name).first()
        if taken:
            archived = " It was archived; its name stays with its history." if taken.archived_at else ""
            raise ValidationError(f"There is a Canvas account of that name.{archived}")
        return name


class PersonForm(UserForm):
    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")
        labels = {"username": "User name", "email": "E-mail"}
        error_messages = {"username": {"unique": "Somebody has that user name already."}}
        help_texts = {"username": "What the person signs in with."}


class ProfileForm(UserForm):
    time_zone = forms.ChoiceField(
        required=False,
        choices=[("", "As my browser says"), *((name, name.replace("_", " ")) for name in OFFERED)],
        help_text="Times on all pages are shown in this zone.",
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "time_zone")
        labels = {"email": "E-mail"}


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class MemberForm(RoleForm):
    """Gives somebody a role. Admins name people by user name: the list of all people is not theirs to read."""

    username = forms.CharField(label="User name", max_length=150)
    field_order = ("username", "role")

    def clean_username(self) -> User:
        user = User.objects.filter(username__iexact=self.cleaned_data["username"], is_active=True).first()
        if user is None:
            raise ValidationError("Nobody of that user name can sign in here.")
        return user


class DayField(forms.DateField):
    """A day to filter by, or none; of a year whose ends every time zone can tell."""

    def __init__(self, *, label: str) -> None:
        bounds = [MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
        widget = forms.DateInput(attrs={"type": "date"})
        super().__init__(required=False, label=label, widget=widget, validators=bounds)


class AuditFilter(forms.Form):
    """What to show of the audit log. Its choices are what the person may see; a filter left empty filters nothing."""

    since = DayField(label="From")
    until = DayField(label="To")
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("person", "account", "verb", "since", "until")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ModelChoiceField(
            User.objects.visible_to(user).order_by("first_name", "username"), required=False, empty_label="Everybody"
        )
        self.fields["account"] = forms.ModelChoiceField(
            CanvasAccount.objects.allowing(Right.AUDIT, user),
            required=False,
            label="Canvas account",
            to_field_name="slug",
            empty_label="All",
        )
        verbs = [(verb, verb.replace("_", " ")) for verb in audit_verbs(user)]
        self.fields["verb"] = forms.ChoiceField(required=False, label="Action", choices=[("", "All"), *verbs])
        self.order_fields(self.field_order)
