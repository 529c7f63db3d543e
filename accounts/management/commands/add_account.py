"""`add_account NAME --url URL [--canvas-account self] --token-stdin`: checks a token with Canvas, then keeps both."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.connections import connect
from accounts.forms import CanvasAccountForm
from accounts.services import credentials
from accounts.services.canvas_accounts import add_canvas_account
from canvas.errors import CanvasError

USAGE = 2


class Command(BaseCommand):
    help = "Add a Canvas account. The token is read from standard input, so that no list of processes shows it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what people here call it")
        parser.add_argument("--url", required=True, help="address of Canvas, such as https://canvas.example.edu")
        parser.add_argument("--canvas-account", default="self", metavar="ID", help="its id in Canvas (default: self)")
        parser.add_argument("--token-stdin", action="store_true", required=True, help="read the token from stdin")

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted = _cleaned(options, token=sys.stdin.readline())
        try:
            with connect(wanted["base_url"], wanted["token"], account=wanted["canvas_account_id"]) as canvas:
                facts = credentials.examine(canvas)
        except CanvasError as error:
            raise CommandError(f"{error} Nothing is saved.") from None
        with transaction.atomic():
            credential = add_canvas_account(**wanted, by=None, actor_name="command line")
            credentials.accept(credential=credential, facts=facts)
        self.stdout.write(f"{wanted['name']} is added: {facts.account_name}, token of {facts.owner_name or 'unknown'}.")
        for does, may in (("import", facts.may_import), ("restore", facts.may_restore)):
            if may is False:
                self.stderr.write(f"Its owner may not {does} in Canvas.")


def _cleaned(options: dict[str, Any], *, token: str) -> dict[str, str]:
    form = CanvasAccountForm(
        {
            "name": options["name"],
            "base_url": options["url"],
            "canvas_account_id": options["canvas_account"],
            "token": token,
        }
    )
    if not form.is_valid():
        problems = "; ".join(
            f"{form[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()
        )
        raise CommandError(problems, returncode=USAGE)
    return form.cleaned_data
