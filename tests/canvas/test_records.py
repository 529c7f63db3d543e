"""Canvas's answers as records: what is there is read, what is missing or odd does no harm."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.errors import Unreadable
from canvas.fields import Fields, integer
from canvas.records import Account, Attachment, CanvasUser, Progress, SisImport, SisImportError, Term
from tests.canvas import answers

ENDED = answers.sis_import(
    41,
    started_at="2026-01-05T09:30:02Z",
    ended_at="2026-01-05T03:30:05-06:00",
    progress=100,
    workflow_state="imported_with_messages",
    batch_mode_term_id=12,
    diff_row_count_threshold=4_000_000_000_001,
    data={
        "import_type": "instructure_csv",
        "supplied_batches": ["user", "enrollment"],
        "counts": {"users": 3, "enrollments": "2", "error_count": 0, "warning_count": 1, "odd": None},
        "statistics": {"total_state_changes": 5, "Enrollment": {"created": 2}},
        "running_immediately": True,
        "diffed_against_sis_batch_id": 40,
    },
    processing_warnings=[["enrollments.csv", "User not found"], [None, "Diffing not performed"], "not a pair"],
    csv_attachments=[{"id": 801, "display_name": "users.csv", "size": 164, "url": "https://c.example/files/801"}],
    errors_attachment={"id": 802, "display_name": "sis_errors_attachment_41.csv", "size": "77", "url": "https://c/802"},
)


def test_an_import_that_ended_is_read_whole() -> None:
    record = SisImport.from_json(ENDED)

    assert record.state == "imported_with_messages"
    assert record.progress == 100
    assert record.created_at == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert record.ended_at == datetime(2026, 1, 5, 9, 30, 5, tzinfo=UTC)
    assert record.supplied_batches == ("user", "enrollment")
    assert record.counts == {"users": 3, "enrollments": 2, "error_count": 0, "warning_count": 1}
    assert record.statistics["total_state_changes"] == 5
    assert record.running_immediately is True
    assert record.diffed_against_id == 40
    assert record.diff_row_count_threshold == 4_000_000_000_001
    assert record.processing_warnings == (("enrollments.csv", "User not found"), (None, "Diffing not performed"))
    assert record.processing_errors == ()
    assert record.csv_attachments[0].display_name == "users.csv"
    assert record.errors_attachment == Attachment(802, "sis_errors_attachment_41.csv", 77, "https://c/802")
    assert record.user is not None
    assert record.user.name == "Ada Example"
    assert record.raw is ENDED


def test_an_import_needs_only_id_and_state() -> None:
    record = SisImport.from_json({"id": 7, "workflow_state": "a word of tomorrow"})

    assert (record.id, record.state) == (7, "a word of tomorrow")
    assert (record.progress, record.user, record.counts, record.errors_attachment) == (None, None, {}, None)


def test_numbers_and_flags_may_come_as_text() -> None:
    record = SisImport.from_json(
        {"id": "7", "workflow_state": "importing", "progress": "42", "batch_mode": "true", "batch_mode_term_id": "12"}
    )

    assert (record.id, record.progress, record.batch_mode, record.batch_mode_term_id) == (7, 42, True, 12)


def test_statistics_are_also_found_where_the_documentation_has_them() -> None:
    record = SisImport.from_json({"id": 7, "workflow_state": "imported", "statistics": {"total_state_changes": 1}})

    assert record.statistics == {"total_state_changes": 1}


@pytest.mark.parametrize("missing", ["id", "workflow_state"])
def test_an_import_without_id_or_state_is_unreadable(missing: str) -> None:
    document = answers.sis_import()
    del document[missing]

    with pytest.raises(Unreadable, match=f"no readable {missing} for the SIS import"):
        SisImport.from_json(document)


def test_a_record_keeps_people_out_of_its_repr() -> None:
    user = {"id": 7, "name": "Ada Example", "login_id": "ada@example.edu", "sis_user_id": "U1"}
    warning = ["users.csv", "An existing Canvas user with the SIS ID U1"]

    shown = repr(SisImport.from_json(answers.sis_import(user=user, processing_warnings=[warning])))

    assert not any(secret in shown for secret in ("Ada", "ada@example.edu", "U1"))


def test_a_message_is_read_with_its_row() -> None:
    document = {
        "sis_import_id": 41,
        "file": "users.csv",
        "message": "No login_id",
        "row": "3",
        "row_info": "U1,,active",
    }

    assert SisImportError.from_json(document) == SisImportError(41, "users.csv", "No login_id", 3, "U1,,active")


def test_a_message_about_the_whole_import_has_no_row() -> None:
    record = SisImportError.from_json({"sis_import_id": 41, "file": None, "message": "Diffing not performed"})

    assert (record.file, record.row) == (None, None)


def test_the_progress_of_a_restore_is_read() -> None:
    record = Progress.from_json(answers.progress(completion=12.5, workflow_state="running"))

    assert (record.id, record.state, record.completion, record.context_id) == (9, "running", 12.5, 41)


def test_a_root_account_is_told_from_others() -> None:
    root = Account.from_json({"id": 1, "name": "Example University", "root_account_id": None})
    faculty = Account.from_json({"id": 2, "name": "Faculty", "parent_account_id": 1, "root_account_id": 1})

    assert root.is_root
    assert not faculty.is_root


def test_the_default_term_has_no_sis_id() -> None:
    term = Term.from_json({"id": 1, "name": "Default Term", "start_at": None, "sis_term_id": None})

    assert (term.id, term.name, term.sis_term_id, term.start_at) == (1, "Default Term", None, None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = sorted({*ENDED, "processing_errors", "diffed_csv_attachments", "statistics"})


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_whatever_canvas_sends_an_import_is_read_or_called_unreadable(document: dict[str, Any]) -> None:
    try:
        record = SisImport.from_json(document)
    except Unreadable:
        assert integer(document.get("id")) is None or Fields(document, what="import").text("workflow_state") is None
    else:
        assert record.raw == document
        assert all(isinstance(count, int) for count in record.counts.values())


@given(st.sampled_from(sorted(set(ENDED) - {"id", "workflow_state"})), JSON)
def test_one_odd_value_never_hides_an_import(key: str, value: Any) -> None:
    record = SisImport.from_json({**ENDED, key: value})

    assert (record.id, record.state) == (41, "imported_with_messages")


@pytest.mark.parametrize("record", [Term, Account, CanvasUser, Attachment])
@given(document=st.dictionaries(st.sampled_from(["id", "name", "display_name", "size", "url", "start_at"]), JSON))
def test_what_has_an_id_is_read_however_odd_the_rest(record: Any, document: dict[str, Any]) -> None:
    if integer(document.get("id")) is None:
        with pytest.raises(Unreadable, match="no readable id"):
            record.from_json(document)
    else:
        assert record.from_json(document).id == integer(document["id"])


@given(st.dictionaries(st.sampled_from(["sis_import_id", "file", "message", "row", "row_info"]), JSON))
def test_a_message_is_read_however_odd_it_is(document: dict[str, Any]) -> None:
    assert isinstance(SisImportError.from_json(document).message, str)


@pytest.mark.parametrize("record", [SisImport, SisImportError, Progress, Term, Account, CanvasUser, Attachment])
@pytest.mark.parametrize("document", [None, [], "text", 3])
def test_what_is_no_object_is_unreadable(record: Any, document: object) -> None:
    with pytest.raises(Unreadable, match="no readable"):
        record.from_json(document)


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_a_whole_number_is_read_in_all_its_forms(number: int) -> None:
    assert integer(number) == integer(str(number)) == integer(f" {number} ") == number
    assert integer(json.loads(json.dumps(number))) == number


@pytest.mark.parametrize("value", [True, None, "", "12a", "--5", "٣", "1.5", 1.5, float("nan"), float("inf"), [], {}])
def test_what_is_no_whole_number_is_none(value: Any) -> None:
    assert integer(value) is None
