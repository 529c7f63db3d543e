"""What our own imports did is taken up in Canvas's order, row by row as Canvas numbers them."""

from pathlib import Path

from django.utils import timezone

from accounts.models import CanvasAccount
from imports.known.state import opened
from imports.models import ImportRun, Lesson
from imports.phases import Phase
from imports.services import knowing, messages
from tests.imports import desk, files
from tests.servers.practice import Practice

ERRORS = "GET /api/v1/accounts/*/sis_imports/*/errors"


def known_users(account: CanvasAccount, *keys: str) -> list[bool | None]:
    with opened(knowing.path_of(account)) as known:
        return [known.has("user", key) for key in keys]


def test_what_came_after_an_import_waits_until_all_messages_of_that_are_here(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    practice.control("POST", "faults", {"match": ERRORS, "kind": "status", "status": 503, "times": 1000})
    rows = "U1,user1,A,B,,active\nU2,user1,C,D,,active\n"
    first = desk.launch(canvas_account, files.write(tmp_path / "users.csv", files.USERS + rows))

    def has_ended_without_messages() -> bool:
        first.refresh_from_db()
        return first.phase == Phase.FINISHED and first.messages_tries > 0

    desk.work_until(has_ended_without_messages, "the first import")
    leaver = files.write(tmp_path / "leaver.csv", files.USERS + "U1,user1,A,B,,deleted\n")
    desk.work_until_ended(desk.launch(canvas_account, leaver))
    desk.work()
    assert not Lesson.objects.exists()
    assert knowing.knowledge_of(canvas_account).to_come == 2

    practice.control("DELETE", "faults")
    ImportRun.objects.filter(pk=first.pk).update(messages_try_at=timezone.now())
    desk.work_until(lambda: Lesson.objects.count() == 2, "both lessons")
    assert known_users(canvas_account, "U1", "U2") == [None, None]
    assert knowing.knowledge_of(canvas_account).is_complete


def test_an_import_that_kills_whoever_collects_its_messages_keeps_no_other_from_being_taken_up(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    practice.control("POST", "faults", {"match": ERRORS, "kind": "status", "status": 503, "times": 1000})
    first = desk.launch(canvas_account, files.write(tmp_path / "users.csv", files.USERS + "U1,,A,B,,active\n"))

    def has_ended_without_messages() -> bool:
        first.refresh_from_db()
        return first.phase == Phase.FINISHED and first.messages_tries > 0

    desk.work_until(has_ended_without_messages, "the first import")
    practice.control("DELETE", "faults")
    for _ in range(9):
        ImportRun.objects.filter(pk=first.pk).update(messages_try_at=timezone.now())
        messages.claim_collection(run=first)

    desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 1)))
    desk.work()
    assert known_users(canvas_account, "U1") == [True]
    assert knowing.knowledge_of(canvas_account).uncertain == first


def test_two_files_of_one_name_are_told_apart_by_the_names_that_they_are_sent_under(
    canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    """One of them becomes `users (2).csv`, and Canvas reads that first."""
    (tmp_path / "more").mkdir()
    first = files.write(tmp_path / "users.csv", files.USERS + "U1,user1,A,B,,active\nU2,user2,A,B,,active\n")
    second = files.write(tmp_path / "more" / "users.csv", files.USERS + "U3,user1,C,D,,active\nU4,user4,A,B,,active\n")
    desk.work_until_ended(desk.launch(canvas_account, first, second))
    desk.work()
    assert known_users(canvas_account, "U1", "U2", "U3", "U4") == [None, True, True, True]


def test_refused_rows_are_found_in_a_file_out_of_which_canvas_took_repeated_lines(
    canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    rows = ["U1,user1,A,B,,active"] * 150 + ["U2,user1,C,D,,active", "U3,user3,E,F,,active"]
    run = desk.launch(canvas_account, files.write(tmp_path / "users.csv", files.USERS + "\n".join(rows) + "\n"))
    desk.work_until_ended(run)
    desk.work()
    assert run.messages.get().row == 3
    assert known_users(canvas_account, "U1", "U2", "U3") == [True, None, True]


def test_refused_rows_are_found_in_a_file_that_is_called_as_if_canvas_had_taken_lines_out(
    canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    """Out of the other file, of which it bears the name, nothing was taken."""
    rows = "U1,user1,A,B,,active\nU1,user1,A,B,,active\nU2,user1,C,D,,active\nU3,user3,E,F,,active\n"
    plain = files.write(tmp_path / "users.csv", files.USERS + rows)
    more = "U4,user3,A,B,,active\nU5,user5,C,D,,active\n"
    named = files.write(tmp_path / "users_deduplicated.csv", files.USERS + more)
    run = desk.work_until_ended(desk.launch(canvas_account, plain, named))
    desk.work()
    assert set(run.messages.values_list("file", "row")) == {("users.csv", 4), ("users_deduplicated.csv", 2)}
    assert known_users(canvas_account, "U1", "U2", "U3", "U4", "U5") == [True, None, True, None, True]
