"""The history page: what it shows, how it is narrowed and paged, and how it changes by itself."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import CanvasAccount, User
from imports.models import ImportRun
from imports.phases import Outcome, Phase
from tests.cast import Seat
from tests.imports import rows


@pytest.fixture
def browser(seat: Seat, registrar: User) -> Client:
    return seat(registrar)


@pytest.fixture
def other_account(db: None) -> CanvasAccount:
    return CanvasAccount.objects.create(name="Elsewhere", slug="elsewhere", base_url="https://canvas.example.edu")


def shown(html: str) -> list[int]:
    """The runs of a page, from top to bottom."""
    return [int(pk) for pk in re.findall(r'<tr id="run-(\d+)"', html)]


def get(browser: Client, canvas_account: CanvasAccount, **query: str | int) -> str:
    answer = browser.get(reverse("imports:list", args=[canvas_account.slug]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_newest_import_stands_first(browser: Client, canvas_account: CanvasAccount) -> None:
    older = rows.run(canvas_account, at=rows.NOW - timedelta(days=2), canvas_id=8)
    newer = rows.run(canvas_account, at=rows.NOW - timedelta(days=1), canvas_id=7)
    assert shown(get(browser, canvas_account)) == [newer.pk, older.pk]


def test_imports_of_other_accounts_are_not_shown(
    browser: Client, canvas_account: CanvasAccount, other_account: CanvasAccount
) -> None:
    rows.run(other_account, canvas_id=1)
    assert shown(get(browser, canvas_account)) == []


def test_an_import_of_another_tool_names_who_launched_it_in_canvas(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    rows.run(canvas_account, canvas_id=1, canvas_user="Nightly Feed")
    html = get(browser, canvas_account)
    assert "Nightly Feed" in html
    assert "by another tool" in html


@pytest.mark.parametrize(
    "state, outcome",
    [
        ("imported", Outcome.IMPORTED),
        ("with_messages", Outcome.WITH_MESSAGES),
        ("failed", Outcome.PARTLY_APPLIED),
        ("aborted", Outcome.ABORTED),
        ("restored", Outcome.PARTLY_RESTORED),
    ],
)
def test_the_history_is_narrowed_by_state(
    browser: Client, canvas_account: CanvasAccount, state: str, outcome: Outcome
) -> None:
    for number, each in enumerate(Outcome):
        rows.run(canvas_account, canvas_id=number, outcome=each)
    rows.run(canvas_account, canvas_id=99, phase=Phase.RUNNING)
    found = ImportRun.objects.filter(pk__in=shown(get(browser, canvas_account, state=state)))
    assert outcome in {run.outcome for run in found}
    assert 99 not in {run.canvas_id for run in found}


def test_the_history_is_narrowed_by_days_of_the_person(
    browser: Client, canvas_account: CanvasAccount, registrar: User
) -> None:
    registrar.time_zone = "Pacific/Auckland"
    registrar.save()
    at = rows.NOW.replace(year=2026, month=3, day=10, hour=13)  # 11 March there
    run = rows.run(canvas_account, canvas_id=1, at=at)
    assert shown(get(browser, canvas_account, since="2026-03-11", until="2026-03-11")) == [run.pk]
    assert shown(get(browser, canvas_account, until="2026-03-10")) == []


def test_the_history_is_narrowed_by_who_launched(
    browser: Client, canvas_account: CanvasAccount, registrar: User
) -> None:
    mine = rows.run(canvas_account, canvas_id=1, launched_by=registrar, via=ImportRun.Via.PAGE)
    foreign = rows.run(canvas_account, canvas_id=2)
    assert shown(get(browser, canvas_account, who=registrar.pk)) == [mine.pk]
    assert shown(get(browser, canvas_account, who="elsewhere")) == [foreign.pk]


def test_a_number_finds_the_import_with_that_number_in_canvas(browser: Client, canvas_account: CanvasAccount) -> None:
    rows.run(canvas_account, canvas_id=471)
    wanted = rows.run(canvas_account, canvas_id=4711)
    assert shown(get(browser, canvas_account, text="4711")) == [wanted.pk]


def test_a_name_finds_files_and_people(browser: Client, canvas_account: CanvasAccount) -> None:
    by_file = rows.run(canvas_account, canvas_id=1, upload=rows.upload(canvas_account, sections=1))
    by_person = rows.run(canvas_account, canvas_id=2, canvas_user="Sections Robot", at=rows.NOW)
    rows.run(canvas_account, canvas_id=3, upload=rows.upload(canvas_account, users=1))
    assert shown(get(browser, canvas_account, text="sections")) == [by_person.pk, by_file.pk]


def test_a_filter_that_makes_no_sense_is_passed_over(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=1)
    assert shown(get(browser, canvas_account, state="purple", since="yesterday", who="nobody")) == [run.pk]


def test_pages_lead_through_the_whole_history_and_back(browser: Client, canvas_account: CanvasAccount) -> None:
    at = rows.NOW - timedelta(days=1)
    runs = [rows.run(canvas_account, canvas_id=n, at=at - timedelta(minutes=n // 3)) for n in range(120)]
    order = [run.pk for run in sorted(runs, key=lambda run: (run.at, run.pk), reverse=True)]
    first = get(browser, canvas_account)
    second = get(browser, canvas_account, before=cursor(first, "before"))
    third = get(browser, canvas_account, before=cursor(second, "before"))
    back = get(browser, canvas_account, after=cursor(third, "after"))
    assert shown(first) + shown(second) + shown(third) == order
    assert shown(back) == shown(second)
    assert 'rel="next"' not in third
    assert 'rel="prev"' not in first


def cursor(html: str, name: str) -> str:
    found = re.search(rf'href="\?[^"]*{name}=([^"&]+)"', html)
    assert found
    return found[1]


def test_a_cursor_that_somebody_edited_leads_to_the_newest(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=1)
    assert shown(get(browser, canvas_account, before="'; drop table")) == [run.pk]


def test_the_page_asks_the_database_a_fixed_number_of_times_however_long_it_is(
    browser: Client, canvas_account: CanvasAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        rows.run(canvas_account, canvas_id=number, upload=rows.upload(canvas_account, users=1))
    get(browser, canvas_account)  # the session remembers the account once
    with django_assert_max_num_queries(11):
        get(browser, canvas_account)


def changes(browser: Client, canvas_account: CanvasAccount, *seen: ImportRun, newest: int | None = None) -> str | None:
    """What the page's poller is told; None for nothing."""
    query: dict[str, str | int] = {"seen": ",".join(f"{run.pk}.{run.version}" for run in seen)}
    if newest is not None:
        query["newest"] = newest
    answer = browser.get(reverse("imports:changes", args=[canvas_account.slug]), query)
    return None if answer.status_code == 204 else answer.content.decode()


