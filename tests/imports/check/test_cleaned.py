"""What is left of files with every sort of mistake in them: Canvas takes it without a word."""

import io
import zipfile

import pytest

from imports.check.outputs import cleaned
from tests.imports.check.corpus import Case, cases
from tests.imports.check.test_agreement import said, send_before
from tests.servers.practice import Practice

CASES = [case for case in cases() if not case.is_outcomes and case.expected]


def zipped(case: Case) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        for file in case.checked().files:
            if file.kind and not file.refused:
                package.writestr(file.source.name, b"".join(cleaned(file)))
    return archive.getvalue()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_canvas_has_nothing_to_say_about_the_cleaned_files(practice: Practice, case: Case) -> None:
    options = {"skip_deletes": "true"} if "skip_deletes" in case.options else {}
    send_before(practice, case)

    assert not said(practice, practice.send("cleaned.zip", zipped(case), **options))
