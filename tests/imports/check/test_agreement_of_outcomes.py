"""What the check of an outcomes file says that Canvas will say, and what the practice Canvas then says."""

import re
from collections import Counter

import pytest

from tests.imports.check.corpus import Case, cases
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

Said = Counter[tuple[int, str]]  # row (1: the whole file), message

CASES = [case for case in cases() if case.is_outcomes]
_MOST_TOLD = 25
_REPORT = r"(?<=see error report) \d+"


def said(practice: Practice, case: Case) -> Said:
    [(name, path)] = case.files.items()
    context = "courses/sis_course_id:C1" if "into_course" in case.options else "accounts/self"
    if context.startswith("courses"):
        give_course(practice)
    sent = practice.api("POST", f"{context}/outcome_imports", files={"attachment": (name, path.read_bytes())})
    address = f"{context}/outcome_imports/{sent['id']}"
    wait_for(lambda: practice.api("GET", address)["workflow_state"] in {"succeeded", "failed"}, what="the import")
    errors = practice.api("GET", address)["processing_errors"]
    return Counter((row, re.sub(_REPORT, "", message)) for row, message in errors)


def give_course(practice: Practice) -> None:
    sent = practice.send("courses.csv", "course_id,short_name,long_name,status\nC1,One,Course One,active\n")
    address = f"accounts/self/sis_imports/{sent['id']}"
    wait_for(lambda: practice.api("GET", address)["progress"] == 100, what="the course")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_canvas_says_of_each_row_what_was_predicted(practice: Practice, case: Case) -> None:
    predicted: Said = Counter((finding.record, finding.says) for finding in case.found() if finding.says)

    assert predicted.total() <= _MOST_TOLD
    assert said(practice, case) == predicted
