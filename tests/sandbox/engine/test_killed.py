"""A practice Canvas that is killed in the middle of an import, and started again."""

import subprocess
import sys
from pathlib import Path

from tests.sandbox.engine.conftest import Open
from tests.sandbox.engine.test_queue import many_accounts

PROCESS = """
import sys
from pathlib import Path
from sandbox.site import Sites, Speed
from tests.sandbox.engine.practice import Practice
from tests.sandbox.engine.test_queue import many_accounts, until

folder = Path(sys.argv[1])
practice = Practice(Sites(folder / "data", speed=Speed(400), manual_clock=True).get("practice-killed"), folder)
practice.send(many_accounts(10))
running, waiting = practice.post(many_accounts(2000)), practice.post(many_accounts(11))
until(lambda: practice.show(running)["progress"] > 0)
print(running, waiting, flush=True)
sys.stdin.read()
"""


def test_a_killed_import_is_closed_as_failed_and_earlier_data_is_there(open_practice: Open, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(tmp_path)],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        running, waiting = map(int, process.stdout.readline().split())
        process.kill()
    reborn = open_practice("killed")
    reborn.settle()
    assert reborn.show(running)["workflow_state"] == "failed"
    assert reborn.show(waiting)["workflow_state"] == "imported"
    assert 11 <= len(reborn.states("accounts")) < 2000
    assert reborn.send(many_accounts(12))["workflow_state"] == "imported"
