"""A rehearsal survives the death of its workers, and leaves nothing in the practice Canvas."""

import re
from pathlib import Path
from typing import Any

import requests

from tests.servers.easel import Easel
from tests.servers.practice import Practice
from tests.servers.processes import wait_for
from tests.stack.conftest import Stage


def begin_rehearsal(easel: Easel, olga: requests.Session, account: str, file: Path) -> None:
    """Give a file at the page for new imports, and press the button beside its forecast."""
    with file.open("rb") as content:
        chosen = {"chosen": (file.name, content)}
        upload = easel.send_form(olga, f"{easel.address}/c/{account}/imports/new/", files=chosen).url

    def button() -> str:
        forecast = easel.send_form(olga, upload, to=f"{upload}forecast/").text
        found = re.search(r'action="(/[^"]*/rehearse/)"', forecast)
        return found[1] if found else ""

    easel.send_form(olga, upload, to=easel.address + wait_for(button, what="the forecast"))


def test_a_worker_killed_in_the_middle_of_a_rehearsal_is_followed_by_another_and_leaves_nothing(
    working: Easel, olga: requests.Session, practice: Practice, stage: Stage, tmp_path: Path
) -> None:
    account = working.add_account(practice)
    people = (f"u{n},login{n},User {n},active\n" for n in range(60_000))
    file = tmp_path / "users.csv"
    file.write_text("user_id,login_id,full_name,status\n" + "".join(people), encoding="utf-8")
    begin_rehearsal(working, olga, account, file)

    def rehearsals() -> list[tuple[Any, ...]]:
        return working.ask("SELECT state, stage, attempts, sealed_site IS NULL FROM imports_rehearsal")

    wait_for(lambda: rehearsals()[0][:2] == ("running", "importing"), what="the middle of the rehearsal")
    working.kill_workers()
    assert rehearsals()[0] == ("running", "importing", 1, False)
    assert len(list(stage.sites.iterdir())) == 1
    working.start_workers()
    wait_for(lambda: rehearsals()[0][0] not in ("waiting", "running"), seconds=120, what="the rehearsal's end")
    wait_for(lambda: rehearsals()[0][3], what="the removal of its site")
    assert rehearsals() == [("ready", "reading", 2, True)]
    assert list(stage.sites.iterdir()) == []
    left = [path.name for path in working.folder.glob("uploads/*/rehearsal-*")]
    assert [Path(name).suffix for name in left] == [".sqlite3"]
    assert practice.sis_imports() == []
