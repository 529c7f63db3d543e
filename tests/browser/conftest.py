"""One installation, one browser and one cast for all tests here, which therefore run in one process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.office import ADMIN, Office, chromium_browser
from tests.browser.visitor import PATIENCE, Visitor
from tests.servers.easel import Easel
from tests.servers.practice import Practice, PracticeServer

Sit = Callable[..., Visitor]
SAMPLES = Path(__file__).parents[2] / "samples"


# First, because pytest-xdist reads the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


# Not of the session: playwright's loop would forbid the tests after these to touch the database.
@pytest.fixture(scope="package")
def browser(chromium: Path) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE * 1000)
    with chromium_browser(chromium) as running:
        yield running


@pytest.fixture(scope="package")
def office(
    browser: Browser, quick_canvas: PracticeServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with Easel(folder, settings={"PRACTICE_URL": quick_canvas.url}, workers=[("manage.py", "worker")]) as easel:
        office = Office(easel, browser)
        office.welcome("rhea", "Rhea", "Registrar")
        yield office


@pytest.fixture
def sit(office: Office) -> Iterator[Sit]:
    """`sit("rhea")` is a window at which she has signed in. Whatever a browser complains about fails the test."""
    visitors: list[Visitor] = []

    def take(name: str = "", **window: object) -> Visitor:
        visitors.append(office.seat(name, **window) if name else office.visitor(**window))
        return visitors[-1]

    yield take
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture
def rhea(sit: Sit) -> Visitor:
    """The registrar."""
    return sit("rhea")


@pytest.fixture
def olga(sit: Sit) -> Visitor:
    """The admin, who runs the installation."""
    return sit(ADMIN)


@pytest.fixture(scope="package")
def account(office: Office, quick_canvas: PracticeServer) -> str:
    """A Canvas account on a quick practice Canvas, by the name in its addresses; shared, so any import may be there."""
    return office.connect(quick_canvas.site(), {"rhea": "registrar"})


@pytest.fixture
def new_account(office: Office, practice: Practice) -> str:
    """A Canvas account that nobody else works on."""
    return office.connect(practice, {"rhea": "registrar"})


@pytest.fixture
def slow_account(office: Office, slow_practice: Practice) -> str:
    """A Canvas account whose imports can be watched and stopped; nobody else works on it."""
    return office.connect(slow_practice, {"rhea": "registrar"})


@pytest.fixture(scope="package")
def clean() -> list[Path]:
    return sorted((SAMPLES / "clean").glob("*.csv"))


@pytest.fixture(scope="package")
def faulty() -> list[Path]:
    return sorted((SAMPLES / "faulty").glob("*.csv"))
