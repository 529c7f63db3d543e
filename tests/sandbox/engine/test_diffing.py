"""Importing the difference: which import is compared with, what the difference is, and when there is none."""

import io
from collections.abc import Mapping

import pytest

from tests.sandbox.engine.conftest import UNIVERSITY
from tests.sandbox.engine.practice import Json, Practice, csv

ENROLLMENTS = "course_id,section_id,user_id,role,status"
ADA = "bio,bio-a,ada,student,active"
BOB = "bio,bio-a,bob,teacher,active"
CLEO = "bio,bio-b,cleo,student,active"
SET: Json = {"diffing_data_set_identifier": "nightly"}


def reduced(practice: Practice, done: Json) -> dict[str, str]:
    """The CSVs that were imported in place of the uploaded ones."""
    read = {}
    for attachment in done.get("diffed_csv_attachments", []):
        row = practice.site.db().execute("SELECT path FROM attachments WHERE id = ?", (attachment["id"],)).fetchone()
        read[attachment["display_name"]] = (practice.site.files / row["path"]).read_text()
    return read


def diff(practice: Practice, before: str, now: str, **options: object) -> tuple[Json, str | None]:
    """Two imports of one chain: how the second ended, and what was left of its file."""
    practice.send(before, "file.csv", **SET)
    done = practice.send(now, "file.csv", **SET, **options)
    return done, reduced(practice, done).get("file.csv")


def test_the_first_of_a_chain_is_imported_whole(university: Practice) -> None:
    done = university.send(csv(ENROLLMENTS, CLEO), **SET)
    assert done["data"]["counts"]["enrollments"] == 1
    assert done["diffing_threshold_exceeded"] is False
    assert "diffed_csv_attachments" not in done


def test_new_and_changed_rows_stay_and_missing_ones_are_deleted(university: Practice) -> None:
    done, left = diff(
        university,
        csv(ENROLLMENTS, ADA, BOB),
        csv(ENROLLMENTS, "bio,bio-a,ada,student,inactive", CLEO),
    )
    assert left == csv(ENROLLMENTS, "bio,bio-a,ada,student,inactive", CLEO, "bio,bio-a,bob,teacher,deleted")
    assert done["workflow_state"] == "imported"
    assert done["data"]["diffed_against_sis_batch_id"] == 2
    assert done["diffed_against_import_id"] is None
    assert done["data"]["diffed_attachment_ids"] == [done["diffed_csv_attachments"][0]["id"]]
    assert [file["display_name"] for file in done["csv_attachments"]] == ["file.csv"]
    assert university.enrollments()["bob", "bio", "Teacher"] == "deleted"


def test_nothing_new_leaves_the_header(university: Practice) -> None:
    done, left = diff(university, csv(ENROLLMENTS, ADA), csv(ENROLLMENTS, ADA))
    assert left == csv(ENROLLMENTS)
    assert done["workflow_state"] == "imported"
    assert done["data"]["counts"]["enrollments"] == 0


def test_a_header_alone_removes_every_row(university: Practice) -> None:
    diff(university, csv(ENROLLMENTS, ADA, BOB), csv(ENROLLMENTS))
    assert university.enrollments()["ada", "bio", "Student"] == "deleted"
    assert university.enrollments()["bob", "bio", "Teacher"] == "deleted"


def test_the_order_of_columns_and_rows_does_not_matter(university: Practice) -> None:
    turned = csv(
        "status,role,user_id,section_id,course_id", "active,teacher,bob,bio-a,bio", "active,student,ada,bio-a,bio"
    )
    _, left = diff(university, csv(ENROLLMENTS, ADA, BOB, CLEO), turned)
    assert left == csv("status,role,user_id,section_id,course_id", "deleted,student,cleo,bio-b,bio")


@pytest.mark.parametrize("status", ["completed", "inactive", "deleted"])
def test_missing_enrollments_get_the_drop_status(university: Practice, status: str) -> None:
    diff(university, csv(ENROLLMENTS, ADA), csv(ENROLLMENTS), diffing_drop_status=status)
    assert university.enrollments()["ada", "bio", "Student"] == status


def test_missing_users_get_the_remove_status(university: Practice) -> None:
    users = "user_id,login_id,status"
    diff(university, csv(users, "ada,ada,active"), csv(users), diffing_user_remove_status="suspended")
    assert university.states("pseudonyms")["ada"] == "suspended"


@pytest.mark.parametrize("status, state", [("deleted", "active"), ("completed", "completed")])
def test_skipped_deletes_spare_missing_rows_that_would_be_deleted(
    university: Practice, status: str, state: str
) -> None:
    diff(university, csv(ENROLLMENTS, ADA), csv(ENROLLMENTS), diffing_drop_status=status, skip_deletes=1)
    assert university.enrollments()["ada", "bio", "Student"] == state


def test_a_kind_that_is_absent_now_is_left_alone(university: Practice) -> None:
    university.send_zip({"e.csv": csv(ENROLLMENTS, ADA), "c.csv": UNIVERSITY["courses.csv"]}, **SET)
    done = university.send_zip({"c.csv": UNIVERSITY["courses.csv"]}, **SET)
    assert done["data"]["supplied_batches"] == ["course"]
    assert university.enrollments()["ada", "bio", "Student"] == "active"


