"""What stands in the logs, and what does not."""

import json
import logging

import pytest
from django.test import Client

from accounts.models import CanvasAccount, User
from dashboard.logs import JsonFormatter
from tests.cast import Seat


def lines(records: list[logging.LogRecord]) -> list[str]:
    return [JsonFormatter().format(record) for record in records]


def test_a_line_has_its_event_and_its_fields(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("easel.test").info("run moved", extra={"run": 7})
    [line] = lines(caplog.records)
    written = json.loads(line)
    assert (written["event"], written["level"], written["run"]) == ("run moved", "info", 7)


def test_what_somebody_searched_for_is_not_logged_when_the_page_is_refused(
    seat: Seat, viewer: User, canvas_account: CanvasAccount, caplog: pytest.LogCaptureFixture
) -> None:
    client: Client = seat(viewer)
    assert client.get(f"/c/{canvas_account.slug}/imports/new/?text=Ada+Lovelace").status_code == 403
    written = "\n".join(lines(caplog.records))
    assert "/imports/new/" in written
    assert "Lovelace" not in written
