"""What every page knows besides its own subject. All of it lazy: a fragment that shows none of it asks for nothing."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import CanvasAccount, User
from accounts.rights import RIGHTS, Right, Role

_LAST = "last_canvas_account"
# Pages that are seen on the way from files to a launch.
_BEFORE_A_LAUNCH = {"new", "upload", "check", "forecast", "forecast_state", "rehearsal", "preview", "branch"}


@dataclass
class House:
    """The frame around a page: which Canvas accounts this person has, and which one they are at. One query."""

    request: HttpRequest

    @property
    def version(self) -> str:
        return settings.VERSION

    @cached_property
    def roles(self) -> dict[CanvasAccount, Role]:
        user = self.request.user
        if not isinstance(user, User):
            return {}
        if user.is_superuser:
            return dict.fromkeys(CanvasAccount.objects.visible_to(user), Role.ADMIN)
        memberships = user.memberships.filter(canvas_account__archived_at=None).select_related("canvas_account")
        return {each.canvas_account: Role(each.role) for each in memberships.order_by("canvas_account__name")}

    @property
    def canvas_accounts(self) -> list[CanvasAccount]:
        return list(self.roles)

    @cached_property
    def canvas_account(self) -> CanvasAccount | None:
        """The account that the address names, else the one last visited, else the first."""
        here = self.request.resolver_match.kwargs.get("slug") if self.request.resolver_match else None
        by_slug = {each.slug: each for each in self.roles}
        if here in by_slug and self.request.session.get(_LAST) != here:
            self.request.session[_LAST] = here
        return by_slug.get(here or self.request.session.get(_LAST, "")) or next(iter(self.roles), None)

    @cached_property
    def rights(self) -> set[str]:
        """What this person may do at that account: `{% if "launch" in house.rights %}`."""
        if self.canvas_account is None:
            return set()
        return {right.value for right in RIGHTS[self.roles[self.canvas_account]]}

    @property
    def section(self) -> str:
        """Which part of the house this page belongs to, for the navigation."""
        match = self.request.resolver_match
        if match is None:
            return ""
        if match.namespace == "accounts" or match.url_name in {"limits", "house_rules"}:
            return "settings"
        if match.namespace == "imports":
            return "new" if match.url_name in _BEFORE_A_LAUNCH else "imports"
        if match.namespace == "outcomes":
            return "outcomes"
        return match.url_name or ""

    @property
    def may_audit(self) -> bool:
        return any(Right.AUDIT in RIGHTS[role] for role in self.roles.values())


def house(request: HttpRequest) -> dict[str, Any]:
    return {"house": House(request)}
