"""What workers are rung for: each task claims and calls the service; the services decide."""

from celery import shared_task

from accounts.doorbell import ring
from imports.tasks import client_for
from outcomes.models import AlignmentList, Contributions, OutcomeCopy, OutcomeEdit, OutcomeOrder, Reading, Tree
from outcomes.services import aligning, contributing, copies, editing, ordering, trees
from outcomes.services import reading as readings


@shared_task
def due() -> None:
    """Every few seconds: ring for whatever is due in the database."""
    for pk in readings.due():
        ring(read_course, pk)
    for pk in contributing.due():
        ring(fetch_contributions, pk)
    for pk in ordering.due():
        ring(save_order, pk)
    for pk in editing.due():
        ring(send_edit, pk)
    for pk in copies.due():
        ring(read_outcome, pk)
    for pk in aligning.due():
        ring(read_alignments, pk)
    for pk in trees.due():
        ring(read_tree, pk)


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
def fetch_contributions(pk: int) -> None:
    """They may be gone by now, with the reading that they explain."""
    wanted = Contributions.objects.select_related("reading__course__canvas_account").filter(pk=pk).first()
    canvas = client_for(wanted.reading.course.canvas_account) if wanted else None
    if wanted and canvas and contributing.claim(contributions=wanted):
        contributing.fetch(contributions=wanted, canvas=canvas)


@shared_task
def save_order(pk: int) -> None:
    order = OutcomeOrder.objects.select_related("course__canvas_account").get(pk=pk)
    canvas = client_for(order.course.canvas_account)
    if canvas and ordering.claim(order=order):
        ordering.save(order=order, canvas=canvas)


@shared_task
def read_tree(pk: int) -> None:
    tree = Tree.objects.select_related("canvas_account").get(pk=pk)
    canvas = client_for(tree.canvas_account)
    if canvas and trees.claim(tree=tree):
        trees.collect(tree=tree, canvas=canvas)


@shared_task
def read_outcome(pk: int) -> None:
    copy = OutcomeCopy.objects.select_related("canvas_account").get(pk=pk)
    canvas = client_for(copy.canvas_account)
    if canvas and copies.claim(copy=copy):
        copies.collect(copy=copy, canvas=canvas)


@shared_task
def send_edit(pk: int) -> None:
    edit = OutcomeEdit.objects.select_related("outcome__canvas_account").get(pk=pk)
    canvas = client_for(edit.outcome.canvas_account)
    if canvas and editing.claim(edit=edit):
        editing.carry_out(edit=edit, canvas=canvas)


@shared_task
def read_alignments(pk: int) -> None:
    asked = AlignmentList.objects.select_related("course__canvas_account").filter(pk=pk).first()
    canvas = client_for(asked.course.canvas_account) if asked else None
    if asked and canvas and aligning.claim(asked=asked):
        aligning.collect(asked=asked, canvas=canvas)
