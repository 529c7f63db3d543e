"""The ground all tests stand on: the environment of the run, the servers it may use, and the cast."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import hypothesis
import pytest

from tests import environment
from tests.servers.needs import STRICT, needs
from tests.servers.postgres import Postgres, postgres_cluster
from tests.servers.practice import Practice, PracticeServer, practice_server
from tests.servers.redis import redis_server

ReportT = TypeVar("ReportT", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before pytest-django makes Django read its settings, once and for all: the environment they are read from."""
    environment.prepare()
    # How quick an example is, the machine decides, and so it must not decide about a test.
    hypothesis.settings.register_profile("patient", deadline=None)
    hypothesis.settings.load_profile("patient")
    config.pluginmanager.import_plugin("tests.cast")
    config.pluginmanager.import_plugin("tests.outcomes.school")
    config.pluginmanager.import_plugin("tests.outcomes.library")


def _no_skips(report: ReportT) -> ReportT:
    """On a build machine a skipped test is a failure: what is not run there is run nowhere."""
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although CI is set: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _no_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _no_skips((yield))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL cluster of this run."""
    with postgres_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    """The address of a Redis server of this run."""
    with redis_server() as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of a browser."""
    return needs("chromium")


@pytest.fixture(scope="session")
def curl() -> Path:
    return needs("curl")


@pytest.fixture(scope="session")
def quick_canvas() -> Iterator[PracticeServer]:
    """A practice Canvas that imports as fast as it can."""
    with practice_server() as server:
        yield server


@pytest.fixture(scope="session")
def slow_canvas() -> Iterator[PracticeServer]:
    """A practice Canvas that imports 100 rows a second, as Canvas does: slow enough to be watched and stopped."""
    with practice_server("--rows-per-second", "100") as server:
        yield server


@pytest.fixture
def practice(quick_canvas: PracticeServer) -> Practice:
    """A site of its own on a quick practice Canvas."""
    return quick_canvas.site()


@pytest.fixture
def slow_practice(slow_canvas: PracticeServer) -> Practice:
    """A site of its own on a slow practice Canvas."""
    return slow_canvas.site()
