"""Reading the tree of outcomes of an account or course: gently, a page at a time, and visible only when whole.

A tree costs a request for every 100 groups and for every 100 links. What was read stays when a worker dies or Canvas
asks for a pause, and the reading goes on from there.
"""

import json
import logging
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import CanvasAccount
from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotFound, NotPermitted
from canvas.fields import JsonObject
from canvas.outcome_records import OutcomeGroup, OutcomeLink
from canvas.outcomes import Context
from imports.selectors.outcome_places import imported_since
from outcomes.models import Tree, TreeGroup, TreeLink, TreeOutcome, TreePage
from outcomes.models.trees import ROOT
from outcomes.outcome.described import Described
from outcomes.rollups.sheet import plain
from outcomes.services import errands, pauses

_FRESH = timedelta(hours=12)
_TOO_OLD = timedelta(hours=1)  # pages further apart than this do not make one tree
_GROUPS, _LINKS = "groups", "links"
_PIECE = 500
_LONGEST_NAME = 255

logger = logging.getLogger(__name__)


def want(*, canvas_account: CanvasAccount, place: str = ROOT, anew: bool = False) -> Tree:
    """The tree of a place, made with its first use; read where it is not fresh, or where somebody wants it anew."""
    tree, _ = Tree.objects.get_or_create(canvas_account=canvas_account, place=place)
    if anew or tree.read_at is None or _is_old(tree, tree.read_at):
        errands.want(tree, anew=anew)
    return tree


def _is_old(tree: Tree, read_at: datetime) -> bool:
    return read_at < timezone.now() - _FRESH or imported_since(tree.canvas_account, read_at)


def due() -> list[int]:
    return errands.due(Tree)


def claim(*, tree: Tree) -> bool:
    return errands.claim(tree)


def collect(*, tree: Tree, canvas: CanvasClient) -> None:
    """Read on from where it stands. Raises nothing that Canvas or the network can cause. Must be claimed."""
    try:
        _forget_old_pages(tree)
        for part in (_GROUPS, _LINKS):
            while (number := _next_page(tree, part)) is not None:
                _take_page(tree, part, number, canvas)
                pause = pauses.for_headroom(canvas)
                if pause:
                    errands.leave(tree, pause=pause, attempts=0)
                    return
        _take_over(tree)
    except errands.Overtaken:
        logger.warning("tree taken over", extra={"tree": tree.pk})
    except CanvasError as error:
        if errands.settle(tree, error, _words(error)):
            tree.pages.all().delete()


def _words(error: CanvasError) -> str:
    if isinstance(error, NotFound):
        return "Canvas does not have this account or course any more."
    if isinstance(error, NotPermitted):
        return "The token may not read outcomes here. Give its owner that right in Canvas."
    return ""


def _forget_old_pages(tree: Tree) -> None:
    if tree.began_at and tree.began_at < timezone.now() - _TOO_OLD:
        tree.pages.all().delete()
    if not tree.pages.exists():
        errands.update(tree, began_at=timezone.now(), requests=0)


def _next_page(tree: Tree, part: str) -> int | None:
    """The number of the page to read; None once the part is whole."""
    last = tree.pages.filter(part=part).order_by("-number").first()
    if last is None:
        return 1
    return None if last.is_last else last.number + 1


def _take_page(tree: Tree, part: str, number: int, canvas: CanvasClient) -> None:
    context = _context(tree, canvas)
    fetch = canvas.outcomes.group_page if part == _GROUPS else canvas.outcomes.link_page
    listed, is_last = fetch(context, number)
    for item in listed:  # what cannot be read later is found out now
        OutcomeGroup.from_json(item) if part == _GROUPS else OutcomeLink.from_json(item)
    with transaction.atomic():
        errands.update(tree, requests=F("requests") + 1, attempts=0)
        content = zlib.compress(json.dumps(listed).encode())
        TreePage.objects.update_or_create(
            tree=tree, part=part, number=number, defaults={"is_last": is_last, "content": content}
        )


