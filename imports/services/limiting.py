"""The limits of a Canvas account: set, removed, and suggested from what its imports have removed so far."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import CanvasAccount, User
from imports.judging import Bound
from imports.models import ImportRun, Limit, LimitChange
from imports.phases import SUCCESSES

_LAST, _AT_LEAST = 30, 5
_ROOM = 2  # times the most that any of them has removed
_LEAST = 10
_TYPES = {"user": "Pseudonym", "course": "Course", "section": "CourseSection", "enrollment": "Enrollment"}
_KEPT = ("kind", "scope", "most", "unit", "place", "floor")
_REMOVED = ("deleted", "concluded", "deactivated")


@transaction.atomic
def set_limit(
    *, canvas_account: CanvasAccount, by: User, kind: str, scope: str, place: str, most: int, unit: str, floor: int
) -> Limit:
    """Make a limit, or change the one for the same kind and place."""
    _keep_old(canvas_account, by)
    limit, _ = Limit.objects.update_or_create(
        canvas_account=canvas_account,
        kind=kind,
        scope=scope,
        place=place,
        unit=unit,
        defaults={"most": most, "floor": floor},
    )
    record(verb="set_limit", subject=str(limit), actor=by, canvas_account=canvas_account)
    return limit


@transaction.atomic
def remove_limit(*, limit: Limit, by: User) -> None:
    record(verb="remove_limit", subject=str(limit), actor=by, canvas_account=limit.canvas_account)
    _keep_old(limit.canvas_account, by)
    limit.delete()


def own_bounds(canvas_account_pk: int) -> list[Bound]:
    """What is set for the account itself, without the defaults."""
    limits = Limit.objects.filter(canvas_account=canvas_account_pk)
    return [Bound(limit.kind, limit.scope, limit.most, limit.unit, limit.place, limit.floor) for limit in limits]


def _keep_old(canvas_account: CanvasAccount, by: User) -> None:
    CanvasAccount.objects.select_for_update().get(pk=canvas_account.pk)  # of two at a time the later sees the earlier
    before = [{name: getattr(bound, name) for name in _KEPT} for bound in own_bounds(canvas_account.pk)]
    LimitChange.objects.create(canvas_account=canvas_account, by=by, before=before)


def earlier_bounds(*, canvas_account_pk: int, people: Iterable[int | None]) -> list[list[Bound]]:
    """The own limits as they were before each change that one of these people made within the time of a hold."""
    since = timezone.now() - timedelta(hours=settings.HOLD_HOURS)
    changes = LimitChange.objects.filter(canvas_account=canvas_account_pk, at__gt=since)
    changes = changes.filter(by__in=[pk for pk in people if pk is not None])
    return [[Bound(**kept) for kept in change.before] for change in changes.order_by("pk")]


def suggestions(canvas_account: CanvasAccount) -> list[Bound]:
    """Twice the most that one of the last 30 imports has removed, per kind; none while there are fewer than five."""
    runs = ImportRun.objects.filter(canvas_account=canvas_account, kind=ImportRun.Kind.SIS, outcome__in=SUCCESSES)
    told = list(runs.order_by("-at", "-pk").values_list("statistics", flat=True)[:_LAST])
    if len(told) < _AT_LEAST:
        return []
    return [
        Bound(kind, "account", max(_LEAST, _ROOM * max(_removed(one.get(name)) for one in told)), "rows")
        for kind, name in _TYPES.items()
    ]


def _removed(of_type: object) -> int:
    """As far as Canvas tells: whatever is no number counts as none."""
    counts = [of_type.get(field) for field in _REMOVED] if isinstance(of_type, dict) else []
    return sum(count for count in counts if isinstance(count, int))
