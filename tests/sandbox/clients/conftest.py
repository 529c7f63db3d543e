"""The public clients, unpatched, each connected to a practice site as its manual says."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from canvasapi import Canvas
from commonconf import override_settings
from restclients_core.dao import LiveDAO

from tests.sandbox.clients.university import populate
from tests.servers.practice import Practice


@pytest.fixture
def connect() -> Callable[[Practice], Canvas]:
    """Connects `canvasapi`, which warns of plain http."""

    def connected(practice: Practice) -> Canvas:
        with pytest.warns(UserWarning, match="HTTP"):
            return Canvas(practice.url, practice.token)

    return connected


@pytest.fixture
def account(connect: Callable[[Practice], Canvas], practice: Practice) -> Any:
    """The root account through `canvasapi`."""
    return connect(practice).get_account(1)


@pytest.fixture
def configure() -> Iterator[Callable[[Practice], None]]:
    """Points `uw_canvas` at a site by its own settings; its connections remember the host, so they are forgotten."""

    def configured(practice: Practice) -> None:
        LiveDAO.pools.clear()
        settings.enter_context(
            override_settings(
                RESTCLIENTS_CANVAS_DAO_CLASS="Live",
                RESTCLIENTS_CANVAS_HOST=practice.url,
                RESTCLIENTS_CANVAS_OAUTH_BEARER=practice.token,
                RESTCLIENTS_CANVAS_ACCOUNT_ID="1",
            )
        )

    with ExitStack() as settings:
        yield configured
    for pool in LiveDAO.pools.values():
        pool.close()
    LiveDAO.pools.clear()


@pytest.fixture
def university(practice: Practice) -> Practice:
    """A site with a small university."""
    populate(practice)
    return practice
