"""Tokens at rest, and names in addresses: authenticated encryption with keys that the database does not hold.

`EASEL_CREDENTIAL_KEYS` gives the keys, newest first. The newest seals, every one opens; so a key is changed by putting
the new one in front, running `rotate_keys`, and taking the old one away.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class CredentialUnreadable(Exception):
    """None of our keys opens a sealed token: the key it was sealed with is no longer in `EASEL_CREDENTIAL_KEYS`."""

    def __init__(self) -> None:
        super().__init__("The token cannot be decrypted with the keys that Easel was given. Save the token once more.")


def seal(token: str) -> bytes:
    """The token as it may lie in the database."""
    return _box().encrypt(token.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """The token itself. Raises `CredentialUnreadable`."""
    try:
        return _box().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise CredentialUnreadable from None


def reseal(sealed: bytes | memoryview) -> bytes:
    """The same token, sealed with the newest key. Raises `CredentialUnreadable`."""
    try:
        return _box().rotate(bytes(sealed))
    except InvalidToken:
        raise CredentialUnreadable from None


def _box() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])
    except ValueError:
        # The message of the library is dropped on purpose: nothing about a key belongs into a log.
        raise ImproperlyConfigured(
            "EASEL_CREDENTIAL_KEYS must hold Fernet keys: 32 random bytes each, in URL-safe base64"
        ) from None
