"""`launch` and `purge`, as a script calls them."""

import io
import json
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import CanvasAccount
from imports.models import ImportRun, Upload
from imports.phases import Phase
from tests.imports import desk, files, outcomes
from tests.servers.practice import Practice


def exit_code(*arguments: object) -> int:
    """Of `manage.py launch`."""
    with pytest.raises(SystemExit) as end:
        call_command("launch", *map(str, arguments), stdout=io.StringIO(), stderr=io.StringIO())
    assert isinstance(end.value.code, int)
    return end.value.code


def test_a_launch_without_waiting_is_queued(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    assert exit_code(files.users(tmp_path, 2), "--account", canvas_account.name) == 0
    assert canvas_account.runs.get().phase == Phase.QUEUED


@pytest.mark.parametrize("option", ["nonsense=1", "batch_mode=yes", "skip_deletes"])
def test_options_that_make_no_sense_are_refused_before_a_file_is_kept(
    canvas_account: CanvasAccount, tmp_path: Path, option: str
) -> None:
    assert exit_code(files.users(tmp_path, 2), "--account", canvas_account.name, "--set", option) == 2
    assert not Upload.objects.exists()


def test_a_file_that_canvas_would_not_read_is_refused(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    nothing = files.write(tmp_path / "users.csv", "")

    assert exit_code(nothing, "--account", canvas_account.name) == 7
    assert not ImportRun.objects.exists()


def test_a_script_that_asked_for_json_gets_it_for_a_refusal_too(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    told = io.StringIO()

    nothing = str(files.write(tmp_path / "users.csv", ""))

    with pytest.raises(SystemExit):
        call_command("launch", nothing, "--account", canvas_account.name, "--json", stdout=told, stderr=io.StringIO())

    assert json.loads(told.getvalue())["problem"]


@pytest.mark.parametrize("days", ["0", "-5", "many"])
def test_a_purge_takes_no_less_than_a_day(canvas_account: CanvasAccount, tmp_path: Path, days: str) -> None:
    given = desk.upload(canvas_account, files.users(tmp_path, 1))

    with pytest.raises(CommandError, match="at least 1"):
        call_command("purge", f"--days={days}")

    assert given.package_path.exists()


def test_a_purge_takes_old_files_and_what_was_left_of_broken_uploads(
    canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    old, new = (desk.upload(canvas_account, files.users(tmp_path, 1)) for _ in "ab")
    Upload.objects.filter(pk=old.pk).update(given_at=timezone.now() - timedelta(days=40))
    left, arriving = (files.write(Path(settings.UPLOAD_DIR) / name, "U1") for name in ("left.upload", "new.upload"))
    long_ago = time.time() - 3 * 24 * 3600
    os.utime(left, (long_ago, long_ago))

    call_command("purge", "--days=30", stdout=io.StringIO())

    assert [path.exists() for path in (old.package_path, new.package_path, left, arriving)] == [
        False,
        True,
        False,
        True,
    ]
    arriving.unlink()


OUTCOME = ("--kind", "outcome", "--account")


def outcome_file(folder: Path, content: str = outcomes.SMALL) -> Path:
    return files.write(folder / "outcomes.csv", content)


def test_outcomes_are_launched_into_the_root_account_or_a_named_place(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    number = outcomes.course(practice)
    assert exit_code(outcome_file(tmp_path), *OUTCOME, canvas_account.name) == 0
    assert exit_code(outcome_file(tmp_path), *OUTCOME, canvas_account.name, "--context", f"course:{number}") == 0

    root, course = canvas_account.runs.filter(kind="outcome").order_by("pk")
    assert (root.options, root.phase) == ({"context": "account:self"}, Phase.QUEUED)
    assert (course.options, course.phase) == ({"context": f"course:{number}"}, Phase.QUEUED)


@pytest.mark.parametrize(
    "more",
    [
        ("--context", "course:abc"),
        ("--context", "course:1/../2"),
        ("--set", "batch_mode=1"),
        ("--set", "learning_outcome_group_id=x"),
    ],
)
def test_a_place_that_cannot_be_one_is_refused_before_a_file_is_kept(
    canvas_account: CanvasAccount, tmp_path: Path, more: tuple[str, str]
) -> None:
    assert exit_code(outcome_file(tmp_path), *OUTCOME, canvas_account.name, *more) == 2
    assert not Upload.objects.exists()


def test_a_context_is_for_outcomes_alone(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    assert exit_code(files.users(tmp_path, 1), "--account", canvas_account.name, "--context", "course:1") == 2


def test_files_of_another_kind_than_named_are_refused(canvas_account: CanvasAccount, tmp_path: Path) -> None:
    assert exit_code(files.users(tmp_path, 1), *OUTCOME, canvas_account.name) == 7
    assert exit_code(outcome_file(tmp_path), "--account", canvas_account.name) == 7
    assert not ImportRun.objects.exists()


def test_outcomes_that_canvas_would_refuse_as_a_whole_are_refused(
    canvas_account: CanvasAccount, tmp_path: Path
) -> None:
    broken = outcome_file(tmp_path, "vendor_guid,object_type,title,colour\nA,group,Alpha,red\n")
    assert exit_code(broken, *OUTCOME, canvas_account.name) == 7
    assert not ImportRun.objects.exists()


def test_outcomes_that_would_retire_much_are_held(
    canvas_account: CanvasAccount, practice: Practice, tmp_path: Path
) -> None:
    header = "vendor_guid,object_type,title,workflow_state\n"
    rows = [f"o{number},outcome,Skill," for number in range(6)]
    outcomes.imported(practice, tmp_path, header + "".join(f"{row}\n" for row in rows))
    retiring = outcome_file(tmp_path, header + "".join(f"{row}deleted\n" for row in rows))

    assert exit_code(retiring, *OUTCOME, canvas_account.name) == 6
