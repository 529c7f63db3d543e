"""One import at a time, in order; what abort and restart do to the queue. Progress and slices."""

import time
from collections.abc import Callable, Iterator

import pytest

from sandbox import batches
from sandbox.importing.slices import slice_size
from tests.sandbox.engine.conftest import Open
from tests.sandbox.engine.practice import BASE, Practice, csv

ACCOUNTS = "account_id,parent_account_id,name,status"
GOOD = csv(ACCOUNTS, "new,,New,active")


def many_accounts(count: int) -> str:
    return csv(ACCOUNTS, *(f"a{n},,Account {n},active" for n in range(count)))


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for a condition that another thread brings about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def slow(open_practice: Open) -> Iterator[Practice]:
    """A site that takes its time, so that a test can act in the middle."""
    practice = open_practice("slow", rows_per_second=400)
    yield practice
    practice.site.close()


def state(practice: Practice, batch_id: int) -> str:
    return str(practice.show(batch_id)["workflow_state"])


def test_imports_are_worked_off_in_the_order_of_their_creation(open_practice: Open) -> None:
    closed = open_practice("same")
    closed.site.queue.close()
    ids = [closed.post(csv(ACCOUNTS, "odd,ghost,Odd,active")) for _ in range(5)]
    assert [state(closed, batch_id) for batch_id in ids] == ["created"] * 5
    reborn = open_practice("same")
    reborn.settle()
    assert [error["sis_import_id"] for error in reborn.errors()] == ids


def test_a_second_import_waits_for_the_first(slow: Practice) -> None:
    first, second = slow.post(many_accounts(2000)), slow.post(GOOD)
    until(lambda: slow.show(first)["progress"] > 0)
    assert state(slow, second) == "created"
    assert [item["id"] for item in batches.importing(slow.site, base=BASE)] == [first]


@pytest.mark.parametrize("rows, immediate", [(49, True), (50, False)])
def test_at_most_49_rows_run_immediately(practice: Practice, rows: int, immediate: bool) -> None:
    assert practice.send(many_accounts(rows))["data"]["running_immediately"] is immediate


@pytest.mark.parametrize("rows, size", [(50, 100), (9_900, 100), (20_000, 203), (99_000, 1000), (1_000_000, 1000)])
def test_slices_hold_100_to_1000_rows(rows: int, size: int) -> None:
    assert slice_size(rows) == size


def test_progress_is_the_share_of_finished_slices(slow: Practice) -> None:
    running = slow.post(many_accounts(1000))
    seen: list[int] = []

    def is_over() -> bool:
        seen.append(slow.show(running)["progress"])
        return state(slow, running) == "imported"

    until(is_over)
    rising = sorted(set(seen))
    assert rising == list(dict.fromkeys(seen))
    assert set(rising) <= {0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99, 100}
    assert len(rising) > 3


def test_a_large_import_shows_its_kinds_before_the_first_slice_is_through(slow: Practice) -> None:
    running = slow.post(many_accounts(1000))
    until(lambda: "counts" in slow.show(running)["data"])
    data = slow.show(running)["data"]
    assert data["supplied_batches"] == ["account"]
    assert data["counts"]["accounts"] == 0


def test_an_abort_stops_a_running_import_where_it_is(slow: Practice) -> None:
    running = slow.post(many_accounts(2000))
    until(lambda: slow.show(running)["progress"] > 0)
    aborted = batches.abort(slow.site, running, base=BASE)
    assert aborted is not None
    assert aborted["workflow_state"] == "aborted"
    slow.settle()
    done = slow.show(running)
    assert (done["workflow_state"], done["progress"], done["ended_at"]) == ("aborted", aborted["progress"], None)
    assert 0 < len(slow.states("accounts")) < 2000


def test_after_an_abort_waiting_imports_start_ten_minutes_later(slow: Practice) -> None:
    running, waiting = slow.post(many_accounts(2000)), slow.post(GOOD)
    until(lambda: slow.show(running)["progress"] > 0)
    batches.abort(slow.site, running, base=BASE)
    slow.settle()
    assert state(slow, waiting) == "created"
    slow.site.clock.advance(599)
    slow.settle()
    assert state(slow, waiting) == "created"
    slow.site.clock.advance(2)
    until(lambda: state(slow, waiting) == "imported")


def test_after_an_abort_with_nothing_waiting_the_next_import_starts_at_once(slow: Practice) -> None:
    running = slow.post(many_accounts(2000))
    until(lambda: slow.show(running)["progress"] > 0)
    batches.abort(slow.site, running, base=BASE)
    assert slow.send(GOOD)["workflow_state"] == "imported"


def test_a_waiting_import_can_be_aborted(practice: Practice) -> None:
    practice.site.queue.close()
    waiting = practice.post(GOOD)
    aborted = batches.abort(practice.site, waiting, base=BASE)
    assert aborted is not None
    assert (aborted["workflow_state"], aborted["progress"], aborted["ended_at"]) == ("aborted", 0, None)


def test_a_finished_import_cannot_be_aborted(practice: Practice) -> None:
    done = practice.send(GOOD)
    assert batches.abort(practice.site, done["id"], base=BASE) is None
    assert batches.abort(practice.site, 99, base=BASE) is None
    assert state(practice, done["id"]) == "imported"


def test_all_pending_can_be_aborted_and_the_running_one_goes_on(slow: Practice) -> None:
    running, waiting = slow.post(many_accounts(600)), slow.post(GOOD)
    until(lambda: slow.show(running)["progress"] > 0)
    before = slow.show(waiting)["updated_at"]
    slow.site.clock.advance(5)
    batches.abort_all_pending(slow.site)
    stopped = slow.show(waiting)
    assert (stopped["workflow_state"], stopped["progress"], stopped["ended_at"]) == ("aborted", 100, None)
    assert stopped["updated_at"] == before
    slow.settle()
    assert state(slow, running) == "imported"


def test_a_restart_closes_what_was_running_and_goes_on_with_the_rest(open_practice: Open) -> None:
    dying = open_practice("same", rows_per_second=400)
    dying.send(GOOD)
    running, waiting = dying.post(many_accounts(2000)), dying.post(GOOD)
    until(lambda: dying.show(running)["progress"] > 0)
    dying.site.close()
    reborn = open_practice("same")
    reborn.settle()
    closed = reborn.show(running)
    assert (closed["workflow_state"], closed["ended_at"]) == ("failed", None)
    assert state(reborn, waiting) == "imported"
    assert reborn.states("accounts")["new"] == "active"


def test_sites_do_not_see_each_other(open_practice: Open) -> None:
    one, other = open_practice("one"), open_practice("other")
    one.send(GOOD)
    assert other.states("accounts") == {}


def test_a_reset_forgets_everything(practice: Practice) -> None:
    practice.send(GOOD)
    practice.site.clock.advance(60)
    practice.site.reset()
    assert practice.states("accounts") == {}
    assert practice.send(GOOD)["id"] == 1
    assert practice.show(1)["created_at"] == "2026-01-05T09:30:00Z"
