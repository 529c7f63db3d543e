"""The history: one line per import."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import Request, canvas_account_for
from accounts.rights import Right
from imports.forms import HistoryFilter
from imports.http import is_key
from imports.models import ImportRun, Watch
from imports.selectors import history


@require_safe
def list_(request: Request, slug: str) -> HttpResponse:
    canvas_account = canvas_account_for(request, slug, Right.VIEW)
    form = HistoryFilter(request.GET, canvas_account=canvas_account, by=request.user)
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    page = history.page(history.history(canvas_account, form.wanted), before=before, after=after)
    return render(
        request,
        "imports/list.html",
        {
            "canvas_account": canvas_account,
            "form": form,
            "is_filtered": bool(form.wanted),
            "page": page,
            "watch": Watch.objects.filter(canvas_account=canvas_account).first(),
            "seen": {run.pk: run.version for run in page.runs if run.is_active},
            "newest": None if page.newer else _newest(canvas_account.pk),
        },
    )


@require_safe
def changes(request: Request, slug: str) -> HttpResponse:
    """Rows that changed since the page was made, and rows that are new; 204 if there are none."""
    canvas_account = canvas_account_for(request, slug, Right.VIEW)
    form = HistoryFilter(request.GET, canvas_account=canvas_account, by=request.user)
    seen, newest = _seen(request.GET.get("seen", "")), request.GET.get("newest", "")
    known_until = int(newest) if is_key(newest) else None
    found = history.changes(history.history(canvas_account, form.wanted), seen=seen, newest=known_until)
    if not found.changed and not found.arrived:
        return HttpResponse(status=204)
    arrived = [arrival.run for arrival in found.arrived]
    still = seen | {run.pk: run.version for run in [*found.changed, *arrived]}
    over = {run.pk for run in [*found.changed, *arrived] if not run.is_active}
    return render(
        request,
        "imports/_changes.html",
        {
            "canvas_account": canvas_account,
            "changes": found,
            "seen": {pk: version for pk, version in still.items() if pk not in over},
            "newest": None if known_until is None else max([known_until, *(run.pk for run in arrived)]),
        },
    )


def _newest(canvas_account_pk: int) -> int:
    newest = ImportRun.objects.filter(canvas_account=canvas_account_pk).order_by("-pk").values_list("pk", flat=True)
    return newest.first() or 0


def _seen(text: str) -> dict[int, int]:
    """`17.3,18.1`: runs and the versions in which the page shows them. What is not of that form is passed over."""
    pairs = (pair.partition(".") for pair in text.split(",")[:500])
    return {int(pk): int(version) for pk, _, version in pairs if is_key(pk) and is_key(version)}
