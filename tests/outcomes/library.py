"""Trees and outcomes to read and change: what a worker does for them, and what Canvas holds."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import CanvasAccount
from outcomes import tasks
from outcomes.models import AlignmentList, OutcomeCopy, OutcomeEdit, Tree
from outcomes.services import aligning, copies, editing, trees
from tests.servers.practice import Practice

PATH = "/c/example-university/outcomes/"


def work() -> None:
    """Whatever is due now, once."""
    for pk in editing.due():
        tasks.send_edit(pk)
    for pk in copies.due():
        tasks.read_outcome(pk)
    for pk in aligning.due():
        tasks.read_alignments(pk)
    for pk in trees.due():
        tasks.read_tree(pk)


def wait_no_more() -> None:
    """As if every pause were over, and every lease of a dead worker had run out."""
    past = timezone.now() - timedelta(hours=1)
    for model in (Tree, OutcomeCopy, OutcomeEdit, AlignmentList):
        model.objects.update(try_at=past)
        model.objects.filter(lease_until__isnull=False).update(lease_until=past)


def read_tree(canvas_account: CanvasAccount, place: str = "root") -> Tree:
    trees.want(canvas_account=canvas_account, place=place, anew=True)
    work()
    return Tree.objects.get(canvas_account=canvas_account, place=place)


def outcome_titled(practice: Practice, part: str) -> dict[str, Any]:
    """An outcome of the root account, as Canvas shows it."""
    links = practice.api("GET", "accounts/1/outcome_group_links", params={"per_page": 100, "outcome_style": "full"})
    return next(link["outcome"] for link in links if part in link["outcome"]["title"])


def an_outcome(practice: Practice, *, assessed: bool = True) -> dict[str, Any]:
    """The first outcome of the root account that was assessed, or was not, in full."""
    links = practice.api("GET", "accounts/1/outcome_group_links", params={"per_page": 100, "outcome_style": "full"})
    return next(link["outcome"] for link in links if link["outcome"]["assessed"] is assessed)


def as_sent(outcome: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form for this outcome; `ratings` are (points, name)."""
    ratings = changes.pop("ratings", [(one["points"], one["description"]) for one in outcome["ratings"]])
    told = {
        "title": outcome["title"],
        "display_name": outcome["display_name"] or "",
        "description": outcome["description"] or "",
        "vendor_guid": outcome["vendor_guid"] or "",
        "method": outcome["calculation_method"],
        "method_number": outcome.get("calculation_int") or "",
        "mastery": outcome["mastery_points"],
        "levels-TOTAL_FORMS": len(ratings),
        "levels-INITIAL_FORMS": len(ratings),
    }
    for place, (points, name) in enumerate(ratings):
        told |= {f"levels-{place}-points": points, f"levels-{place}-description": name}
    return told | changes


@pytest.fixture
def tree(university: CanvasAccount) -> Tree:
    """The tree of the root account, read."""
    return read_tree(university)
