"""`manage.py worker`: worker and scheduler in one, for one machine."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from dashboard.processes import Group, worker_members


class Command(BaseCommand):
    help = (
        "Runs the workers and the scheduler of one machine until it is stopped. Several machines run Celery directly."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        group = Group()
        for member in worker_members():
            group.start(member)
        sys.exit(group.watch())
