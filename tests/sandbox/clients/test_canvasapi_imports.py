"""The SIS imports of `canvasapi`, as it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from canvasapi import Canvas
from canvasapi.exceptions import InvalidAccessToken, ResourceDoesNotExist

from tests.servers.practice import Practice
from tests.servers.processes import wait_for

TERMS = "term_id,name,status\nT1,Autumn,active\n"


@pytest.fixture
def terms_file(tmp_path: Path) -> Path:
    path = tmp_path / "terms.csv"
    path.write_text(TERMS)
    return path


def finished(account: Any, batch: Any) -> Any:
    return wait_for(
        lambda: next(
            (
                found
                for found in [account.get_sis_import(batch.id)]
                if found.workflow_state.startswith(("imported", "failed"))
            ),
            None,
        )
    )


def test_a_file_is_imported(account: Any, terms_file: Path) -> None:
    batch = account.create_sis_import(str(terms_file), override_sis_stickiness=True)
    assert batch.workflow_state == "created"
    assert batch.override_sis_stickiness is True
    assert finished(account, batch).workflow_state == "imported"
    assert {term.name for term in account.get_enrollment_terms()} > {"Autumn"}


def test_the_list_is_walked_to_its_end(account: Any, terms_file: Path) -> None:
    made = [account.create_sis_import(str(terms_file)).id for _ in range(10)]
    assert [batch.id for batch in account.get_sis_imports(per_page=5)] == made[::-1]


def test_an_import_is_aborted(slow_practice: Practice, connect: Callable[[Practice], Canvas], terms_file: Path) -> None:
    slow_account = connect(slow_practice).get_account(1)
    terms_file.write_text("term_id,name,status\n" + "".join(f"T{n},Term {n},active\n" for n in range(5000)))
    batch = slow_account.create_sis_import(str(terms_file))
    assert slow_account.get_sis_import(batch.id).abort().workflow_state == "aborted"
    assert slow_account.abort_sis_imports_pending() is True


def test_an_import_is_restored(account: Any, terms_file: Path) -> None:
    batch = finished(account, account.create_sis_import(str(terms_file)))
    progress = batch.restore_states(undelete_only=True)
    wait_for(lambda: progress.query().workflow_state == "completed")
    assert account.get_sis_import(batch.id).workflow_state == "partially_restored"


def test_what_runs_is_listed(slow_practice: Practice, connect: Callable[[Practice], Canvas], terms_file: Path) -> None:
    slow_account = connect(slow_practice).get_account(1)
    terms_file.write_text("term_id,name,status\n" + "".join(f"T{n},Term {n},active\n" for n in range(5000)))
    batch = slow_account.create_sis_import(str(terms_file))
    running = wait_for(lambda: list(slow_account.get_sis_imports_running()))
    assert [found.id for found in running] == [batch.id]
    slow_account.abort_sis_imports_pending()
    batch.abort()


def test_refusals_are_understood(account: Any, connect: Callable[[Practice], Canvas], practice: Practice) -> None:
    with pytest.raises(ResourceDoesNotExist):
        account.get_sis_import(999)
    with pytest.raises(InvalidAccessToken):
        connect(Practice(practice.url, "7~secret")).get_account(1)
