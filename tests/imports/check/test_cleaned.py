"""What is left of files with every sort of mistake in them: Canvas takes it without a word."""

import io
import zipfile

import pytest

from imports.check.engine import check
from imports.check.outputs import cleaned
from imports.check.rows import Options
from tests.imports.check.corpus import Case, EmptyAccount, cases
from tests.imports.check.test_agreement import DIFFERENCES, said
from tests.servers.practice import Practice

CASES = [case for case in cases() if not case.is_outcomes and case.id not in DIFFERENCES and case.expected]


def zipped(case: Case) -> bytes:
    options = Options(diffing="diffing" in case.options, skip_deletes="skip_deletes" in case.options)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        for file in check(case.sources(), options=options, known=EmptyAccount()).files:
            if file.kind and not file.refused:
                package.writestr(file.source.name, b"".join(cleaned(file)))
    return archive.getvalue()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_canvas_has_nothing_to_say_about_the_cleaned_files(practice: Practice, case: Case) -> None:
    options = {"skip_deletes": "true"} if "skip_deletes" in case.options else {}

    assert not said(practice, practice.send("cleaned.zip", zipped(case), **options))
