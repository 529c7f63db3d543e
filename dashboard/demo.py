"""What `make demo` puts into an empty database: three people, and two Canvas accounts on the practice Canvas."""

import subprocess
import sys

from django.core.management import call_command

from accounts.models import CanvasAccount, User
from accounts.rights import Role
from accounts.services import people

PASSWORD = "easel-demo"  # noqa: S105  # the demo listens on this machine alone and prints it
# Login, first name, last name, role.
PEOPLE = (
    ("registrar", "Rhea", "Registrar", Role.REGISTRAR),
    ("admin", "Ada", "Admin", Role.ADMIN),
    ("designer", "Desi", "Designer", Role.DESIGNER),
)
# Name, token on the practice Canvas: each token is a site of its own there.
CANVAS_ACCOUNTS = (
    ("Example University", "practice-demo"),
    ("Example University (rehearsal)", "practice-rehearsal"),
)


def prepare(*, canvas_url: str) -> None:
    """Make what is missing; what is there stays as it is."""
    call_command("migrate", verbosity=0)
    cast = {login: _person(login, first, last) for login, first, last, _ in PEOPLE}
    for name, token in CANVAS_ACCOUNTS:
        _canvas_account(name, canvas_url, token)
    admin = cast["admin"]
    for canvas_account in CanvasAccount.objects.filter(
        memberships=None, name__in=[name for name, _ in CANVAS_ACCOUNTS]
    ):
        for login, _, _, role in PEOPLE[:1] + PEOPLE[2:]:  # the admin runs the installation and needs no role
            people.set_role(canvas_account=canvas_account, user=cast[login], role=role, by=admin)


def _person(login: str, first: str, last: str) -> User:
    """The admin runs the installation, too; that is why the demo's admin may add Canvas accounts."""
    user, is_new = User.objects.get_or_create(
        username=login,
        defaults={
            "first_name": first,
            "last_name": last,
            "email": f"{login}@example.edu",
            "is_superuser": login == "admin",
        },
    )
    if is_new:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return user


def _canvas_account(name: str, canvas_url: str, token: str) -> None:
    """Added by the command that everybody uses, so that the demo tries it, too."""
    known = CanvasAccount.objects.filter(name=name).first()
    if known is None:
        subprocess.run(
            [sys.executable, "manage.py", "add_account", name, "--url", canvas_url, "--token-stdin"],
            input=token.encode(),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    elif known.base_url != canvas_url:
        CanvasAccount.objects.filter(pk=known.pk).update(base_url=canvas_url)
