"""Addresses that somebody edited: they find nothing, and never break a page."""

import pytest
from django.test import Client

from accounts.models import CanvasAccount, User
from tests.cast import Seat
from tests.imports import rows

BEYOND = "9" * 25  # more than the database's numbers hold
BEYOND_PYTHON = "9" * 5000  # more digits than Python reads


@pytest.fixture
def browser(seat: Seat, registrar: User) -> Client:
    registrar.time_zone = "America/New_York"
    registrar.save()
    return seat(registrar)


@pytest.mark.parametrize(
    "address",
    [
        f"changes/?seen={BEYOND}.{BEYOND}",
        f"changes/?seen=1.1&newest={BEYOND}",
        f"?before={BEYOND}-{BEYOND}",
        "?until=9999-12-31",
        "?since=0001-01-01",
        f"?text={BEYOND}",
        f"?who={BEYOND}",
        f"1/messages/?pattern={BEYOND}",
        f"1/messages/?before={BEYOND}",
        f"1/messages.csv?pattern={BEYOND}",
    ],
)
def test_an_edited_address_is_answered(browser: Client, canvas_account: CanvasAccount, address: str) -> None:
    run = rows.run(canvas_account, canvas_id=1)
    answer = browser.get(f"/c/{canvas_account.slug}/imports/{address.replace('1/', f'{run.pk}/', 1)}")
    assert answer.status_code in (200, 204)


@pytest.mark.parametrize("number", [BEYOND, BEYOND_PYTHON, "", "four"])
def test_an_import_that_was_not_offered_cannot_be_chosen(
    browser: Client, canvas_account: CanvasAccount, number: str
) -> None:
    run = rows.run(canvas_account, canvas_id=None)
    answer = browser.post(f"/c/{canvas_account.slug}/imports/{run.pk}/recognise/", {"canvas_id": number})
    assert answer.status_code == 302
