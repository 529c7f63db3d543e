"""What a POST is refused for, what it leaves behind, and how its options are read and echoed."""

from pathlib import Path
from typing import Any

import pytest

from sandbox import batches, objects
from tests.sandbox.engine.practice import BASE, Json, Practice, csv

GOOD = csv("account_id,parent_account_id,name,status", "new,,New,active")
NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}


@pytest.fixture
def waiting(practice: Practice) -> Practice:
    """A site whose queue does nothing."""
    practice.site.queue.close()
    return practice


def refused(practice: Practice, **options: Any) -> tuple[int, object]:
    with pytest.raises(batches.Refusal) as refusal:
        practice.post(GOOD, **options)
    return refusal.value.status, refusal.value.body


def listed_states(practice: Practice) -> list[str]:
    found = batches.index(
        practice.site, created_since=None, created_before=None, states=(), offset=0, limit=10, base=BASE
    )
    return [item["workflow_state"] for item in found]


def post_raw(practice: Practice, tmp_path: Path, content_type: str, **options: str) -> int:
    body = tmp_path / "body"
    body.write_text(GOOD)
    return batches.create(
        practice.site,
        file=body,
        filename="",
        content_type=content_type,
        params={name: [value] for name, value in options.items()},
        user=objects.users_self(practice.site),
    )


@pytest.mark.parametrize(
    "options, status, body",
    [
        (
            {"batch_mode": "1"},
            400,
            {"message": "Batch mode specified, but the given batch_mode_term_id cannot be found."},
        ),
        ({"batch_mode": "1", "batch_mode_term_id": "99"}, 404, NOT_FOUND),
        ({"batch_mode": "1", "batch_mode_term_id": "sis_term_id:ghost"}, 404, NOT_FOUND),
        ({"batch_mode": "1", "batch_mode_term_id": "9" * 30}, 404, NOT_FOUND),
    ],
)
def test_a_refusal_before_the_row_leaves_nothing(waiting: Practice, options: Json, status: int, body: Json) -> None:
    assert refused(waiting, **options) == (status, body)
    assert listed_states(waiting) == []


def test_an_unknown_import_type_is_a_server_error(waiting: Practice) -> None:
    status, body = refused(waiting, import_type="other")
    assert status == 500
    assert isinstance(body, dict)
    assert body["errors"][0]["error_code"] == "internal_server_error"
    assert listed_states(waiting) == []


@pytest.mark.parametrize(
    "options, body",
    [
        ({"multi_term_batch_mode": "1"}, {"message": "change_threshold is required to use multi term_batch mode."}),
        ({"multi_term_batch_mode": "false"}, {"message": "change_threshold is required to use multi term_batch mode."}),
        ({"diffing_drop_status": "gone"}, {"message": "Invalid diffing_drop_status"}),
        ({"diffing_user_remove_status": "gone"}, {"message": "Invalid diffing_user_remove_status"}),
        ({"batch_mode_enrollment_drop_status": "gone"}, {"message": "Invalid batch_mode_enrollment_drop_status"}),
    ],
)
def test_a_late_refusal_leaves_an_initializing_row(waiting: Practice, options: Json, body: Json) -> None:
    assert refused(waiting, **options) == (400, body)
    assert listed_states(waiting) == ["initializing"]


def test_a_stuck_row_does_not_block_the_queue_and_can_be_aborted(practice: Practice) -> None:
    refused(practice, diffing_drop_status="gone")
    assert practice.send(GOOD)["workflow_state"] == "imported"
    aborted = batches.abort(practice.site, 1, base=BASE)
    assert aborted is not None
    assert aborted["workflow_state"] == "aborted"


def test_an_identifier_of_128_is_the_longest(waiting: Practice) -> None:
    assert waiting.post(GOOD, diffing_data_set_identifier="x" * 128)
    assert refused(waiting, diffing_data_set_identifier="x" * 129)[0] == 400


def test_a_form_without_a_file_is_refused(waiting: Practice) -> None:
    with pytest.raises(batches.Refusal) as refusal:
        batches.create(
            waiting.site, file=None, filename="", content_type="multipart/form-data; boundary=x", params={}, user=None
        )
    assert (refusal.value.status, refusal.value.body) == (400, {"error": True, "error_message": "Missing attachment"})
    assert listed_states(waiting) == []


def test_a_text_field_instead_of_a_file_is_a_server_error_and_leaves_a_row(waiting: Practice) -> None:
    with pytest.raises(batches.Refusal) as refusal:
        batches.create(
            waiting.site,
            file=None,
            filename="",
            content_type="multipart/form-data; boundary=x",
            params={"attachment": ["text"]},
            user=None,
        )
    assert refusal.value.status == 500
    assert listed_states(waiting) == ["initializing"]


@pytest.mark.parametrize("charset, accepted", [("utf-8", True), ("UTF-8", True), ("latin-1", False)])
def test_a_raw_body_has_to_be_utf8(waiting: Practice, tmp_path: Path, charset: str, accepted: bool) -> None:
    if accepted:
        assert post_raw(waiting, tmp_path, f"text/csv; charset={charset}") == 1
        return
    with pytest.raises(batches.Refusal) as refusal:
        post_raw(waiting, tmp_path, f"text/csv; charset={charset}")
    assert refusal.value.body == {"error": "Invalid content type, UTF-8 required"}
    assert post_raw(waiting, tmp_path, f"text/csv; charset={charset}", extension="csv") == 1


