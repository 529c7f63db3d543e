"""The whole desk as it runs in earnest: workers, scheduler and pages are processes, and some of them are killed.

Once on what a newcomer has (SQLite and the embedded broker), once on PostgreSQL and Redis with several workers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.servers.easel import Easel
from tests.servers.practice import practice_server

CELERY = ("-m", "celery", "-A", "dashboard")
TALKS = ("-Q", "launch,poll", "--pool", "threads", "-c", "4")
READS = ("-Q", "forecast,check,collect", "--pool", "threads", "-c", "2")


@dataclass(frozen=True)
class Stage:
    """A practice Canvas for rehearsals alone, with a folder in which each site has one of its own."""

    url: str
    sites: Path


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    with practice_server("--data", str(folder)) as server:
        yield Stage(server.url, folder / "sites")


def embedded(folder: Path, stage: Stage, _request: pytest.FixtureRequest) -> Easel:
    return Easel(folder, settings={"PRACTICE_URL": stage.url}, workers=[("manage.py", "worker")])


def servers(folder: Path, stage: Stage, request: pytest.FixtureRequest) -> Easel:
    return Easel(
        folder,
        settings={
            "PRACTICE_URL": stage.url,
            "DATABASE_URL": request.getfixturevalue("postgres").create("stack"),
            "BROKER_URL": request.getfixturevalue("redis"),
        },
        workers=[
            (*CELERY, "worker", "-n", "one@%h", *TALKS),
            (*CELERY, "worker", "-n", "two@%h", *TALKS),
            (*CELERY, "worker", "-n", "reader@%h", *READS),
            (*CELERY, "beat"),
        ],
    )


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(embedded, id="sqlite", marks=pytest.mark.xdist_group("stack-sqlite")),
        pytest.param(servers, id="postgres-redis", marks=pytest.mark.xdist_group("stack-postgres")),
    ],
)
def easel(request: pytest.FixtureRequest, stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    build: Callable[[Path, Stage, pytest.FixtureRequest], Easel] = request.param
    with build(tmp_path_factory.mktemp("easel"), stage, request) as installation:
        installation.add_superuser()
        yield installation


@pytest.fixture(scope="session")
def olga(easel: Easel) -> requests.Session:
    """Who runs the installation, at something simpler than a browser."""
    return easel.signed_in()


@pytest.fixture
def working(easel: Easel) -> Iterator[Easel]:
    """An installation that the test may do harm to; afterwards its workers are started afresh."""
    yield easel
    easel.kill_workers()
    easel.start_workers()
