"""Tokens: saved, checked against Canvas, taken into use, replaced, and marked when they stop working."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import sealing
from accounts.audit import record
from accounts.models import CanvasAccount, Credential, User
from accounts.sealing import CredentialUnreadable
from canvas.client import CanvasClient
from canvas.errors import (
    CanvasError,
    InsufficientScope,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    NotRootAccount,
    Throttled,
    TokenExpired,
)

logger = logging.getLogger(__name__)

State = Credential.State

# Rights as `GET accounts/:id/permissions` names them.
MAY_IMPORT, MAY_RESTORE = "import_sis", "manage_sis"

# While a check is under way nobody else starts one; should the worker die, the tick finds it again after this.
LEASE = timedelta(seconds=60)
NEXT_ROUTINE_CHECK = timedelta(days=1)
NEXT_TRY = timedelta(seconds=30)

LONGEST = 255  # characters that a name's column holds

# What the audit log is told of: these need a person. An outage of Canvas does not.
GRAVE = (State.EXPIRED, State.REVOKED, State.UNREADABLE)


@dataclass(frozen=True)
class Facts:
    """What Canvas says about a token. A right is None where Canvas would not say."""

    account_name: str
    owner_name: str = ""
    owner_canvas_id: str = ""
    may_import: bool | None = None
    may_restore: bool | None = None


def replace_token(*, canvas_account: CanvasAccount, token: str, by: User | None, actor_name: str = "") -> Credential:
    """A new token, to be checked. Until Canvas has accepted it, the former one stays in use."""
    with transaction.atomic():
        record(
            verb="save_token",
            subject=str(canvas_account),
            actor=by,
            actor_name=actor_name,
            canvas_account=canvas_account,
        )
        _retire(canvas_account, *Credential.NOT_USED)
        return canvas_account.credentials.create(
            sealed_token=sealing.seal(token), saved_by=by, check_due_at=timezone.now() + NEXT_TRY
        )


def examine(canvas: CanvasClient) -> Facts:
    """Ask Canvas what a token is worth. Raises `CanvasError`."""
    account = canvas.account()
    if account.parent_account_id is not None:
        raise NotRootAccount(f"{account.name} is a sub-account; give the id of the root account above it, or “self”.")
    facts = Facts(account_name=account.name[:LONGEST])
    # A token with narrow scopes may well import without being allowed to answer these two questions.
    try:
        rights = canvas.permissions([MAY_IMPORT, MAY_RESTORE])
        facts = replace(facts, may_import=rights.get(MAY_IMPORT), may_restore=rights.get(MAY_RESTORE))
        owner = canvas.current_user()
        facts = replace(facts, owner_name=owner.name[:LONGEST], owner_canvas_id=str(owner.id))
    except (NotPermitted, InsufficientScope, NotFound):
        logger.info("token may not say all about itself", extra={"known": vars(facts)})
    return facts


def verify(*, credential: Credential, canvas: CanvasClient) -> None:
    """Check a token against Canvas and write down what came out. Safe to repeat and to run twice at once."""
    try:
        facts = examine(canvas)
    except CanvasError as error:
        note_failed_check(credential=credential, error=error)
    else:
        accept(credential=credential, facts=facts)


def accept(*, credential: Credential, facts: Facts) -> None:
    """Canvas takes this token. If it is new, it takes the place of the one before, which is wiped."""
    is_new = credential.is_checking
    with transaction.atomic():
        accepted = _move(
            credential,
            State.WORKING,
            problem="",
            check_due_at=timezone.now() + NEXT_ROUTINE_CHECK,
            **vars(facts),
        )
        if accepted and is_new:
            _retire(credential.canvas_account, *Credential.USED, but=credential)
            _record_by_ourselves("accept_token", credential)


def note_failed_check(*, credential: Credential, error: Exception) -> None:
    """A check that came to nothing: a new token is refused or tried again later, a used one is marked."""
    if credential.is_used:
        _mark(credential, error)
        pause = NEXT_TRY if credential.state == State.UNREACHABLE else NEXT_ROUTINE_CHECK
        _move(credential, State(credential.state), problem=str(error), check_due_at=timezone.now() + pause)
    elif isinstance(error, CanvasError) and error.retryable:
        _move(credential, State.CHECKING, problem=str(error), check_due_at=timezone.now() + NEXT_TRY)
    else:
        with transaction.atomic():
            if _move(credential, State.REFUSED, problem=str(error), sealed_token=b"", check_due_at=None):
                _record_by_ourselves("refuse_token", credential)


def note_credential_trouble(*, canvas_account: CanvasAccount, error: Exception) -> None:
    """For whoever spoke to Canvas with the token in use: what went wrong, if it says something about the token."""
    credential = canvas_account.credential
    if credential:
        _mark(credential, error)


def note_credential_works(*, canvas_account: CanvasAccount) -> None:
    """For whoever was talking to Canvas with the token in use: it was answered. Writes only if that is news."""
    credential = canvas_account.credential
    if credential and credential.state != State.WORKING:
        _move(credential, State.WORKING, problem="")


def claim_due_checks() -> list[int]:
    """The keys of the tokens whose check is due; each is handed out once, then not again until its lease runs out."""
    now = timezone.now()
    due = Credential.objects.filter(check_due_at__lte=now, canvas_account__archived_at=None)
    return [
        pk
        for pk, believed in due.values_list("pk", "check_due_at")
        if Credential.objects.filter(pk=pk, check_due_at=believed).update(check_due_at=now + LEASE)
    ]


def reseal_all() -> int:
    """Seal every token with the newest key; returns how many. Raises `CredentialUnreadable` and changes nothing."""
    with transaction.atomic():
        credentials = list(Credential.objects.select_for_update().exclude(sealed_token=b""))
        for credential in credentials:
            credential.sealed_token = sealing.reseal(credential.sealed_token)
            credential.save(update_fields=["sealed_token"])
        record(verb="rotate_keys", subject=f"{len(credentials)} tokens", actor=None, actor_name="command line")
    return len(credentials)


def wipe(*, canvas_account: CanvasAccount) -> None:
    """Forget every token of this account."""
    _retire(canvas_account, *Credential.USED, *Credential.NOT_USED)


def _mark(credential: Credential, error: Exception) -> None:
    state = _state_after(error)
    if state is None or state == credential.state:
        return
    with transaction.atomic():
        if _move(credential, state, problem=str(error)) and state in GRAVE:
            _record_by_ourselves("mark_token", credential)
    logger.warning("credential in trouble", extra={"credential": credential.pk, "state": str(state)})


def _state_after(error: Exception) -> Credential.State | None:
    """What an error says about a token that worked before; None where it says nothing."""
    if isinstance(error, CredentialUnreadable):
        return State.UNREADABLE
    if isinstance(error, TokenExpired):
        return State.EXPIRED
    if isinstance(error, NotAuthenticated) and not isinstance(error, InsufficientScope):
        return State.REVOKED
    if isinstance(error, CanvasError) and error.retryable and not isinstance(error, Throttled):
        return State.UNREACHABLE
    return None


def _move(credential: Credential, state: Credential.State, **facts: object) -> bool:
    """Change the row if it still is what we believe; says whether it was."""
    changes = {**facts, "state": state, "checked_at": timezone.now()}
    moved = Credential.objects.filter(pk=credential.pk, state=credential.state).update(**changes)
    if moved:
        for name, value in changes.items():
            setattr(credential, name, value)
    return bool(moved)


def _retire(canvas_account: CanvasAccount, *states: Credential.State, but: Credential | None = None) -> None:
    retired = canvas_account.credentials.filter(state__in=states)
    if but:
        retired = retired.exclude(pk=but.pk)
    retired.update(state=State.REPLACED, sealed_token=b"", check_due_at=None)


def _record_by_ourselves(verb: str, credential: Credential) -> None:
    record(
        verb=verb,
        subject=str(credential.canvas_account),
        actor=None,
        canvas_account=credential.canvas_account,
        detail={"state": credential.state, "owner": credential.owner_name, "problem": credential.problem},
    )
