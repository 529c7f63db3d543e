"""What the check says that Canvas will say, and what the practice Canvas then says: the same, row by row."""

import io
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from imports.check.findings import Finding
from imports.check.rules import RULES, Severity
from tests.imports.check.corpus import Case, cases
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

Said = Counter[tuple[str, int | None, str]]  # file, row (None: the whole file), message

CASES = [case for case in cases() if not case.is_outcomes]
DONE = {"imported", "imported_with_messages", "failed", "failed_with_messages"}


def predicted(findings: list[Finding]) -> Said:
    return Counter(
        (finding.file, finding.record if _is_about_a_row(finding) else None, finding.says)
        for finding in findings
        if finding.says
    )


def _is_about_a_row(finding: Finding) -> bool:
    return finding.record > 1 and RULES[finding.rule].severity is not Severity.FILE_REFUSED


def said(practice: Practice, sent: dict[str, Any]) -> Said:
    address = f"accounts/self/sis_imports/{sent['id']}"
    wait_for(lambda: practice.api("GET", address)["workflow_state"] in DONE, what="the import to end")
    errors = practice.api("GET", f"{address}/errors", params={"per_page": 100})["sis_import_errors"]
    return Counter((error["file"], error["row"], error["message"]) for error in errors)


def zipped(files: dict[str, Path]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, path in files.items():
            file.write(path, name)
    return archive.getvalue()


def send_before(practice: Practice, case: Case) -> None:
    """What the check knows of, Canvas has."""
    for files in case.uploads_before:
        assert not said(practice, practice.send("before.zip", zipped(files)))


def send(practice: Practice, case: Case) -> dict[str, Any]:
    send_before(practice, case)
    options = {"skip_deletes": "true"} if "skip_deletes" in case.options else {}
    if "diffing" in case.options:
        options["diffing_data_set_identifier"] = "corpus"
    return practice.send("upload.zip", zipped(case.upload), **options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_canvas_says_of_each_row_what_was_predicted(practice: Practice, case: Case) -> None:
    assert said(practice, send(practice, case)) == predicted(case.found())
