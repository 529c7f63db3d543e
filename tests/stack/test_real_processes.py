"""The whole desk as it runs in earnest: workers, scheduler and pages are processes, and some of them are killed.

Once on what a newcomer has (SQLite and the embedded broker), once on PostgreSQL and Redis with several workers.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.servers.easel import Easel
from tests.servers.practice import Practice, PracticeServer, practice_server
from tests.servers.processes import wait_for

CLEAN = sorted((Path(__file__).parents[2] / "samples" / "clean").glob("*.csv"))
FAULTY = sorted((Path(__file__).parents[2] / "samples" / "faulty").glob("*.csv"))
POST = "POST /api/v1/accounts/*/sis_imports"

CELERY = ("-m", "celery", "-A", "dashboard")
TALKS = ("-Q", "launch,poll", "--pool", "threads", "-c", "4")
READS = ("-Q", "forecast,check,collect", "--pool", "threads", "-c", "2")


@dataclass(frozen=True)
class Stage:
    """A practice Canvas for rehearsals alone, with a folder in which each site has one of its own."""

    url: str
    sites: Path


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    with practice_server("--data", str(folder)) as server:
        yield Stage(server.url, folder / "sites")


def embedded(folder: Path, stage: Stage, _request: pytest.FixtureRequest) -> Easel:
    return Easel(folder, settings={"PRACTICE_URL": stage.url}, workers=[("manage.py", "worker")])


def servers(folder: Path, stage: Stage, request: pytest.FixtureRequest) -> Easel:
    return Easel(
        folder,
        settings={
            "PRACTICE_URL": stage.url,
            "DATABASE_URL": request.getfixturevalue("postgres").create("stack"),
            "BROKER_URL": request.getfixturevalue("redis"),
        },
        workers=[
            (*CELERY, "worker", "-n", "one@%h", *TALKS),
            (*CELERY, "worker", "-n", "two@%h", *TALKS),
            (*CELERY, "worker", "-n", "reader@%h", *READS),
            (*CELERY, "beat"),
        ],
    )


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(embedded, id="sqlite", marks=pytest.mark.xdist_group("stack-sqlite")),
        pytest.param(servers, id="postgres-redis", marks=pytest.mark.xdist_group("stack-postgres")),
    ],
)
def easel(request: pytest.FixtureRequest, stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    build: Callable[[Path, Stage, pytest.FixtureRequest], Easel] = request.param
    with build(tmp_path_factory.mktemp("easel"), stage, request) as installation:
        installation.add_superuser()
        yield installation


@pytest.fixture
def working(easel: Easel) -> Iterator[Easel]:
    """An installation that the test may do harm to; afterwards its workers are started afresh."""
    yield easel
    easel.kill_workers()
    easel.start_workers()


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


def test_what_another_tool_sends_appears_in_the_history_within_ten_seconds(easel: Easel, practice: Practice) -> None:
    account = easel.add_account(practice)
    browser = easel.signed_in()
    practice.send("nightly.csv", CLEAN[-1].read_bytes())

    def listed() -> re.Match[str] | None:
        history = browser.get(f"{easel.address}/c/{account}/imports/", timeout=10).text
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


def press(browser: requests.Session, page: str, *, to: str, **options: Any) -> requests.Response:
    """What follows upon a button of a page that sends nothing but its form's token, and `options` of requests."""
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(page, timeout=10).text)
    assert token
    return browser.post(to, {"csrfmiddlewaretoken": token[1]}, timeout=60, **options)


def begin_rehearsal(easel: Easel, account: str, file: Path) -> None:
    """Give a file at the page for new imports, and press the button beside its forecast."""
    browser, new = easel.signed_in(), f"{easel.address}/c/{account}/imports/new/"
    with file.open("rb") as content:
        upload = press(browser, new, to=new, files={"chosen": (file.name, content)}).url

    def button() -> str:
        forecast = press(browser, upload, to=f"{upload}forecast/").text
        found = re.search(r'action="(/[^"]*/rehearse/)"', forecast)
        return found[1] if found else ""

    press(browser, upload, to=easel.address + wait_for(button, what="the forecast"))


def test_a_worker_killed_in_the_middle_of_a_rehearsal_is_followed_by_another_and_leaves_nothing(
    working: Easel, practice: Practice, stage: Stage, tmp_path: Path
) -> None:
    account = working.add_account(practice)
    people = (f"u{n},login{n},User {n},active\n" for n in range(60_000))
    file = tmp_path / "users.csv"
    file.write_text("user_id,login_id,full_name,status\n" + "".join(people), encoding="utf-8")
    begin_rehearsal(working, account, file)

    def rehearsals() -> list[tuple[Any, ...]]:
        return working.ask("SELECT state, stage, attempts, sealed_site IS NULL FROM imports_rehearsal")

    wait_for(lambda: rehearsals()[0][:2] == ("running", "importing"), what="the middle of the rehearsal")
    working.kill_workers()
    assert rehearsals()[0] == ("running", "importing", 1, False)
    assert len(list(stage.sites.iterdir())) == 1
    working.start_workers()
    wait_for(lambda: rehearsals()[0][0] not in ("waiting", "running"), seconds=120, what="the rehearsal's end")
    wait_for(lambda: rehearsals()[0][3], what="the removal of its site")
    assert rehearsals() == [("ready", "reading", 2, True)]
    assert list(stage.sites.iterdir()) == []
    left = [path.name for path in working.folder.glob("uploads/*/rehearsal-*")]
    assert [Path(name).suffix for name in left] == [".sqlite3"]
    assert practice.sis_imports() == []
