"""Courses and departments to choose from, as Canvas last listed them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import CanvasAccount
from imports.models import Course, SubAccount, Watch


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which courses: by words in name, code or SIS id, by term and by department with all below it."""

    text: str = ""
    term: int | None = None
    sub_account: int | None = None


def courses(canvas_account: CanvasAccount, wanted: Wanted | None = None) -> QuerySet[Course]:
    """By name, without those that Canvas no longer lists."""
    wanted = wanted or Wanted()
    found = Course.objects.filter(canvas_account=canvas_account, is_listed=True)
    for word in wanted.text.split():
        found = found.filter(
            Q(name__icontains=word) | Q(course_code__icontains=word) | Q(sis_course_id__icontains=word)
        )
    if wanted.term is not None:
        found = found.filter(term_canvas_id=wanted.term)
    if wanted.sub_account is not None:
        found = found.filter(sub_account_canvas_id__in=below(canvas_account, wanted.sub_account))
    return found


@dataclass(frozen=True, slots=True)
class Department:
    """An account below the root; `depth` counts from 0, right below it."""

    canvas_id: int
    name: str
    depth: int


def departments(canvas_account: CanvasAccount) -> list[Department]:
    """All accounts below the root, each followed by those below it."""
    rows = list(SubAccount.objects.filter(canvas_account=canvas_account))
    known = {row.canvas_id for row in rows}
    children: dict[int | None, list[SubAccount]] = {}
    for row in rows:
        parent = row.parent_canvas_id if row.parent_canvas_id in known else None
        children.setdefault(parent, []).append(row)
    return list(_walk(children, None, 0))


def _walk(children: dict[int | None, list[SubAccount]], parent: int | None, depth: int) -> Iterator[Department]:
    for row in children.pop(parent, []):
        yield Department(row.canvas_id, row.name, depth)
        yield from _walk(children, row.canvas_id, depth + 1)


def below(canvas_account: CanvasAccount, canvas_id: int) -> set[int]:
    """The ids of an account and of all below it."""
    rows = SubAccount.objects.filter(canvas_account=canvas_account).values_list("canvas_id", "parent_canvas_id")
    parents = dict(rows)
    return {canvas_id} | {number for number in parents if _is_below(number, canvas_id, parents)}


def _is_below(number: int, top: int, parents: Mapping[int, int | None]) -> bool:
    seen: set[int | None] = set()
    at: int | None = number
    while at is not None and at not in seen:
        if at == top:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def term_names(canvas_account: CanvasAccount) -> dict[int, str]:
    """Names of terms by Canvas's number, in Canvas's order: the latest first."""
    watch = Watch.objects.filter(canvas_account=canvas_account).first()
    return {int(term["id"]): str(term["name"]) for term in watch.terms} if watch else {}


def department_names(canvas_account: CanvasAccount) -> dict[int, str]:
    return dict(SubAccount.objects.filter(canvas_account=canvas_account).values_list("canvas_id", "name"))
