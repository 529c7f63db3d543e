"""Reads that pages share: the audit log, and who has which role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import AuditLine, CanvasAccount, Credential, Membership, User
from accounts.rights import RIGHTS, Right, Role

PAGE = 50


@dataclass(frozen=True)
class Page:
    """Some lines of a long list, newest first. `newer` and `older` are keys to ask for the pages beside it."""

    lines: list[AuditLine]
    newer: int | None
    older: int | None


@dataclass(frozen=True)
class Row:
    """A Canvas account in a list: what this person is there, and how its token does."""

    canvas_account: CanvasAccount
    role: Role
    manages: bool
    credential: Credential | None


def canvas_accounts_of(user: User) -> list[Row]:
    """The accounts this person may see, in three queries however many there are."""
    visible = CanvasAccount.objects.visible_to(user)
    roles = {membership.canvas_account_id: Role(membership.role) for membership in user.memberships.all()}
    used = Credential.objects.filter(canvas_account__in=visible, state__in=Credential.USED).order_by("pk")
    in_use = {credential.canvas_account_id: credential for credential in used}
    return [
        Row(account, role, Right.MANAGE in RIGHTS[role], in_use.get(account.pk))
        for account in visible
        for role in [Role.ADMIN if user.is_superuser else roles[account.pk]]
    ]


def audit_lines(user: User, wanted: Mapping[str, Any]) -> QuerySet[AuditLine]:
    """The audit lines this person may see, filtered by what `AuditFilter` has cleaned. Dates are days of the person."""
    lines = AuditLine.objects.visible_to(user).select_related("canvas_account")
    conditions = {
        "actor": wanted.get("person"),
        "canvas_account": wanted.get("account"),
        "verb": wanted.get("verb"),
        "at__gte": _moment(wanted.get("since"), time.min),
        "at__lte": _moment(wanted.get("until"), time.max),
    }
    return lines.filter(**{name: value for name, value in conditions.items() if value})


def audit_page(lines: QuerySet[AuditLine], *, before: int | None, after: int | None) -> Page:
    """The lines older than `before` or newer than `after`; without either, the newest."""
    if after is not None:
        found = list(lines.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        shown = found[:PAGE][::-1]
        more_newer, more_older = len(found) > PAGE, bool(shown)
    else:
        found = list((lines if before is None else lines.filter(pk__lt=before)).order_by("-pk")[: PAGE + 1])
        shown = found[:PAGE]
        more_newer, more_older = before is not None and bool(shown), len(found) > PAGE
    return Page(
        lines=shown,
        newer=shown[0].pk if more_newer else None,
        older=shown[-1].pk if more_older else None,
    )


def audit_verbs(user: User) -> list[str]:
    """What has been done at all, for the filter."""
    return list(AuditLine.objects.visible_to(user).order_by("verb").values_list("verb", flat=True).distinct())


def people_with_roles(user: User) -> QuerySet[User]:
    """The people this person may see, each with `.roles`: the memberships this person may see of them."""
    visible = Membership.objects.filter(canvas_account__in=CanvasAccount.objects.allowing(Right.MANAGE, user))
    roles = Prefetch("memberships", visible.select_related("canvas_account"), to_attr="roles")
    return User.objects.visible_to(user).prefetch_related(roles).order_by("first_name", "last_name", "username")


def members(canvas_account: CanvasAccount) -> QuerySet[Membership]:
    return canvas_account.memberships.select_related("user").order_by("user__first_name", "user__username")


def _moment(day: date | None, at: time) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, at)) if day else None
