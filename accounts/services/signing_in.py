"""Guessing passwords is slow, and nobody is kept out by a stranger's guessing.

After a few wrong passwords the *door* of a user name opens only now and then. A browser in which somebody has signed in
before has a door of its own for that name, known by a signed cookie (OWASP: "Slow Down Online Guessing Attacks with
Device Cookies"): strangers wait at theirs, and the registrar goes on. Addresses of networks play no part: behind a
proxy all are the same, and a whole campus often shares one.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from accounts.audit import record
from accounts.models import SignInTries, User

FREE_TRIES = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=10)
FORGOTTEN_AFTER, FREE_AGAIN_AFTER = timedelta(hours=12), timedelta(hours=1)

logger = logging.getLogger(__name__)


def door_of(username: str, *, browser: str = "") -> str:
    """The door for a name as somebody typed it, whether or not anybody has it; `browser` is what its cookie holds."""
    name = User.normalize_username(username).strip().casefold()
    return salted_hmac(__name__, f"{name}\n{browser}", algorithm="sha256").hexdigest()


def new_browser() -> str:
    """What the cookie of a browser holds, from the first success on."""
    return get_random_string(22)


def claim_try(*, door: str) -> timedelta:
    """Count a try, before its password is looked at: so many at once find no gap.

    Returns how long it must wait instead; a try that must wait is not counted, and makes the wait no longer.
    """
    now = timezone.now()
    few = Q(count__lt=FREE_TRIES, last_at__lt=now - FREE_AGAIN_AFTER)  # strangers can type any number of names
    SignInTries.objects.filter(few | Q(last_at__lt=now - FORGOTTEN_AFTER)).delete()
    with transaction.atomic():
        tries, _ = SignInTries.objects.select_for_update().get_or_create(door=door, defaults={"last_at": now})
        wait = wait_at(tries)
        if wait > timedelta(0):
            logger.warning("sign-in must wait", extra={"tries": tries.count, "seconds": wait.seconds})
            return wait
        tries.count, tries.last_at = tries.count + 1, now
        tries.save(update_fields=["count", "last_at"])
    return timedelta(0)


def wait_at(tries: SignInTries) -> timedelta:
    """What is left of the wait at this door: a minute after the last free try, then twice as long each time."""
    beyond = tries.count - FREE_TRIES
    if beyond < 0:
        return timedelta(0)
    wait = min(FIRST_WAIT * (1 << min(beyond, 10)), LONGEST_WAIT)
    return max(tries.last_at + wait - timezone.now(), timedelta(0))


def waits() -> list[tuple[User, timedelta]]:
    """Who must wait now in a browser that is not known, and for how long."""
    doors = {tries.door: wait_at(tries) for tries in SignInTries.objects.filter(count__gte=FREE_TRIES)}
    people = ((user, doors.get(door_of(user.username))) for user in User.objects.order_by("username"))
    return [(user, wait) for user, wait in people if wait]


def forget_tries(*, door: str) -> None:
    """Somebody has shown that the door is theirs."""
    SignInTries.objects.filter(door=door).delete()


def end_wait(*, user: User) -> None:
    """Let a person try again at once, from wherever: on the word of who runs Easel."""
    with transaction.atomic():
        record(verb="end_sign_in_wait", subject=user.username, actor=None, actor_name="command line")
        forget_tries(door=door_of(user.username))
