"""Outcome imports, from a dropped file to what Canvas made of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import CanvasAccount, Credential, User
from canvas.outcomes import Context
from imports.models import ImportRun, Upload
from imports.phases import Outcome, Phase
from imports.services import launching, places
from tests.cast import Seat
from tests.imports import desk, files, outcomes
from tests.servers.practice import Practice

POST = "POST /api/v1/accounts/*/outcome_imports"
FAULTY = outcomes.SMALL + "o3,outcome,Lost,NOWHERE\n"


@pytest.fixture
def browser(seat: Seat, designer: User) -> Client:
    return seat(designer)


def give(browser: Client, canvas_account: CanvasAccount, content: str, name: str = "outcomes.csv") -> Upload:
    """Drop a file, and have it looked into."""
    address = reverse("imports:new", args=[canvas_account.slug])
    assert browser.post(address, {"chosen": [SimpleUploadedFile(name, content.encode())]}).status_code == 302
    desk.work()
    return Upload.objects.get()


def launched(canvas_account: CanvasAccount, folder: Path, content: str, **options: object) -> ImportRun:
    given = desk.upload(canvas_account, files.write(folder / "outcomes.csv", content))
    return launching.launch(upload=given, options=options, by=None, via=ImportRun.Via.PAGE)


def page(answer: Any) -> str:
    html: str = answer.content.decode()
    return html


def content_of(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def work_with_checks(browser: Client, upload: Upload, query: str = "") -> str:
    """The page of the upload once check and preview are there."""
    browser.get(upload.get_absolute_url() + query)
    desk.work()
    desk.check_all()
    return page(browser.get(upload.get_absolute_url() + query))


def test_a_designer_takes_outcomes_from_a_dropped_file_into_canvas(
    browser: Client, canvas_account: CanvasAccount, practice: Practice
) -> None:
    upload = give(browser, canvas_account, outcomes.SMALL)
    assert "Import into" in work_with_checks(browser, upload)

    answer = browser.post(upload.get_absolute_url(), {"once_key": "k", "context": "account:self"})
    run = desk.work_until_ended(ImportRun.objects.get(kind="outcome"))

    assert answer.headers["Location"] == run.get_absolute_url()
    assert (run.kind, run.outcome) == ("outcome", Outcome.IMPORTED)
    assert {group["title"] for group in run.made} == {"Alpha", "Beta"}
    assert {outcome.guid for outcome in outcomes.tree(practice).outcomes.values()} == {"o1", "o2"}
    shown = page(browser.get(run.get_absolute_url()))
    assert "Groups it created or changed" in shown
    assert "can neither abort" in shown


def test_outcomes_go_into_a_course_and_a_group_of_it(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    course = outcomes.course(practice)
    outcomes.imported(practice, tmp_path, outcomes.GROUPS, context=Context.course(course))
    before = outcomes.tree(practice, Context.course(course))
    beta = next(group.id for group in before.groups.values() if group.guid == "B")
    places.want(canvas_account=canvas_account)
    desk.list_places()
    upload = give(browser, canvas_account, "vendor_guid,object_type,title\no1,outcome,Writes\n")
    shown = work_with_checks(browser, upload, f"?q=biology&context=course:{course}")
    assert "Basic Biology" in shown
    assert f'value="{beta}"' in shown

    browser.post(upload.get_absolute_url(), {"context": f"course:{course}", "learning_outcome_group_id": str(beta)})
    run = desk.work_until_ended(ImportRun.objects.get(kind="outcome"))

    assert (run.outcome, run.place_name, run.group_title) == (Outcome.IMPORTED, "Basic Biology", "Beta")
    assert [group for group, _ in outcomes.tree(practice, Context.course(course)).links] == [beta]


def test_the_check_finds_what_canvas_refuses_and_offers_the_file_without_it(
    browser: Client, canvas_account: CanvasAccount
) -> None:
    upload = give(browser, canvas_account, FAULTY)
    shown = work_with_checks(browser, upload)
    check = upload.checks.get()

    assert "Parent references not found prior to this row: [&quot;NOWHERE&quot;]" in shown
    cleaned = browser.get(
        reverse("imports:checked_files", args=[canvas_account.slug, upload.pk, check.pk, "cleaned.csv"])
    )
    refused = browser.get(
        reverse("imports:checked_files", args=[canvas_account.slug, upload.pk, check.pk, "refused.csv"])
    )
    assert content_of(cleaned) == outcomes.SMALL
    assert content_of(refused).splitlines()[1].endswith("o3,outcome,Lost,NOWHERE")


def test_messages_come_with_the_rows_they_are_about(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    content = "vendor_guid,object_type,title,parent_guids\n\nA,group,Alpha,\no3,outcome,Lost,NOWHERE\n"
    run = desk.work_until_ended(launched(canvas_account, tmp_path, content))

    assert run.outcome == Outcome.WITH_MESSAGES
    (message,) = run.messages.all()
    assert (message.row, message.row_content) == (4, "o3,outcome,Lost,NOWHERE")


def test_of_more_than_25_messages_the_page_says_that_canvas_shows_no_more(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    rows = "".join(f"o{number},outcome,Lost,NOWHERE\n" for number in range(30))
    run = desk.work_until_ended(launched(canvas_account, tmp_path, outcomes.GROUPS + rows))

    assert (run.messages.count(), run.messages_state) == (25, ImportRun.Messages.SHORT)
    assert "first 25 only" in page(browser.get(reverse("imports:messages", args=[canvas_account.slug, run.pk])))


def test_a_file_that_canvas_refuses_as_a_whole_is_not_launched(browser: Client, canvas_account: CanvasAccount) -> None:
    upload = give(browser, canvas_account, "vendor_guid,object_type,title,colour\nA,group,Alpha,red\n")
    assert "Canvas would take nothing of this file" in work_with_checks(browser, upload)

    answer = browser.post(upload.get_absolute_url(), {"context": "account:self"})

    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "content",
    ["vendor_guid;object_type;title\nA;group;Alpha\n", '"vendor_guid","object_type","title"\nA,group,Alpha\n'],
)
def test_outcomes_are_known_by_their_headers(browser: Client, canvas_account: CanvasAccount, content: str) -> None:
    assert give(browser, canvas_account, content, "anything.csv").kind == Upload.Kind.OUTCOME


def test_outcomes_go_alone(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    given = desk.upload(
        canvas_account, files.write(tmp_path / "outcomes.csv", outcomes.SMALL), files.users(tmp_path, 1)
    )
    assert given.state == Upload.State.UNUSABLE
    assert "send it alone" in given.problem


# --- Who may


def test_a_registrar_may_not_launch_outcomes(
    seat: Seat, registrar: User, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    given = desk.upload(canvas_account, files.write(tmp_path / "outcomes.csv", outcomes.SMALL), by=registrar)
    assert seat(registrar).get(given.get_absolute_url()).status_code == 403
    assert seat(registrar).post(given.get_absolute_url(), {"context": "account:self"}).status_code == 403
    assert not ImportRun.objects.exists()


def test_a_designer_may_not_launch_sis_files_or_see_what_is_in_them(
    browser: Client, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    given = desk.upload(canvas_account, files.users(tmp_path, 1))
    for name in ("upload", "check", "lines"):
        address = reverse(f"imports:{name}", args=[canvas_account.slug, given.pk])
        assert browser.get(address, {"file": "users.csv", "line": "1"}).status_code == 403
    address = reverse("imports:upload_state", args=[canvas_account.slug, given.pk])
    state = browser.get(address, headers={"HX-Request": "true"})
    assert (state.content, state.headers["HX-Refresh"]) == (b"", "true")


def test_a_viewer_sees_an_outcome_import_and_cannot_touch_it(
    seat: Seat, viewer: User, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    run = launched(canvas_account, tmp_path, outcomes.SMALL)
    assert seat(viewer).get(run.get_absolute_url()).status_code == 200
    for name in ("abort", "send_again"):
        assert seat(viewer).post(reverse(f"imports:{name}", args=[canvas_account.slug, run.pk])).status_code == 403


def test_an_outcome_import_in_canvas_can_be_neither_aborted_nor_restored(
    seat: Seat, admin: User, canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    run = desk.work_until_ended(launched(canvas_account, tmp_path, outcomes.SMALL))
    shown = page(seat(admin).get(run.get_absolute_url()))
    assert 'id="abort"' not in shown
    assert 'id="restore"' not in shown
    answer = seat(admin).post(reverse("imports:restore", args=[canvas_account.slug, run.pk]), {"mode": "all"})
    assert "Canvas cannot restore" in page(answer)
    assert not run.actions.exists()


# --- When answers are lost


@pytest.fixture
def known_owner(canvas_account: CanvasAccount) -> None:
    Credential.objects.filter(canvas_account=canvas_account).update(owner_canvas_id="1")


def cut(practice: Practice, kind: str) -> None:
    practice.control("POST", "faults", {"match": POST, "kind": kind, "times": 1})


def test_an_import_whose_answer_was_lost_is_found_as_the_latest_of_its_place(
    canvas_account: CanvasAccount, practice: Practice, known_owner: None, tmp_path: Path
) -> None:
    cut(practice, "cut_after")
    run = desk.work_until_ended(launched(canvas_account, tmp_path, outcomes.SMALL))
    assert run.outcome == Outcome.IMPORTED
    assert len(practice.requests_seen("POST", "outcome_imports")) == 1


def test_an_import_that_cannot_be_found_is_asked_about_and_never_sent_again_by_itself(
    canvas_account: CanvasAccount, practice: Practice, known_owner: None, tmp_path: Path, settings: Any
) -> None:
    settings.ANSWER_PATIENCE = 0
    run = launched(canvas_account, tmp_path, outcomes.SMALL)
    desk.make_forecasts()
    desk.hold_or_go()
    desk.work_nothing_but_claim(run)
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())

    desk.work_until(lambda: ImportRun.objects.get(pk=run.pk).phase == Phase.ASKED, "a question")

    assert practice.requests_seen("POST", "outcome_imports") == []
    run.refresh_from_db()
    assert launching.send_again(run=run, by=None)
    assert desk.work_until_ended(run).outcome == Outcome.IMPORTED


def test_an_import_that_somebody_else_made_is_offered_and_not_taken(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path, settings: Any
) -> None:
    """Nobody knows who owns the token, so nothing tells whose the latest import is."""
    settings.ANSWER_PATIENCE = 0
    run = launched(canvas_account, tmp_path, outcomes.SMALL)
    desk.make_forecasts()
    desk.hold_or_go()
    desk.work_nothing_but_claim(run)
    other = outcomes.imported(practice, tmp_path, outcomes.GROUPS)
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())

    desk.work_until(lambda: ImportRun.objects.get(pk=run.pk).phase == Phase.ASKED, "a question")

    run.refresh_from_db()
    assert (run.canvas_id, run.candidates) == (None, [other.id])


# --- Holds


def test_an_import_that_retires_many_outcomes_waits_for_a_second_person(
    seat: Seat, admin: User, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    rows = [f"o{number},outcome,Skill {number}," for number in range(10)]
    header = "vendor_guid,object_type,title,workflow_state\n"
    outcomes.imported(practice, tmp_path, header + "".join(f"{row}\n" for row in rows))

    run = launched(canvas_account, tmp_path, header + "".join(f"{row}deleted\n" for row in rows))
    desk.work_until(lambda: ImportRun.objects.get(pk=run.pk).phase == Phase.HELD, "a hold")

    run.refresh_from_db()
    assert "It retires 10 of 10 outcomes" in run.problem
    address = reverse("imports:hold", args=[canvas_account.slug, run.pk])
    assert "Skill 3" in page(seat(admin).get(address))
    seat(admin).post(address, {"approve": "yes", "reason": "agreed"})
    assert desk.work_until_ended(run).outcome == Outcome.IMPORTED
    assert not outcomes.tree(practice).outcomes


def test_without_canvas_there_is_no_preview_and_the_launch_is_held(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    practice.control(
        "POST",
        "faults",
        {"match": "GET /api/v1/accounts/*/outcome_groups", "kind": "status", "status": 500, "times": 1000},
    )
    run = launched(canvas_account, tmp_path, outcomes.SMALL)
    desk.work_until(lambda: ImportRun.objects.get(pk=run.pk).phase == Phase.HELD, "a hold")
    assert timezone.now() - run.at < timedelta(minutes=5)


# --- The history


def test_the_history_shows_outcomes_and_can_be_narrowed_to_them(
    browser: Client, canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    run = launched(canvas_account, tmp_path, outcomes.SMALL)
    other = desk.launch(canvas_account, files.users(tmp_path, 1))
    shown = page(browser.get(reverse("imports:list", args=[canvas_account.slug]), {"kind": "outcome"}))
    assert f'id="run-{run.pk}"' in shown
    assert f'id="run-{other.pk}"' not in shown
    assert "<b>Outcomes</b>" in shown