def test_a_kind_that_was_absent_before_is_imported_whole(university: Practice) -> None:
    university.send_zip({"c.csv": UNIVERSITY["courses.csv"]}, **SET)
    done = university.send_zip({"c.csv": UNIVERSITY["courses.csv"], "e.csv": csv(ENROLLMENTS, ADA)}, **SET)
    assert reduced(university, done)["e.csv"] == csv(ENROLLMENTS, ADA)


@pytest.mark.parametrize(
    "now, warning",
    [
        ({"a.csv": ADA, "b.csv": BOB}, None),
        (
            {"a.csv": ADA, "c.csv": BOB},
            "Unable to perform diffing against mismatched previous and current enrollment imports",
        ),
        ({"a.csv": ADA}, "Unable to perform diffing against mismatched previous and current enrollment imports"),
    ],
)
def test_several_files_of_a_kind_are_paired_by_name(
    university: Practice, now: Mapping[str, str], warning: str | None
) -> None:
    university.send_zip({"a.csv": csv(ENROLLMENTS, ADA), "b.csv": csv(ENROLLMENTS, BOB)}, **SET)
    done = university.send_zip({name: csv(ENROLLMENTS, row) for name, row in now.items()}, **SET)
    assert done.get("processing_warnings") == (warning and [[None, warning]])
    assert done["data"]["counts"]["enrollments"] == (len(now) if warning else 0)


def test_other_headers_cannot_be_compared(university: Practice) -> None:
    done, left = diff(university, csv(ENROLLMENTS, ADA), csv(ENROLLMENTS + ",notify", ADA + ",0"))
    assert done["processing_warnings"] == [[None, "Couldn't generate diff: CSV headers do not match, cannot diff"]]
    assert left == csv(ENROLLMENTS + ",notify", ADA + ",0")


def test_too_great_a_difference_in_size_imports_everything(university: Practice) -> None:
    done, left = diff(university, csv(ENROLLMENTS, ADA), csv(ENROLLMENTS, ADA, BOB), change_threshold=10)
    assert left is None
    assert done["workflow_state"] == "imported_with_messages"
    assert done["diffing_threshold_exceeded"] is True
    assert done["processing_warnings"] == [
        [None, "Diffing not performed because file size difference exceeded threshold"]
    ]
    assert done["data"]["counts"]["enrollments"] == 2


@pytest.mark.parametrize("threshold, exceeded", [(1, True), (2, False)])
def test_too_many_rows_of_difference_import_everything(university: Practice, threshold: int, exceeded: bool) -> None:
    done, _ = diff(university, csv(ENROLLMENTS, ADA), csv(ENROLLMENTS, CLEO), diff_row_count_threshold=threshold)
    assert done["diffing_threshold_exceeded"] is exceeded
    assert ("diffed_csv_attachments" in done) is not exceeded


def chain(practice: Practice, *steps: Json) -> list[int | None]:
    """Imports of one chain, one after another: what each was compared with."""
    compared = []
    for number, options in enumerate(steps):
        practice.site.clock.advance(60)
        done = practice.send(csv(ENROLLMENTS, *[ADA] * (number + 1)), **SET, **options)
        compared.append(done["data"].get("diffed_against_sis_batch_id"))
    return compared


def test_each_import_is_compared_with_the_latest_that_was(university: Practice) -> None:
    assert chain(university, {}, {}, {}) == [None, 2, 3]


def test_a_remaster_is_not_compared_and_is_a_new_base(university: Practice) -> None:
    remaster = {"diffing_remaster_data_set": 1}
    assert chain(university, {}, {}, remaster, {}) == [None, 2, None, 4]


def test_an_import_over_the_threshold_is_no_base(university: Practice) -> None:
    assert chain(university, {}, {}, {"change_threshold": 1}, {}) == [None, 2, None, 3]


def test_a_restored_import_is_no_base(university: Practice) -> None:
    chain(university, {}, {})
    university.restore(3)
    assert chain(university, {}) == [2]


def test_another_identifier_is_another_chain(university: Practice) -> None:
    university.send(csv(ENROLLMENTS, ADA), diffing_data_set_identifier="other")
    assert chain(university, {}) == [None]


def test_an_unreadable_archive_dies_without_a_message(university: Practice) -> None:
    university.send_zip({"e.csv": csv(ENROLLMENTS, ADA)}, **SET)
    done = university.send(io.BytesIO(b"no archive").read(), "upload.zip", **SET)
    assert (done["workflow_state"], done["ended_at"]) == ("failed", None)
    assert done["data"]["error_message"]
    assert "processing_errors" not in done


def test_an_upload_without_any_csv_ends_imported(university: Practice) -> None:
    university.send(csv(ENROLLMENTS, ADA), **SET)
    done = university.send("nothing", "upload.txt", **SET)
    assert done["workflow_state"] == "imported"
