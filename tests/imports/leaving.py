"""People who are to leave an account in which Easel knows sixty: more of them than the limits allow."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import CanvasAccount, User
from imports.models import ImportRun
from imports.phases import Phase
from tests.imports import desk, files
from tests.servers.practice import Practice

COUNT = 60


def found(account: CanvasAccount, folder: Path, by: User | None) -> CanvasAccount:
    """Import the sixty."""
    desk.work_until_ended(desk.launch(account, files.users(folder, COUNT), by=by))
    return account


def leavers(folder: Path, count: int) -> Path:
    """A file that deletes so many of the sixty."""
    rows = (f"U{n},user{n},Given{n},Family{n},user{n}@example.edu,deleted\n" for n in range(1, count + 1))
    return files.write(folder / "leavers.csv", files.USERS + "".join(rows))


def held_launch(account: CanvasAccount, folder: Path, by: User | None, **options: Any) -> ImportRun:
    run = desk.launch(account, leavers(folder, 40), by=by, options=options)
    assert run.phase == Phase.HELD
    return run


def sent(practice: Practice) -> int:
    return len(practice.sis_imports())


def script(*arguments: object) -> tuple[int, Mapping[str, Any]]:
    """Exit code and printed JSON of `manage.py launch`."""
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("launch", *map(str, arguments), "--json", stdout=out)
    return int(str(ended.value.code)), json.loads(out.getvalue())
