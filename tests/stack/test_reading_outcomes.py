"""Readings of courses and of programs survive the death of their workers, and never mix two states of a course."""

import csv
import functools
import io
import re

import pytest
import requests

from tests.outcomes.school import remove_student
from tests.servers.easel import Easel
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

ROLLUPS = "GET /api/v1/courses/*/outcome_rollups"

patiently = functools.partial(wait_for, seconds=90)


def school(easel: Easel, practice: Practice, **seed: int) -> str:
    """The path of the outcomes of an account with these courses, as its pages begin."""
    practice.control("POST", "seed", seed)
    return f"{easel.address}/c/{easel.add_account(practice)}/outcomes/"


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

    working.send_form(olga, f"{outcomes}courses/", to=f"{page}read/")
    patiently(lambda: readings(working, practice) == (1, 0, 0), what="the first reading")
    before = shown()
    assert before == in_canvas()

    outcome, gone = first_and_last(practice, course)
    practice.api("PUT", f"outcomes/{outcome}", json={"mastery_points": 99})
    practice.control("DELETE", "requests")
    hold(practice, after=1)
    working.send_form(olga, page, to=f"{page}read/")
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
    made = working.send_form(olga, f"{outcomes}programs/new/", fields={"name": "Biology"})
    program = made.url.removesuffix("courses/")
    working.send_form(olga, f"{program}courses/", fields={"text": "*"})
    practice.control("DELETE", "requests")
    hold(practice, after=4, requests_held=2)  # a course costs three, two are read at once
    working.send_form(olga, program, to=f"{program}collect/", fields={"hours": "0"})
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
