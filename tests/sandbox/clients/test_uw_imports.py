"""The SIS imports of `uw-restclients-canvas`, as it is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from restclients_core.exceptions import DataFailureException
from uw_canvas.models import SISImport as Import
from uw_canvas.sis_import import SISImport

from tests.sandbox.clients.university import ENDED, FILES, packed
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

Configure = Callable[[Practice], None]


@pytest.fixture
def imports(configure: Configure, practice: Practice) -> SISImport:
    configure(practice)
    return SISImport()


def finished(imports: SISImport, batch: Import) -> Import:
    """The import when it has ended."""

    def ended() -> Import | None:
        found = imports.get_import_status(batch)
        return found if found.workflow_state in ENDED else None

    return wait_for(ended)


def test_a_text_of_csv_is_imported(imports: SISImport) -> None:
    batch = imports.import_str(FILES["users.csv"], params={"override_sis_stickiness": "true"})
    assert (batch.workflow_state, batch.override_sis_stickiness) == ("created", True)
    ended = finished(imports, batch)
    assert (ended.workflow_state, ended.progress) == ("imported", 100)


def test_an_archive_is_imported(imports: SISImport) -> None:
    assert finished(imports, imports.import_archive(packed(), params={})).workflow_state == "imported"


def test_a_folder_is_imported(imports: SISImport, tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    assert finished(imports, imports.import_dir(str(tmp_path), params={})).workflow_state == "imported"


def test_what_went_wrong_can_be_read(imports: SISImport) -> None:
    batch = finished(imports, imports.import_str("term_id,name,status\nT1,Autumn,open\n", params={}))
    assert batch.workflow_state == "imported_with_messages"
    assert batch.processing_warnings == [["sis_import.csv", 'Improper status "open" for term T1']]
    [error] = imports.get_import_errors(batch)
    assert (error.import_id, error.row, error.import_file) == (batch.import_id, 2, "sis_import.csv")
    assert "T1" in error.row_info


def test_the_list_is_walked_to_its_end(imports: SISImport) -> None:
    made = [imports.import_str(FILES["terms.csv"], params={}).import_id for _ in range(11)]
    assert [batch.import_id for batch in imports.get_imports(params={})] == made[::-1]


def test_what_waits_is_aborted_and_then_what_runs(configure: Configure, slow_practice: Practice) -> None:
    configure(slow_practice)
    imports = SISImport()
    large = "term_id,name,status\n" + "".join(f"T{n},Term {n},active\n" for n in range(5000))
    first, second = (imports.import_str(large, params={}) for _ in range(2))
    wait_for(lambda: imports.get_import_status(first).workflow_state == "importing")
    assert imports.delete_all_pending_imports() == {"aborted": True}
    assert imports.get_import_status(second).workflow_state == "aborted"
    assert imports.get_import_status(first).workflow_state == "importing"
    assert imports.delete_import(first).workflow_state == "aborted"


def test_a_refusal_carries_the_status(imports: SISImport) -> None:
    with pytest.raises(DataFailureException) as refused:
        imports.import_str(FILES["terms.csv"], params={"batch_mode": "1"})
    assert refused.value.status == 400