def test_nothing_is_sent_while_nothing_changes(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=1, phase=Phase.RUNNING)
    assert changes(browser, canvas_account, run, newest=run.pk) is None


def test_only_the_row_that_changed_is_sent(browser: Client, canvas_account: CanvasAccount) -> None:
    still = rows.run(canvas_account, canvas_id=1, phase=Phase.WAITING)
    moved = rows.run(canvas_account, canvas_id=2, phase=Phase.WAITING)
    ImportRun.objects.move(moved.pk, Phase.WAITING, Phase.RUNNING)
    html = changes(browser, canvas_account, still, moved)
    assert html is not None
    assert shown(html) == [moved.pk]
    assert f"{still.pk}.1" in html
    assert f"{moved.pk}.2" in html


def test_a_run_that_has_ended_is_no_longer_asked_for(browser: Client, canvas_account: CanvasAccount) -> None:
    run = rows.run(canvas_account, canvas_id=1, phase=Phase.RUNNING)
    ImportRun.objects.move(run.pk, Phase.RUNNING, Phase.FINISHED, outcome=Outcome.IMPORTED)
    html = changes(browser, canvas_account, run)
    assert html is not None
    assert '"seen": ""' in html


def test_a_new_import_is_put_where_it_belongs(browser: Client, canvas_account: CanvasAccount) -> None:
    older = rows.run(canvas_account, canvas_id=1, at=rows.NOW - timedelta(hours=3))
    newer = rows.run(canvas_account, canvas_id=2, at=rows.NOW - timedelta(hours=1))
    between = rows.run(canvas_account, canvas_id=3, at=rows.NOW - timedelta(hours=2))
    html = changes(browser, canvas_account, newest=newer.pk)
    assert html is not None
    assert shown(html) == [between.pk]
    assert f"beforebegin:#run-{older.pk}" in html


def test_nothing_arrives_on_a_later_page(browser: Client, canvas_account: CanvasAccount) -> None:
    rows.run(canvas_account, canvas_id=3)
    assert changes(browser, canvas_account) is None


def test_what_the_page_claims_to_show_gives_no_view_of_other_accounts(
    browser: Client, canvas_account: CanvasAccount, other_account: CanvasAccount
) -> None:
    secret = rows.run(other_account, canvas_id=1, phase=Phase.RUNNING)
    secret.version = 99
    assert changes(browser, canvas_account, secret, newest=0) is None
