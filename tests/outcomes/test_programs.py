"""A program: defined by rules, read in the background, shown with coverage first."""

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import AuditLine, CanvasAccount, User
from imports.models import Course
from outcomes.models import ComputedFigures, Program, Reading
from outcomes.programs.packing import packed, unpacked
from outcomes.services import programs
from tests.cast import Seat
from tests.outcomes.programs.defined import at, complete, define, read_all, work
from tests.outcomes.school import list_places
from tests.servers.practice import Practice

SCHOOL = {"courses": 6, "students": 60, "outcomes": 12, "seed": 12}


@pytest.fixture
def school(canvas_account: CanvasAccount, practice: Practice) -> CanvasAccount:
    """Six courses of two or three terms, with results."""
    practice.control("POST", "seed", SCHOOL)
    list_places(canvas_account)
    return canvas_account


@pytest.fixture
def browser(designer: User, seat: Seat) -> Client:
    return seat(designer)


@pytest.fixture
def program(school: CanvasAccount, browser: Client) -> Program:
    """Over all six courses; nothing has been read yet."""
    return define(browser, school)


@pytest.fixture
def read_program(program: Program, browser: Client) -> Program:
    read_all(browser, program)
    program.refresh_from_db()
    return program


def page(browser: Client, program: Program, **asked: str) -> str:
    answer = browser.get(at(program, "program"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def rows_of(browser: Client, program: Program, **asked: str) -> list[dict[str, str]]:
    """The CSV of the page."""
    answer = browser.get(at(program, "program_csv"), asked)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def dates_read(browser: Client, program: Program) -> list[str]:
    """When the figures on the page say that each course was read."""
    figures = browser.get(at(program, "program")).context["figures"]
    return [course.read_at for course in figures.of_kind("course")]


def test_the_courses_of_a_program_follow_its_rules_when_they_are_listed_anew(
    school: CanvasAccount, browser: Client, practice: Practice
) -> None:
    program = define(browser, school, text="Sea")
    assert not program.places.exists()
    course = Course.objects.earliest("canvas_id")
    practice.control("PUT", f"objects/courses/{course.canvas_id}", {"name": "Life in the sea"})
    list_places(school)
    work()
    assert list(program.places.values_list("course", flat=True)) == [course.pk]
    assert not programs.due_for_renewal()


def test_a_course_that_canvas_no_longer_lists_stays_with_its_last_data(
    read_program: Program, browser: Client, practice: Practice
) -> None:
    course = Course.objects.earliest("canvas_id")
    practice.control("PUT", f"objects/courses/{course.canvas_id}", {"workflow_state": "deleted"})
    list_places(read_program.canvas_account)
    read_all(browser, read_program)
    assert course.name in {row["Course"] for row in rows_of(browser, read_program, by="course")}
    assert "no longer in Canvas" in browser.get(at(read_program, "program_courses")).content.decode()


def test_a_pattern_takes_only_what_it_matches_from_end_to_end(school: CanvasAccount, browser: Client) -> None:
    code = Course.objects.earliest("canvas_id").course_code
    chosen = define(browser, school, text=f"{code[:3]}*")
    assert set(chosen.places.values_list("course__course_code", flat=True)) == {
        each for each in Course.objects.values_list("course_code", flat=True) if each.startswith(code[:3])
    }


def test_a_course_can_be_left_out_and_added_by_hand(program: Program, browser: Client) -> None:
    course = Course.objects.earliest("canvas_id")
    browser.post(at(program, "course_place", course.canvas_id), {"hand": "excluded"})
    assert "5 courses" in page(browser, program)
    browser.post(at(program, "course_rule_remove", 0))
    assert "0 courses" in page(browser, program)
    browser.post(at(program, "course_place", course.canvas_id), {"hand": "added"})
    assert "1 course" in page(browser, program)


def test_an_empty_rule_is_refused(program: Program, browser: Client) -> None:
    assert browser.post(at(program, "program_courses"), {"text": "  "}).status_code == 422


def test_reading_costs_each_course_as_much_as_reading_it_alone(
    program: Program, browser: Client, practice: Practice
) -> None:
    practice.control("DELETE", "requests")
    read_all(browser, program)
    assert complete(program) == 6
    assert len(practice.requests_seen("GET", "/courses/")) == sum(Reading.objects.values_list("requests", flat=True))
    assert set(Reading.objects.values_list("urgency", flat=True)) == {1}


def test_courses_that_are_fresh_are_not_read_again(read_program: Program, browser: Client, practice: Practice) -> None:
    practice.control("DELETE", "requests")
    read_all(browser, read_program, hours=24)
    assert not practice.requests_seen("GET", "/courses/")


def test_a_round_without_news_recomputes_nothing_and_makes_the_data_younger(
    read_program: Program, browser: Client, practice: Practice
) -> None:
    kept = ComputedFigures.objects.filter(program=read_program)
    kept.update(people=packed([]))  # what a computation would write anew
    figures, before = rows_of(browser, read_program, by="section"), dates_read(browser, read_program)
    read_all(browser, read_program)
    assert unpacked(kept.get().people) == []
    assert rows_of(browser, read_program, by="section") == figures
    assert [old < new for old, new in zip(before, dates_read(browser, read_program), strict=True)] == [True] * 6
    practice.api("PUT", f"outcomes/{figures[0]['Canvas outcome ids']}", json={"mastery_points": 99})
    read_all(browser, read_program)
    assert unpacked(kept.get().people) != []


def test_the_age_of_data_is_counted_from_the_moment_at_which_its_reading_was_begun(
    read_program: Program, browser: Client
) -> None:
    begun = sorted(one.began_at for one in Reading.objects.all() if one.began_at)
    assert sorted(dates_read(browser, read_program)) == [one.isoformat() for one in begun]
    progress = browser.get(at(read_program, "program")).context["progress"]
    assert (progress.oldest, progress.newest) == (begun[0], begun[-1])


def test_figures_of_an_earlier_version_are_computed_anew_before_they_are_shown(
    read_program: Program, browser: Client
) -> None:
    current, kept = rows_of(browser, read_program), ComputedFigures.objects.filter(program=read_program)
    empty = unpacked(kept.get().content) | {"latest": {}, "every": {}}
    kept.update(fingerprint="f" * 64, content=packed(empty))
    assert rows_of(browser, read_program) == current
    assert "Since these numbers were computed" not in page(browser, read_program)


def test_figures_older_than_a_reading_say_so_until_they_are_computed_anew(
    read_program: Program, browser: Client
) -> None:
    course = Course.objects.earliest("canvas_id")
    Course.objects.filter(pk=course.pk).update(name="Life in the sea")
    assert "courses were read, or they or the rules changed" in page(browser, read_program)


def test_a_concluded_course_is_read_once_and_again_only_when_everything_is(
    read_program: Program, browser: Client
) -> None:
    Reading.objects.update(ended_at="2020-01-01T00:00:00Z", began_at="2020-01-01T00:00:00Z")
    course = Course.objects.earliest("canvas_id")
    Course.objects.filter(pk=course.pk).update(workflow_state="completed")
    kept = course.readings.get().pk
    read_all(browser, read_program, hours=24)
    assert course.readings.get().pk == kept
    read_all(browser, read_program, hours=0)
    assert course.readings.get().pk != kept


def test_a_schedule_has_them_read_every_day(program: Program, browser: Client) -> None:
    browser.post(at(program, "program_edit"), {"name": "Biology", "daily_hour": 3})
    program.refresh_from_db()
    assert program.collect_at
    assert program.collect_at.hour == 3
    Program.objects.update(collect_at="2020-01-01T03:00:00Z")
    work()
    program.refresh_from_db()
    assert complete(program) == 6
    assert program.collect_at.hour == 3
    assert program.collect_at.year > 2020


def test_a_course_that_fails_is_named_with_its_reason_and_can_be_read_again(
    program: Program, browser: Client, practice: Practice
) -> None:
    course = Course.objects.earliest("canvas_id")
    path = f"GET /api/v1/courses/{course.canvas_id}/*"
    practice.control("POST", "faults", {"match": path, "kind": "status", "status": 404, "times": 1})
    read_all(browser, program)
    shown = page(browser, program)
    assert "1 course could not be read" in shown
    assert "Canvas does not have this course any more" in shown
    browser.post(at(program, "program_retry"), {"course": course.canvas_id})
    work()
    assert "could not be read" not in page(browser, program)


def test_progress_is_told_while_courses_are_read_and_stops_when_none_is(program: Program, browser: Client) -> None:
    browser.post(at(program, "program_collect"), {"hours": 0})
    told = browser.get(at(program, "program_progress"))
    assert "hx-trigger" in told.content.decode()
    work()
    told = browser.get(at(program, "program_progress"))
    assert "hx-trigger" not in told.content.decode()
    assert "6 <span" in told.content.decode()


def test_progress_that_is_known_is_not_sent_again(program: Program, browser: Client) -> None:
    browser.post(at(program, "program_collect"), {"hours": 0})
    seen = browser.get(at(program, "program_progress")).context["progress"].seen
    assert browser.get(at(program, "program_progress"), {"seen": seen}).status_code == 204


def test_the_figures_are_those_of_canvas(read_program: Program, browser: Client, practice: Practice) -> None:
    course = Course.objects.earliest("canvas_id")
    path = f"courses/{course.canvas_id}/outcome_rollups"
    theirs = practice.api("GET", path, params={"aggregate": "course"})["rollups"][0]["scores"]
    expected = {score["links"]["outcome"]: score["score"] for score in theirs}
    shown = [row for row in rows_of(browser, read_program, by="course") if row["Course"] == course.name]
    compared = {row["Canvas outcome ids"]: row["Mean"] for row in shown if row["Mean"]}
    assert compared
    assert {key: float(mean) for key, mean in compared.items()} == {key: expected[key] for key in compared}


@pytest.mark.parametrize("counting", ["latest", "every"])
def test_no_download_tells_of_fewer_students_than_the_limit(
    counting: str, read_program: Program, browser: Client
) -> None:
    for by in ("total", "term", "course", "section"):
        rows = rows_of(browser, read_program, by=by, counting=counting)
        assert rows
        assert all(int(row["Students"]) >= 10 or int(row["Students"]) == 0 for row in rows if not row["Hidden"])
        assert all(not row["Mean"] and not row["Students"] for row in rows if row["Hidden"])


def test_both_ways_of_counting_hide_the_same_groups(read_program: Program, browser: Client) -> None:
    latest, every = (
        [row["Hidden"] for row in rows_of(browser, read_program, by="section", counting=counting)]
        for counting in ("latest", "every")
    )
    assert latest == every
    assert "hidden" in latest


def test_an_admin_decides_how_small_a_group_may_be(
    read_program: Program, browser: Client, admin: User, seat: Seat
) -> None:
    address = reverse("outcomes:smallest_group_policy", args=[read_program.canvas_account.slug])
    assert browser.post(address, {"students": 1}).status_code == 403
    assert seat(admin).post(address, {"students": 1000}).status_code == 302
    assert {row["Hidden"] for row in rows_of(browser, read_program, by="course") if row["Students"] != "0"} == {
        "hidden"
    }
    assert AuditLine.objects.filter(verb="set_smallest_group", actor=admin).exists()


def test_figures_can_be_sorted_and_filtered_by_the_address(read_program: Program, browser: Client) -> None:
    shares = [
        row["Share at mastery"] for row in rows_of(browser, read_program, sort="-share") if row["Share at mastery"]
    ]
    assert shares == sorted(shares, key=float, reverse=True)
    key = rows_of(browser, read_program)[0]["Canvas outcome ids"]
    terms = rows_of(browser, read_program, by="term", outcome=key)
    assert len({row["Term"] for row in terms}) == len(terms) > 1


@pytest.mark.parametrize("asked", [{"by": "x"}, {"outcome": "9" * 30}, {"sort": "-x"}, {"page": "-1", "courses": "a"}])
def test_what_makes_no_sense_in_an_address_is_passed_over(
    asked: dict[str, str], read_program: Program, browser: Client
) -> None:
    assert "In total" in page(browser, read_program, **asked)


def test_outcomes_are_chosen_by_guid_and_left_to_all_again(read_program: Program, browser: Client) -> None:
    guid = rows_of(browser, read_program)[0]["vendor_guid"]
    browser.post(at(read_program, "program_outcomes"), {"guids": f"{guid}, NOT-THERE"})
    assert {row["vendor_guid"] for row in rows_of(browser, read_program)} == {guid}
    browser.post(at(read_program, "outcome_rule_remove", 0))
    browser.post(at(read_program, "outcome_rule_remove", 0))
    assert len(rows_of(browser, read_program)) > 1


def test_outcomes_are_chosen_by_group_and_picked(read_program: Program, browser: Client) -> None:
    form = browser.get(at(read_program, "program_outcomes")).context["form"]
    group = form["group"].field.choices[1][0]
    picked = form["picked"].field.choices[-1][0]
    browser.post(at(read_program, "program_outcomes"), {"group": group, "picked": [picked]})
    shown = browser.get(at(read_program, "program_outcomes")).context
    assert 0 < len(shown["taken"]) <= len(shown["found"])
    assert picked in {str(one.key) for one in shown["taken"]}


def test_every_change_of_a_program_is_in_the_audit_log(read_program: Program, browser: Client, designer: User) -> None:
    browser.post(at(read_program, "program_archive"))
    verbs = set(AuditLine.objects.filter(actor=designer).values_list("verb", flat=True))
    assert {"define_program", "choose_courses", "read_program", "archive_program"} <= verbs


def test_an_archived_program_is_not_read_and_can_be_brought_back(program: Program, browser: Client) -> None:
    browser.post(at(program, "program_edit"), {"name": "Biology", "daily_hour": 3})
    browser.post(at(program, "program_archive"))
    browser.post(at(program, "program_collect"), {"hours": 0})
    work()
    assert complete(program) == 0
    browser.post(at(program, "program_bring_back"))
    assert "Biology" in browser.get(reverse("outcomes:programs", args=[program.canvas_account.slug])).content.decode()


def test_two_programs_in_use_do_not_share_a_name(program: Program, browser: Client) -> None:
    answer = browser.post(reverse("outcomes:program_new", args=[program.canvas_account.slug]), {"name": "Biology"})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["program_new", "program_edit"])
def test_of_two_people_who_choose_one_name_in_the_same_moment_the_second_is_told_so(
    name: str, program: Program, browser: Client
) -> None:
    slug = program.canvas_account.slug
    address = at(program, name) if name == "program_edit" else reverse("outcomes:program_new", args=[slug])
    quicker: list[Program] = []

    def first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Somebody else is through just before this one writes."""
        if not quicker and re.match(r'(INSERT INTO|UPDATE) "outcomes_program" ', sql):
            quicker.append(program)
            quicker.append(Program.objects.create(canvas_account=program.canvas_account, name="Botany"))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(first):
        answer = browser.post(address, {"name": "Botany"})
    assert quicker
    assert answer.status_code == 422
    assert "There is a program of that name" in answer.content.decode()


def test_a_program_whose_name_is_in_use_by_now_is_not_brought_back(program: Program, browser: Client) -> None:
    browser.post(at(program, "program_archive"))
    Program.objects.create(canvas_account=program.canvas_account, name=program.name)
    browser.post(at(program, "program_bring_back"))
    program.refresh_from_db()
    assert program.archived_at
    assert not AuditLine.objects.filter(verb="bring_back_program").exists()


def test_the_page_of_a_program_asks_the_database_a_bounded_number_of_times(
    read_program: Program, browser: Client, django_assert_max_num_queries: object
) -> None:
    page(browser, read_program)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        page(browser, read_program, by="section")
