"""The invented university."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.clock import MANUAL_START, text
from sandbox.seeding.fill import SeededOtherwise, fill
from sandbox.seeding.plan import Plan
from sandbox.store import database
from tests.servers.practice import Practice

PLAN = Plan(courses=4, students=120, outcomes=12, seed=7)


def seeded(file: Path, plan: Plan) -> sqlite3.Connection:
    db = database.connect(file)
    database.prepare(db, "2026-01-05T00:00:00.000000Z")
    assert fill(db, plan)
    return db


@pytest.fixture
def university(tmp_path: Path) -> sqlite3.Connection:
    return seeded(tmp_path / "one.sqlite3", PLAN)


def dump(db: sqlite3.Connection) -> list[str]:
    return list(db.iterdump())


def count(db: sqlite3.Connection, sql: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {sql}").fetchone()[0])  # noqa: S608 - what is counted is written below


def test_the_same_numbers_make_the_same_university(university: sqlite3.Connection, tmp_path: Path) -> None:
    again = seeded(tmp_path / "two.sqlite3", PLAN)
    other = seeded(tmp_path / "three.sqlite3", Plan(4, 120, 12, seed=8))
    assert dump(university) == dump(again)
    assert dump(university) != dump(other)


def test_a_university_is_made_once_and_not_on_top_of_another(university: sqlite3.Connection) -> None:
    before = dump(university)
    assert not fill(university, PLAN)
    with pytest.raises(SeededOtherwise):
        fill(university, Plan(4, 120, 12, seed=8))
    assert dump(university) == before


def test_it_holds_what_was_asked_for(university: sqlite3.Connection) -> None:
    assert count(university, "courses") == 4
    assert count(university, "pseudonyms WHERE sis_user_id LIKE 'S%'") == 120
    assert count(university, "learning_outcomes") == 12


UNEVEN = (
    "enrollments WHERE workflow_state = 'completed'",
    "enrollments WHERE workflow_state = 'inactive'",
    "learning_outcome_results WHERE score IS NULL",
    "learning_outcome_results WHERE posted = 0",
    "learning_outcome_results WHERE quiz_id IS NOT NULL",
    "learning_outcome_results WHERE submitted_at IS NULL",
    "assignments WHERE workflow_state = 'unpublished'",
    "(SELECT 1 FROM enrollments GROUP BY user_id, course_id HAVING count(*) > 1)",
    "(SELECT 1 FROM courses GROUP BY enrollment_term_id)",
    "(SELECT 1 FROM courses GROUP BY account_id)",
)


@pytest.mark.parametrize("sql", UNEVEN)
def test_it_is_as_uneven_as_a_real_one(sql: str, university: sqlite3.Connection) -> None:
    assert count(university, sql) > 0


def test_nothing_lies_in_the_future_on_the_first_day_of_a_clock_that_stands_still(
    university: sqlite3.Connection,
) -> None:
    latest = university.execute("SELECT max(coalesce(submitted_at, ''), assessed_at) FROM learning_outcome_results")
    assert max(row[0] for row in latest) < text(MANUAL_START)
    assert university.execute("SELECT max(end_at) FROM enrollment_terms").fetchone()[0] < text(MANUAL_START)


def test_work_is_handed_in_and_assessed_while_its_term_lasts(university: sqlite3.Connection) -> None:
    outside = (
        "learning_outcome_results results JOIN courses ON courses.id = results.course_id "
        "JOIN enrollment_terms terms ON terms.id = courses.enrollment_term_id "
        "WHERE coalesce(submitted_at, assessed_at) < terms.start_at "
        "OR assessed_at > date(terms.end_at, '1 day')"
    )
    assert count(university, outside) == 0


def test_some_students_of_a_course_have_no_result(university: sqlite3.Connection) -> None:
    without = (
        "enrollments WHERE type = 'StudentEnrollment' AND NOT EXISTS (SELECT 1 FROM learning_outcome_results results "
        "WHERE results.user_id = enrollments.user_id AND results.course_id = enrollments.course_id)"
    )
    assert 0 < count(university, without) < count(university, "enrollments") / 5


def test_scores_spread_over_the_scale(university: sqlite3.Connection) -> None:
    shares = [row[0] for row in university.execute("SELECT percent FROM learning_outcome_results WHERE percent >= 0")]
    assert min(shares) >= 0
    assert max(shares) == 1
    assert 0.55 < sum(shares) / len(shares) < 0.8


def test_the_command_line_fills_a_site_that_a_server_then_shows(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox", "seed", "--data", str(tmp_path), "--courses", "2", "--students", "5"]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert (first, second) == ("The university is ready\n", "This university was there already\n")
    other = subprocess.run([*command, "--seed", "8"], capture_output=True, text=True, check=False)
    assert other.returncode == 1
    assert "reset it first" in other.stderr


def test_a_site_is_seeded_by_the_control_interface(practice: Practice) -> None:
    body = {"courses": 2, "students": 20, "outcomes": 6, "seed": 7}
    assert practice.control("POST", "seed", body) == {"ok": True}
    assert practice.control("POST", "seed", body) == {"ok": True}
    assert practice.request("POST", "/sandbox/seed", json={**body, "seed": 8}).status_code == 400
    assert len(practice.api("GET", "accounts/self/courses")) == 2
    assert practice.control("GET", "objects/outcomes?per_page=1")[0]["vendor_guid"] == "COM-01"
    rollups = practice.api("GET", "courses/1/outcome_rollups?sort_by=student")
    assert rollups["meta"]["pagination"]["count"] > 0
