"""A person at a browser, and an Easel with all its processes before it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.servers.easel import PASSWORD, Easel
from tests.servers.practice import Practice

# Nothing that Chromium would do on its own: every request in these tests is a page's.
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process of the run has the browser: the others need not start a second Easel for it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def easel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    with Easel(tmp_path_factory.mktemp("easel"), settings={}, workers=[("manage.py", "worker")]) as installation:
        installation.add_superuser()
        yield installation


@pytest.fixture(scope="package")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=QUIET)


@pytest.fixture
def site(slow_practice: Practice) -> Practice:
    """The Canvas that these tests send to: 100 rows a second, slow enough to watch."""
    return slow_practice


@pytest.fixture
def account(easel: Easel, site: Practice) -> str:
    """The name of a Canvas account on that site."""
    return easel.add_account(site)


@pytest.fixture
def context(browser: Browser, easel: Easel) -> Iterator[BrowserContext]:
    with browser.new_context(base_url=easel.address) as context:
        context.set_default_timeout(20_000)
        yield context


@pytest.fixture
def page(context: BrowserContext, easel: Easel) -> Iterator[Page]:
    """A page of somebody signed in. Afterwards: no script failed, and nothing was asked of another host."""
    page = context.new_page()
    troubles: list[str] = []

    def note_foreign(request: Request) -> None:
        if not request.url.startswith((easel.address, "data:", "blob:")):
            troubles.append(f"asked for {request.url}")

    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("request", note_foreign)
    sign_in(page)
    yield page
    assert troubles == []


def sign_in(page: Page) -> None:
    page.goto("/login/")
    page.get_by_label("User name").fill("olga")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/")
