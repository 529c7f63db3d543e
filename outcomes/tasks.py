"""What workers are rung for: each task claims and calls the service; the services decide."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task

from accounts.doorbell import ring
from accounts.models import CanvasAccount
from canvas.client import CanvasClient
from imports.tasks import speaking_for
from outcomes.models import (
    AlignmentList,
    Contributions,
    Errand,
    OutcomeCopy,
    OutcomeEdit,
    OutcomeOrder,
    Program,
    Reading,
    Tree,
)
from outcomes.services import (
    aligning,
    collecting,
    computing,
    contributing,
    copies,
    editing,
    errands,
    ordering,
    programs,
    trees,
)
from outcomes.services import reading as readings


@shared_task
def due() -> None:
    """Every few seconds: ring for whatever is due in the database."""
    for pks, task in _DUE:
        for pk in pks():
            ring(task, pk)


@shared_task
def read_course(pk: int) -> None:
    reading = Reading.objects.select_related("course__canvas_account").filter(pk=pk).first()
    if reading is None:
        return
    with speaking_for(reading.course.canvas_account) as canvas:
        if canvas is None:
            readings.wait_for_token(reading=reading)
        elif readings.claim(reading=reading):
            readings.read(reading=reading, canvas=canvas)
            ring(due)


@shared_task
def renew_courses(pk: int) -> None:
    programs.renew_courses(program=Program.objects.select_related("canvas_account").get(pk=pk))


@shared_task
def collect_program(pk: int) -> None:
    collecting.collect(program=Program.objects.select_related("canvas_account").get(pk=pk))
    ring(due)


@shared_task
def compute_program(pk: int) -> None:
    computing.compute(Program.objects.select_related("canvas_account").get(pk=pk))


@contextmanager
def _on_errand(errand: Errand, canvas_account: CanvasAccount) -> Iterator[CanvasClient | None]:
    """Who speaks to Canvas for an errand; without a token, its page says so."""
    with speaking_for(canvas_account) as canvas:
        if canvas is None:
            errands.wait_for_token(errand)
        yield canvas


@shared_task
def read_tree(pk: int) -> None:
    tree = Tree.objects.select_related("canvas_account").get(pk=pk)
    with _on_errand(tree, tree.canvas_account) as canvas:
        if canvas and trees.claim(tree=tree):
            trees.collect(tree=tree, canvas=canvas)


@shared_task
def read_outcome(pk: int) -> None:
    copy = OutcomeCopy.objects.select_related("canvas_account").get(pk=pk)
    with _on_errand(copy, copy.canvas_account) as canvas:
        if canvas and copies.claim(copy=copy):
            copies.collect(copy=copy, canvas=canvas)


@shared_task
def send_edit(pk: int) -> None:
    edit = OutcomeEdit.objects.select_related("outcome__canvas_account").get(pk=pk)
    with _on_errand(edit, edit.outcome.canvas_account) as canvas:
        if canvas and editing.claim(edit=edit):
            editing.carry_out(edit=edit, canvas=canvas)


@shared_task
def read_alignments(pk: int) -> None:
    asked = AlignmentList.objects.select_related("course__canvas_account").filter(pk=pk).first()
    if asked is None:
        return  # old lists of students go
    with _on_errand(asked, asked.course.canvas_account) as canvas:
        if canvas and aligning.claim(asked=asked):
            aligning.collect(asked=asked, canvas=canvas)


@shared_task
def fetch_contributions(pk: int) -> None:
    wanted = Contributions.objects.select_related("reading__course__canvas_account").filter(pk=pk).first()
    if wanted is None:
        return  # gone with the reading that they explain
    with speaking_for(wanted.reading.course.canvas_account) as canvas:
        if canvas is None:
            contributing.fail_without_token(contributions=wanted)
        elif contributing.claim(contributions=wanted):
            contributing.fetch(contributions=wanted, canvas=canvas)


@shared_task
def save_order(pk: int) -> None:
    order = OutcomeOrder.objects.select_related("course__canvas_account").get(pk=pk)
    with speaking_for(order.course.canvas_account) as canvas:
        if canvas is None:
            ordering.refuse_without_token(order=order)
        elif ordering.claim(order=order):
            ordering.save(order=order, canvas=canvas)


_DUE = (
    (readings.due, read_course),
    (programs.due_for_renewal, renew_courses),
    (collecting.due, collect_program),
    (computing.due, compute_program),
    (editing.due, send_edit),
    (copies.due, read_outcome),
    (aligning.due, read_alignments),
    (trees.due, read_tree),
    (contributing.due, fetch_contributions),
    (ordering.due, save_order),
)
