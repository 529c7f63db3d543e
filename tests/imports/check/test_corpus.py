"""Every rule, on small files with their expected findings beside them."""

import pytest

from imports.check.engine import check
from imports.check.rules import RULES
from tests.imports.check.corpus import Case, cases

CASES = cases()
# Rules with tests of their own: about archives.
ELSEWHERE = {"file.locked", "file.damaged"}
# Only where nothing is known of the account; the corpus is checked against an account that is known to be empty.
UNSURE = {"row.reference-unsure", "enrollment.role-unsure", "admin.role-unsure"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_wrong_is_found_at_its_place_and_nothing_else(case: Case) -> None:
    found = [(finding.file, finding.line, finding.column, finding.rule) for finding in case.found()]

    assert sorted(found) == case.expected


def test_the_university_that_comes_with_every_case_is_well() -> None:
    assert not check(Case("none", {}).sources()).groups


def test_the_corpus_covers_every_rule() -> None:
    covered = {rule for case in CASES for *_, rule in case.expected}
    institution = {rule for rule in RULES if rule.startswith("institution.")}
    assert set(RULES) - covered == ELSEWHERE | UNSURE | institution
