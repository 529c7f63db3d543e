"""A program over a seeded university, defined by its pages and read by a worker."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount
from outcomes import tasks
from outcomes.models import Program, Reading
from outcomes.services import collecting, computing, programs
from outcomes.services import reading as readings


def at(program: Program, name: str, *further: int) -> str:
    return reverse(f"outcomes:{name}", args=[program.canvas_account.slug, program.pk, *further])


def define(browser: Client, account: CanvasAccount, name: str = "Biology", text: str = "*", **rule: Any) -> Program:
    """A program with the courses of one rule."""
    answer = browser.post(reverse("outcomes:program_new", args=[account.slug]), {"name": name})
    assert answer.status_code == 302, answer.content.decode()
    made = Program.objects.get(canvas_account=account, name=name)
    answer = browser.post(at(made, "program_courses"), {"text": text, **rule})
    assert answer.status_code == 302, answer.content.decode()
    return made


def work(most: int = 100) -> None:
    """What workers do until nothing is due any more."""
    for _ in range(most):
        for pk in programs.due_for_renewal():
            tasks.renew_courses(pk)
        for pk in collecting.due():
            tasks.collect_program(pk)
        waiting = readings.due()
        for pk in waiting:
            tasks.read_course(pk)
        for pk in computing.due():
            tasks.compute_program(pk)
        if not waiting:
            return
    raise AssertionError("it never ends")


def read_all(browser: Client, program: Program, hours: int = 0) -> None:
    """Ask for all courses by the page, and let workers read and compute."""
    assert browser.post(at(program, "program_collect"), {"hours": hours}).status_code == 302
    work()


def complete(program: Program) -> int:
    """How many readings of its courses are complete."""
    return Reading.objects.filter(course__canvas_account=program.canvas_account, state="complete").count()
