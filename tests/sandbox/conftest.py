"""What the tests of the practice Canvas share, beside the sites that every test may ask for."""

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.servers.practice import Practice, PracticeServer, practice_server


@pytest.fixture(scope="session")
def still_canvas() -> Iterator[PracticeServer]:
    """A practice Canvas whose clocks stand still until they are moved."""
    with practice_server("--clock", "manual") as server:
        yield server


@pytest.fixture
def still_practice(still_canvas: PracticeServer) -> Practice:
    """A site of its own whose clock stands still."""
    return still_canvas.site()


@pytest.fixture
def wire(practice: Practice) -> Iterator[HTTPConnection]:
    """A connection to the server of `practice`, for what a friendly client would never send."""
    connection = HTTPConnection(urlsplit(practice.url).netloc, timeout=30)
    yield connection
    connection.close()
