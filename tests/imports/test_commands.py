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
from tests.imports import desk, files


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
