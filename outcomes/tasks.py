"""What workers are rung for: each task claims and calls the service; the services decide."""

from celery import shared_task

from accounts.doorbell import ring
from imports.tasks import client_for
from outcomes.models import Program, Reading
from outcomes.services import collecting, computing, programs
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
