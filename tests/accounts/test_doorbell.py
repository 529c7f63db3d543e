"""Ringing a worker when there may be nobody to hear it."""

import logging

import pytest
from celery import Celery
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.doorbell import ring

NOBODY = Celery("nobody", broker="redis://127.0.0.1:1/0", set_as_current=False)
NOBODY.conf.broker_transport_options = {"max_retries": 1, "interval_start": 0, "interval_step": 0}


@NOBODY.task(name="unheard")
def unheard(pk: int) -> None: ...


pytestmark = pytest.mark.django_db


def test_a_dead_broker_is_logged_and_breaks_nothing(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        ring(unheard, 1)
    assert [record.message for record in caplog.records if record.name == "accounts.doorbell"] == ["doorbell not heard"]


def test_nobody_is_rung_for_what_was_rolled_back(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def change_and_fail() -> None:
        with transaction.atomic():
            ring(unheard, 1)
            raise LookupError

    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(LookupError):
        change_and_fail()
    assert callbacks == []
