"""The whole desk as it runs in earnest: workers, scheduler and pages are processes, and some of them are killed.

Once on what a newcomer has (SQLite and the embedded broker), once on PostgreSQL and Redis with several workers.
"""

import csv
import functools
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.outcomes.school import remove_student
from tests.servers.easel import Easel
from tests.servers.practice import Practice, PracticeServer
from tests.servers.processes import wait_for

CLEAN = sorted((Path(__file__).parents[2] / "samples" / "clean").glob("*.csv"))
FAULTY = sorted((Path(__file__).parents[2] / "samples" / "faulty").glob("*.csv"))
POST = "POST /api/v1/accounts/*/sis_imports"
ROLLUPS = "GET /api/v1/courses/*/outcome_rollups"

CELERY = ("-m", "celery", "-A", "dashboard")
TALKS = ("-Q", "launch,poll", "--pool", "threads", "-c", "4")
READS = ("-Q", "forecast,check,collect", "--pool", "threads", "-c", "2")


def embedded(folder: Path, _request: pytest.FixtureRequest) -> Easel:
    return Easel(folder, settings={}, workers=[("manage.py", "worker")])


def servers(folder: Path, request: pytest.FixtureRequest) -> Easel:
    return Easel(
        folder,
        settings={
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
def easel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    build: Callable[[Path, pytest.FixtureRequest], Easel] = request.param
    with build(tmp_path_factory.mktemp("easel"), request) as installation:
        yield installation


@pytest.fixture(scope="module")
def olga(easel: Easel) -> requests.Session:
    """Who runs the installation, at something simpler than a browser."""
    easel.add_superuser()
    return easel.signed_in()


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


# --- What is read of outcomes


patiently = functools.partial(wait_for, seconds=90)


def school(easel: Easel, practice: Practice, **seed: int) -> str:
    """The path of the outcomes of an account with these courses, as its pages begin."""
    practice.control("POST", "seed", seed)
    return f"{easel.address}/c/{easel.add_account(practice)}/outcomes/"


def send(olga: requests.Session, page: str, path: str = "", **fields: str) -> str:
    """Send a form of a page, to another path where one is given; the address at which that ends."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', olga.get(page, timeout=30).text)
    assert found
    answer = olga.post(path or page, {"csrfmiddlewaretoken": found[1], **fields}, timeout=30)
    assert answer.ok, answer.text
    return answer.url


def courses_listed(easel: Easel, olga: requests.Session, outcomes: str, count: int) -> list[int]:
    """Canvas's numbers of the courses, once a worker has listed them."""

    def listed() -> list[int]:
        found = re.findall(r"outcomes/courses/(\d+)/read/", olga.get(f"{outcomes}courses/", timeout=30).text)
        return sorted(map(int, found)) if len(found) == count else []

    return patiently(listed, what="the courses to be listed")


def readings(easel: Easel, practice: Practice) -> tuple[int, int, int]:
    """How many readings of the site's courses are complete, how many are under way, pages of these."""
    name = practice.token.removeprefix("practice-")
    everywhere = easel.ask(
        "SELECT account.name, reading.state, reading.pages_done FROM outcomes_reading reading"
        " JOIN imports_course course ON course.id = reading.course_id"
        " JOIN accounts_canvasaccount account ON account.id = course.canvas_account_id"
    )
    rows = [(state, pages) for account, state, pages in everywhere if account == name]
    under_way = [pages for state, pages in rows if state in ("waiting", "running")]
    return len(rows) - len(under_way), len(under_way), sum(under_way)


def hold(practice: Practice, *, after: int, requests_held: int = 1) -> None:
    """Canvas answers so many requests for rollups at once, and the next ones only after a while."""
    practice.control("POST", "faults", {"match": ROLLUPS, "kind": "latency", "seconds": 0, "times": after})
    practice.control("POST", "faults", {"match": ROLLUPS, "kind": "latency", "seconds": 5, "times": requests_held})


@pytest.mark.parametrize("has_changed", [False, True])
def test_a_worker_killed_in_the_middle_of_a_course_is_replaced_and_no_two_readings_mix(
    working: Easel, olga: requests.Session, practice: Practice, has_changed: bool
) -> None:
    outcomes = school(working, practice, courses=1, students=230, outcomes=6, seed=3)
    [course] = courses_listed(working, olga, outcomes, 1)
    page = f"{outcomes}courses/{course}/"

    def shown() -> bytes:
        return olga.get(f"{page}canvas.csv", timeout=30).content

    def in_canvas() -> bytes:
        return practice.request("GET", f"/courses/{course}/outcome_rollups.csv").content

    send(olga, f"{outcomes}courses/", f"{page}read/")
    patiently(lambda: readings(working, practice) == (1, 0, 0), what="the first reading")
    before = shown()
    assert before == in_canvas()

    outcome, gone = first_and_last(practice, course)
    practice.api("PUT", f"outcomes/{outcome}", json={"mastery_points": 99})
    practice.control("DELETE", "requests")
    hold(practice, after=1)
    send(olga, page, f"{page}read/")
    patiently(lambda: not practice.control("GET", "faults"), what="the second page to be asked for")
    working.kill_workers()
    assert readings(working, practice) == (1, 1, 1)
    assert shown() == before
    if has_changed:
        remove_student(practice, gone)
    working.start_workers()
    patiently(lambda: readings(working, practice) == (1, 0, 0), what="the reading to be brought to its end")
    assert shown() == in_canvas() != before
    # Pages 1 and 2, then 2 and 3, or where the course has changed 2 and all three; and Canvas's mean and median.
    asked = practice.requests_seen("GET", f"/api/v1/courses/{course}/outcome_rollups")
    assert len(asked) == (2 + 1 + 3 + 2 if has_changed else 2 + 2 + 2)


def first_and_last(practice: Practice, course: int) -> tuple[int, int]:
    """The first outcome and the last student of a course of 230."""
    asked = {"include[]": ["outcomes", "users"], "sort_by": "student", "per_page": 100, "page": 3}
    linked = practice.api("GET", f"courses/{course}/outcome_rollups", params=asked)["linked"]
    return int(linked["outcomes"][0]["id"]), int(linked["users"][-1]["id"])


def test_workers_killed_while_they_read_a_program_are_replaced_and_no_course_is_missing_or_read_twice(
    working: Easel, olga: requests.Session, practice: Practice
) -> None:
    outcomes = school(working, practice, courses=5, students=40, outcomes=6, seed=3)
    courses = courses_listed(working, olga, outcomes, 5)
    program = send(olga, f"{outcomes}programs/new/", name="Biology").removesuffix("courses/")
    send(olga, f"{program}courses/", text="*")
    practice.control("DELETE", "requests")
    hold(practice, after=4, requests_held=2)  # a course costs three, two are read at once
    send(olga, program, f"{program}collect/", hours="0")
    patiently(lambda: not practice.control("GET", "faults"), what="two courses to be under way")
    working.kill_workers()
    complete, under_way, _ = readings(working, practice)
    assert complete < 5
    assert under_way == 5 - complete
    working.start_workers()
    patiently(lambda: readings(working, practice) == (5, 0, 0), what="all courses to be read")

    def shown() -> list[dict[str, str]]:
        text = olga.get(f"{program}figures.csv?by=course", timeout=30).content.decode("utf-8-sig")
        found = list(csv.DictReader(io.StringIO(text)))
        return found if len({row["Course"] for row in found}) == 5 else []

    rows = patiently(shown, what="the figures of all courses")
    assert [row for row in rows if row["Mean"]]
    for course in courses:
        asked = practice.requests_seen("GET", f"/courses/{course}/outcome_rollups")
        assert 3 <= len(asked) <= 5  # the page, mean and median; the last two again where a worker was killed at them
