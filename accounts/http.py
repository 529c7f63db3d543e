"""What a view gets: a request with a signed-in person, and a Canvas account only if that person may have it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django_htmx.middleware import HtmxDetails

from accounts.models import CanvasAccount, User
from accounts.rights import Right

ASK = "An admin of the Canvas account can give you another role."


class Request(HttpRequest):
    user: User  # login is required everywhere, so nobody is anonymous
    htmx: HtmxDetails


def canvas_account_for(request: Request, slug: str, right: Right) -> CanvasAccount:
    """The Canvas account of that name.

    Raises `Http404` for who has no role there (that it exists is nobody's business) and `PermissionDenied` for who
    has a role that does not carry the right.
    """
    canvas_account = get_object_or_404(CanvasAccount.objects.visible_to(request.user), slug=slug)
    if not request.user.may(right, canvas_account):
        raise PermissionDenied(f"Your role on {canvas_account} does not let you {right.label}. {ASK}")
    return canvas_account


def must_be_superuser(user: User) -> None:
    """Raises `PermissionDenied` for everybody but those who run the installation."""
    if not user.is_superuser:
        raise PermissionDenied("Only who runs Easel may do this; ask them.")


def must_hold_somewhere(user: User, right: Right) -> None:
    """For pages over several accounts. Raises `PermissionDenied` unless a role on one of them carries the right."""
    if not user.is_superuser and not CanvasAccount.objects.allowing(right, user).exists():
        raise PermissionDenied(f"None of your roles lets you {right.label}. {ASK}")
