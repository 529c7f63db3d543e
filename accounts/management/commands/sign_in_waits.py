"""`sign_in_waits [--end NAME]`: who must wait before signing in, after wrong passwords."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.services import signing_in


class Command(BaseCommand):
    help = (
        "Lists user names that must wait before signing in from a browser that is not known; --end lets one try again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--end", metavar="NAME", help="let this user name try again at once")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["end"]:
            user = User.objects.filter(username__iexact=options["end"]).first()
            if user is None:
                raise CommandError(f"Nobody has the user name {options['end']}.", returncode=2)
            signing_in.end_wait(user=user)
            self.stdout.write(f"{user.username} may try again.")
            return
        for user, wait in signing_in.waits():
            self.stdout.write(f"{user.username} must wait {wait.seconds + 1} s.")
