"""`manage.py sync --account NAME [--full]`: ask Canvas now, without waiting for a worker."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.connections import NoCredential, client_for
from accounts.models import CanvasAccount
from accounts.sealing import CredentialUnreadable
from canvas.client import CanvasClient
from canvas.errors import CanvasError
from imports.services import watching


class Command(BaseCommand):
    help = "Brings the mirror of a Canvas account up to date; with --full its whole history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", required=True, metavar="NAME")
        parser.add_argument("--full", action="store_true", help="all imports that Canvas still lists")

    def handle(self, *_args: Any, **options: Any) -> None:
        name = options["account"]
        account = CanvasAccount.objects.named(name)
        if account is None:
            raise CommandError(f"There is no Canvas account “{name}”.", returncode=2)
        try:
            with client_for(account) as canvas:
                met = self._look(account, canvas, full=options["full"])
        except (CanvasError, NoCredential, CredentialUnreadable) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{account.name}: {account.runs.count()} imports known ({met} read again).")

    def _look(self, account: CanvasAccount, canvas: CanvasClient, *, full: bool) -> int:
        """How many older imports were read again."""
        watch = watching.watch_over(account)
        watching.look(watch=watch, canvas=canvas)
        watch.refresh_from_db()
        if watch.trouble:
            raise CommandError(watch.trouble)
        met = 0
        if full:
            watching.forget_history(watch=watch)
            watch.refresh_from_db()
        while full and not watch.history_complete:
            met += watching.collect_history(watch=watch, canvas=canvas)
        return met
