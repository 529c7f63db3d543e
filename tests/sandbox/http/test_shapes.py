"""The keys of Canvas's objects, as the reference lists them: no more, no fewer."""

from typing import Any

import pytest

from tests.sandbox.engine.practice import zipped
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

Json = dict[str, Any]

ALWAYS = (
    "id created_at started_at ended_at updated_at progress workflow_state data batch_mode batch_mode_term_id "
    "multi_term_batch_mode override_sis_stickiness add_sis_stickiness clear_sis_stickiness "
    "update_sis_id_if_login_claimed skip_deletes diffing_data_set_identifier diffing_remaster diffed_against_import_id "
    "diffing_drop_status diffing_user_remove_status change_threshold diff_row_count_threshold user"
)
FILE = (
    "id uuid folder_id display_name filename upload_status content-type url size created_at updated_at unlock_at "
    "locked hidden lock_at hidden_for_user thumbnail_url modified_at mime_class media_entry_id locked_for_user"
)
USER = "id name sortable_name short_name created_at sis_user_id integration_id sis_import_id login_id"
PLURALS = (
    "change_sis_ids accounts terms abstract_courses courses sections xlists users logins enrollments admins "
    "group_categories differentiation_tag_sets groups differentiation_tags group_memberships "
    "differentiation_tag_memberships institutional_tag_categories institutional_tags institutional_tag_associations "
    "grade_publishing_results user_observers"
)
TYPES = (
    "Account EnrollmentTerm AbstractCourse Course CourseSection GroupCategory Group Pseudonym CommunicationChannel "
    "Enrollment GroupMembership UserObserver AccountUser total_state_changes"
)
ACCOUNT = (
    "id name parent_account_id root_account_id workflow_state uuid default_storage_quota_mb "
    "default_user_storage_quota_mb default_group_storage_quota_mb default_time_zone"
)
TERM = "id name start_at end_at created_at workflow_state grading_period_group_id sis_term_id sis_import_id"
PROGRESS = (
    "id context_id context_type user_id tag completion workflow_state created_at updated_at message url"  # no results
)

TERMS = (
    "term_id,name,status,start_date,end_date,date_override_enrollment_type\n"
    "T1,Autumn,active,2026-09-01,2026-12-20,\nT2,Spring,active,2026-01-01,2026-06-30,\n"
    "T1,,active,2026-08-15,2026-12-31,TeacherEnrollment\nT3,Gone,deleted,,,\n"
)
ACCOUNTS = "account_id,parent_account_id,name,status,integration_id\nlaw,,Law,active,i-law\n"
COURSES = "course_id,short_name,long_name,term_id,status\nC1,LAW 1,Torts,T1,active\n"


def keys(text: str) -> set[str]:
    return set(text.split())


@pytest.fixture
def imported(practice: Practice) -> Json:
    """An import of terms, an account and a course, at its end."""
    files = {"terms.csv": TERMS, "accounts.csv": ACCOUNTS, "courses.csv": COURSES}
    batch = practice.send("all.zip", zipped(files))
    path = f"accounts/self/sis_imports/{batch['id']}"
    wait_for(lambda: practice.api("GET", path)["workflow_state"] == "imported")
    found: Json = practice.api("GET", path)
    return found


def test_a_fresh_import_has_exactly_these_keys(practice: Practice) -> None:
    assert practice.send("terms.csv", TERMS).keys() == keys(ALWAYS)


def test_a_clean_import_gains_its_files_and_nothing_else(imported: Json) -> None:
    assert imported.keys() == keys(ALWAYS) | {"csv_attachments"}
    assert {type(imported[name]) for name in ("id", "progress")} == {int}


def test_every_kind_is_counted_by_its_plural(imported: Json) -> None:
    counts = imported["data"]["counts"]
    assert counts.keys() == keys(PLURALS) | {"error_count", "warning_count"}
    assert (counts["terms"], counts["accounts"], counts["courses"], counts["users"]) == (4, 1, 1, 0)


