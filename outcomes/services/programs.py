"""Defining programs: what they are called, which courses and outcomes they have, when they are read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.audit import record
from accounts.models import CanvasAccount, User
from imports.models import Course, Directory
from outcomes.models import ComputedFigures, OutcomePolicy, Program, ProgramCourse
from outcomes.programs.rules import By, CourseRule, OutcomeRule
from outcomes.selectors.programs import found_by

Hand = ProgramCourse.Hand


class NameInUse(Exception):
    """Another program in use has that name; its words are for the person who chose it."""


@contextmanager
def _one_name() -> Iterator[None]:
    """Two people may choose one name in the same moment: the second is told so."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise NameInUse("There is a program of that name.") from error


@_one_name()
def define(*, canvas_account: CanvasAccount, name: str, description: str, daily_hour: int | None, by: User) -> Program:
    """A program with every outcome of its courses, and no course yet. Raises `NameInUse`."""
    program = Program(
        canvas_account=canvas_account,
        name=name,
        description=description,
        daily_hour=daily_hour,
        created_by=by,
        outcome_rules=[OutcomeRule(By.ALL).as_json()],
    )
    program.collect_at = program.next_collection(timezone.now())
    program.save()
    _record("define_program", program, by)
    return program


@_one_name()
def edit(*, program: Program, name: str, description: str, daily_hour: int | None, by: User) -> None:
    """Raises `NameInUse`."""
    _record("edit_program", program, by, name=name, daily_hour=daily_hour)
    program.name, program.description, program.daily_hour = name, description, daily_hour
    program.collect_at = program.next_collection(timezone.now())
    program.save(update_fields=["name", "description", "daily_hour", "collect_at"])


@transaction.atomic
def archive(*, program: Program, by: User) -> None:
    """Nothing is read for it any more; its snapshots stay."""
    _record("archive_program", program, by)
    Program.objects.filter(pk=program.pk, archived_at=None).update(
        archived_at=timezone.now(), collect_at=None, wanted_at=None
    )


@_one_name()
def bring_back(*, program: Program, by: User) -> None:
    """Raises `NameInUse`: another may have its name by now."""
    _record("bring_back_program", program, by)
    now = timezone.now()
    Program.objects.filter(pk=program.pk).update(archived_at=None, collect_at=program.next_collection(now))


# --- Outcomes


@transaction.atomic
def add_outcome_rules(*, program: Program, rules: Iterable[OutcomeRule], by: User) -> None:
    """Further rules, each once. The first that names outcomes takes the place of "every outcome"."""
    added = [rule.as_json() for rule in rules]
    everything = OutcomeRule(By.ALL).as_json()
    locked = _locked(program)
    kept = [] if everything in added else [rule for rule in locked.outcome_rules if rule != everything]
    _set_outcome_rules(locked, kept + [rule for rule in added if rule not in kept], by)


@transaction.atomic
def remove_outcome_rule(*, program: Program, place: int, by: User) -> None:
    """With the last one, all outcomes are the program's again."""
    locked = _locked(program)
    rules = [rule for number, rule in enumerate(locked.outcome_rules) if number != place]
    _set_outcome_rules(locked, rules or [OutcomeRule(By.ALL).as_json()], by)


def _set_outcome_rules(program: Program, rules: list[dict[str, str]], by: User) -> None:
    _record("choose_outcomes", program, by, rules=[str(OutcomeRule.from_json(rule)) for rule in rules])
    Program.objects.filter(pk=program.pk).update(outcome_rules=rules)
    _forget_figures(program)


# --- Courses


@transaction.atomic
def add_course_rule(*, program: Program, rule: CourseRule, by: User) -> None:
    locked = _locked(program)
    if rule.as_json() not in locked.course_rules:
        _set_course_rules(locked, [*locked.course_rules, rule.as_json()], by)


@transaction.atomic
def remove_course_rule(*, program: Program, place: int, by: User) -> None:
    locked = _locked(program)
    _set_course_rules(locked, [rule for number, rule in enumerate(locked.course_rules) if number != place], by)


def _set_course_rules(program: Program, rules: list[dict[str, object]], by: User) -> None:
    _record("choose_courses", program, by, rules=rules)
    program.course_rules = rules
    program.save(update_fields=["course_rules"])
    renew_courses(program=program)


@transaction.atomic
def place_course(*, program: Program, course: Course, hand: str, by: User) -> None:
    """Add a course by hand, leave it out by hand, or leave it to the rules again. The course must be of the account."""
    _record("place_course", program, by, course=course.canvas_id, hand=hand or "by rule")
    ProgramCourse.objects.update_or_create(program=program, course=course, defaults={"hand": hand})
    _drop_unneeded(program)
    _forget_figures(program)


@transaction.atomic
def renew_courses(*, program: Program) -> None:
    """Ask the rules again. A course that Canvas no longer lists stays, as it once was found, until a rule goes."""
    listed_at = Directory.objects.filter(canvas_account=program.canvas_account_id).values_list("listed_at", flat=True)
    found = {one.pk for rule in program.rules_for_courses for one in found_by(program.canvas_account, rule)}
    by_rule = ProgramCourse.objects.filter(program=program, is_by_rule=True)
    gone = by_rule.exclude(course__in=found)
    if program.course_rules:
        gone = gone.filter(course__is_listed=True)
    changed = gone.update(is_by_rule=False)
    known = set(ProgramCourse.objects.filter(program=program).values_list("course", flat=True))
    changed += ProgramCourse.objects.filter(program=program, course__in=found & known, is_by_rule=False).update(
        is_by_rule=True
    )
    new = [ProgramCourse(program=program, course_id=pk, is_by_rule=True) for pk in found - known]
    ProgramCourse.objects.bulk_create(new, ignore_conflicts=True)
    _drop_unneeded(program)
    Program.objects.filter(pk=program.pk).update(courses_at=listed_at.first())
    if changed or new:
        _forget_figures(program)


def due_for_renewal() -> list[int]:
    """Programs whose rules were last asked about an earlier listing."""
    later = Q(courses_at=None) | Q(courses_at__lt=F("canvas_account__directory__listed_at"))
    current = Program.objects.filter(later, archived_at=None, canvas_account__archived_at=None)
    return list(current.filter(canvas_account__directory__listed_at__isnull=False).values_list("pk", flat=True)[:20])


def _drop_unneeded(program: Program) -> None:
    ProgramCourse.objects.filter(program=program, is_by_rule=False, hand=Hand.NONE).delete()


# --- The institution's policy


@transaction.atomic
def set_smallest_group(*, canvas_account: CanvasAccount, students: int, by: User) -> None:
    """From how many students on a group's figures are shown. What is frozen stays as it was frozen."""
    record(
        verb="set_smallest_group",
        subject=f"groups from {students} students on",
        actor=by,
        canvas_account=canvas_account,
        detail={"students": students},
    )
    OutcomePolicy.objects.update_or_create(canvas_account=canvas_account, defaults={"smallest_group": students})


def _locked(program: Program) -> Program:
    return Program.objects.select_for_update().select_related("canvas_account").get(pk=program.pk)


def _forget_figures(program: Program) -> None:
    """They are of other courses or outcomes; the next page or worker computes them."""
    ComputedFigures.objects.filter(program=program).delete()


def _record(verb: str, program: Program, by: User, **detail: object) -> None:
    record(
        verb=verb,
        subject=program.name,
        actor=by,
        canvas_account=program.canvas_account,
        subject_key=f"program:{program.pk}",
        detail=detail,
    )
