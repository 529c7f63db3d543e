"""Tokens at rest."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from accounts.sealing import CredentialUnreadable, reseal, seal, unseal

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_a_sealed_token_opens_again() -> None:
    assert unseal(seal("1234~secret")) == "1234~secret"


def test_a_sealed_token_does_not_show_the_token() -> None:
    assert b"1234~secret" not in seal("1234~secret")


def test_an_older_key_still_opens(settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = [OLD]
    sealed = seal("token")
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    assert unseal(sealed) == "token"


def test_a_resealed_token_needs_only_the_newest_key(settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = [OLD]
    sealed = seal("token")
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    sealed = reseal(sealed)
    settings.CREDENTIAL_KEYS = [NEW]
    assert unseal(sealed) == "token"


@pytest.mark.parametrize("use", [unseal, reseal])
def test_without_its_key_a_token_is_said_to_be_unreadable(use: object, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = [OLD]
    sealed = seal("token")
    settings.CREDENTIAL_KEYS = [NEW]
    assert callable(use)
    with pytest.raises(CredentialUnreadable, match="cannot be decrypted"):
        use(sealed)


def test_a_tampered_token_does_not_open() -> None:
    sealed = bytearray(seal("token"))
    sealed[20] ^= 1
    with pytest.raises(CredentialUnreadable):
        unseal(bytes(sealed))


def test_a_key_that_is_none_is_named_without_being_shown(settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = ["hunter2"]
    with pytest.raises(ImproperlyConfigured, match="EASEL_CREDENTIAL_KEYS") as raised:
        seal("token")
    assert "hunter2" not in str(raised.value)
