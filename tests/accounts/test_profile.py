"""Signing in and out, and one's own settings."""

from datetime import UTC, datetime

from django.test import Client

from accounts.audit import record
from accounts.models import AuditLine, User
from tests.cast import PASSWORD, Seat, person


def save(client: Client, **changes: str) -> str:
    form = {"first_name": "Sam", "last_name": "Example", "email": "sam@example.edu", "time_zone": "", **changes}
    return client.post("/settings/profile/", form, follow=True).content.decode()


def test_signing_in_leads_to_where_one_wanted_to_go(stranger: User) -> None:
    answer = Client().post("/login/?next=/settings/", {"username": "sam", "password": PASSWORD, "next": "/settings/"})
    assert answer.headers["Location"] == "/settings/"


def test_signing_in_does_not_lead_to_another_site(stranger: User) -> None:
    answer = Client().post("/login/", {"username": "sam", "password": PASSWORD, "next": "https://example.com/"})
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_is_refused_and_not_shown_again(stranger: User) -> None:
    page = Client().post("/login/", {"username": "sam", "password": "wrong-guess"}).content.decode()
    assert "do not match" in page
    assert "wrong-guess" not in page


def test_signing_out_ends_the_session(seat: Seat, stranger: User) -> None:
    client = seat(stranger)
    client.post("/logout/")
    assert client.get("/settings/").status_code == 302


def test_a_profile_is_saved(seat: Seat, stranger: User) -> None:
    assert "Your profile is saved" in save(seat(stranger), first_name="Samuel", time_zone="Europe/Vienna")
    stranger.refresh_from_db()
    assert (stranger.first_name, stranger.time_zone) == ("Samuel", "Europe/Vienna")


def test_a_time_zone_that_does_not_exist_is_refused(seat: Seat, stranger: User) -> None:
    save(seat(stranger), time_zone="Mars/Olympus")
    stranger.refresh_from_db()
    assert stranger.time_zone == ""


def test_nobody_makes_themselves_superuser_by_the_profile(seat: Seat, stranger: User) -> None:
    save(seat(stranger), is_superuser="on", username="root")
    stranger.refresh_from_db()
    assert (stranger.is_superuser, stranger.username) == (False, "sam")


def test_pages_show_times_in_the_zone_of_the_reader(seat: Seat, superuser: User) -> None:
    line = record(verb="launch", subject="students.csv", actor=None)
    AuditLine.objects.filter(pk=line.pk).update(at=datetime(2026, 7, 1, 12, 0, tzinfo=UTC))
    User.objects.filter(pk=superuser.pk).update(time_zone="America/New_York")
    assert "1 Jul 2026, 08:00:00 EDT" in seat(superuser).get("/settings/audit/").content.decode()


def test_a_zone_that_the_system_has_forgotten_counts_as_utc(db: None) -> None:
    assert str(User(time_zone="Mars/Olympus").zone) == "UTC"


def test_a_changed_password_keeps_this_browser_signed_in_and_signs_others_out(seat: Seat, stranger: User) -> None:
    here, there = seat(stranger), seat(stranger)
    new = "another battery staple"
    here.post("/settings/profile/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert here.get("/settings/").status_code == 200
    assert there.get("/settings/").status_code == 302


def test_a_password_is_not_changed_without_the_old_one(seat: Seat, stranger: User) -> None:
    new = "another battery staple"
    seat(stranger).post(
        "/settings/profile/password/", {"old_password": "guess", "new_password1": new, "new_password2": new}
    )
    stranger.refresh_from_db()
    assert stranger.check_password(PASSWORD)


def test_a_person_without_a_name_is_called_by_the_user_name(db: None) -> None:
    anna = person("Anna")
    anna.first_name = anna.last_name = ""
    assert str(anna) == "anna"
