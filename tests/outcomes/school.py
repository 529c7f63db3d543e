"""Courses with results to read: a seeded practice site, listed by a worker."""

import pytest

from accounts.models import CanvasAccount
from imports import tasks as import_tasks
from imports.models import Course
from imports.services import places
from outcomes import tasks
from outcomes.models import Reading
from outcomes.services import reading as readings
from tests.servers.practice import Practice

UNIVERSITY = {"courses": 2, "students": 30, "outcomes": 12, "seed": 5}


def list_places(canvas_account: CanvasAccount) -> None:
    places.want(canvas_account=canvas_account, anew=True)
    for pk in places.due():
        import_tasks.collect_places(pk)


def read_course(course: Course) -> Reading:
    """A reading of the course, as far as one call of a worker brings it."""
    asked = readings.ask(course=course)
    tasks.read_course(asked.pk)
    asked.refresh_from_db()
    return asked


@pytest.fixture
def university(canvas_account: CanvasAccount, practice: Practice) -> CanvasAccount:
    """Two courses of 30 students or fewer, with results."""
    practice.control("POST", "seed", UNIVERSITY)
    list_places(canvas_account)
    return canvas_account


@pytest.fixture
def course(university: CanvasAccount) -> Course:
    return Course.objects.order_by("canvas_id")[0]
