"""From a Canvas account to somebody who talks to it."""

from django.conf import settings

from accounts import sealing
from accounts.models import CanvasAccount, Credential
from canvas.client import CanvasClient
from canvas.practice import PracticeClient

CONNECT_TIMEOUT = 5.0  # seconds; a site that takes longer to pick up is not going to
NOT_CONNECTED = "There is no working token for this Canvas account. An admin can enter one in the settings."


class NoCredential(Exception):
    """There is no token in use for this Canvas account."""

    def __init__(self, canvas_account: CanvasAccount) -> None:
        super().__init__(f"There is no working token for {canvas_account} yet.")


def client_for(canvas_account: CanvasAccount, *, credential: Credential | None = None) -> CanvasClient:
    """A client that speaks to Canvas with the token in use, or with the given one.

    Raises `NoCredential`, `CredentialUnreadable` if the token cannot be decrypted, and `canvas.errors.NotAuthenticated`
    for a text that no token can be.
    """
    credential = credential or canvas_account.credential
    if credential is None or not credential.sealed_token:
        raise NoCredential(canvas_account)
    token = sealing.unseal(credential.sealed_token)
    return connect(canvas_account.base_url, token, account=canvas_account.canvas_account_id)


def connect(base_url: str, token: str, *, account: str) -> CanvasClient:
    """A client for a token that is not kept yet. Raises as `client_for` for a text that no token can be."""
    return CanvasClient(
        base_url,
        token,
        account=account,
        timeout=(CONNECT_TIMEOUT, settings.CANVAS_TIMEOUT),
        insecure_hosts=settings.INSECURE_CANVAS_HOSTS,
    )


def connect_practice(token: str) -> PracticeClient:
    """A client for one site of the practice Canvas that this installation may rehearse on."""
    return PracticeClient(
        settings.PRACTICE_URL,
        token,
        timeout=(CONNECT_TIMEOUT, settings.CANVAS_TIMEOUT),
        insecure_hosts=settings.INSECURE_CANVAS_HOSTS,
    )
