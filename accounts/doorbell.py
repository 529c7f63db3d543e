"""Ringing a worker. The database is the truth: an unheard ring costs promptness and nothing else."""

import logging
from functools import partial
from typing import Any

from celery import Task
from django.db import transaction

logger = logging.getLogger(__name__)


def ring(task: "Task[Any, Any]", *args: object, after: float = 0.0) -> None:
    """Ask a worker to run the task once the present transaction is committed; never raises.

    `after` are seconds to wait. When the broker is away, the next tick finds in the database what is due.
    """
    transaction.on_commit(partial(_send, task, args, after), robust=True)


def _send(task: "Task[Any, Any]", args: tuple[object, ...], after: float) -> None:
    try:
        task.apply_async(args, countdown=after)
    except Exception as error:  # noqa: BLE001  # brokers fail in ways of their own; none may break a page
        logger.warning("doorbell not heard", extra={"task": task.name, "reason": type(error).__name__})
