"""Telling the approvers of a held launch by e-mail, where mail is configured. No name of a student is in it."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.rights import Right, roles_with
from imports.models import Hold
from imports.services import holding

logger = logging.getLogger(__name__)


def untold() -> list[int]:
    """Holds whose approvers have not been told."""
    return list(holding.waiting_holds().filter(told_at=None).values_list("pk", flat=True))


def tell_approvers(*, hold: Hold) -> None:
    """One message to each, so that none sees the others' addresses; once, whether or not it arrives."""
    if not Hold.objects.filter(pk=hold.pk, told_at=None).update(told_at=timezone.now()) or not settings.EMAIL_HOST:
        return
    for person in approvers_of(hold):
        message = EmailMessage(f"Held: {hold.run} to {hold.run.canvas_account}", _text(hold), to=[person.email])
        try:
            message.send()
        except (OSError, smtplib.SMTPException) as error:
            logger.warning("mail not sent", extra={"hold": hold.pk, "error": type(error).__name__})


def approvers_of(hold: Hold) -> list[User]:
    """Who may approve: not who launched it or gave the files. Only those with an address."""
    admins = Q(
        memberships__canvas_account=hold.run.canvas_account, memberships__role__in=roles_with(Right.APPROVE)
    ) | Q(is_superuser=True)
    people = User.objects.filter(admins, is_active=True).exclude(email="")
    return [person for person in people.distinct().order_by("pk") if not holding.is_own(hold.run, person)]


def _text(hold: Hold) -> str:
    reasons = "\n".join(f"- {reason}" for reason in hold.reasons)
    who = hold.run.launched_by or "A script"
    return (
        f"{who} has launched an import on {hold.run.canvas_account}. It is held; nothing has been sent.\n\n"
        f"{reasons}\n\nSign in to Easel to see what it would change, and approve or refuse it until "
        f"{hold.expires_at:%Y-%m-%d %H:%M} UTC.\n"
    )
