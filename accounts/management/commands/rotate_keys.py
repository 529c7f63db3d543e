"""`rotate_keys`: seals every token with the newest key, so that older keys can be taken away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.sealing import CredentialUnreadable
from accounts.services.credentials import reseal_all


class Command(BaseCommand):
    help = "Seal all tokens with the first of EASEL_CREDENTIAL_KEYS. Run it before an older key is taken away."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = reseal_all()
        except CredentialUnreadable as error:
            raise CommandError(f"{error} Nothing is changed.") from None
        self.stdout.write(f"{count} tokens are sealed with the newest key.")
