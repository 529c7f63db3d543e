"""The check of an upload, through its pages and the worker's own tasks."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import CanvasAccount, User
from imports import tasks
from imports.check.rows import Options
from imports.models import Check, FindingGroup, HouseRules, Upload
from imports.phases import Outcome
from imports.services import checking
from tests.cast import Seat
from tests.imports import desk, files
from tests.servers.practice import Practice

FAULTY = (
    "user_id,login_id,first_name,last_name,email,status\n"
    "U1,one,Ona,Example,ona@example.edu,active\n"
    "U2,,Tom,Example,tom@example.edu,active\n"
    "U3,three,Ted,Example,ted@example.edu,gone\n"
)
ACCOUNTS = "account_id,parent_account_id,name,status\n"


@pytest.fixture
def given(canvas_account: CanvasAccount, registrar: User, tmp_path: Path) -> Upload:
    """Three users, two of whom Canvas would refuse."""
    return desk.upload(canvas_account, files.write(tmp_path / "users.csv", FAULTY), by=registrar)


def checked(given: Upload, **options: bool) -> Check:
    run = checking.check_of(upload=given, options=Options(**options))
    tasks.check_upload(run.pk)
    run.refresh_from_db()
    return run


def page(client: Client, given: Upload, **query: str) -> str:
    answer = client.get(f"/c/{given.canvas_account.slug}/uploads/{given.pk}/check/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_finding_is_counted_and_placed(given: Upload) -> None:
    run = checked(given)

    assert (run.state, run.refused_rows) == (Check.State.DONE, 2)
    places = {(group.severity, example["line"]) for group in run.groups.all() for example in group.examples}
    assert {(2, 3), (2, 4)} <= places


def test_the_page_says_cause_cure_and_what_canvas_will_say(given: Upload, registrar: User, seat: Seat) -> None:
    checked(given)

    shown = page(seat(registrar), given)

    assert "No login_id given for user U2" in shown
    assert "Row refused" in shown


def test_the_page_is_left_alone_while_nothing_changes(given: Upload, registrar: User, seat: Seat) -> None:
    run = checked(given)
    address = f"/c/{given.canvas_account.slug}/uploads/{given.pk}/check/"

    assert seat(registrar).get(address, {"seen": f"{run.pk}.{run.version}"}).status_code == 204


def test_the_cleaned_file_is_launched_and_ends_imported(
    given: Upload, canvas_account: CanvasAccount, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    run = checked(given)
    answer = seat(registrar).get(f"/c/{canvas_account.slug}/uploads/{given.pk}/checks/{run.pk}/cleaned.zip")
    cleaned = files.write(tmp_path / "cleaned.zip", answer.getvalue())

    launched = desk.work_until_ended(desk.launch(canvas_account, cleaned, by=registrar))

    assert (launched.outcome, launched.row_counts) == (Outcome.IMPORTED, {"users": 1})


def cleaned(client: Client, run: Check) -> dict[str, str]:
    """The cleaned files by name."""
    answer: Any = client.get(f"/c/{run.upload.canvas_account.slug}/uploads/{run.upload.pk}/checks/{run.pk}/cleaned.zip")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def test_cells_that_canvas_would_warn_about_are_reason_enough_for_cleaned_files(
    canvas_account: CanvasAccount, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    rows = "U1,one,Ona,Example,nowhere,active\nU2,two,Tom,Example,tom@example.edu,active\n"
    given = desk.upload(canvas_account, files.write(tmp_path / "users.csv", files.USERS + rows))
    run = checked(given)

    assert (run.refused_rows, run.mended_rows) == (0, 1)
    assert "Canvas would take 1 row without a cell that it cannot read" in page(seat(registrar), given)
    assert cleaned(seat(registrar), run) == {"users.csv": files.USERS + rows.replace("nowhere", "")}


def test_of_a_file_without_any_good_row_nothing_is_kept(
    canvas_account: CanvasAccount, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    """Its header alone would mean in a full batch that everything of its kind goes."""
    users = files.write(tmp_path / "users.csv", files.USERS + "U1,one,Ona,Example,,active\n")
    courses = files.write(tmp_path / "courses.csv", files.COURSES + "C1,,,,active\n")
    run = checked(desk.upload(canvas_account, users, courses))

    assert list(cleaned(seat(registrar), run)) == ["users.csv"]


def test_files_of_one_name_are_told_apart(
    canvas_account: CanvasAccount, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    (tmp_path / "more").mkdir()
    users = files.write(tmp_path / "users.csv", files.USERS + "U1,,Ona,Example,,active\nU2,two,Tom,Example,,active\n")
    more = files.write(tmp_path / "more" / "users.csv", files.USERS + "U3,,Ted,Example,,active\nU4,four,,,,active\n")
    given = desk.upload(canvas_account, users, more)
    run = checked(given)

    assert {group.file for group in run.groups.all()} == {"users.csv", "users (2).csv"}
    assert list(cleaned(seat(registrar), run)) == ["users (2).csv", "users.csv"]
    asked = {"file": "users (2).csv", "line": "2"}
    around = seat(registrar).get(f"/c/{canvas_account.slug}/uploads/{given.pk}/lines/", asked)
    assert "U3,,Ted" in around.content.decode()


def test_cleaned_files_of_much_the_same_can_be_given_as_they_are(
    canvas_account: CanvasAccount, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    """Canvas refuses archives that unpack to more than a hundred times their size."""
    alike = "".join("U1,one,Ona,Example,,active\n" for _ in range(50_000))
    run = checked(desk.upload(canvas_account, files.write(tmp_path / "users.csv", files.USERS + alike + FAULTY[60:])))
    address = f"/c/{canvas_account.slug}/uploads/{run.upload.pk}/checks/{run.pk}/cleaned.zip"
    answer: Any = seat(registrar).get(address)

    again = desk.upload(canvas_account, files.write(tmp_path / "cleaned.zip", answer.getvalue()))

    assert (again.state, again.problem) == (Upload.State.READY, "")


def test_refused_rows_come_with_their_problem(
    given: Upload, canvas_account: CanvasAccount, registrar: User, seat: Seat
) -> None:
    run = checked(given)
    answer = seat(registrar).get(f"/c/{canvas_account.slug}/uploads/{given.pk}/checks/{run.pk}/refused.zip")

    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as package:
        rows = list(csv.DictReader(io.StringIO(package.read("users.csv").decode())))

    assert [row["user_id"] for row in rows] == ["U2", "U3"]
    assert all(row["problem"] for row in rows)


def test_the_lines_around_a_finding_are_shown(given: Upload, registrar: User, seat: Seat) -> None:
    answer = seat(registrar).get(
        f"/c/{given.canvas_account.slug}/uploads/{given.pk}/lines/", {"file": "users.csv", "line": "3"}
    )

    assert "U2,,Tom" in answer.content.decode()


@pytest.mark.parametrize("line", ["", "x", "-1", "9" * 5000])
def test_a_line_that_is_no_number_is_nowhere(given: Upload, registrar: User, seat: Seat, line: str) -> None:
    address = f"/c/{given.canvas_account.slug}/uploads/{given.pk}/lines/"

    assert seat(registrar).get(address, {"file": "users.csv", "line": line}).status_code == 404


def test_options_that_change_the_reading_have_a_check_of_their_own(given: Upload) -> None:
    plain, skipping = checked(given), checked(given, skip_deletes=True)

    assert plain.pk != skipping.pk
    assert skipping.state == Check.State.DONE


def test_a_login_that_somebody_has_is_refused_unless_an_option_lets_it_move(
    canvas_account: CanvasAccount, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    rows = "A,ada,Ada,Example,,active\nB,ada,Ada,Example,,active\n"
    given = desk.upload(canvas_account, files.write(tmp_path / "users.csv", files.USERS + rows), by=registrar)
    plain, moving = checked(given), checked(given, update_sis_id_if_login_claimed=True)

    assert (plain.refused_rows, moving.refused_rows) == (1, 0)
    assert "has already claimed" in page(seat(registrar), given)
    assert "has already claimed" not in page(seat(registrar), given, update_sis_id_if_login_claimed="on")


def test_two_workers_do_not_run_the_same_check(given: Upload) -> None:
    run = checking.check_of(upload=given)

    assert checking.claim(run=run)
    assert not checking.claim(run=run)


def test_a_check_whose_worker_died_is_run_by_the_next_one_from_the_start(given: Upload) -> None:
    run = checking.check_of(upload=given)
    checking.claim(run=run)
    FindingGroup.objects.create(check_run=run, rule="user.login-missing", file="x", severity=2, count=1, examples=[])
    Check.objects.filter(pk=run.pk).update(lease_until=timezone.now())

    assert run.pk in checking.due_checks()
    assert checked(given).state == Check.State.DONE
    assert not FindingGroup.objects.filter(file="x").exists()


def test_a_check_that_kills_its_workers_is_given_up_and_says_so(given: Upload) -> None:
    run = checking.check_of(upload=given)
    for _ in range(4):
        Check.objects.filter(pk=run.pk).update(lease_until=None)
        checking.claim(run=run)

    run.refresh_from_db()
    assert run.state == Check.State.BROKEN
    assert "launched all the same" in run.problem


def test_rules_of_the_institution_are_followed(
    given: Upload, canvas_account: CanvasAccount, admin: User, seat: Seat
) -> None:
    rules = '[patterns]\n"user.user_id" = "S[0-9]+"\n'

    seat(admin).post(f"/c/{canvas_account.slug}/rules/", {"text": rules})
    run = checked(given)

    assert HouseRules.objects.get().text.strip() == rules.strip()
    assert any(group.rule.startswith("institution.") for group in run.groups.all())


def test_rules_that_cannot_be_read_are_not_saved_and_named(
    canvas_account: CanvasAccount, admin: User, seat: Seat
) -> None:
    answer = seat(admin).post(f"/c/{canvas_account.slug}/rules/", {"text": "[patterns\n"})

    assert answer.status_code == 422
    assert "TOML" in answer.content.decode()
    assert not HouseRules.objects.exists()


def test_a_viewer_sees_neither_findings_nor_lines(given: Upload, viewer: User, seat: Seat) -> None:
    for name in ("check/", "lines/?file=users.csv&line=3"):
        answer = seat(viewer).get(f"/c/{given.canvas_account.slug}/uploads/{given.pk}/{name}")
        assert answer.status_code == 403


def given_roles(canvas_account: CanvasAccount, folder: Path) -> Upload:
    """Enrollments under a role of the account's own, and under one that is nearly it."""
    rows = "C1,U1,Lab Assistant,active\nC1,U1,Lab Asistant,active\n"
    return desk.upload(canvas_account, files.write(folder / "enrollments.csv", files.ENROLLMENTS + rows))


