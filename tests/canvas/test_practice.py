"""A client of a practice Canvas, at a real one."""

from pathlib import Path

import pytest

from canvas.errors import ForbiddenAddress, NotAuthenticated
from canvas.practice import PracticeClient
from tests.canvas.conftest import LOOPBACK
from tests.servers.practice import Practice
from tests.servers.processes import wait_for


def client_of(practice: Practice) -> PracticeClient:
    return PracticeClient(practice.url, practice.token, insecure_hosts=LOOPBACK)


def test_a_site_is_hurried_and_removed(slow_practice: Practice, tmp_path: Path) -> None:
    rows = "".join(f"u{number},login{number},active\n" for number in range(5000))
    file = tmp_path / "users.csv"
    file.write_text(f"user_id,login_id,status\n{rows}")
    with client_of(slow_practice) as canvas:
        canvas.hurry()
        sent = canvas.create_sis_import(file, filename="users.csv", options={})
        # At the pace of this server it would take 50 seconds.
        wait_for(lambda: canvas.sis_import(sent.id).state == "imported", seconds=25, what="the import")
        canvas.remove()
        assert list(canvas.sis_imports()) == []


def test_a_token_that_names_no_site_is_refused(practice: Practice) -> None:
    with (
        PracticeClient(practice.url, "7~real-token", insecure_hosts=LOOPBACK) as canvas,
        pytest.raises(NotAuthenticated),
    ):
        canvas.remove()


def test_plain_http_needs_a_host_that_is_named(practice: Practice) -> None:
    with PracticeClient(practice.url, practice.token) as canvas, pytest.raises(ForbiddenAddress):
        canvas.remove()
