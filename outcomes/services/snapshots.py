"""Snapshots: frozen, renamed, deleted. Their figures are written once and never again."""

from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from outcomes.models import Program, Snapshot
from outcomes.programs.figures import Group
from outcomes.programs.packing import packed
from outcomes.programs.published import Published
from outcomes.selectors.programs import rule_in_words


class NothingToFreeze(Exception):
    """No course of it has been read."""


@transaction.atomic
def freeze(*, program: Program, shown: Published, name: str, term: str, by: User) -> Snapshot:
    """Freeze what may be shown now, in all or of the term with that key. Raises `NothingToFreeze`.

    Kept are the figures of every outcome in total and by term, course and section, with what is hidden left out. No
    student is kept, neither by name nor by number: nothing that is shown needs them, and a report outlives a student's
    wish to be forgotten.
    """
    frozen = shown.within(_term(shown, term).key) if term else shown
    times = sorted(group.read_at for group in frozen.figures.of_kind("course") if group.read_at)
    if not times:
        raise NothingToFreeze
    snapshot = Snapshot(
        program=program,
        name=name,
        term_name=_term(shown, term).name if term else "",
        taken_by=by,
        taken_by_name=str(by),
        threshold=frozen.threshold,
        courses=len(times),
        read_from=datetime.fromisoformat(times[0]),
        read_to=datetime.fromisoformat(times[-1]),
        facts=_facts(program),
        content=packed(frozen.as_json()),
    )
    _record("freeze_program", snapshot, by, courses=len(times), term=snapshot.term_name)
    snapshot.save()
    return snapshot


def _term(shown: Published, key: str) -> Group:
    group = shown.figures.by_key.get(key)
    if group is None or group.kind != "term":
        raise NothingToFreeze
    return group


def _facts(program: Program) -> dict[str, object]:
    return {
        "program": program.name,
        "description": program.description,
        "courses": rule_in_words(program.canvas_account, program.rules_for_courses),
        "outcomes": [str(rule) for rule in program.rules_for_outcomes],
    }


@transaction.atomic
def rename(*, snapshot: Snapshot, name: str, by: User) -> None:
    _record("rename_snapshot", snapshot, by, to=name)
    Snapshot.objects.filter(pk=snapshot.pk).update(name=name)


@transaction.atomic
def delete(*, snapshot: Snapshot, by: User) -> None:
    """Gone for good; the audit line tells that there was one."""
    _record("delete_snapshot", snapshot, by, taken_at=snapshot.taken_at.isoformat(), courses=snapshot.courses)
    Snapshot.objects.filter(pk=snapshot.pk).delete()


def _record(verb: str, snapshot: Snapshot, by: User, **detail: object) -> None:
    program = snapshot.program
    record(
        verb=verb,
        subject=f"{snapshot.name} of {program.name}",
        actor=by,
        canvas_account=program.canvas_account,
        subject_key=f"program:{program.pk}",
        detail=detail,
    )
