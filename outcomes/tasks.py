"""What workers are rung for: each task claims and calls the service; the services decide."""

from celery import shared_task

from accounts.doorbell import ring
from imports.tasks import client_for
from outcomes.models import AlignmentList, OutcomeCopy, OutcomeEdit, Program, Reading, Tree
from outcomes.services import aligning, collecting, computing, copies, editing, programs, trees
from outcomes.services import reading as readings


@shared_task
def due() -> None:
    """Every few seconds: ring for whatever is due in the database."""
    for pk in readings.due():
        ring(read_course, pk)
    for pk in programs.due_for_renewal():
        ring(renew_courses, pk)
    for pk in collecting.due():
        ring(collect_program, pk)
    for pk in computing.due():
        ring(compute_program, pk)
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
    canvas = client_for(reading.course.canvas_account) if reading else None
    if reading and canvas and readings.claim(reading=reading):
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
