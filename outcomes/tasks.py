"""What workers are rung for: each task claims and calls the service; the services decide."""

from celery import shared_task

from accounts.doorbell import ring
from accounts.models import CanvasAccount
from canvas.client import CanvasClient
from imports.tasks import client_for
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
    canvas = client_for(reading.course.canvas_account)
    if canvas is None:
        readings.wait_for_token(reading=reading)
    elif readings.claim(reading=reading):
        with canvas:
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


def _client_of(errand: Errand, canvas_account: CanvasAccount) -> CanvasClient | None:
    """Who speaks to Canvas for an errand; without a token, its page says so."""
    canvas = client_for(canvas_account)
    if canvas is None:
        errands.wait_for_token(errand)
    return canvas


@shared_task
def read_tree(pk: int) -> None:
    tree = Tree.objects.select_related("canvas_account").get(pk=pk)
    canvas = _client_of(tree, tree.canvas_account)
    if canvas and trees.claim(tree=tree):
        with canvas:
            trees.collect(tree=tree, canvas=canvas)


@shared_task
def read_outcome(pk: int) -> None:
    copy = OutcomeCopy.objects.select_related("canvas_account").get(pk=pk)
    canvas = _client_of(copy, copy.canvas_account)
    if canvas and copies.claim(copy=copy):
        with canvas:
            copies.collect(copy=copy, canvas=canvas)


@shared_task
def send_edit(pk: int) -> None:
    edit = OutcomeEdit.objects.select_related("outcome__canvas_account").get(pk=pk)
    canvas = _client_of(edit, edit.outcome.canvas_account)
    if canvas and editing.claim(edit=edit):
        with canvas:
            editing.carry_out(edit=edit, canvas=canvas)


@shared_task
def read_alignments(pk: int) -> None:
    asked = AlignmentList.objects.select_related("course__canvas_account").filter(pk=pk).first()
    canvas = _client_of(asked, asked.course.canvas_account) if asked else None
    if asked and canvas and aligning.claim(asked=asked):
        with canvas:
            aligning.collect(asked=asked, canvas=canvas)


@shared_task
def fetch_contributions(pk: int) -> None:
    """They may be gone by now, with the reading that they explain."""
    wanted = Contributions.objects.select_related("reading__course__canvas_account").filter(pk=pk).first()
    canvas = client_for(wanted.reading.course.canvas_account) if wanted else None
    if wanted and canvas and contributing.claim(contributions=wanted):
        with canvas:
            contributing.fetch(contributions=wanted, canvas=canvas)


@shared_task
def save_order(pk: int) -> None:
    order = OutcomeOrder.objects.select_related("course__canvas_account").get(pk=pk)
    canvas = client_for(order.course.canvas_account)
    if canvas and ordering.claim(order=order):
        with canvas:
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
