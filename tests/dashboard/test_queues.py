"""Whatever a task is rung for, somebody listens: on one machine and in containers."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from dashboard.celery import app
from dashboard.processes import worker_members

ROOT = Path(__file__).parents[2]


def queues_in(command: str) -> set[str]:
    return {queue for listed in re.findall(r"-Q (\S+)", command) for queue in listed.split(",")}


def queues_of_tasks() -> set[str]:
    """Where our own tasks go, as Celery routes them."""
    names = [name for name in app.tasks if not name.startswith("celery.")]
    assert names
    return {app.amqp.router.route({}, name)["queue"].name for name in names}


def queues_in_settings() -> set[str]:
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    scheduled = {str(entry["options"]["queue"]) for entry in app.conf.beat_schedule.values()}
    return routed | scheduled | {settings.CELERY_TASK_DEFAULT_QUEUE}


LISTENERS = {
    "one machine": "\n".join(" ".join(member.command) for member in worker_members()),
    "docker-compose.yml": (ROOT / "docker-compose.yml").read_text(encoding="utf-8"),
    "docs/running.md": (ROOT / "docs" / "running.md").read_text(encoding="utf-8"),
}


@pytest.mark.parametrize("where", LISTENERS)
def test_every_queue_has_a_worker(where: str) -> None:
    assert queues_in(LISTENERS[where]) == queues_in_settings()


def test_every_task_goes_to_one_of_these_queues() -> None:
    assert queues_of_tasks() <= queues_in_settings()


def test_every_route_is_for_a_task_that_there_is() -> None:
    tasks = "\n".join(app.tasks)
    patterns = {route: re.escape(route).replace(r"\*", r"\w+") for route in settings.CELERY_TASK_ROUTES}
    assert [route for route, pattern in patterns.items() if not re.search(f"(?m)^{pattern}$", tasks)] == []


def test_the_image_has_every_package_of_the_project() -> None:
    copied = set(re.findall(r"(?m)^COPY (\w+) ", (ROOT / "Dockerfile").read_text(encoding="utf-8")))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages | {"templates", "static", "samples"} <= copied
