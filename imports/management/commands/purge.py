"""`manage.py purge`: remove the files of uploads whose time is over. For a nightly timer."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from imports.services import uploads


def _days(text: str) -> int:
    """Raises `ArgumentTypeError` for less than a day: that would take files away that were given just now."""
    if not text.isdecimal() or not 1 <= int(text) <= 36500:
        raise ArgumentTypeError("must be a whole number of days, at least 1")
    return int(text)


class Command(BaseCommand):
    help = "Removes stored files of old uploads; the history, with names and hashes, stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=_days, default=365, help="keep what is younger (default: %(default)s)")

    def handle(self, *_args: Any, **options: Any) -> None:
        purged = uploads.purge(older_than=timedelta(days=options["days"]))
        self.stdout.write(f"Files of {purged} uploads removed.")
