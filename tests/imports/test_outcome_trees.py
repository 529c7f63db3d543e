"""Outcome trees that a worker fetches for exports: by one worker at a time, and never without an end."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.connections import client_for
from accounts.models import CanvasAccount, User
from imports.models import OutcomeTree
from imports.services import outcome_trees
from tests.cast import Seat
from tests.imports import desk, outcomes
from tests.servers.practice import Practice

CONTEXT = "account:self"


@pytest.fixture
def browser(seat: Seat, designer: User) -> Client:
    return seat(designer)


def asked(canvas_account: CanvasAccount) -> OutcomeTree:
    return outcome_trees.ask(canvas_account=canvas_account, context=CONTEXT, anew=True)


def lose_leases() -> None:
    OutcomeTree.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def shown(browser: Client, canvas_account: CanvasAccount) -> str:
    html: str = browser.get(reverse("imports:export", args=[canvas_account.slug])).content.decode()
    return html


def test_a_worker_that_was_overtaken_writes_nothing(canvas_account: CanvasAccount, practice: Practice) -> None:
    slow, quick = asked(canvas_account), asked(canvas_account)
    assert outcome_trees.claim(tree=slow)
    assert not outcome_trees.claim(tree=quick)
    lose_leases()
    assert outcome_trees.claim(tree=quick)
    practice.control("POST", "faults", {"match": "GET /api/v1/accounts/*/outcome_groups", "kind": "html", "times": 9})
    with client_for(canvas_account) as canvas:
        outcome_trees.collect(tree=slow, canvas=canvas)

    kept = OutcomeTree.objects.get()
    assert (kept.state, kept.problem, kept.lease_holder) == ("waiting", "", quick.lease_holder)


def test_what_a_preview_fetched_meanwhile_is_not_overwritten_by_what_is_older(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    tree = asked(canvas_account)
    assert outcome_trees.claim(tree=tree)
    outcomes.imported(practice, tmp_path, outcomes.SMALL)
    with client_for(canvas_account) as canvas:
        outcome_trees.fetch(canvas_account=canvas_account, context=CONTEXT, canvas=canvas)
        practice.control("POST", "reset", {})
        outcome_trees.collect(tree=tree, canvas=canvas)

    assert OutcomeTree.objects.get().outcomes == 2


def test_a_tree_that_kills_its_workers_is_given_up_and_says_so(browser: Client, canvas_account: CanvasAccount) -> None:
    tree = asked(canvas_account)
    for _ in range(3):
        assert outcome_trees.claim(tree=tree)
        lose_leases()
    desk.fetch_outcome_trees()

    assert outcome_trees.due() == []
    assert "The worker that fetched them has stopped" in shown(browser, canvas_account)


def test_without_a_token_the_export_says_so_and_waits_for_nobody(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    canvas_account.credentials.all().delete()
    asked(canvas_account)
    desk.fetch_outcome_trees()

    page = shown(browser, canvas_account)
    assert "There is no working token for this Canvas account. An admin can enter one" in page
    assert "hx-trigger" not in page.partition('id="export"')[2].partition(">")[0]
