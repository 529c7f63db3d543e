"""People and the roles they have on Canvas accounts."""

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.audit import record
from accounts.models import CanvasAccount, Membership, User
from accounts.rights import Role


class WouldLockOut(Exception):
    """A change of people that would lock somebody out; the text is for the person who asked."""


def add_person(*, username: str, first_name: str, last_name: str, email: str, by: User) -> User:
    """Somebody who may sign in once they have set a password by the link they are handed."""
    with transaction.atomic():
        record(verb="add_person", subject=username, actor=by)
        return User.objects.create_user(username, email, first_name=first_name, last_name=last_name)


def make_password_link(*, user: User, by: User) -> tuple[str, str]:
    """The two parts of the address where the person sets a password. It ends with its use, and by itself after days."""
    record(verb="make_password_link", subject=user.username, actor=by)
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def change_person(*, user: User, by: User) -> None:
    """Save what a form has changed about a person's name, address or time zone."""
    with transaction.atomic():
        record(verb="change_person", subject=user.username, actor=by)
        user.save(update_fields=["first_name", "last_name", "email", "time_zone"])


def set_active(*, user: User, active: bool, by: User) -> None:
    """Let a person sign in, or not any more. Their roles and their traces stay."""
    if user == by:
        raise WouldLockOut("You cannot shut yourself out.")
    with transaction.atomic():
        record(verb="let_in" if active else "shut_out", subject=user.username, actor=by)
        User.objects.filter(pk=user.pk).update(is_active=active)


def set_role(*, canvas_account: CanvasAccount, user: User, role: Role, by: User) -> None:
    """Give a person a role on a Canvas account. Raises `WouldLockOut`."""
    with transaction.atomic():
        _guard(canvas_account, user, by, stays_admin=role is Role.ADMIN)
        record(verb="set_role", subject=user.username, actor=by, canvas_account=canvas_account, detail={"role": role})
        Membership.objects.update_or_create(user=user, canvas_account=canvas_account, defaults={"role": role})


def remove_person(*, canvas_account: CanvasAccount, user: User, by: User) -> None:
    """Take a person's role on a Canvas account away. Raises `WouldLockOut`."""
    with transaction.atomic():
        _guard(canvas_account, user, by, stays_admin=False)
        record(verb="remove_person", subject=user.username, actor=by, canvas_account=canvas_account)
        Membership.objects.filter(user=user, canvas_account=canvas_account).delete()


def _guard(canvas_account: CanvasAccount, user: User, by: User, *, stays_admin: bool) -> None:
    if user == by:
        raise WouldLockOut("You cannot change your own role; ask another admin.")
    if stays_admin or User.objects.filter(is_superuser=True, is_active=True).exists():
        return
    # Locked, so that two admins who remove each other at the same moment come one after the other.
    admins = Membership.objects.select_for_update().filter(
        canvas_account=canvas_account, role=Role.ADMIN, user__is_active=True
    )
    if {membership.user_id for membership in admins} <= {user.pk}:
        raise WouldLockOut(f"{user} is the last admin of {canvas_account}; make somebody else admin first.")
