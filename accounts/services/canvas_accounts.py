"""Canvas accounts: added, moved to another address, renamed, archived."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.audit import record
from accounts.models import CanvasAccount, Credential, User
from accounts.services import credentials


def add_canvas_account(
    *, name: str, base_url: str, canvas_account_id: str, token: str, by: User | None, actor_name: str = ""
) -> Credential:
    """A new Canvas account and its first token, which waits to be checked. The name must not be taken."""
    with transaction.atomic():
        canvas_account = CanvasAccount.objects.create(
            name=name, slug=_free_slug(name), base_url=base_url, canvas_account_id=canvas_account_id
        )
        _record("add_canvas_account", canvas_account, by, actor_name)
        return credentials.replace_token(canvas_account=canvas_account, token=token, by=by, actor_name=actor_name)


def change_address(
    *, canvas_account: CanvasAccount, base_url: str, canvas_account_id: str, token: str, by: User
) -> Credential:
    """Another address needs another token: the present one is wiped first, so that no other host ever gets it."""
    with transaction.atomic():
        _record("change_address", canvas_account, by)
        credentials.wipe(canvas_account=canvas_account)
        canvas_account.base_url = base_url
        canvas_account.canvas_account_id = canvas_account_id
        canvas_account.save(update_fields=["base_url", "canvas_account_id"])
        return credentials.replace_token(canvas_account=canvas_account, token=token, by=by)


def archive_canvas_account(*, canvas_account: CanvasAccount, by: User) -> None:
    """Nobody sees it any more, nothing is sent or read, its tokens are wiped; its history stays in the database."""
    with transaction.atomic():
        _record("archive_canvas_account", canvas_account, by)
        credentials.wipe(canvas_account=canvas_account)
        CanvasAccount.objects.filter(pk=canvas_account.pk, archived_at=None).update(archived_at=timezone.now())


def _record(verb: str, canvas_account: CanvasAccount, by: User | None, actor_name: str = "") -> None:
    record(
        verb=verb,
        subject=str(canvas_account),
        actor=by,
        actor_name=actor_name,
        canvas_account=canvas_account,
        detail={"address": canvas_account.base_url, "account": canvas_account.canvas_account_id},
    )


def _free_slug(name: str) -> str:
    """Names that differ may share a slug; the later one gets a number."""
    plain = slugify(name)[:50] or "canvas"
    slug, number = plain, 1
    while CanvasAccount.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{plain}-{number}"
    return slug
