"""The command line of the server."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.practice import PracticeServer


def command(*options: object) -> list[str]:
    return [sys.executable, "-m", "sandbox", "serve", *map(str, options)]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_one_line_says_where_it_listens_and_a_signal_ends_it_cleanly(ending: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        command("--port", 0, "--data", tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(ending)
        rest, complaints = process.communicate(timeout=30)
    assert re.fullmatch(r"Practice Canvas at http://127\.0\.0\.1:\d+  token practice-demo\n", line)
    assert (process.returncode, rest, complaints) == (0, "", "")


def test_a_port_in_use_is_said_in_one_line(quick_canvas: PracticeServer, tmp_path: Path) -> None:
    port = quick_canvas.url.rpartition(":")[2]
    result = subprocess.run(
        command("--port", port, "--data", tmp_path), capture_output=True, text=True, timeout=30, check=False
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert re.fullmatch(rf"Practice Canvas cannot listen on 127\.0\.0\.1:{port}: .+\n", result.stderr)


@pytest.mark.parametrize("options", [("--rows-per-second", "0"), ("--port", "99999"), ("--clock", "sundial")])
def test_a_wrong_option_is_refused(options: tuple[str, str], tmp_path: Path) -> None:
    result = subprocess.run(command("--data", tmp_path, *options), capture_output=True, timeout=30, check=False)
    assert result.returncode == 2
