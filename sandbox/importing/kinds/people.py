"""What users.csv and logins.csv share: whose a login is, and what a login may be."""

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow
from sandbox.importing.reader import Row
from sandbox.store.records import Pseudonym

# A practice site signs people in through Canvas alone; names of other providers are not known to it.
_PROVIDERS = ("canvas", "1")
_MAX_LOGIN = 255


def login_key(login_id: str | None) -> str | None:
    """Login names are compared without regard to case."""
    return None if login_id is None else login_id.lower()


def owner_of(login: Pseudonym) -> str:
    """The owner of a login as messages name them."""
    return f"SIS ID {login.sis_user_id}" if login.sis_user_id else f"Canvas ID {login.user_id}"


def provider_of(row: Row) -> str | None:
    """Raises SkipRow."""
    provider = row.get("authentication_provider_id")
    if provider is not None and provider.lower() not in _PROVIDERS:
        raise SkipRow(messages.USER_PROVIDER)
    return provider


def refuse_unprintable_login(row: Row) -> None:
    """Raises SkipRow."""
    if not row["login_id"].isprintable():
        raise SkipRow(messages.USER_LOGIN_INVALID)
    if len(row["login_id"]) > _MAX_LOGIN:
        raise SkipRow(messages.USER_NOT_SAVED, error="Unique is too long (maximum is 255 characters)")


def claim_free_integration_id(importer: Importer, row: Row, login: Pseudonym | None) -> None:
    """Raises SkipRow where the integration id belongs to another login."""
    for other in importer.table(Pseudonym).find("integration_id", row.get("integration_id")):
        if other is not login:
            raise SkipRow(messages.USER_INTEGRATION_CLAIMED, owner=owner_of(other))
