"""The table of messages: filtered, paged, downloaded."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import CanvasAccount, User
from imports.models import ImportRun
from tests.cast import Seat
from tests.imports import rows

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(seat: Seat, registrar: User) -> Client:
    return seat(registrar)


@pytest.fixture
def run(canvas_account: CanvasAccount) -> ImportRun:
    return rows.run(canvas_account, canvas_id=12, warning_count=120, messages_state=ImportRun.Messages.COMPLETE)


def table(browser: Client, run: ImportRun, **query: str | int) -> str:
    address = reverse("imports:messages", args=[run.canvas_account.slug, run.pk])
    return browser.get(address, query, headers=HTMX).content.decode()


def texts(html: str) -> list[str]:
    return re.findall(r"Message \d+", html)


def test_a_message_is_shown_with_its_file_row_and_content(browser: Client, run: ImportRun) -> None:
    rows.message(run, "No login_id given for user U7", row=17, row_content="U7,,Ada")
    html = table(browser, run)
    assert "No login_id given for user U7" in html
    assert ">17<" in html
    assert "U7,,Ada" in html


def test_a_message_about_the_whole_import_says_so(browser: Client, run: ImportRun) -> None:
    rows.message(run, "Diffing not performed", file="", row=None)
    assert "The whole import" in table(browser, run)


@pytest.mark.parametrize(
    "query, kept",
    [
        ({"severity": "error"}, ["Message 2"]),
        ({"file": "courses.csv"}, ["Message 3"]),
        ({"text": "sage 1"}, ["Message 1"]),
        ({}, ["Message 1", "Message 2", "Message 3"]),
    ],
)
def test_messages_are_narrowed_by_severity_file_and_text(
    browser: Client, run: ImportRun, query: dict[str, str], kept: list[str]
) -> None:
    rows.message(run, "Message 1")
    rows.message(run, "Message 2", severity="error")
    rows.message(run, "Message 3", file="courses.csv")
    assert texts(table(browser, run, **query)) == kept


def test_messages_that_say_the_same_are_counted_and_lead_to_each_other(browser: Client, run: ImportRun) -> None:
    for number in range(3):
        one = rows.message(run, f"Message {number}", pattern="Message …")
    rows.message(run, "Message 9", pattern="Once only")
    html = table(browser, run)
    assert re.search(r"<b>3</b>\s*Message …", html)
    assert "Once only" not in html
    assert texts(table(browser, run, pattern=one.pattern_id)) == ["Message 0", "Message 1", "Message 2"]


def test_pages_lead_through_thousands(browser: Client, run: ImportRun) -> None:
    for number in range(120):
        rows.message(run, f"Message {number}", pattern="Message …")
    first = table(browser, run)
    second = table(browser, run, before=key(first, "before"))
    third = table(browser, run, before=key(second, "before"))
    assert texts(first) + texts(second) + texts(third) == [f"Message {number}" for number in range(120)]
    assert texts(table(browser, run, after=key(third, "after"))) == texts(second)


def key(html: str, name: str) -> str:
    found = re.search(rf"\?[^\"]*{name}=(\d+)", html)
    assert found
    return found[1]


def test_without_javascript_the_table_is_a_page_of_its_own(browser: Client, run: ImportRun) -> None:
    address = reverse("imports:messages", args=[run.canvas_account.slug, run.pk])
    assert "<!DOCTYPE html>" in browser.get(address).content.decode()
    assert "<!DOCTYPE html>" not in table(browser, run)


def test_the_filter_lives_in_the_address_of_the_import(browser: Client, run: ImportRun) -> None:
    address = reverse("imports:messages", args=[run.canvas_account.slug, run.pk])
    headers = HTMX | {"HX-Current-URL": f"http://testserver{run.get_absolute_url()}"}
    answer = browser.get(address, {"text": "U7"}, headers=headers)
    assert answer.headers["HX-Replace-Url"] == f"{run.get_absolute_url()}?text=U7"
    assert f"{address}?text=U7" in browser.get(answer.headers["HX-Replace-Url"]).content.decode()


def test_what_canvas_no_longer_has_is_called_short(browser: Client, run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(messages_state=ImportRun.Messages.SHORT)
    assert "no longer has all" in table(browser, run)


def test_the_download_holds_what_the_filter_shows_and_runs_nothing_in_a_spreadsheet(
    browser: Client, run: ImportRun
) -> None:
    rows.message(run, "=HYPERLINK(1)", file="users.csv", row=2)
    rows.message(run, "Message 2", severity="error")
    address = reverse("imports:messages_csv", args=[run.canvas_account.slug, run.pk])
    answer = browser.get(address, {"severity": "warning"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]  # streamed
    assert lines == ["severity,file,row,message,row content", "warning,users.csv,2,'=HYPERLINK(1),"]
    assert 'filename="messages-12.csv"' in answer.headers["Content-Disposition"]


def test_a_message_cannot_bring_markup_into_the_page(browser: Client, run: ImportRun) -> None:
    rows.message(run, "<img src=x>", file="<b>.csv", row_content="<script>")
    html = table(browser, run)
    assert "<img src=x>" not in html
    assert "<script>" not in html
