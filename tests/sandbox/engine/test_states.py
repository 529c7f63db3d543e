"""How an import ends, and what its answer then holds."""

import pytest

from sandbox import batches
from tests.sandbox.engine.practice import BASE, Practice, csv, zipped

ACCOUNTS = "account_id,parent_account_id,name,status"
GOOD = csv(ACCOUNTS, "new,,New,active")
BAD_ROW = csv(ACCOUNTS, "new,,New,active", "odd,ghost,Odd,active")
CRASH = "Error while importing CSV. Please contact support. (Error report 1001)"


def test_a_clean_file_ends_imported(practice: Practice) -> None:
    done = practice.send(GOOD, "accounts.csv")
    assert (done["workflow_state"], done["progress"]) == ("imported", 100)
    assert done["started_at"] == done["ended_at"] == "2026-01-05T09:30:00Z"
    assert done["data"]["supplied_batches"] == done["data"]["completed_importers"] == ["account"]
    assert done["data"]["counts"]["accounts"] == 1
    assert done["data"]["running_immediately"] is True
    assert [file["display_name"] for file in done["csv_attachments"]] == ["accounts.csv"]
    assert not {"processing_errors", "processing_warnings", "errors_attachment"} & done.keys()


def test_a_fresh_answer_is_bare(practice: Practice) -> None:
    practice.site.queue.close()
    fresh = practice.show(practice.post(GOOD))
    assert (fresh["workflow_state"], fresh["progress"]) == ("created", 0)
    assert fresh["data"] == {"import_type": "instructure_csv"}
    assert fresh["user"]["name"] == "Practice Admin"
    assert fresh["started_at"] is fresh["ended_at"] is None
    assert not {"csv_attachments", "processing_errors", "processing_warnings"} & fresh.keys()


def test_a_bad_row_is_a_warning(practice: Practice) -> None:
    done = practice.send(BAD_ROW)
    assert (done["workflow_state"], done["progress"]) == ("imported_with_messages", 100)
    assert done["processing_warnings"] == [["upload.csv", "Parent account didn't exist for odd"]]
    assert "processing_errors" not in done
    assert (done["data"]["counts"]["warning_count"], done["data"]["counts"]["error_count"]) == (1, 0)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"nonsense,headers\n1,2\n", "Couldn't find Canvas CSV import headers"),
        (b"account_id,parent_account_id,name,status\na,,\xff,active\n", "Invalid UTF-8"),
        (b'account_id,parent_account_id,name,status\na,,"open,active\n', "Malformed CSV"),
        (b'account_id,parent_account_id,name,status\na,,st"ray,active\n', "Malformed CSV"),
        (b'account_id,parent_account_id,name,status\na,,"x"y,active\n', "Malformed CSV"),
    ],
)
def test_an_unreadable_file_fails_and_keeps_its_progress(practice: Practice, content: bytes, message: str) -> None:
    done = practice.send(content, "odd.csv")
    assert (done["workflow_state"], done["progress"]) == ("failed_with_messages", 0)
    assert done["processing_errors"] == [["odd.csv", message]]
    assert done["ended_at"] is not None
    assert "csv_attachments" not in done


def test_the_readable_files_of_a_failed_import_are_applied(practice: Practice) -> None:
    done = practice.send_zip({"good.csv": GOOD, "odd.csv": "nonsense\n1\n"})
    assert done["workflow_state"] == "failed_with_messages"
    assert practice.states("accounts") == {"new": "active"}


@pytest.mark.parametrize("filename", ["accounts.txt", "accounts.xml", "accounts"])
def test_a_file_of_another_extension_is_not_read(practice: Practice, filename: str) -> None:
    done = practice.send(GOOD, filename)
    assert (done["workflow_state"], done["progress"]) == ("imported", 100)
    assert set(done["data"]["counts"].values()) == {0}
    assert "csv_attachments" not in done


def test_a_damaged_zip_fails_without_a_file_name(practice: Practice) -> None:
    done = practice.send(zipped({"accounts.csv": GOOD})[:60], "upload.zip")
    assert done["workflow_state"] == "failed_with_messages"
    assert done["processing_errors"] == [[None, CRASH]]


def test_messages_are_capped_and_the_rest_is_counted(practice: Practice) -> None:
    rows = [f"odd{n},ghost,Odd,active" for n in range(30)]
    done = practice.send(csv(ACCOUNTS, *rows))
    assert len(done["processing_warnings"]) == 25
    assert done["processing_warnings"][-1] == [
        "and 6 more warnings that were not included",
        "Download the error file to see all warnings.",
    ]
    assert done["data"]["counts"]["warning_count"] == 30
    assert len(practice.errors(done["id"])) == 30