def test_the_accounts_own_roles_are_taken_and_the_nearest_is_named_for_others(
    canvas_account: CanvasAccount, practice: Practice, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    practice.control("POST", "roles", {"name": "Lab Assistant", "base_role_type": "TaEnrollment"})
    desk.work()
    given = given_roles(canvas_account, tmp_path)

    run = checked(given)

    [group] = run.groups.all()
    assert (group.rule, group.severity, run.refused_rows) == ("enrollment.role-unknown", 2, 1)
    assert [(example["line"], example["hint"]) for example in group.examples] == [(3, "Lab Assistant")]
    assert "Lab Assistant" in page(seat(registrar), given)


def test_where_canvas_does_not_tell_its_roles_an_unknown_one_is_only_suspicious(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    practice.control(
        "POST", "faults", {"match": "GET /api/v1/accounts/*/roles", "kind": "status", "status": 403, "times": 100}
    )
    desk.work()

    run = checked(given_roles(canvas_account, tmp_path))

    assert [(group.rule, group.count) for group in run.groups.all()] == [("enrollment.role-unsure", 2)]


def test_a_role_that_canvas_has_taken_before_is_taken_though_it_lists_it_not(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    """Roles of sub-accounts are not among those that Canvas lists for the root."""
    law = files.write(tmp_path / "accounts.csv", "account_id,parent_account_id,name,status\nlaw,,Law,active\n")
    desk.work_until_ended(desk.launch(canvas_account, law))
    made = {"name": "Lab Assistant", "base_role_type": "TaEnrollment", "account": "sis_account_id:law"}
    practice.control("POST", "roles", made)
    header = "course_id,short_name,long_name,account_id,status\n"
    courses = files.write(tmp_path / "courses.csv", header + "C1,Bio,Biology,law,active\n")
    row = files.write(tmp_path / "first.csv", files.ENROLLMENTS + "C1,U1,Lab Assistant,active\n")
    sent = desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 1), courses, row))
    tasks.catch_up(canvas_account.pk)

    run = checked(given_roles(canvas_account, tmp_path))

    assert sent.outcome == Outcome.IMPORTED
    assert [(group.rule, group.count) for group in run.groups.all()] == [("enrollment.role-unknown", 1)]


