"""Guessing passwords is slow, and a stranger's guesses keep nobody out."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client

from accounts.models import AuditLine, SignInTries, User
from tests.accounts.test_people import make_link
from tests.cast import PASSWORD, Seat

WRONG = "a wrong guess"


def try_to_sign_in(browser: Client, password: str = WRONG, username: str = "sam") -> int:
    """The status: 200 is a refusal, 302 leads inside, 429 was not looked at."""
    return browser.post("/login/", {"username": username, "password": password}).status_code


def guess_until_it_must_wait(username: str = "sam") -> Client:
    """Somebody's browser that is not known."""
    guesser = Client()
    statuses = [try_to_sign_in(guesser, username=username) for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    return guesser


def let_pass(length: timedelta) -> None:
    SignInTries.objects.update(last_at=F("last_at") - length)


def run(*arguments: str) -> str:
    said = io.StringIO()
    call_command("sign_in_waits", *arguments, stdout=said)
    return said.getvalue()


def test_after_five_wrong_passwords_even_the_right_one_must_wait(stranger: User) -> None:
    assert try_to_sign_in(guess_until_it_must_wait(), PASSWORD) == 429


def test_who_must_wait_is_told_how_long_and_what_else_can_be_done(stranger: User) -> None:
    answer = guess_until_it_must_wait().post("/login/", {"username": "sam", "password": PASSWORD})
    page = re.sub(r"\s+", " ", answer.content.decode())
    assert re.search(r"Try again in (\d+ s|1 min 0 s)", page)
    assert "can hand you a link" in page
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert PASSWORD not in page


def test_after_the_wait_the_right_password_signs_in_and_all_is_forgotten(stranger: User) -> None:
    guesser = guess_until_it_must_wait()
    let_pass(timedelta(minutes=1))
    assert try_to_sign_in(guesser, PASSWORD) == 302
    assert not SignInTries.objects.exists()


def test_tries_that_must_wait_do_not_make_the_wait_longer(stranger: User) -> None:
    guesser = guess_until_it_must_wait()
    let_pass(timedelta(seconds=40))
    assert try_to_sign_in(guesser) == 429
    let_pass(timedelta(seconds=20))
    assert try_to_sign_in(guesser, PASSWORD) == 302


def test_waits_grow_to_ten_minutes_and_no_further(stranger: User) -> None:
    guesser = guess_until_it_must_wait()
    for minutes in (1, 2, 4, 8, 10, 10, 10):
        let_pass(timedelta(minutes=minutes, seconds=-5))
        assert try_to_sign_in(guesser) == 429
        let_pass(timedelta(seconds=5))
        assert try_to_sign_in(guesser) == 200


def test_after_half_a_day_of_quiet_tries_are_forgotten(stranger: User) -> None:
    guesser = guess_until_it_must_wait()
    let_pass(timedelta(hours=12, seconds=1))
    assert [try_to_sign_in(guesser) for _ in range(5)] == [200] * 5


def test_another_way_to_write_the_name_is_no_way_around(stranger: User) -> None:
    guess_until_it_must_wait()
    assert try_to_sign_in(Client(), username=" SAM ") == 429


def test_a_name_that_nobody_has_waits_the_same(db: None) -> None:
    guess_until_it_must_wait("nobody")


def test_other_people_do_not_wait(stranger: User, superuser: User) -> None:
    guesser = guess_until_it_must_wait()
    assert try_to_sign_in(guesser, PASSWORD, "olga") == 302


def test_a_browser_in_which_one_has_signed_in_before_does_not_wait_for_a_strangers_guesses(stranger: User) -> None:
    desk = Client()
    try_to_sign_in(desk, PASSWORD)
    desk.post("/logout/")
    guess_until_it_must_wait()
    assert try_to_sign_in(desk, PASSWORD) == 302


def test_a_known_browser_waits_for_its_own_guesses(stranger: User) -> None:
    desk = Client()
    try_to_sign_in(desk, PASSWORD)
    desk.post("/logout/")
    assert [try_to_sign_in(desk) for _ in range(6)] == [200] * 5 + [429]


def test_a_browser_known_under_one_name_is_strange_under_another(stranger: User, superuser: User) -> None:
    desk = Client()
    try_to_sign_in(desk, PASSWORD, "olga")
    desk.post("/logout/")
    guess_until_it_must_wait()
    assert try_to_sign_in(desk, PASSWORD) == 429


def test_a_cookie_that_easel_did_not_sign_counts_for_nothing(stranger: User) -> None:
    desk = Client()
    try_to_sign_in(desk, PASSWORD)
    name, cookie = next((name, cookie) for name, cookie in desk.cookies.items() if name.startswith("easel_known_"))
    assert cookie["httponly"]
    guesser = guess_until_it_must_wait()
    guesser.cookies[name] = "x" + cookie.value
    assert try_to_sign_in(guesser, PASSWORD) == 429


def test_who_sets_a_password_by_a_link_need_not_wait(seat: Seat, superuser: User, stranger: User) -> None:
    link = make_link(seat(superuser), stranger)
    guess_until_it_must_wait()
    new, browser = "another battery staple", Client()
    step = browser.get(link, follow=True)
    browser.post(step.redirect_chain[-1][0], {"new_password1": new, "new_password2": new})
    assert try_to_sign_in(browser, new) == 302


def test_what_is_typed_as_a_name_is_not_kept(db: None) -> None:
    try_to_sign_in(Client(), username="my password, in the wrong field")
    assert "password" not in str(SignInTries.objects.values().get())


def test_the_command_says_who_must_wait_and_ends_it(stranger: User, superuser: User) -> None:
    guesser = guess_until_it_must_wait()
    assert re.fullmatch(r"sam must wait \d+ s\.\n", run())
    assert "may try again" in run("--end", "Sam")
    assert run() == ""
    assert try_to_sign_in(guesser, PASSWORD) == 302
    assert AuditLine.objects.get().verb == "end_sign_in_wait"


def test_the_command_knows_no_name_that_nobody_has(db: None) -> None:
    with pytest.raises(CommandError, match="Nobody has the user name nobody"):
        run("--end", "nobody")
