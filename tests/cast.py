"""The cast: the people of the tests, the Canvas account they share, and the browser each of them sits at."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts import sealing
from accounts.models import CanvasAccount, Credential, Membership, User
from accounts.rights import Role
from tests.servers.practice import Practice

PASSWORD = "correct horse battery"

Seat = Callable[[User], Client]


def connect(practice: Practice, name: str = "Example University") -> CanvasAccount:
    """A Canvas account whose token, the practice site's, Canvas has accepted before the story begins."""
    canvas_account = CanvasAccount.objects.create(
        name=name, slug=name.lower().replace(" ", "-"), base_url=practice.url, canvas_account_id="self"
    )
    canvas_account.credentials.create(
        sealed_token=sealing.seal(practice.token),
        state=Credential.State.WORKING,
        may_import=True,
        may_restore=True,
        owner_name="Canvas Admin",
    )
    return canvas_account


def person(name: str, canvas_account: CanvasAccount | None = None, role: Role | None = None) -> User:
    """Somebody who can sign in with `PASSWORD`, with a role where one is given."""
    user = User.objects.create_user(
        name.lower(), f"{name.lower()}@example.edu", PASSWORD, first_name=name, last_name="Example"
    )
    if canvas_account and role:
        Membership.objects.create(user=user, canvas_account=canvas_account, role=role)
    return user


@pytest.fixture
def canvas_account(db: None, practice: Practice) -> CanvasAccount:
    return connect(practice)


@pytest.fixture
def slow_canvas_account(db: None, slow_practice: Practice) -> CanvasAccount:
    return connect(slow_practice, "Slow University")


@pytest.fixture
def viewer(canvas_account: CanvasAccount) -> User:
    return person("Vera", canvas_account, Role.VIEWER)


@pytest.fixture
def designer(canvas_account: CanvasAccount) -> User:
    return person("Dana", canvas_account, Role.DESIGNER)


@pytest.fixture
def registrar(canvas_account: CanvasAccount) -> User:
    return person("Rosa", canvas_account, Role.REGISTRAR)


@pytest.fixture
def admin(canvas_account: CanvasAccount) -> User:
    return person("Ada", canvas_account, Role.ADMIN)


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody who may sign in and has no role anywhere."""
    return person("Sam")


@pytest.fixture
def superuser(db: None) -> User:
    """Who runs the installation."""
    return User.objects.create_superuser("olga", "olga@example.edu", PASSWORD, first_name="Olga", last_name="Example")


@pytest.fixture
def seat() -> Seat:
    """`seat(registrar)` is a browser at which that person has signed in."""

    def take(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return take
