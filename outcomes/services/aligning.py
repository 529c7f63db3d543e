"""Asking Canvas what outcomes are aligned with in a course, for one student or one assignment. Never paged there."""

import logging
from datetime import timedelta

from django.utils import timezone

from canvas.client import CanvasClient
from canvas.errors import CanvasError, NotFound, NotPermitted
from imports.models import Course
from outcomes.models import AlignmentList
from outcomes.services import errands

_KEPT = timedelta(days=1)

logger = logging.getLogger(__name__)


def ask(*, course: Course, by: AlignmentList.By, target: int) -> AlignmentList:
    """Have one list fetched, always anew. Lists that nobody asked for since yesterday go."""
    old = AlignmentList.objects.filter(by=AlignmentList.By.STUDENT, asked_at__lt=timezone.now() - _KEPT)
    old.filter(wanted_at=None).delete()
    found, is_new = AlignmentList.objects.get_or_create(course=course, by=by, target=target)
    if not is_new and errands.want(found, anew=True):
        AlignmentList.objects.filter(pk=found.pk).update(asked_at=timezone.now())
    return found


def due() -> list[int]:
    return errands.due(AlignmentList)


def claim(*, asked: AlignmentList) -> bool:
    return errands.claim(asked)


def collect(*, asked: AlignmentList, canvas: CanvasClient) -> None:
    """Fetch the list. Raises nothing that Canvas or the network can cause. Must be claimed."""
    target = {f"{asked.by}_id": asked.target}
    try:
        listed = canvas.outcomes.alignments(asked.course.canvas_id, **target)
        found = [
            {
                "outcome": one.outcome_id,
                "title": one.title,
                "assignment": one.assignment_id,
                "types": one.submission_types,
                "url": one.url,
            }
            for one in listed
        ]
        errands.finish(asked, read_at=timezone.now(), found=found)
    except errands.Overtaken:
        logger.warning("alignments taken over", extra={"list": asked.pk})
    except CanvasError as error:
        errands.settle(asked, error, _words(error))


def _words(error: CanvasError) -> str:
    if isinstance(error, NotFound):
        return "Canvas does not find this in the course any more."
    if isinstance(error, NotPermitted):
        return "The token may not see the grades of this course. Give its owner that right in Canvas."
    return ""