@pytest.mark.parametrize(
    "content_type, extension, state",
    [
        ("text/csv", "", "imported"),
        ("text/plain", "", "imported"),
        ("application/octet-stream", "csv", "imported"),
        ("text/xml", "", "imported"),
        ("application/zip", "", "failed_with_messages"),
        ("application/x-www-form-urlencoded", "", "failed_with_messages"),
        ("", "", "failed_with_messages"),
    ],
)
def test_a_raw_body_is_named_by_its_extension_or_type(
    practice: Practice, tmp_path: Path, content_type: str, extension: str, state: str
) -> None:
    batch_id = post_raw(practice, tmp_path, content_type, extension=extension)
    practice.settle()
    assert practice.show(batch_id)["workflow_state"] == state


def test_no_option_sent_is_echoed_as_absent(waiting: Practice) -> None:
    fresh = waiting.show(waiting.post(GOOD))
    assert (fresh["skip_deletes"], fresh["update_sis_id_if_login_claimed"]) == (False, False)
    for name in (
        "batch_mode",
        "batch_mode_term_id",
        "multi_term_batch_mode",
        "override_sis_stickiness",
        "add_sis_stickiness",
        "clear_sis_stickiness",
        "diffing_data_set_identifier",
        "diffing_remaster",
        "diffed_against_import_id",
        "diffing_drop_status",
        "diffing_user_remove_status",
        "change_threshold",
        "diff_row_count_threshold",
    ):
        assert fresh[name] is None
    assert not {"batch_mode_enrollment_drop_status", "diffing_threshold_exceeded"} & fresh.keys()


@pytest.mark.parametrize("value, meant", [("1", True), ("Yes", True), ("7up", True), ("no", False), ("x", False)])
def test_booleans_are_read_by_canvas_words(waiting: Practice, value: str, meant: bool) -> None:
    assert waiting.show(waiting.post(GOOD, skip_deletes=value))["skip_deletes"] is meant


@pytest.mark.parametrize(
    "value, kept", [("1", 1), (str(10**12 + 7), 10**12 + 7), ("0", None), ("-3", None), ("x", None)]
)
def test_a_row_count_threshold_is_kept_when_positive(waiting: Practice, value: str, kept: int | None) -> None:
    assert waiting.show(waiting.post(GOOD, diff_row_count_threshold=value))["diff_row_count_threshold"] == kept


@pytest.mark.parametrize(
    "options, echoed",
    [
        (
            {"batch_mode": "1", "batch_mode_term_id": "1", "diffing_data_set_identifier": "x"},
            {"batch_mode": True, "batch_mode_term_id": 1, "diffing_data_set_identifier": None},
        ),
        (
            {"batch_mode": "1", "batch_mode_term_id": "default", "multi_term_batch_mode": "1"},
            {"batch_mode_term_id": 1, "multi_term_batch_mode": None},
        ),
        (
            {"multi_term_batch_mode": "1", "change_threshold": "20"},
            {"batch_mode": True, "multi_term_batch_mode": True, "batch_mode_term_id": None, "change_threshold": 20},
        ),
        (
            {"multi_term_batch_mode": "false", "change_threshold": "20", "diffing_data_set_identifier": "x"},
            {"batch_mode": True, "multi_term_batch_mode": False, "diffing_data_set_identifier": None},
        ),
        ({"add_sis_stickiness": "1", "clear_sis_stickiness": "1"}, {"add_sis_stickiness": None}),
        (
            {"override_sis_stickiness": "1", "add_sis_stickiness": "1"},
            {"override_sis_stickiness": True, "add_sis_stickiness": True, "clear_sis_stickiness": None},
        ),
        ({"diffing_remaster_data_set": "1"}, {"diffing_remaster": None}),
        (
            {"diffing_data_set_identifier": "x", "diffing_remaster_data_set": "1"},
            {"diffing_remaster": True, "diffing_data_set_identifier": "x", "diffing_threshold_exceeded": False},
        ),
        ({"diffing_data_set_identifier": "x"}, {"diffing_remaster": False}),
        ({"diffing_drop_status": "deleted_last_completed"}, {"diffing_drop_status": "deleted_last_completed"}),
        ({"change_threshold": "ten"}, {"change_threshold": 0}),
    ],
)
def test_options_are_echoed_as_canvas_understood_them(waiting: Practice, options: Json, echoed: Json) -> None:
    fresh = waiting.show(waiting.post(GOOD, **options))
    assert {name: fresh[name] for name in echoed} == echoed


@pytest.mark.parametrize(
    "wanted, name",
    [
        ("1", "Default Term"),
        ("default", "Default Term"),
        ("current", "Winter"),
        ("sis_term_id:w", "Winter"),
        ("sis_integration_id:i-s", "Summer"),
    ],
)
def test_the_term_of_a_full_batch_has_several_names(practice: Practice, wanted: str, name: str) -> None:
    header = "term_id,name,status,integration_id,start_date,end_date"
    rows = ("w,Winter,active,i-w,2026-01-01,2026-03-31", "s,Summer,active,i-s,2026-07-01,2026-08-31")
    practice.send("\n".join((header, *rows)))
    done = practice.send(GOOD, batch_mode="1", batch_mode_term_id=wanted)
    [term] = [term for term in practice.all("terms") if term["id"] == done["batch_mode_term_id"]]
    assert term["name"] == name


def test_two_current_terms_are_none(practice: Practice) -> None:
    header = "term_id,name,status,start_date,end_date"
    practice.send("\n".join((header, *(f"t{n},Term {n},active,2026-01-01,2026-03-31" for n in range(2)))))
    assert refused(practice, batch_mode="1", batch_mode_term_id="current") == (404, NOT_FOUND)