def _context(tree: Tree, canvas: CanvasClient) -> Context:
    kind, _, number = tree.place.partition("-")
    if kind == ROOT:
        return canvas.outcomes.root
    return Context.account(number) if kind == "account" else Context.course(number)


def _listed(tree: Tree, part: str) -> list[JsonObject]:
    pages = tree.pages.filter(part=part).order_by("number").values_list("content", flat=True)
    return [item for page in pages for item in json.loads(zlib.decompress(bytes(page)))]


@transaction.atomic
def _take_over(tree: Tree) -> None:
    """Put what was read in the place of what was there, at once."""
    found = {group.id: group for group in map(OutcomeGroup.from_json, _listed(tree, _GROUPS))}
    links = [OutcomeLink.from_json(item) for item in _listed(tree, _LINKS)]
    root = next((group for group in found.values() if group.parent_id is None), None)
    errands.finish(
        tree,
        read_at=tree.began_at,  # what is imported from then on may not be in it
        began_at=None,
        context_id=root.context_id if root else None,
        title=_name(root.title) if root else "",
    )
    tree.pages.all().delete()
    TreeLink.objects.filter(group__tree=tree).delete()
    tree.outcomes.all().delete()
    tree.groups.all().delete()
    groups = _save_groups(tree, found.values())
    outcomes = _save_outcomes(tree, links)
    _save_links(links, groups, outcomes, root.id if root else None)
    logger.info("tree read", extra={"tree": tree.pk, "outcomes": len(outcomes), "requests": tree.requests})


def _save_groups(tree: Tree, groups: Iterable[OutcomeGroup]) -> dict[int, TreeGroup]:
    rows = [
        TreeGroup(
            tree=tree,
            canvas_id=group.id,
            parent_canvas_id=group.parent_id,
            title=_name(group.title),
            vendor_guid=_name(group.vendor_guid),
            description=group.description,
        )
        for group in groups
    ]
    return {row.canvas_id: row for row in TreeGroup.objects.bulk_create(rows, batch_size=_PIECE)}


def _save_outcomes(tree: Tree, links: Iterable[OutcomeLink]) -> dict[int, TreeOutcome]:
    rows = {link.outcome.id: outcome_row(tree, Described.of(link.outcome)) for link in links}
    return {row.canvas_id: row for row in TreeOutcome.objects.bulk_create(rows.values(), batch_size=_PIECE)}


def outcome_row(tree: Tree, facts: Described) -> TreeOutcome:
    return TreeOutcome(
        tree=tree,
        canvas_id=facts.id,
        title=_name(facts.title),
        searched=plain(f"{facts.title} {facts.display_name} {facts.vendor_guid}"),
        assessed=facts.assessed,
        described=facts.as_json(),
    )


def _save_links(
    links: Iterable[OutcomeLink],
    groups: Mapping[int, TreeGroup],
    outcomes: Mapping[int, TreeOutcome],
    root_id: int | None,
) -> None:
    """A group that came into being while the tree was read is not there yet: what is in it stands at the top."""
    places: dict[tuple[int, int], TreeLink] = {}
    for link in links:
        group = groups.get(link.group_id) or (groups.get(root_id) if root_id is not None else None)
        outcome = outcomes[link.outcome.id]
        if group:
            places[group.pk, outcome.pk] = TreeLink(group=group, outcome=outcome, assessed=link.assessed)
    TreeLink.objects.bulk_create(places.values(), batch_size=_PIECE)


def take_over_outcome(*, canvas_account: CanvasAccount, facts: Described) -> None:
    """Show a changed outcome in all trees at once. Only for facts whose scale is the outcome's own."""
    for row in TreeOutcome.objects.filter(tree__canvas_account=canvas_account, canvas_id=facts.id).select_related(
        "tree"
    ):
        fresh = outcome_row(row.tree, facts)
        TreeOutcome.objects.filter(pk=row.pk).update(
            title=fresh.title, searched=fresh.searched, assessed=fresh.assessed, described=fresh.described
        )


def _name(text: str) -> str:
    return text[:_LONGEST_NAME]
