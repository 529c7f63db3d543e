"""Trees of outcomes: of the root account, an account below it, or a course."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.doorbell import ring
from accounts.http import Request, canvas_account_for
from accounts.rights import Right
from imports.services import places
from imports.tasks import collect_places
from outcomes import tasks
from outcomes.forms import PlaceSearch, TreeFilter
from outcomes.http import page_of, spot_for
from outcomes.models import Tree
from outcomes.models.trees import ROOT
from outcomes.selectors.aligned import courses_read
from outcomes.selectors.spots import account_choices, course_choices
from outcomes.selectors.trees import ShownTree
from outcomes.services import trees

_COURSES = 30


@require_safe
def tree(request: Request, slug: str, place: str = ROOT) -> HttpResponse:
    """The page of a tree; its moving part alone for htmx, and 204 while that is as `?seen=` says."""
    canvas_account, spot = spot_for(request, slug, place)
    shown_tree = trees.want(canvas_account=canvas_account, place=spot.key)
    if shown_tree.is_open:
        ring(tasks.read_tree, shown_tree.pk)
    if request.htmx and request.GET.get("seen") == str(shown_tree.version):
        return HttpResponse(status=204)
    shown = {"canvas_account": canvas_account, "spot": spot, **_shown(request, shown_tree)}
    response = render(request, "outcomes/_tree.html" if request.htmx else "outcomes/tree.html", shown)
    response["Vary"] = "HX-Request"
    return response


def _shown(request: Request, shown_tree: Tree) -> dict[str, object]:
    form, page, shown = TreeFilter(request.GET), page_of(request), ShownTree(shown_tree)
    wanted = form.wanted
    lines, has_more = shown.listed(wanted, page=page) if wanted else ([], False)
    in_group = wanted.group is not None and not (wanted.text or wanted.show)
    return {
        "tree": shown_tree,
        "shown": shown,
        "form": form,
        "wanted": wanted,
        "lines": lines,
        "page": page,
        "has_more": has_more,
        "group": shown.opened(wanted.group) if in_group else None,
        "path": shown.path(wanted.group) if wanted.group is not None else (),
        "root": None if wanted else shown.opened(),
        "courses_read": courses_read(shown_tree.canvas_account),
    }


@require_safe
def tree_group(request: Request, slug: str, place: str, group: int) -> HttpResponse:
    """What stands in one group, for the tree that opens it."""
    canvas_account, spot = spot_for(request, slug, place)
    found = Tree.objects.filter(canvas_account=canvas_account, place=spot.key).select_related("canvas_account").first()
    node = ShownTree(found).opened(group) if found else None
    if node is None:
        raise Http404("There is no such group.")
    return render(request, "outcomes/_tree_group.html", {"canvas_account": canvas_account, "spot": spot, "node": node})


@require_POST
def read_again(request: Request, slug: str, place: str) -> HttpResponse:
    canvas_account, spot = spot_for(request, slug, place)
    ring(tasks.read_tree, trees.want(canvas_account=canvas_account, place=spot.key, anew=True).pk)
    return redirect("outcomes:tree", slug, spot.key)


@require_safe
def tree_places(request: Request, slug: str) -> HttpResponse:
    """Where outcomes stand: the account, its departments, and courses by name."""
    canvas_account = canvas_account_for(request, slug, Right.OUTCOMES)
    directory = places.want(canvas_account=canvas_account)
    if directory.wanted_at:
        ring(collect_places, directory.pk)
    if request.htmx and request.GET.get("seen") == str(directory.version):
        return HttpResponse(status=204)
    form = PlaceSearch(request.GET)
    courses, has_more = course_choices(canvas_account, form.words, most=_COURSES)
    shown = {
        "canvas_account": canvas_account,
        "directory": directory,
        "form": form,
        "accounts": account_choices(canvas_account),
        "courses": courses,
        "has_more": has_more,
        "root_is_read": Tree.objects.filter(canvas_account=canvas_account, place=ROOT, read_at__isnull=False).exists(),
    }
    template = "outcomes/_tree_places.html" if request.htmx else "outcomes/tree_places.html"
    response = render(request, template, shown)
    response["Vary"] = "HX-Request"
    return response