def test_that_not_everything_is_known_is_said(
    canvas_account: CanvasAccount, registrar: User, seat: Seat, tmp_path: Path
) -> None:
    rows = files.write(tmp_path / "enrollments.csv", files.ENROLLMENTS + "C1,U1,student,active\n")
    courses = files.write(tmp_path / "courses.csv", files.COURSES + "C1,Bio,Biology,,active\n")
    alone = desk.upload(canvas_account, rows)
    whole = desk.upload(canvas_account, files.users(tmp_path, 1), courses, rows)

    assert not checked(alone).all_known
    assert checked(whole).all_known
    assert "does not know all" in page(seat(registrar), alone)
    assert "does not know all" not in page(seat(registrar), whole)


def test_that_new_ids_in_the_upload_keep_the_check_from_asking_is_said(
    canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    law = files.write(tmp_path / "accounts.csv", ACCOUNTS + "law,,Law,active\n")
    courses = files.write(tmp_path / "courses.csv", files.COURSES + "C1,Bio,Biology,,active\n")
    desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 1), law, courses))
    tasks.catch_up(canvas_account.pk)
    gone = files.write(tmp_path / "gone.csv", ACCOUNTS + "law,,Law,deleted\n")
    changes = files.write(tmp_path / "changes.csv", "old_id,new_id,type\nU1,U9,user\n")

    assert checked(desk.upload(canvas_account, gone)).all_known
    assert not checked(desk.upload(canvas_account, changes, gone)).all_known
    assert checked(desk.upload(canvas_account, changes)).all_known


