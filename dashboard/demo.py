"""What `make demo` puts into an empty database and an empty practice Canvas.

Three people, two Canvas accounts, and on both the same invented university to look at and to import into.
"""

import json
import subprocess
import sys
import urllib.request

from django.core.management import call_command

from accounts.connections import client_for
from accounts.models import CanvasAccount, User
from accounts.rights import Role
from accounts.services import people
from imports.services import places
from outcomes.services import reading

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
# How many courses have rollups to look at from the start.
COURSES_READ = 4
# What the university of the practice sites is made from.
UNIVERSITY = {"courses": 12, "students": 120, "outcomes": 30, "seed": 7}


def prepare(*, canvas_url: str) -> None:
    """Make what is missing; what is there stays as it is."""
    for _, token in CANVAS_ACCOUNTS:
        fill_practice_site(canvas_url, token)
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
        have_courses_read(canvas_account)


def have_courses_read(canvas_account: CanvasAccount) -> None:
    """List the courses, and let the workers read the first ones as soon as they are up."""
    directory = places.want(canvas_account=canvas_account)
    if places.claim(directory=directory):
        with client_for(canvas_account) as canvas:
            places.collect(directory=directory, canvas=canvas)
    for course in canvas_account.courses.filter(readings=None)[:COURSES_READ]:
        reading.ask(course=course)


def fill_practice_site(canvas_url: str, token: str) -> None:
    """Fill a practice site that holds no course yet."""
    if not _control(canvas_url, token, "GET", "objects/courses?per_page=1"):
        _control(canvas_url, token, "POST", "seed", UNIVERSITY)


def _control(canvas_url: str, token: str, method: str, path: str, body: object = None) -> object:
    """The answer of the practice Canvas's control interface."""
    request = urllib.request.Request(  # noqa: S310  # our own address
        f"{canvas_url}/sandbox/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return json.loads(answer.read())


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
