"""Where an outcome import can go, by what Easel has: places of the directory, and groups of fetched trees."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from accounts.models import CanvasAccount
from imports.destinations import COURSE, ROOT, Destination
from imports.models import Course, ImportRun, OutcomeTree, SubAccount
from imports.phases import Phase
from imports.preview.present import Group, Present
from imports.selectors.places import Wanted, courses, departments

MOST_COURSES = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One place or group to choose. `depth` counts from 0."""

    value: str
    name: str
    depth: int = 0

    @property
    def label(self) -> str:
        return "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}" * self.depth + self.name


def accounts_to_choose(canvas_account: CanvasAccount) -> list[Choice]:
    """The root account and those below it."""
    root = Choice(ROOT, f"{root_name(canvas_account)} (root account)")
    return [root, *(Choice(f"account:{one.canvas_id}", one.name, one.depth + 1) for one in departments(canvas_account))]


def courses_to_choose(canvas_account: CanvasAccount, text: str) -> list[Choice]:
    """The first courses that fit, by name, code or SIS id."""
    if not text.strip():
        return []
    found = courses(canvas_account, Wanted(text=text))[:MOST_COURSES]
    return [Choice(f"{COURSE}:{course.canvas_id}", _course_name(course)) for course in found]


def _course_name(course: Course) -> str:
    aside = course.sis_course_id or course.course_code
    return f"{course.name} ({aside})" if aside and aside != course.name else course.name


def root_name(canvas_account: CanvasAccount) -> str:
    credential = canvas_account.credential
    return (credential.account_name if credential else "") or canvas_account.name


def place_name(canvas_account: CanvasAccount, destination: Destination) -> str:
    if destination.context == ROOT:
        return root_name(canvas_account)
    if destination.is_course:
        course = Course.objects.filter(canvas_account=canvas_account, canvas_id=destination.canvas_id).first()
        return course.name if course else f"course {destination.canvas_id}"
    account = SubAccount.objects.filter(canvas_account=canvas_account, canvas_id=destination.canvas_id).first()
    return account.name if account else f"account {destination.canvas_id}"


def present_of(canvas_account: CanvasAccount, context: str) -> Present | None:
    tree = OutcomeTree.objects.filter(canvas_account=canvas_account, context=context).first()
    return Present.load(bytes(tree.content)) if tree and tree.content else None


def names_of(canvas_account: CanvasAccount, destination: Destination) -> tuple[str, str]:
    """Of the place, and of the group (empty without one)."""
    group = ""
    if destination.group_id is not None:
        present = present_of(canvas_account, destination.context)
        found = present.groups.get(destination.group_id) if present else None
        group = found.title if found else f"group {destination.group_id}"
    return place_name(canvas_account, destination), group


def imported_since(canvas_account: CanvasAccount, moment: datetime) -> bool:
    """Whether an outcome import launched here has ended since: then trees read before may be others by now."""
    ended = ImportRun.objects.filter(kind=ImportRun.Kind.OUTCOME, phase=Phase.FINISHED, finished_at__gte=moment)
    return ended.filter(canvas_account=canvas_account).exists()


def groups_to_choose(present: Present | None) -> list[Choice]:
    """The groups of a fetched tree below its root, each followed by those inside it."""
    if present is None:
        return []
    children: dict[int | None, list[Group]] = {}
    for group in sorted(present.groups.values(), key=lambda one: (one.title.lower(), one.id)):
        children.setdefault(group.parent, []).append(group)
    return list(_walk(children, present.root, 0))


def _walk(children: dict[int | None, list[Group]], parent: int | None, depth: int) -> Iterator[Choice]:
    for group in children.pop(parent, []):
        yield Choice(str(group.id), group.title, depth)
        yield from _walk(children, group.id, depth + 1)
