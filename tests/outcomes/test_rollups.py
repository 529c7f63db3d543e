"""The grid of a course's rollups: what is shown, in what order, and how much of it at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import CanvasAccount, User
from accounts.sealing import seal
from imports.models import Course
from outcomes.models import Reading
from outcomes.services import reading as readings
from tests.cast import Seat
from tests.outcomes.kept import NOTHING, UNREACHED, Line, course_of, keep, outcome, student
from tests.outcomes.page import address, figures_in, html_of, outcomes_in, rows_in, students_in, texts
from tests.outcomes.school import read_course

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(seat: Seat, designer: User) -> Client:
    return seat(designer)


@pytest.fixture
def biology(canvas_account: CanvasAccount) -> Course:
    return course_of(canvas_account)


@pytest.fixture
def small(biology: Course) -> Course:
    """Three outcomes; five students in two sections, one of them concluded, one inactive."""
    outcomes = [outcome(1, "Argue"), outcome(2, "Measure"), outcome(3, "Report")]
    rows: list[Line] = [
        (student(11, "Amsel", (1, "active"), sis_id="S11"), [4.0, 0.0, NOTHING]),
        (student(12, "Buchfink", (2, "active")), [3.0, UNREACHED, NOTHING]),
        (student(13, "Dohle", (1, "completed")), [2.0, 3.5, NOTHING]),
        (student(14, "Elster", (2, "inactive"), (1, "active")), [NOTHING, 1.0, NOTHING]),
        (student(15, "Fink", (2, "inactive")), [NOTHING, NOTHING, NOTHING]),
    ]
    keep(biology, outcomes, rows, sections={1: "Morning", 2: "Evening"})
    return biology


def test_whom_somebody_looks_for_is_found_and_cannot_be_read_in_the_address(browser: Client, small: Course) -> None:
    answer = browser.post(address(small), {"text": "Amsel", "students": "results", "direction": ""})
    assert answer.status_code == 302
    assert "amsel" not in answer["Location"].lower()
    shown = browser.get(answer["Location"]).content.decode()
    assert students_in(shown) == ["Amsel"]
    assert 'value="Amsel"' in shown
    assert "students=results" in answer["Location"]


def test_nothing_but_what_was_looked_for_is_opened_in_an_address(browser: Client, small: Course) -> None:
    for sealed in (seal("a token of Canvas").decode(), "x", "\0", "\u00e4"):
        assert 'name="text" value' not in html_of(browser, small, who=sealed)


def test_each_cell_says_its_score_and_its_level(browser: Client, small: Course) -> None:
    assert rows_in(html_of(browser, small))[0][0] == "4, Exceeds"


def test_no_result_no_score_yet_and_zero_are_told_apart(browser: Client, small: Course) -> None:
    html = html_of(browser, small)
    assert rows_in(html)[0][1:] == ["0, Beginning", "No result"]
    assert rows_in(html)[1][1] == "Not yet: 2 results, no score so far"
    assert ">not yet</a>" in html


def test_where_points_are_hidden_the_name_of_the_level_stands_instead(browser: Client, biology: Course) -> None:
    keep(biology, [outcome(1)], [(student(11), [3.25]), (student(12), [4.0])], hides=True)
    html = html_of(browser, biology)
    assert rows_in(html) == [["Mastery"], ["Exceeds"]]
    assert "3.25" not in html
    assert figures_in(html)[0] == ["Mastery"]  # the mean, too, is a number of points


def test_a_level_has_its_colour_and_a_mark_as_high_as_it_is(browser: Client, small: Course) -> None:
    html = html_of(browser, small)
    assert '<rect width="5" height="100%" fill="#2B7ABC"/>' in html
    assert '<rect width="5" height="33%" fill="#555555"/>' in html


def test_a_score_below_the_lowest_level_says_so(browser: Client, biology: Course) -> None:
    keep(biology, [outcome(1, levels=outcome(1).levels[:2])], [(student(11), [1.5])])
    assert rows_in(html_of(browser, biology)) == [["1.5, below the lowest level"]]


def test_a_student_is_told_as_concluded_only_where_all_places_are(browser: Client, small: Course) -> None:
    html = html_of(browser, small)
    assert html.count("concluded</span>") == 1
    assert html.count("inactive</span>") == 1


@pytest.mark.parametrize(
    "query, kept",
    [
        ({}, ["Amsel", "Buchfink", "Dohle", "Elster", "Fink"]),
        ({"text": "ÁMSEL"}, ["Amsel"]),
        ({"text": "s11"}, ["Amsel"]),
        ({"section": 2}, ["Buchfink", "Elster", "Fink"]),
        ({"status": "not_concluded"}, ["Amsel", "Buchfink", "Elster", "Fink"]),
        ({"status": "current"}, ["Amsel", "Buchfink", "Elster"]),
        ({"students": "results"}, ["Amsel", "Buchfink", "Dohle", "Elster"]),
        ({"section": "nonsense", "status": "nonsense", "row": "-3"}, ["Amsel", "Buchfink", "Dohle", "Elster", "Fink"]),
    ],
)
def test_students_are_chosen_by_the_address(
    browser: Client, small: Course, query: dict[str, str | int], kept: list[str]
) -> None:
    assert students_in(html_of(browser, small, **query)) == kept


@pytest.mark.parametrize(
    "query, order",
    [
        ({"direction": "desc"}, ["Fink", "Elster", "Dohle", "Buchfink", "Amsel"]),
        ({"order": 1}, ["Dohle", "Buchfink", "Amsel", "Elster", "Fink"]),
        ({"order": 1, "direction": "desc"}, ["Amsel", "Buchfink", "Dohle", "Fink", "Elster"]),
        ({"order": 999}, ["Amsel", "Buchfink", "Dohle", "Elster", "Fink"]),
    ],
)
def test_students_are_sorted_with_the_missing_last(
    browser: Client, small: Course, query: dict[str, str | int], order: list[str]
) -> None:
    assert students_in(html_of(browser, small, **query)) == order


def test_the_header_says_how_the_students_are_sorted(browser: Client, small: Course) -> None:
    assert html_of(browser, small, order=2, direction="desc").count('aria-sort="descending"') == 1


def test_outcomes_without_results_of_the_chosen_students_can_be_hidden(browser: Client, small: Course) -> None:
    html = html_of(browser, small, outcomes="results")
    assert outcomes_in(html) == ["Argue", "Measure"]
    assert "1 hidden" in texts(html)


@pytest.mark.parametrize(
    "words, found",
    [("measure", ["Measure"]), ("unit", ["Argue", "Measure"]), ("un ár", ["Argue"]), ("guid-2", ["Measure"])],
)
def test_outcomes_are_chosen_by_words_in_title_group_or_guid(
    browser: Client, biology: Course, words: str, found: list[str]
) -> None:
    keep(biology, [outcome(1, "Argue"), outcome(2, "Measure", vendor_guid="GUID-2")], [(student(11), [4.0, 3.0])])
    assert outcomes_in(html_of(browser, biology, outcome=words)) == found
    answer = browser.post(address(biology), {"outcome": words})
    assert outcomes_in(browser.get(answer["Location"]).content.decode()) == found


def test_where_no_outcome_is_left_the_page_says_so(browser: Client, small: Course) -> None:
    assert "No outcome fits" in html_of(browser, small, outcome="Zaunkönig")


def test_a_half_is_rounded_as_canvas_rounds_it(browser: Client, biology: Course) -> None:
    scores = [2.0, 2.0, 2.0, 2.5, 2.75, 3.0, 3.0, 3.0]
    keep(biology, [outcome(1, mastery=2.5)], [(student(number), [score]) for number, score in enumerate(scores, 11)])
    median, share = figures_in(html_of(browser, biology, stat="median"))
    assert median == ["2.63"]
    assert share[0].endswith("63 %")


def test_where_nobody_is_left_the_page_says_so(browser: Client, small: Course) -> None:
    assert "No student fits" in html_of(browser, small, text="Zaunkönig")


@pytest.mark.parametrize(
    "outcomes, students, told", [(0, 2, "No outcomes"), (2, 0, "No students")], ids=["outcomes", "students"]
)
def test_a_course_without_outcomes_or_students_says_so(
    browser: Client, biology: Course, outcomes: int, students: int, told: str
) -> None:
    keep(biology, [outcome(number + 1) for number in range(outcomes)], [(student(n), []) for n in range(students)])
    assert told in html_of(browser, biology)


@pytest.fixture
def large(biology: Course) -> Course:
    outcomes = [outcome(number) for number in range(1, 61)]
    keep(biology, outcomes, [(student(number), [3.0] * 60) for number in range(1000, 1100)])
    return biology


def test_the_browser_gets_a_window_of_students_and_outcomes(browser: Client, large: Course) -> None:
    html = html_of(browser, large)
    assert (len(students_in(html)), len(outcomes_in(html))) == (40, 25)
    assert html.count("<td") == 40 * 25 + 2 * 25


def test_the_window_moves_both_ways_and_ends_at_the_ends(browser: Client, large: Course) -> None:
    html = html_of(browser, large, row=81, column=51, stat="median")
    assert students_in(html)[0] == "Student 1080"
    assert (len(students_in(html)), len(outcomes_in(html))) == (20, 10)
    assert outcomes_in(html)[0] == "Outcome 51"
    assert "Next students" not in html
    assert "?row=41&amp;column=51&amp;stat=median" in html
    assert "?row=81&amp;column=26&amp;stat=median" in html
    assert len(students_in(html_of(browser, large, row=10**17))) == 1


def test_a_window_costs_a_bounded_number_of_queries(
    browser: Client, large: Course, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    html_of(browser, large)
    with django_assert_max_num_queries(12):
        html_of(browser, large, order=3, text="student", row=41)


def test_mean_and_median_are_those_of_the_chosen_students(browser: Client, small: Course) -> None:
    assert figures_in(html_of(browser, small))[0][:2] == ["3", "1.5"]
    assert figures_in(html_of(browser, small, stat="median", section=1))[0][:2] == ["3", "1"]


def test_the_share_at_mastery_is_of_those_with_a_score(browser: Client, small: Course) -> None:
    html = html_of(browser, small)
    assert "67 %" in figures_in(html)[1][0]
    assert 'title="2 of 3 students with a score"' in html
    assert 'aria-label="1 Exceeds, 1 Mastery, 1 Beginning"' in html


def test_canvas_own_figure_is_flagged_where_it_differs_and_only_for_the_whole_course(
    browser: Client, biology: Course
) -> None:
    rows = [(student(11, "Amsel"), [4.0, 3.0]), (student(12, "Fink"), [2.0, 3.0])]
    keep(biology, [outcome(1), outcome(2)], rows, aggregates={"mean": {"1": [3.0, 2], "2": [2.5, 2]}})
    html = html_of(browser, biology)
    assert figures_in(html)[0] == ["3 as Canvas", "3 Canvas: 2.5"]
    assert "comes to another figure" in html
    assert figures_in(html_of(browser, biology, text="Fink"))[0] == ["2", "3"]


def test_figures_agree_with_those_of_the_practice_canvas(browser: Client, course: Course) -> None:
    read_course(course)
    for stat in ("mean", "median"):
        figures = figures_in(html_of(browser, course, stat=stat))[0]
        assert any(figure.endswith("as Canvas") for figure in figures)
        assert not any("Canvas:" in figure for figure in figures)


def test_an_outcome_tells_its_levels_with_counts_its_method_and_what_it_is_aligned_with(
    browser: Client, biology: Course
) -> None:
    told = outcome(1, description="<p>Argues <b>well</b>.</p>", alignments=("Essay",), vendor_guid="GUID-1")
    keep(biology, [told], [(student(11), [4.0]), (student(12), [1.0]), (student(13), [UNREACHED])])
    answer = browser.get(address(biology, "measured_outcome", 1), headers=HTMX)
    text = texts(answer.content.decode())
    assert "Exceeds 4 1 50 %" in text
    assert "Mastery mastery 3 0 0 %" in text
    assert "2 with a score, 1 with results but no score yet, 0 without a result" in text
    for words in ("Argues well.", "Highest score. The best of all results.", "Essay", "GUID-1"):
        assert words in text
    assert answer["HX-Push-Url"] == "false"
    assert "<html" in browser.get(address(biology, "measured_outcome", 1)).content.decode()
    assert browser.get(address(biology, "measured_outcome", 2)).status_code == 404


def test_a_course_that_was_not_read_offers_to_read_it(browser: Client, biology: Course) -> None:
    assert "Read rollups" in html_of(browser, biology)
    assert browser.get(address(biology, "rollups_csv")).status_code == 404


def test_a_page_follows_a_reading_and_says_when_it_is_there(browser: Client, course: Course) -> None:
    first = read_course(course)
    browser.post(address(course, "read"), {"back": "rollups"})
    where = address(course, "reading")
    assert f"{where}?shown={first.pk}" in html_of(browser, course)
    open_ = readings.ask(course=course)
    unchanged = browser.get(where, {"shown": str(first.pk), "seen": f"{open_.pk}-{open_.version}"}, headers=HTMX)
    assert unchanged.status_code == 204
    second = read_course(course)
    told = browser.get(where, {"shown": str(first.pk), "seen": "0"}, headers=HTMX).content.decode()
    assert "There is a new reading" in told
    assert "hx-trigger" not in told
    assert browser.get(where, {"shown": 0}, headers=HTMX)["HX-Refresh"] == "true"
    assert readings.current(course) == second


def test_what_was_read_stays_while_a_newer_reading_fails(browser: Client, small: Course) -> None:
    failed = {"state": Reading.State.FAILED, "problem": "Canvas was away."}
    Reading.objects.create(course=small, ended_at=timezone.now() + timedelta(hours=1), **failed)
    html = html_of(browser, small)
    assert "Canvas was away." in html
    assert "Amsel" in students_in(html)


@pytest.mark.parametrize("name", ["rollups", "reading", "order", "rollups_csv", "rollups_xlsx", "canvas_csv"])
def test_rollups_are_for_those_who_have_to_do_with_outcomes(
    seat: Seat, small: Course, viewer: User, registrar: User, admin: User, stranger: User, name: str
) -> None:
    answers = [seat(one).get(address(small, name)) for one in (viewer, registrar, admin, stranger)]
    assert [bool(answer.getvalue()) for answer in answers] == [True] * 4
    assert [answer.status_code for answer in answers] == [403, 403, 200, 404]


def test_a_course_of_another_account_is_not_found(browser: Client, small: Course) -> None:
    other = CanvasAccount.objects.create(name="Other", slug="other", base_url="https://other.example.edu")
    hidden = course_of(other, canvas_id=78)
    assert browser.get(address(hidden)).status_code == 404


BEYOND = "9" * 25  # more than the database's numbers hold


@pytest.mark.parametrize(
    "rest, status",
    [
        (f"?order={BEYOND}&row={BEYOND}&column={BEYOND}", 200),
        (f"?section={BEYOND}&direction=sideways&stat=mode", 200),
        ("?text=%00", 200),
        (f"outcomes/{BEYOND}/", 404),
        (f"outcomes/1/students/{BEYOND}/", 404),
        (f"reading/?shown={BEYOND}&seen={BEYOND}", 200),
        (f"../{BEYOND}/", 404),
        (f"../?page={BEYOND}&term={BEYOND}&department={BEYOND}", 200),
    ],
)
def test_an_edited_address_finds_nothing_and_breaks_nothing(
    browser: Client, small: Course, rest: str, status: int
) -> None:
    where = address(small) + rest if not rest.startswith("../") else address(small).replace("77/", rest[3:])
    assert browser.get(where).status_code == status