def test_data_tells_what_was_done(imported: Json) -> None:
    data = imported["data"]
    assert data.keys() == keys(
        "import_type downloadable_attachment_ids supplied_batches counts running_immediately completed_importers "
        "statistics"
    )
    assert data["supplied_batches"] == data["completed_importers"] == ["account", "term", "course"]
    assert sorted(data["downloadable_attachment_ids"]) == sorted(file["id"] for file in imported["csv_attachments"])
    assert data["statistics"].keys() == keys(TYPES)


def test_a_file_has_exactly_these_keys(imported: Json) -> None:
    [file] = [file for file in imported["csv_attachments"] if file["display_name"] == "terms.csv"]
    assert file.keys() == keys(FILE)
    assert (file["size"], file["upload_status"], file["folder_id"]) == (len(TERMS), "success", None)


def test_the_sender_has_exactly_these_keys(imported: Json) -> None:
    assert imported["user"].keys() == keys(USER)


def test_a_message_has_exactly_these_keys(practice: Practice) -> None:
    batch = practice.send("terms.csv", "term_id,name,status\nT1,Autumn,open\n")
    path = f"accounts/self/sis_imports/{batch['id']}/errors"
    [message] = wait_for(lambda: practice.api("GET", path)["sis_import_errors"])
    assert message.keys() == keys("sis_import_id file message row_info row")


def test_a_progress_has_exactly_these_keys(practice: Practice, imported: Json) -> None:
    progress = practice.api("PUT", f"accounts/self/sis_imports/{imported['id']}/restore_states")
    assert progress.keys() == keys(PROGRESS)
    ended = wait_for(
        lambda: next(
            (
                found
                for found in [practice.api("GET", f"progress/{progress['id']}")]
                if found["workflow_state"] == "completed"
            ),
            None,
        )
    )
    assert ended is not None
    assert ended.keys() - keys(PROGRESS) <= {"results"}


def test_accounts_have_exactly_these_keys(practice: Practice, imported: Json) -> None:
    assert practice.api("GET", "accounts/self").keys() == keys(ACCOUNT)
    law = practice.api("GET", "accounts/sis_integration_id:i-law")
    assert law.keys() == keys(ACCOUNT) | {"sis_account_id", "sis_import_id", "integration_id"}
    assert practice.api("GET", f"accounts/uuid:{law['uuid']}")["sis_account_id"] == "law"


def test_the_list_of_accounts_ends_with_its_first_page(practice: Practice) -> None:
    pages = [practice.api("GET", "accounts", params={"page": number}) for number in (1, 2)]
    assert [[account["id"] for account in page] for page in pages] == [[1], []]


def test_terms_have_exactly_these_keys(practice: Practice, imported: Json) -> None:
    terms = practice.api("GET", "accounts/1/terms")["enrollment_terms"]
    assert [set(term) for term in terms] == [keys(TERM)] * 3
    assert [term["sis_term_id"] for term in terms] == [None, "T1", "T2"]


@pytest.mark.parametrize(
    "params, names",
    [
        ({"workflow_state[]": "deleted"}, ["Gone"]),
        ({"workflow_state[]": "all"}, ["Default Term", "Gone", "Autumn", "Spring"]),
        ({"term_name": "autu"}, ["Autumn"]),
    ],
)
def test_terms_are_filtered(params: dict[str, str], names: list[str], practice: Practice, imported: Json) -> None:
    found = practice.api("GET", "accounts/1/terms", params=params)["enrollment_terms"]
    assert [term["name"] for term in found] == names


def test_a_term_carries_more_on_request(practice: Practice, imported: Json) -> None:
    params = {"term_name": "Autumn", "include[]": ["overrides", "course_count"]}
    [autumn] = practice.api("GET", "accounts/1/terms", params=params)["enrollment_terms"]
    dates = {"start_at": "2026-08-15T00:00:00Z", "end_at": "2026-12-31T00:00:00Z"}
    assert autumn["course_count"] == 1
    assert autumn["overrides"] == {"TeacherEnrollment": dates}
    alone = practice.api("GET", f"accounts/1/terms/{autumn['id']}")
    assert alone["overrides"] == autumn["overrides"]