def test_the_error_file_appears_later_and_its_link_expires(practice: Practice) -> None:
    done = practice.send(BAD_ROW)
    assert "errors_attachment" not in done
    practice.site.clock.advance(3)
    file = practice.show(done["id"])["errors_attachment"]
    assert file["display_name"] == f"sis_errors_attachment_{done['id']}.csv"
    assert file["content-type"] == "csv"
    verifier = file["url"].partition("verifier=")[2]
    found = batches.attachment(practice.site, file["id"], verifier)
    assert found is not None
    assert found[0].read_text() == (
        f"sis_import_id,file,message,row\n{done['id']},upload.csv,Parent account didn't exist for odd,3\n"
    )
    practice.site.clock.advance(3700)
    with pytest.raises(batches.Expired):
        batches.attachment(practice.site, file["id"], verifier)


def test_an_uploaded_csv_can_be_fetched_again(practice: Practice) -> None:
    file = practice.send(GOOD)["csv_attachments"][0]
    verifier = file["url"].partition("verifier=")[2]
    found = batches.attachment(practice.site, file["id"], verifier)
    assert found is not None
    assert found[0].read_text() == GOOD
    assert batches.attachment(practice.site, file["id"], verifier[:-1] + "0") is None
    assert batches.attachment(practice.site, file["id"] + 1, verifier) is None


def test_messages_have_rows_and_are_kept_thirty_days(practice: Practice) -> None:
    done = practice.send(BAD_ROW, "a.csv")
    assert practice.errors() == [
        {
            "sis_import_id": done["id"],
            "file": "a.csv",
            "message": "Parent account didn't exist for odd",
            "row_info": "odd,ghost,Odd,active",
            "row": 3,
        }
    ]
    practice.site.clock.advance(30 * 24 * 3600 + 1)
    assert practice.errors() == []


def test_failures_can_be_asked_for_alone(practice: Practice) -> None:
    done = practice.send_zip({"a.csv": BAD_ROW, "b.csv": "nonsense\n1\n"})
    said = [error["message"] for error in practice.errors(done["id"], failures_only=True)]
    assert said == ["Couldn't find Canvas CSV import headers"]


def test_statistics_list_all_thirteen_types(practice: Practice) -> None:
    done = practice.send(csv("user_id,login_id,email,status", "ada,ada,ada@example.edu,active"))
    statistics = done["data"]["statistics"]
    assert statistics["total_state_changes"] == 2
    assert statistics["Pseudonym"] == {"created": 1, "restored": 0, "deleted": 0}
    assert statistics["CommunicationChannel"]["created"] == 1
    assert len(statistics) == 14
    assert {"concluded", "deactivated"} <= statistics["Enrollment"].keys()
    assert "concluded" in statistics["Course"]


def test_statistics_count_by_what_became_of_a_thing(university: Practice) -> None:
    header = "course_id,user_id,role,status,section_id"
    for status, counted in [
        ("completed", "concluded"),
        ("inactive", "deactivated"),
        ("deleted", "deleted"),
        ("active", "restored"),
    ]:
        done = university.send(csv(header, f"bio,ada,student,{status},bio-a"))
        assert done["data"]["statistics"]["Enrollment"][counted] == 1


def test_an_unchanged_row_counts_but_changes_nothing(practice: Practice) -> None:
    practice.send(GOOD)
    again = practice.send(GOOD)
    assert again["data"]["counts"]["accounts"] == 1
    assert again["data"]["statistics"]["total_state_changes"] == 0


def test_the_list_is_newest_first_and_filtered(practice: Practice) -> None:
    first = practice.send(GOOD)["id"]
    practice.site.clock.advance(60)
    second = practice.send(BAD_ROW)["id"]

    def ids(since: str | None = None, before: str | None = None, states: tuple[str, ...] = ()) -> list[int]:
        found = batches.index(
            practice.site, created_since=since, created_before=before, states=states, offset=0, limit=10, base=BASE
        )
        return [item["id"] for item in found]

    assert ids() == [second, first]
    assert ids(since="2026-01-05T09:30:00Z") == [second]
    assert ids(before="2026-01-05T09:31:00Z") == [first]
    assert ids(since="yesterday") == [second, first]
    assert ids(states=("imported",)) == [first]
    assert ids(states=("unheard-of",)) == [second, first]


def test_an_unknown_import_is_nothing(practice: Practice) -> None:
    assert batches.show(practice.site, 99, base=BASE) is None
    assert batches.errors(practice.site, 99, failures_only=False, offset=0, limit=1) is None
    assert batches.progress(practice.site, 99, base=BASE) is None
