"""What workers do for this app: check tokens."""

from celery import shared_task

from accounts.connections import NoCredential, client_for
from accounts.doorbell import ring
from accounts.models import Credential
from accounts.sealing import CredentialUnreadable
from accounts.services import credentials
from canvas.errors import CanvasError


@shared_task
def verify_credential(pk: int) -> None:
    """Check a token against Canvas. One that is gone, replaced or refused is left alone."""
    credential = Credential.objects.select_related("canvas_account").filter(pk=pk).first()
    if credential is None or not (credential.is_checking or credential.is_used):
        return
    try:
        with client_for(credential.canvas_account, credential=credential) as canvas:
            credentials.verify(credential=credential, canvas=canvas)
    except (CredentialUnreadable, CanvasError) as error:
        credentials.note_failed_check(credential=credential, error=error)
    except NoCredential:
        return  # replaced and wiped since it was fetched


def due() -> None:
    """For the scheduler's tick: ring for every token whose check is due."""
    for pk in credentials.claim_due_checks():
        ring(verify_credential, pk)
