"""Courses with what has been read of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import CanvasAccount
from imports.models import Course
from imports.selectors import places
from imports.selectors.places import Wanted
from outcomes.models import Reading

PAGE = 50


@dataclass(frozen=True, slots=True)
class ShownCourse:
    """`reading` is the newest complete one, `open` one that is under way, `failed` the newest where it failed."""

    course: Course
    term: str
    department: str
    reading: Reading | None
    open: Reading | None
    failed: Reading | None

    @property
    def seen(self) -> str:
        """Changes whenever what a page shows of this course changes."""
        shown = (self.reading, self.open, self.failed)
        return ".".join(f"{reading.pk}-{reading.version}" for reading in shown if reading)


def shown_courses(
    canvas_account: CanvasAccount, wanted: Wanted, *, page: int, only_read: bool = False
) -> tuple[list[ShownCourse], bool]:
    """One page of courses in four queries, and whether there are more."""
    first = (page - 1) * PAGE
    courses = places.courses(canvas_account, wanted)
    if only_read:
        complete = Reading.objects.filter(course=OuterRef("pk"), state=Reading.State.COMPLETE)
        courses = courses.filter(Exists(complete))
    found = list(courses[first : first + PAGE + 1])
    return with_readings(canvas_account, found[:PAGE]), len(found) > PAGE


def with_readings(canvas_account: CanvasAccount, courses: Sequence[Course]) -> list[ShownCourse]:
    terms, departments = places.term_names(canvas_account), places.department_names(canvas_account)
    by_state: dict[tuple[int, str], Reading] = {}
    newest: dict[int, Reading] = {}
    found = Reading.objects.filter(course__in=courses).defer("outcomes", "sections", "aggregates", "order")
    for reading in found.order_by("pk"):
        state = "open" if reading.is_open else reading.state
        by_state[reading.course_id, state] = newest[reading.course_id] = reading
    return [
        ShownCourse(
            course=course,
            term=terms.get(course.term_canvas_id or 0, ""),
            department=departments.get(course.sub_account_canvas_id or 0, ""),
            reading=by_state.get((course.pk, Reading.State.COMPLETE)),
            open=by_state.get((course.pk, "open")),
            failed=_failed(newest.get(course.pk)),
        )
        for course in courses
    ]


def _failed(newest: Reading | None) -> Reading | None:
    return newest if newest and newest.state == Reading.State.FAILED else None
