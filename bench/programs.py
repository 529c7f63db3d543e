"""Answers the pages of a program over many courses from figures that a worker computed.

    python bench/programs.py [--courses 200] [--students 60] [--outcomes 25] [--rounds 7]

A database of its own holds readings of invented courses in eight terms, two sections each; a tenth of the scores is
missing, and every second student is in several courses. Measured are the computing itself, and requests from the view's
beginning to its last byte, through Django's own client: the first one of a process, which unpacks the figures, and the
median of those that follow. Prints the table of docs/performance.md; exits with 1 where the target is missed.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
_FOLDER = tempfile.TemporaryDirectory(prefix="easel-bench-")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "dashboard.settings",
    "EASEL_DATA_DIR": _FOLDER.name,
    "EASEL_INSECURE_HTTP": "yes",
    "EASEL_LOG_LEVEL": "ERROR",
    "EASEL_ALLOWED_HOSTS": "testserver",
}
warnings.filterwarnings("ignore", "No directory at")  # of collected static files

import django

django.setup()

import numpy as np
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports.models import Course
from outcomes.models import Program, ProgramCourse, Reading, ReadingPage
from outcomes.outcome.measured import Level, MeasuredOutcome
from outcomes.rollups.sheet import Sheet, Student
from outcomes.services import computing

TARGET_MS = 300.0
LEVELS = tuple(
    Level(name, points, "") for name, points in (("Exceeds", 4.0), ("Meets", 3.0), ("Near", 2.0), ("Below", 1.0))
)


def outcomes(count: int) -> list[MeasuredOutcome]:
    return [
        MeasuredOutcome(
            number, f"Outcome {number}", "", f"O-{number:02}", ("Core",), LEVELS, 3.0, 4.0, "latest", None, ("Essay",)
        )
        for number in range(1, count + 1)
    ]


def fill(courses: int, students: int, measured: list[MeasuredOutcome]) -> Program:
    account = CanvasAccount.objects.create(name="Bench", slug="bench", base_url="https://canvas.example.edu")
    program = Program.objects.create(
        canvas_account=account, name="Program", outcome_rules=[{"by": "all", "value": "", "guid": "", "label": ""}]
    )
    dice = np.random.default_rng(3)
    everybody = courses * students // 2
    for number in range(1, courses + 1):
        course = Course.objects.create(
            canvas_account=account, canvas_id=number, name=f"Course {number}", term_canvas_id=number % 8 + 1
        )
        reading = Reading.objects.create(
            course=course,
            state="complete",
            began_at=timezone.now(),
            ended_at=timezone.now(),
            outcomes=[one.as_json() for one in measured],
            sections={str(number * 10 + half): f"Section {half}" for half in (0, 1)},
        )
        chosen = dice.choice(everybody, students, replace=False)
        people = [
            Student(int(one), f"Student {one}", f"Student {one}", f"S{one}", "", ((number * 10 + place % 2, "active"),))
            for place, one in enumerate(chosen)
        ]
        sheet = Sheet.blank(measured, people)
        sheet.scores[:] = np.where(
            dice.random(sheet.scores.shape) < 0.1, np.nan, dice.integers(0, 9, sheet.scores.shape) / 2
        )
        sheet.counts[:] = ~np.isnan(sheet.scores)
        sheet.times[:] = dice.integers(1, 10**9, sheet.scores.shape)
        ReadingPage.objects.create(reading=reading, number=1, content=sheet.packed())
        ProgramCourse.objects.create(program=program, course=course, is_by_rule=True)
    return program


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def fetch(browser: Client, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in (("courses", 200), ("students", 60), ("outcomes", 25), ("rounds", 7)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    program = fill(asked.courses, asked.students, outcomes(asked.outcomes))
    browser = Client()
    browser.force_login(User.objects.create_superuser("olga", "olga@example.edu", "x"))
    base = program.get_absolute_url()
    print(f"{asked.courses} courses x {asked.students} students x {asked.outcomes} outcomes\n")
    print("| request | first, ms | then, ms, median |\n|---|---|---|")
    print(f"| computing, by a worker | {milliseconds(partial(computing.compute, program)):,.0f} | |")
    missed = False
    pages = {
        "page": "",
        "by term": "?by=term",
        "by course": "?by=course&sort=-share",
        "by section": "?by=section&page=3",
        "progress": "progress/",
        "report": "report/",
        "CSV of sections": "figures.csv?by=section",
        "workbook": "figures.xlsx",
    }
    for name, path in pages.items():
        first = milliseconds(partial(fetch, browser, base + path))
        then = statistics.median(milliseconds(partial(fetch, browser, base + path)) for _ in range(asked.rounds))
        missed |= name in {"page", "by term", "by course", "by section"} and then > TARGET_MS
        print(f"| {name} | {first:,.0f} | {then:,.0f} |")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
