"""What workers are rung for: each task claims and calls the service; the services decide."""

from celery import shared_task

from accounts.doorbell import ring
from imports.tasks import client_for
from outcomes.models import Reading
from outcomes.services import reading as readings


@shared_task
def due() -> None:
    """Every few seconds: ring for whatever is due in the database."""
    for pk in readings.due():
        ring(read_course, pk)


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
