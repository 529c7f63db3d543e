"""The building blocks of pages, rendered."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone

from accounts.models import Credential
from dashboard.templatetags.ui import LOOKS, marked
from imports.models import Action, ImportRun, Upload
from imports.phases import Outcome, Phase


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    "state", [*Phase, *Outcome, *Credential.State, *Upload.State, *Action.State], ids=lambda state: str(state.value)
)
def test_every_state_that_a_page_can_show_has_a_look(state: str) -> None:
    assert state in LOOKS or state == Phase.FINISHED


def test_a_state_is_shown_by_colour_icon_and_word() -> None:
    html = render('{% state_badge "failed" "Failed" %}')
    assert "tone-red" in html
    assert "#x-octagon-fill" in html
    assert ">Failed" in html.replace("</svg>", ">")


def test_a_state_that_canvas_invents_is_shown_as_unknown_with_its_own_word() -> None:
    html = render("{% state_badge state state %}", state="<frobnicating>")
    assert "tone-unknown" in html
    assert "&lt;frobnicating&gt;" in html


def test_a_run_at_work_shows_its_phase() -> None:
    run = ImportRun(phase=Phase.CLEANING)
    assert "Cleaning up" in render("{% run_badge run %}", run=run)


def test_a_finished_run_shows_how_it_ended() -> None:
    run = ImportRun(phase=Phase.FINISHED, outcome=Outcome.WITH_MESSAGES)
    html = render("{% run_badge run %}", run=run)
    assert "Imported with messages" in html
    assert "tone-amber" in html


@pytest.mark.parametrize(
    "past, words",
    [
        (timedelta(seconds=1), "just now"),
        (timedelta(seconds=42, milliseconds=200), "42 sec. ago"),
        (timedelta(minutes=3, seconds=10), "3 min. ago"),
        (timedelta(hours=5, minutes=1), "5 hr. ago"),
        (timedelta(days=1, hours=2), "1 day ago"),
        (timedelta(days=9, hours=2), "9 days ago"),
        (timedelta(seconds=-90), "in 1 min."),
    ],
)
def test_a_time_is_shown_relative_to_now(past: timedelta, words: str) -> None:
    assert f">{words}</time>" in render("{% ago moment %}", moment=timezone.now() - past)


def test_a_time_long_past_is_shown_as_its_date() -> None:
    assert ">3 Mar 2024</time>" in render("{% ago moment %}", moment=datetime(2024, 3, 3, 12, tzinfo=UTC))


def test_the_absolute_time_is_in_the_zone_of_the_person() -> None:
    with timezone.override("America/New_York"):
        html = render("{% ago moment %}", moment=datetime(2026, 1, 5, 9, 30, tzinfo=UTC))
    assert 'title="5 Jan 2026, 04:30:00 EST"' in html
    assert 'datetime="2026-01-05T09:30:00+00:00"' in html


def test_a_time_shown_in_full_is_one_that_the_browser_can_put_into_its_own_zone() -> None:
    html = render("{% at moment %}", moment=datetime(2026, 1, 5, 9, 30, tzinfo=UTC))
    assert html == '<time datetime="2026-01-05T09:30:00+00:00">5 Jan 2026, 09:30:00 UTC</time>'


@pytest.mark.parametrize(
    "value, told",
    [
        ("finished", "finished"),
        ({"batch_mode": True, "batch_mode_term_id": "12"}, "batch mode: yes, batch mode term id: 12"),
        ([{"department": None, "text": "BIO-*"}, {"text": "CHE-*"}], "text: BIO-*, text: CHE-*"),
    ],
)
def test_what_an_audit_line_keeps_is_told_without_brackets(value: object, told: str) -> None:
    assert render("{{ value|plainly }}", value=value) == told


@pytest.mark.parametrize(
    "seconds, words",
    [(0.4, "0 s"), (59, "59 s"), (184, "3 min 4 s"), (7500, "2 h 5 min"), (97200, "1 day 3 h"), (None, "-")],
)
def test_a_duration_is_shown_by_its_two_largest_parts(seconds: float | None, words: str) -> None:
    assert render("{% duration seconds %}", seconds=seconds) == words


@pytest.mark.parametrize(
    "count, words",
    [(1, "1 byte"), (164, "164 bytes"), (1_234, "1.2 kB"), (999_600, "1.0 MB"), (2_147_483_648, "2.1 GB"), (None, "-")],
)
def test_sizes_are_decimal(count: int | None, words: str) -> None:
    assert render("{% bytes count %}", count=count) == words


@pytest.mark.parametrize("value, words", [(0, "0"), (1_234_567, "1,234,567"), (88.25, "88"), (4.25, "4.2")])
def test_thousands_are_set_apart(value: float, words: str) -> None:
    assert render("{% number value %}", value=value) == words


class Sheet(forms.Form):
    name = forms.CharField(help_text="As people say it.")
    agreed = forms.BooleanField(label="I agree")
    role = forms.ChoiceField(choices=[("admin", "Admin")])


def test_a_field_ties_its_help_and_its_errors_to_the_input() -> None:
    html = render("{% field form.name %}", form=Sheet({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert "This field is required." in html


@pytest.mark.parametrize(
    "name, css", [("name", "form-control"), ("agreed", "form-check-input"), ("role", "form-select")]
)
def test_a_field_looks_like_what_it_is(name: str, css: str) -> None:
    form = Sheet()
    assert f'class="{css}"' in render("{% field bound %}", bound=form[name])


def test_words_between_backticks_are_set_as_code_and_nothing_else_gets_through() -> None:
    assert marked("no `login_id` <b>") == "no <code>login_id</code> &lt;b&gt;"
