"""The practice Canvas from a shell, as the guides for Canvas show it."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.servers.practice import Practice
from tests.servers.processes import wait_for

COURSES = "course_id,short_name,long_name,status\nC1,HIST-1,A short history,active\n"


def run(curl: Path, practice: Practice, *arguments: str) -> Any:
    command = [str(curl), "-sS", "-H", f"Authorization: Bearer {practice.token}", *arguments]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)


def finished(curl: Path, practice: Practice, batch: dict[str, Any]) -> dict[str, Any]:
    address = f"{practice.url}/api/v1/accounts/self/sis_imports/{batch['id']}"
    wait_for(lambda: run(curl, practice, address)["progress"] == 100)
    found: dict[str, Any] = run(curl, practice, address)
    return found


def test_a_test_file_is_sent_and_asked_after(curl: Path, practice: Practice, tmp_path: Path) -> None:
    file = tmp_path / "test_course.csv"
    file.write_text(COURSES)
    address = f"{practice.url}/api/v1/accounts/self/sis_imports.json?import_type=instructure_csv"
    batch = run(curl, practice, "-F", f"attachment=@{file}", address)
    assert (batch["workflow_state"], batch["progress"]) == ("created", 0)
    done = finished(curl, practice, batch)
    assert done["workflow_state"] == "imported"
    assert done["data"]["counts"]["courses"] == 1
    assert done["csv_attachments"][0]["display_name"] == "test_course.csv"


def test_a_raw_body_is_sent_with_an_extension(curl: Path, practice: Practice, tmp_path: Path) -> None:
    file = tmp_path / "courses.csv"
    file.write_text(COURSES)
    address = f"{practice.url}/api/v1/accounts/self/sis_imports.json?extension=csv"
    octets = "Content-Type: application/octet-stream"
    batch = run(curl, practice, "-H", octets, "--data-binary", f"@{file}", address)
    assert finished(curl, practice, batch)["workflow_state"] == "imported"


def test_a_large_file_waits_for_leave_and_arrives_whole(curl: Path, practice: Practice, tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    file.write_bytes(b"0123456789abcdef" * (1 << 18))
    address = f"{practice.url}/api/v1/accounts/self/sis_imports"
    run(curl, practice, "-H", "Expect: 100-continue", "-F", f"attachment=@{file}", address)
    [line] = practice.requests_seen("POST", "sis_imports")
    assert line["status"] == 200
    assert line["bytes"] > 1 << 22
