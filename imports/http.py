"""Runs and uploads of a Canvas account, for views: only what the person may have."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.http import ASK, Request, canvas_account_for
from accounts.models import CanvasAccount
from accounts.rights import RIGHTS, Right
from imports.models import ImportRun, Upload

LONGEST_KEY = 18  # digits of which all numbers fit into 64 bits
# Of imports of outcomes another role is in charge, and their messages and files name no students.
_OF_OUTCOMES = {Right.LAUNCH: Right.OUTCOMES, Right.ABORT: Right.OUTCOMES, Right.READ_MESSAGES: Right.VIEW}
_LAUNCHING = (Right.LAUNCH, Right.OUTCOMES)


def is_key(text: str) -> bool:
    """Whether a part of an address can be the number of something: digits, and no more than the database takes."""
    return text.isdecimal() and len(text) <= LONGEST_KEY


def right_for(kind: str, right: Right) -> Right:
    """What a role must carry for that with an import of this kind."""
    return _OF_OUTCOMES.get(right, right) if kind == ImportRun.Kind.OUTCOME else right


def rights_on(request: Request, canvas_account: CanvasAccount, kind: str) -> set[str]:
    """What the person may do with an import of this kind, by the names of the rights."""
    role = request.user.role_on(canvas_account)
    held = RIGHTS[role] if role else frozenset[Right]()
    return {right.value for right in Right if right_for(kind, right) in held}


def run_for(request: Request, slug: str, pk: int, right: Right) -> ImportRun:
    """One run of the account. Raises `Http404` and `PermissionDenied` as `canvas_account_for` does."""
    canvas_account = canvas_account_for(request, slug, Right.VIEW)
    runs = canvas_account.runs.select_related("canvas_account", "launched_by", "upload")
    run = get_object_or_404(runs, pk=pk)
    _must(request, canvas_account, right_for(run.kind, right))
    return run


def upload_for(request: Request, slug: str, pk: UUID, right: Right) -> Upload:
    """As `run_for`. Before it was looked into, nobody knows which right an upload needs: either is enough then."""
    canvas_account = canvas_account_for(request, slug, Right.VIEW)
    upload = get_object_or_404(canvas_account.uploads.select_related("canvas_account", "given_by"), pk=pk)
    if upload.state == Upload.State.STORED and right is Right.LAUNCH:
        must_launch_something(request, canvas_account)
    else:
        _must(request, canvas_account, right_for(upload.kind, right))
    return upload


def launching_account_for(request: Request, slug: str) -> CanvasAccount:
    """The account, for who may launch imports of any kind there."""
    canvas_account = canvas_account_for(request, slug, Right.VIEW)
    must_launch_something(request, canvas_account)
    return canvas_account


def must_launch_something(request: Request, canvas_account: CanvasAccount) -> None:
    if not any(request.user.may(right, canvas_account) for right in _LAUNCHING):
        _must(request, canvas_account, Right.LAUNCH)


def _must(request: Request, canvas_account: CanvasAccount, right: Right) -> None:
    """Of who has come this far: any role lets one view."""
    if (
        right is Right.LAUNCH
        and request.user.may(Right.OUTCOMES, canvas_account)
        and not request.user.may(right, canvas_account)
    ):
        raise PermissionDenied(
            f"This is not a file of outcomes, and your role on {canvas_account} imports nothing else."
        )
    if right is not Right.VIEW and not request.user.may(right, canvas_account):
        raise PermissionDenied(f"Your role on {canvas_account} does not let you {right.label}. {ASK}")
