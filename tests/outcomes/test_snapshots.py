"""A snapshot: figures that never change again, to be shown, compared and handed out."""

import io
import zipfile

import pytest
from django.test import Client

from accounts.models import AuditLine, User
from outcomes.models import Program, Snapshot
from outcomes.programs.packing import unpacked
from outcomes.selectors.students import people
from tests.cast import Seat
from tests.outcomes.programs.defined import at, read_all
from tests.outcomes.test_programs import browser, program, read_program, rows_of, school
from tests.servers.practice import Practice

__all__ = ["browser", "program", "read_program", "school"]


def freeze(browser: Client, program: Program, name: str = "Spring", term: str = "") -> Snapshot:
    answer = browser.post(at(program, "snapshots"), {"name": name, "term": term})
    assert answer.status_code == 302, answer.content.decode()
    return program.snapshots.get(name=name)


def csv_of(browser: Client, snapshot: Snapshot, **asked: str) -> bytes:
    answer = browser.get(at(snapshot.program, "snapshot_csv", snapshot.pk), asked)
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def raise_mastery(practice: Practice) -> None:
    """Nobody masters anything any more."""
    for outcome in practice.control("GET", "objects/outcomes?per_page=100"):
        practice.api("PUT", f"outcomes/{outcome['id']}", json={"mastery_points": 99})


@pytest.fixture
def snapshot(read_program: Program, browser: Client) -> Snapshot:
    return freeze(browser, read_program)


def test_a_snapshot_shows_what_the_page_showed(snapshot: Snapshot, browser: Client) -> None:
    for by in ("total", "term", "course", "section"):
        live = browser.get(at(snapshot.program, "program_csv"), {"by": by})
        assert csv_of(browser, snapshot, by=by) == b"".join(live.streaming_content)  # type: ignore[attr-defined]
    assert "Frozen" in browser.get(at(snapshot.program, "snapshot", snapshot.pk)).content.decode()


def test_a_snapshot_does_not_move_when_canvas_does(snapshot: Snapshot, browser: Client, practice: Practice) -> None:
    before = {by: csv_of(browser, snapshot, by=by) for by in ("total", "course")}
    raise_mastery(practice)
    read_all(browser, snapshot.program)
    assert {row["Share at mastery"] for row in rows_of(browser, snapshot.program)} <= {"0.0", ""}
    assert {by: csv_of(browser, snapshot, by=by) for by in before} == before


def test_two_states_of_a_program_are_compared_outcome_by_outcome(
    snapshot: Snapshot, browser: Client, practice: Practice
) -> None:
    raise_mastery(practice)
    read_all(browser, snapshot.program)
    later = freeze(browser, snapshot.program, "Autumn")
    address = at(snapshot.program, "snapshots_compare")
    for after in (str(later.pk), "now"):
        changes = browser.get(address, {"before": str(snapshot.pk), "after": after}).context["changes"]
        fallen = [one for one in changes if one.share is not None and one.share < 0]
        assert fallen
        assert all(one.students == 0 for one in fallen)


def test_one_term_alone_can_be_frozen(read_program: Program, browser: Client) -> None:
    terms = browser.get(at(read_program, "snapshots")).context["form"]["term"].field.choices
    key, name = terms[-1]
    frozen = freeze(browser, read_program, "One term", key)
    assert frozen.term_name == name
    assert {group.name for group in frozen.published.figures.of_kind("term")} == {name}
    live = {row["Title"]: row for row in rows_of(browser, read_program, by="term") if row["Term"] == name}
    figures = frozen.published.figures
    for outcome in figures.outcomes:
        told = figures.of("total", outcome.key)
        if outcome.title in live and not told.is_hidden and told.students:
            assert str(told.students) == live[outcome.title]["Students"]


def test_a_snapshot_of_one_term_is_compared_with_that_term_of_now(read_program: Program, browser: Client) -> None:
    key, name = browser.get(at(read_program, "snapshots")).context["form"]["term"].field.choices[-1]
    frozen = freeze(browser, read_program, "One term", key)
    shown = browser.get(at(read_program, "snapshots_compare"), {"before": str(frozen.pk)}).context
    assert name in dict(shown["choices"])[str(frozen.pk)]
    assert [one for one in shown["changes"] if one.after.students]
    assert all(one.before == one.after for one in shown["changes"])


def test_a_snapshot_holds_no_student(snapshot: Snapshot) -> None:
    kept = str(unpacked(snapshot.content))
    for person in people(snapshot.program):
        assert person.name not in kept
        assert person.sis_id not in kept


def test_what_is_hidden_is_not_kept_in_a_snapshot_either(snapshot: Snapshot, admin: User, seat: Seat) -> None:
    address = "/c/example-university/outcomes/programs/smallest-group/"
    hidden = csv_of(seat(admin), snapshot, by="section").count(b"hidden")
    assert hidden
    seat(admin).post(address, {"students": 1})
    assert csv_of(seat(admin), snapshot, by="section").count(b"hidden") == hidden


def test_a_program_of_which_nothing_was_read_cannot_be_frozen(program: Program, browser: Client) -> None:
    browser.post(at(program, "snapshots"), {"name": "Too early"})
    assert not program.snapshots.exists()


def test_a_snapshot_is_renamed_by_a_designer_and_deleted_only_by_an_admin_who_types_its_name(
    snapshot: Snapshot, browser: Client, admin: User, seat: Seat
) -> None:
    browser.post(at(snapshot.program, "snapshot_rename", snapshot.pk), {"name": "Spring 2026"})
    address = at(snapshot.program, "snapshot_delete", snapshot.pk)
    assert browser.get(address).status_code == 403
    assert browser.post(address, {"typed": "Spring 2026"}).status_code == 403
    assert seat(admin).post(address, {"typed": "Spring"}).status_code == 422
    assert snapshot.program.snapshots.exists()
    assert seat(admin).post(address, {"typed": "Spring 2026"}).status_code == 302
    assert not snapshot.program.snapshots.exists()
    verbs = list(AuditLine.objects.filter(verb__contains="snapshot").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["rename_snapshot", "delete_snapshot"]


def test_a_snapshot_is_not_found_under_another_program(snapshot: Snapshot, browser: Client) -> None:
    other = Program.objects.create(canvas_account=snapshot.program.canvas_account, name="Other")
    assert browser.get(at(other, "snapshot", snapshot.pk)).status_code == 404


def test_the_report_says_what_its_numbers_mean_and_how_old_they_are(snapshot: Snapshot, browser: Client) -> None:
    for name, further in (("program_report", ()), ("snapshot_report", (snapshot.pk,))):
        report = browser.get(at(snapshot.program, name, *further)).content.decode()
        assert "Groups of fewer than 10 students" in report
        assert "What these numbers mean" in report
        assert "Data read" in report
        assert not [one.name for one in people(snapshot.program) if one.name in report]


def test_a_workbook_holds_text_as_text_and_no_formula(
    read_program: Program, browser: Client, practice: Practice
) -> None:
    outcome = practice.control("GET", "objects/outcomes?per_page=100")[0]
    practice.api("PUT", f"outcomes/{outcome['id']}", json={"title": '=HYPERLINK("http://x")', "display_name": ""})
    read_all(browser, read_program)
    answer = browser.get(at(read_program, "program_xlsx"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "=HYPERLINK" in texts
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<hyperlink" in sheet]
    titles = [row["Title"] for row in rows_of(browser, read_program)]
    assert '\'=HYPERLINK("http://x")' in titles
