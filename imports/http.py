"""Runs and uploads of a Canvas account, for views: only what the person may have."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.http import Request, canvas_account_for
from accounts.rights import Right
from imports.models import ImportRun, Upload

LONGEST_KEY = 18  # digits of which all numbers fit into 64 bits


def is_key(text: str) -> bool:
    """Whether a part of an address can be the number of something: digits, and no more than the database takes."""
    return text.isdecimal() and len(text) <= LONGEST_KEY


def run_for(request: Request, slug: str, pk: int, right: Right) -> ImportRun:
    """One run of the account. Raises `Http404` and `PermissionDenied` as `canvas_account_for` does."""
    canvas_account = canvas_account_for(request, slug, right)
    runs = canvas_account.runs.select_related("canvas_account", "launched_by", "upload")
    return get_object_or_404(runs, pk=pk)


def upload_for(request: Request, slug: str, pk: UUID, right: Right) -> Upload:
    canvas_account = canvas_account_for(request, slug, right)
    return get_object_or_404(canvas_account.uploads.select_related("canvas_account", "given_by"), pk=pk)
