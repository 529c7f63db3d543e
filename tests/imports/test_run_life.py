"""From launch to the end, through the worker's own tasks, against a practice Canvas."""

from pathlib import Path

import pytest

from accounts.models import CanvasAccount, User
from imports.models import ImportRun
from imports.phases import Outcome, Phase
from tests.imports import desk, files
from tests.servers.practice import Practice


def test_a_clean_file_ends_imported_with_its_counts(
    canvas_account: CanvasAccount, registrar: User, practice: Practice, tmp_path: Path
) -> None:
    run = desk.launch(canvas_account, files.users(tmp_path, 5), by=registrar)

    desk.work_until_ended(run)

    assert (run.phase, run.outcome) == (Phase.FINISHED, Outcome.IMPORTED)
    assert run.row_counts == {"users": 5}
    assert run.statistics["Pseudonym"]["created"] == 5
    assert [import_["id"] for import_ in practice.sis_imports()] == [run.canvas_id]


def test_several_files_go_as_one_import(canvas_account: CanvasAccount, practice: Practice, tmp_path: Path) -> None:
    courses = files.write(tmp_path / "courses.csv", files.COURSES + "C1,Bio,Biology,,active\n")

    run = desk.work_until_ended(desk.launch(canvas_account, files.users(tmp_path, 3), courses))

    assert run.outcome == Outcome.IMPORTED
    assert run.row_counts == {"courses": 1, "users": 3}


def test_every_warning_is_collected_beyond_the_ones_canvas_puts_on_the_import(
    canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    rows = "".join(f"X{number},,First,Last,,active\n" for number in range(130))
    run = desk.work_until_ended(desk.launch(canvas_account, files.write(tmp_path / "users.csv", files.USERS + rows)))

    assert run.outcome == Outcome.WITH_MESSAGES
    assert run.messages_state == ImportRun.Messages.COMPLETE
    assert run.messages.count() == run.warning_count == 130
    first = run.messages.earliest("pk")
    assert (first.file, first.row, first.text) == ("users.csv", 2, "No login_id given for user X0")
    assert run.messages.values("pattern").distinct().count() == 1


def test_what_another_tool_launches_appears_and_is_followed(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    sent = practice.send("users.csv", files.users(tmp_path, 4).read_bytes())

    desk.work_until(lambda: canvas_account.runs.filter(outcome=Outcome.IMPORTED).exists(), "the other tool's import")

    run = canvas_account.runs.get()
    assert (run.canvas_id, run.via, run.launched_by) == (sent["id"], ImportRun.Via.ELSEWHERE, None)


def test_runs_go_out_one_by_one_in_the_order_of_their_launch(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    runs = [desk.launch(canvas_account, files.users(tmp_path, 1, first=n, name=f"u{n}.csv")) for n in (1, 2, 3)]

    for run in runs:
        desk.work_until_ended(run)

    assert [run.canvas_id for run in runs] == [i["id"] for i in reversed(practice.sis_imports())]


@pytest.mark.parametrize("name", ["notes.txt", "roster.xml"])
def test_a_file_that_canvas_would_not_read_cannot_be_launched(
    canvas_account: CanvasAccount, tmp_path: Path, name: str
) -> None:
    given = desk.upload(canvas_account, files.write(tmp_path / name, "hello"))

    assert given.state == given.State.UNUSABLE
    assert name in given.problem
