"""Imports go out once, are followed to their end, and survive the death of their workers."""

import re
from pathlib import Path

import pytest
import requests

from tests.servers.easel import Easel
from tests.servers.practice import Practice, PracticeServer
from tests.servers.processes import wait_for

CLEAN = sorted((Path(__file__).parents[2] / "samples" / "clean").glob("*.csv"))
FAULTY = sorted((Path(__file__).parents[2] / "samples" / "faulty").glob("*.csv"))
POST = "POST /api/v1/accounts/*/sis_imports"


def states(practice: Practice) -> list[str]:
    return [found["workflow_state"] for found in practice.sis_imports()]


def users(path: Path, *, padding: int = 0) -> Path:
    """A file of ten users; Canvas ignores a column it does not know, so it can be made as large as one likes."""
    rows = (f"u{n},login{n},User {n},active,{'x' * (padding // 10)}\n" for n in range(10))
    path.write_text("user_id,login_id,full_name,status,notes\n" + "".join(rows), encoding="utf-8")
    return path


def test_a_clean_upload_is_imported(easel: Easel, practice: Practice) -> None:
    said = easel.launch(easel.add_account(practice), *CLEAN, wait=True)
    assert (said["outcome"], said["counts"]["enrollments"]) == ("imported", 132)
    assert states(practice) == ["imported"]


def test_an_upload_with_mistakes_is_imported_with_messages(easel: Easel, practice: Practice) -> None:
    said = easel.launch(easel.add_account(practice), *FAULTY, wait=True, expect=3)
    assert (said["outcome"], said["warnings"]) == ("with_messages", 17)


def test_launches_at_the_same_moment_go_out_once_each_and_in_order(
    easel: Easel, practice: Practice, tmp_path: Path
) -> None:
    account = easel.add_account(practice)
    runs = [easel.launch(account, users(tmp_path / f"users{number}.csv")) for number in range(5)]
    assert [easel.ended(run) for run in runs] == ["imported"] * 5
    names = [found["csv_attachments"][0]["display_name"] for found in reversed(practice.sis_imports())]
    assert names == [f"users{number}.csv" for number in range(5)]


def test_what_another_tool_sends_appears_in_the_history_within_ten_seconds(
    easel: Easel, olga: requests.Session, practice: Practice
) -> None:
    account = easel.add_account(practice)
    practice.send("nightly.csv", CLEAN[-1].read_bytes())

    def listed() -> re.Match[str] | None:
        history = olga.get(f"{easel.address}/c/{account}/imports/", timeout=10).text
        return re.search(rf'href="/c/{account}/imports/(\d+)/"', history)

    found = wait_for(listed, seconds=10, what="the import in the history")
    assert found
    assert easel.ended({"run": int(found[1])}) == "imported"


def test_the_health_page_says_that_workers_are_alive(easel: Easel) -> None:
    def health() -> dict[str, str]:
        found: dict[str, str] = requests.get(f"{easel.address}/healthz", timeout=10).json()
        return found if found["worker"] == "alive" else {}

    assert wait_for(health, what="a sign of life") == {"database": "ok", "worker": "alive"}


@pytest.mark.parametrize(
    "size", [pytest.param(0, id="whole in Canvas's hands"), pytest.param(60 * 1024 * 1024, id="half-way through")]
)
def test_a_worker_killed_while_it_sends_leaves_one_import(
    working: Easel, practice: Practice, tmp_path: Path, size: int
) -> None:
    account = working.add_account(practice)
    practice.control("POST", "faults", {"match": POST, "kind": "latency", "seconds": 3})
    run = working.launch(account, users(tmp_path / "users.csv", padding=size))
    wait_for(lambda: not practice.control("GET", "faults"), what="the upload to begin")
    working.kill_workers()
    working.start_workers()
    assert working.ended(run) == "imported"
    assert states(practice) == ["imported"]


def test_a_worker_killed_during_an_import_leaves_one_that_is_followed_to_its_end(
    working: Easel, slow_canvas: PracticeServer
) -> None:
    practice = slow_canvas.site()
    run = working.launch(working.add_account(practice), *CLEAN)
    wait_for(lambda: "importing" in states(practice), what="Canvas to import")
    working.kill_workers()
    wait_for(lambda: states(practice) == ["imported"], what="Canvas to finish meanwhile")
    working.start_workers()
    assert working.ended(run) == "imported"
    assert states(practice) == ["imported"]


def test_what_was_launched_while_no_worker_ran_goes_out_once_one_does(
    working: Easel, practice: Practice, tmp_path: Path
) -> None:
    account = working.add_account(practice)
    working.stop_workers()
    run = working.launch(account, users(tmp_path / "users.csv"))
    assert states(practice) == []
    working.start_workers()
    assert working.ended(run) == "imported"
    assert states(practice) == ["imported"]
