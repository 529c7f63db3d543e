"""What those who talk to Canvas say about the token they used."""

import pytest

from accounts.models import AuditLine, CanvasAccount, Credential
from accounts.services.credentials import note_credential_trouble, note_credential_works
from canvas.errors import (
    AnswerLost,
    InsufficientScope,
    NotAuthenticated,
    NotPermitted,
    Throttled,
    TokenExpired,
    TokenRevoked,
    Unreachable,
)

State = Credential.State


def state_after(canvas_account: CanvasAccount, error: Exception) -> str:
    note_credential_trouble(canvas_account=canvas_account, error=error)
    return canvas_account.credentials.get().state


@pytest.mark.parametrize(
    "error, state",
    [
        (TokenExpired("The token has expired."), State.EXPIRED),
        (TokenRevoked("The token was revoked."), State.REVOKED),
        (NotAuthenticated("Canvas does not know the token."), State.REVOKED),
        (Unreachable("Canvas cannot be reached."), State.UNREACHABLE),
        (AnswerLost("The answer was lost."), State.UNREACHABLE),
        (InsufficientScope("Not in scope."), State.WORKING),
        (NotPermitted("Not permitted."), State.WORKING),
        (Throttled("Too many requests."), State.WORKING),
    ],
)
def test_an_error_says_about_the_token_what_it_can(
    error: Exception, state: Credential.State, canvas_account: CanvasAccount
) -> None:
    assert state_after(canvas_account, error) == state


def test_a_dead_token_is_audited_once_however_often_it_is_used(canvas_account: CanvasAccount) -> None:
    for _ in range(3):
        note_credential_trouble(canvas_account=canvas_account, error=TokenExpired("The token has expired."))
    assert AuditLine.objects.get(verb="mark_token").detail["problem"] == "The token has expired."


def test_an_outage_of_canvas_is_not_audited(canvas_account: CanvasAccount) -> None:
    note_credential_trouble(canvas_account=canvas_account, error=Unreachable("Canvas cannot be reached."))
    assert not AuditLine.objects.exists()


def test_an_answer_from_canvas_ends_the_trouble(canvas_account: CanvasAccount) -> None:
    note_credential_trouble(canvas_account=canvas_account, error=Unreachable("Canvas cannot be reached."))
    note_credential_works(canvas_account=canvas_account)
    credential = canvas_account.credentials.get()
    assert (credential.state, credential.problem) == (State.WORKING, "")


def test_trouble_without_a_token_in_use_is_nobodys(canvas_account: CanvasAccount) -> None:
    Credential.objects.update(state=State.REPLACED)
    note_credential_trouble(canvas_account=canvas_account, error=TokenExpired("The token has expired."))
    assert canvas_account.credential is None
