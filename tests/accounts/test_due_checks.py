"""Which tokens the scheduler's tick finds to be checked."""

from datetime import timedelta

from cryptography.fernet import Fernet
from django.utils import timezone
from pytest_django import Settings

from accounts.models import CanvasAccount, Credential
from accounts.services.credentials import claim_due_checks
from accounts.tasks import verify_credential


def test_a_due_check_is_handed_out_once(canvas_account: CanvasAccount) -> None:
    credential = canvas_account.credentials.get()
    assert claim_due_checks() == [credential.pk]
    assert claim_due_checks() == []


def test_a_check_whose_worker_died_is_handed_out_again(canvas_account: CanvasAccount) -> None:
    credential = canvas_account.credentials.get()
    claim_due_checks()
    Credential.objects.update(check_due_at=timezone.now() - timedelta(seconds=1))
    assert claim_due_checks() == [credential.pk]


def test_a_token_that_works_is_checked_again_a_day_later(canvas_account: CanvasAccount) -> None:
    credential = canvas_account.credentials.get()
    verify_credential(credential.pk)
    credential.refresh_from_db()
    assert credential.check_due_at is not None
    assert timedelta(hours=23) < credential.check_due_at - timezone.now() <= timedelta(days=1)


def test_nothing_is_checked_for_an_archived_account(canvas_account: CanvasAccount) -> None:
    CanvasAccount.objects.update(archived_at=timezone.now())
    assert claim_due_checks() == []


def test_a_token_whose_key_is_gone_is_marked_so(canvas_account: CanvasAccount, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    credential = canvas_account.credentials.get()
    verify_credential(credential.pk)
    credential.refresh_from_db()
    assert credential.state == Credential.State.UNREADABLE
    assert "cannot be decrypted" in credential.problem


def test_a_token_whose_key_is_back_works_again(canvas_account: CanvasAccount) -> None:
    Credential.objects.update(state=Credential.State.UNREADABLE)
    credential = canvas_account.credentials.get()
    verify_credential(credential.pk)
    credential.refresh_from_db()
    assert credential.state == Credential.State.WORKING


def test_a_check_of_a_token_that_is_gone_does_nothing(canvas_account: CanvasAccount) -> None:
    pk = canvas_account.credentials.get().pk
    Credential.objects.all().delete()
    verify_credential(pk)
    assert not Credential.objects.exists()
