"""The embedded broker, between threads that write and read as fast as they can."""

import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

from django.conf import settings
from kombu import Connection

from dashboard.celery import app

MESSAGES = 200
LARGE = "x" * 300_000


def channel(folder: Path) -> Any:
    """A channel of the transport that the installation's own settings name, on a folder of this test."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS | {"data_folder_in": folder, "data_folder_out": folder}
    return Connection("filesystem://", transport=app.conf.broker_transport, transport_options=options).channel()


def taken(get: Callable[[str], Any], until: threading.Event) -> list[int]:
    """The numbers of all messages, taken as soon as they appear."""
    numbers: list[int] = []
    while True:
        is_over = until.is_set()
        try:
            numbers.append(get("launch")["number"])
        except Empty:
            if is_over:
                return numbers


def test_a_message_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    put, get = channel(tmp_path)._put, channel(tmp_path)._get
    written = threading.Event()

    def write() -> None:
        for number in range(MESSAGES):
            put("launch", {"number": number, "body": LARGE})
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        numbers = taken(get, written)
    finally:
        writer.join()
    assert sorted(numbers) == list(range(MESSAGES))


def test_a_message_of_one_queue_is_not_taken_for_another(tmp_path: Path) -> None:
    messages = channel(tmp_path)
    messages._put("check", {"number": 1})
    assert messages._size("launch") == 0
    assert messages._get("check") == {"number": 1}
    assert not list(tmp_path.iterdir())
