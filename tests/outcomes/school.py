"""Courses with results to read: a seeded practice site, listed by a worker."""

import itertools

import pytest
from django.utils import timezone

from accounts.models import CanvasAccount
from imports import tasks as import_tasks
from imports.models import Course
from imports.services import places
from outcomes import tasks
from outcomes.models import Reading
from outcomes.services import reading as readings
from tests.servers.practice import Practice

LARGE = {"courses": 1, "students": 230, "outcomes": 6, "seed": 3}
UNIVERSITY = {"courses": 2, "students": 30, "outcomes": 12, "seed": 5}


def list_places(canvas_account: CanvasAccount) -> None:
    places.want(canvas_account=canvas_account, anew=True)
    for pk in places.due():
        import_tasks.collect_places(pk)


def read_course(course: Course) -> Reading:
    """A reading of the course, as far as one call of a worker brings it."""
    return read_on(readings.ask(course=course))


def read_on(reading: Reading) -> Reading:
    """As far as one call of a worker brings it, after whatever pause the reading is taking."""
    Reading.objects.filter(pk=reading.pk).update(try_at=timezone.now())
    tasks.read_course(reading.pk)
    reading.refresh_from_db()
    return reading


def set_enrollments(practice: Practice, user_id: int, state: str) -> None:
    """Somebody changes the state of all of a student's enrollments in Canvas."""
    for page in itertools.count(1):
        answer = practice.request("GET", f"/sandbox/objects/enrollments?per_page=100&page={page}").json()
        for one in answer:
            if one["user_id"] == user_id:
                practice.control("PUT", f"objects/enrollments/{one['id']}", {"workflow_state": state})
        if not answer:
            break


def remove_student(practice: Practice, user_id: int) -> None:
    set_enrollments(practice, user_id, "deleted")


@pytest.fixture
def university(canvas_account: CanvasAccount, practice: Practice) -> CanvasAccount:
    """Two courses of 30 students or fewer, with results."""
    practice.control("POST", "seed", UNIVERSITY)
    list_places(canvas_account)
    return canvas_account


@pytest.fixture
def course(university: CanvasAccount) -> Course:
    return Course.objects.order_by("canvas_id")[0]


@pytest.fixture
def large_course(canvas_account: CanvasAccount, practice: Practice) -> Course:
    """A course whose students fill three pages."""
    practice.control("POST", "seed", LARGE)
    list_places(canvas_account)
    return Course.objects.get()
