"""The present outcomes of an account or course as a file that can be imported again."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doorbell import ring
from accounts.http import Request, canvas_account_for
from accounts.models import CanvasAccount
from accounts.rights import Right
from imports import tasks
from imports.forms import DestinationForm
from imports.models import OutcomeTree
from imports.preview.exporting import export as export_of
from imports.preview.present import Present
from imports.selectors.outcome_places import place_name
from imports.services import outcome_trees, places


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: Request, slug: str) -> HttpResponse:
    """Choose a place, have its outcomes fetched, and take the file."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    form = DestinationForm(request.POST or request.GET or None, canvas_account=canvas_account)
    context = form.destination.context
    if request.method == "POST" and form.is_valid():
        tree = outcome_trees.ask(canvas_account=canvas_account, context=context, anew=True)
        ring(tasks.collect_outcome_tree, tree.pk)
        return redirect(f"{reverse('imports:export', args=[slug])}?context={context}")
    directory = places.want(canvas_account=canvas_account)
    if directory.wanted_at:
        ring(tasks.collect_places, directory.pk)
    shown = _shown(canvas_account, form) | {"form": form, "directory": directory}
    return render(request, "imports/export.html", shown, status=422 if form.errors else 200)


@require_safe
def export_state(request: Request, slug: str, tree_pk: int) -> HttpResponse:
    """The file, as soon as it is there; 204 until then."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    tree = get_object_or_404(canvas_account.outcome_trees, pk=tree_pk)
    if tree.state == OutcomeTree.State.WAITING:
        return HttpResponse(status=204)
    form = DestinationForm({"context": tree.context}, canvas_account=canvas_account)
    return render(request, "imports/_export.html", _shown(canvas_account, form))


def _shown(canvas_account: CanvasAccount, form: DestinationForm) -> dict[str, object]:
    context = form.destination.context
    return {
        "canvas_account": canvas_account,
        "tree": OutcomeTree.objects.filter(canvas_account=canvas_account, context=context).defer("content").first(),
        "context": context,
        "place": place_name(canvas_account, form.destination),
    }


@require_safe
def export_csv(request: Request, slug: str, tree_pk: int) -> StreamingHttpResponse:
    """As it was fetched last."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    tree = get_object_or_404(canvas_account.outcome_trees, pk=tree_pk)
    if not tree.content:
        raise Http404("Nothing was fetched yet.")
    response = StreamingHttpResponse(
        export_of(Present.load(bytes(tree.content))), content_type="text/csv; charset=utf-8"
    )
    name = f"outcomes-{tree.context.replace(':', '-')}-{tree.fetched_at:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