def test_what_the_upload_itself_says_of_a_link_need_not_be_known(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    rows = "observer_id,student_id,status\nU1,U2,active\nU1,U2,deleted\n"
    links = files.write(tmp_path / "observers.csv", rows)

    assert checked(desk.upload(canvas_account, files.users(tmp_path, 2), links)).all_known


def test_a_login_of_somebody_whom_canvas_has_is_refused(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 2)))
    tasks.catch_up(canvas_account.pk)
    rows = "U9,USER2,Una,Example,,active\nU1,user1,Ona,Example,,active\n"

    run = checked(desk.upload(canvas_account, files.write(tmp_path / "new.csv", files.USERS + rows)))

    [group] = run.groups.filter(severity=2)
    assert (group.rule, [example["line"] for example in group.examples]) == ("user.login-id-claimed", [2])
    assert "SIS ID U2 has already claimed U9's" in group.examples[0]["says"]


def test_what_earlier_imports_said_is_known_to_the_check(
    canvas_account: CanvasAccount, registrar: User, tmp_path: Path
) -> None:
    courses = files.write(tmp_path / "courses.csv", files.COURSES + "C1,Bio,Biology,,active\n")
    desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 2), courses, by=registrar))
    tasks.catch_up(canvas_account.pk)
    rows = "C1,U1,student,active\nC1,U9,student,active\n"
    later = desk.upload(canvas_account, files.write(tmp_path / "enrollments.csv", files.ENROLLMENTS + rows))

    run = checked(later)

    assert run.refused_rows == 1
    [group] = run.groups.filter(severity=2)
    assert [example["line"] for example in group.examples] == [3]


def test_files_of_one_kind_are_read_by_their_names_as_canvas_reads_them(
    canvas_account: CanvasAccount, registrar: User, tmp_path: Path
) -> None:
    """The parents come in `a.csv`, which was given last."""
    desk.work_until_ended(
        desk.launch(canvas_account, files.write(tmp_path / "c.csv", ACCOUNTS + "arts,,Arts,active\n"))
    )
    tasks.catch_up(canvas_account.pk)
    parents = files.write(tmp_path / "a.csv", ACCOUNTS + "law,,Law,active\n")
    children = files.write(tmp_path / "b.csv", ACCOUNTS + "tax,law,Tax law,active\n")

    run = checked(desk.upload(canvas_account, children, parents, by=registrar))
    launched = desk.work_until_ended(desk.launch(canvas_account, children, parents, by=registrar))

    assert (launched.outcome, launched.row_counts) == (Outcome.IMPORTED, {"accounts": 2})
    assert run.refused_rows == 0
