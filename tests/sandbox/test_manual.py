"""The manual of the practice Canvas names everything that its control interface offers."""

import re
from pathlib import Path

import pytest

from sandbox.http.faults import KINDS
from sandbox.outcomes.flags import DEFAULTS

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "practice-canvas.md").read_text(encoding="utf-8")
ROUTES = (ROOT / "sandbox" / "api" / "routes.py").read_text(encoding="utf-8")
CONTROL = re.findall(r'"([A-Z]+)", "/sandbox/(\w+)', ROUTES)


def test_the_control_interface_was_found() -> None:
    assert ("POST", "seed") in CONTROL


@pytest.mark.parametrize("method, command", CONTROL)
def test_the_manual_names_every_command(method: str, command: str) -> None:
    assert re.search(rf"`{method} {command}\b", MANUAL)


@pytest.mark.parametrize("kind", KINDS)
def test_the_manual_explains_every_fault_with_its_settings(kind: str) -> None:
    [row] = re.findall(rf"^\| `{kind}` \|.*$", MANUAL, re.MULTILINE)
    assert set(re.findall(r"`(\w+)` \(", row)) == set(KINDS[kind])


@pytest.mark.parametrize("flag", DEFAULTS)
def test_the_manual_explains_every_flag(flag: str) -> None:
    [row] = re.findall(rf"^\|[^|]*`{flag}`[^|]*\|[^|]*\|.*$", MANUAL, re.MULTILINE)
    assert "on" in row.split("|")[2] if DEFAULTS[flag] else "off" in row.split("|")[2]
