"""The audit log: what it holds, who reads what of it, and how one finds things in it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.audit import record
from accounts.models import AuditLine, CanvasAccount, User
from tests.cast import Seat

ELSEWHERE = "Elsewhere College"


@pytest.fixture
def elsewhere(db: None) -> CanvasAccount:
    return CanvasAccount.objects.create(name=ELSEWHERE, slug="elsewhere", base_url="https://canvas.example.edu")


@pytest.fixture
def desk(seat: Seat, superuser: User) -> Client:
    return seat(superuser)


def page(client: Client, **filters: str | int) -> str:
    return client.get("/settings/audit/", filters).content.decode()


def note(
    subject: str, *, verb: str = "launch", actor: User | None = None, at: CanvasAccount | None = None
) -> AuditLine:
    return record(verb=verb, subject=subject, actor=actor, canvas_account=at)


def test_a_line_says_who_did_what_to_what(desk: Client, registrar: User, canvas_account: CanvasAccount) -> None:
    record(
        verb="launch", subject="students.csv", actor=registrar, canvas_account=canvas_account, detail={"rows": 12_345}
    )
    shown = page(desk)
    for fact in ("Rosa Example", "launch", "students.csv", "Example University", "12345"):
        assert fact in shown


def test_what_nobody_did_was_done_by_the_program(db: None) -> None:
    assert note("night").actor_name == "Easel"


def test_a_line_outlives_the_name_of_its_person(desk: Client, registrar: User, canvas_account: CanvasAccount) -> None:
    note("students.csv", actor=registrar)
    registrar.delete()
    assert "Rosa Example" in page(desk)


def test_an_admin_reads_what_happened_on_their_own_accounts_only(
    seat: Seat, admin: User, canvas_account: CanvasAccount, elsewhere: CanvasAccount
) -> None:
    note("ours.csv", at=canvas_account)
    note("theirs.csv", at=elsewhere)
    note("nobody's")
    shown = page(seat(admin))
    assert "ours.csv" in shown
    assert "theirs.csv" not in shown
    assert "nobody" not in shown
    assert ELSEWHERE not in shown


def test_the_filters_find_lines_by_person_action_and_account(
    desk: Client, registrar: User, admin: User, canvas_account: CanvasAccount, elsewhere: CanvasAccount
) -> None:
    note("by-rosa", actor=registrar, verb="launch", at=elsewhere)
    note("by-ada", actor=admin, verb="abort", at=canvas_account)
    for filters in ({"person": registrar.pk}, {"verb": "launch"}, {"account": elsewhere.slug}):
        shown = page(desk, **filters)
        assert "by-rosa" in shown
        assert "by-ada" not in shown


def test_dates_are_days_in_the_time_zone_of_the_reader(desk: Client, superuser: User) -> None:
    User.objects.filter(pk=superuser.pk).update(time_zone="Pacific/Auckland")
    line = note("late")
    # Noon in UTC is past midnight in Auckland.
    AuditLine.objects.filter(pk=line.pk).update(at=datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    assert "late" in page(desk, since="2026-03-02", until="2026-03-02")
    assert "late" not in page(desk, since="2026-03-01", until="2026-03-01")


def test_a_filter_that_makes_no_sense_is_said_so(desk: Client) -> None:
    assert "Enter a valid date" in page(desk, since="yesterday")


def test_one_walks_to_older_lines_and_back(desk: Client) -> None:
    for number in range(120):
        note(f"line-{number:03}")
    newest = page(desk)
    assert "line-119" in newest
    assert "line-069" not in newest
    boundary = AuditLine.objects.get(subject="line-070").pk
    older = page(desk, before=boundary)
    assert "line-069" in older
    assert "line-020" in older
    back = page(desk, after=AuditLine.objects.get(subject="line-069").pk)
    assert "line-070" in back
    assert "line-119" in back


def test_at_the_ends_there_is_nothing_newer_and_nothing_older(desk: Client) -> None:
    note("only")
    shown = page(desk)
    assert 'rel="prev"' not in shown
    assert 'rel="next"' not in shown


def test_a_long_log_needs_no_more_queries_than_a_short_one(
    desk: Client, canvas_account: CanvasAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        note(f"line-{number}", at=canvas_account)
    with django_assert_max_num_queries(9):
        page(desk)


def test_the_download_holds_what_the_filters_leave_and_no_formulas(desk: Client) -> None:
    note("=cmd()", verb="launch")
    note("other", verb="abort")
    answer = desk.get("/settings/audit/download/", {"verb": "launch"})
    text = answer.getvalue().decode()
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'
    assert ",'=cmd()," in text
    assert "other" not in text


def test_the_download_refuses_a_filter_that_makes_no_sense(desk: Client) -> None:
    assert desk.get("/settings/audit/download/", {"since": "yesterday"}).status_code == 400


def test_the_download_of_an_admin_holds_their_own_accounts_only(
    seat: Seat, admin: User, canvas_account: CanvasAccount, elsewhere: CanvasAccount
) -> None:
    note("ours.csv", at=canvas_account)
    note("theirs.csv", at=elsewhere)
    text = seat(admin).get("/settings/audit/download/").getvalue().decode()
    assert "ours.csv" in text
    assert "theirs.csv" not in text


def test_lines_are_in_the_order_of_their_days(desk: Client) -> None:
    first, second = note("first"), note("second")
    assert second.at - first.at < timedelta(minutes=1)
    shown = page(desk)
    assert shown.index("second") < shown.index("first")
