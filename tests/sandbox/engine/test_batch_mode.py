"""Full batches: what the clean-up takes away, in which order, and when it refuses."""

import pytest

from sandbox import batches
from tests.sandbox.engine.conftest import UNIVERSITY, Open
from tests.sandbox.engine.practice import BASE, Json, Practice, csv
from tests.sandbox.engine.test_queue import until

COURSES = "course_id,short_name,long_name,account_id,term_id,status"
SECTIONS = "section_id,course_id,name,status"
ENROLLMENTS = "course_id,section_id,user_id,role,status"
SPRING: Json = {"batch_mode": 1, "batch_mode_term_id": "sis_term_id:spring"}


def deleted(done: Json) -> dict[str, int]:
    return {name: count for name, count in done["data"]["counts"].items() if name.startswith("batch_")}


def test_enrollments_that_are_not_named_are_deleted(university: Practice) -> None:
    done = university.send(csv(ENROLLMENTS, "bio,bio-a,ada,student,active"), **SPRING)
    assert done["workflow_state"] == "imported"
    assert deleted(done) == {"batch_enrollments_deleted": 2}
    assert university.enrollments() == {
        ("ada", "bio", "Student"): "active",
        ("bob", "bio", "Teacher"): "deleted",
        ("ada", "chem", "Student"): "deleted",
    }
    assert set(university.states("courses").values()) == {"claimed", "available"}


def test_courses_and_sections_take_their_enrollments_along(university: Practice) -> None:
    done = university.send_zip(
        {
            "courses.csv": csv(COURSES, "bio,BIO 1,Biology,arts,spring,active"),
            "sections.csv": csv(SECTIONS, "bio-a,bio,Biology A,active"),
        },
        **SPRING,
    )
    assert deleted(done) == {"batch_courses_deleted": 1, "batch_sections_deleted": 2}
    assert university.states("courses") == {"bio": "claimed", "chem": "deleted"}
    assert university.states("course_sections") == {"bio-a": "active", "bio-b": "deleted", "chem-a": "deleted"}
    assert university.enrollments()["ada", "chem", "Student"] == "deleted"
    assert university.enrollments()["ada", "bio", "Student"] == "active"


def test_a_header_alone_takes_everything_of_its_kind(university: Practice) -> None:
    done = university.send(csv(ENROLLMENTS), **SPRING)
    assert deleted(done) == {"batch_enrollments_deleted": 3}
    assert set(university.enrollments().values()) == {"deleted"}


@pytest.mark.parametrize("options", [{}, {"batch_mode": 1, "batch_mode_term_id": "sis_term_id:autumn"}])
def test_other_terms_and_other_modes_are_left_alone(university: Practice, options: Json) -> None:
    university.send(csv(ENROLLMENTS), **options)
    assert set(university.enrollments().values()) == {"active"}


def test_kinds_that_were_not_supplied_are_left_alone(university: Practice) -> None:
    done = university.send(UNIVERSITY["users.csv"], **SPRING)
    assert done["workflow_state"] == "imported"
    assert deleted(done) == {}
    assert set(university.enrollments().values()) == {"active"}


@pytest.mark.parametrize("threshold, state", [(66, "aborted"), (67, "imported")])
def test_a_threshold_is_strictly_exceeded_or_not(university: Practice, threshold: int, state: str) -> None:
    upload = csv(ENROLLMENTS, "bio,bio-a,ada,student,active")
    done = university.send(upload, **SPRING, change_threshold=threshold)
    assert done["workflow_state"] == state
    assert (done["progress"], done["ended_at"] is None) == (100, False)


def test_an_exceeded_threshold_deletes_nothing_but_the_rows_are_applied(university: Practice) -> None:
    upload = csv(ENROLLMENTS, "bio,bio-b,cleo,student,active")
    done = university.send(upload, **SPRING, change_threshold=10)
    assert done["processing_warnings"] == [
        [None, "3 enrollments would be deleted and exceeds the set threshold of 10%"]
    ]
    assert university.enrollments()["cleo", "bio", "Student"] == "active"
    assert set(university.enrollments().values()) == {"active"}


def test_each_kind_has_the_threshold_for_itself(university: Practice) -> None:
    done = university.send_zip(
        {
            "courses.csv": csv(COURSES, "bio,BIO 1,Biology,arts,spring,active"),
            "sections.csv": UNIVERSITY["sections.csv"],
            "enrollments.csv": UNIVERSITY["enrollments.csv"],
        },
        **SPRING,
        change_threshold=40,
    )
    assert done["workflow_state"] == "aborted"
    assert done["processing_warnings"] == [[None, "1 courses would be deleted and exceeds the set threshold of 40%"]]


@pytest.mark.parametrize("status", ["completed", "inactive"])
def test_a_drop_status_replaces_deletion_of_enrollments(university: Practice, status: str) -> None:
    done = university.send(csv(ENROLLMENTS), **SPRING, batch_mode_enrollment_drop_status=status)
    assert set(university.enrollments().values()) == {status}
    again = university.send(csv(ENROLLMENTS), **SPRING, batch_mode_enrollment_drop_status=status)
    assert (deleted(done), deleted(again)) == ({"batch_enrollments_deleted": 3}, {"batch_enrollments_deleted": 0})


def test_a_drop_status_that_the_clean_up_does_not_know_kills_the_import(university: Practice) -> None:
    done = university.send(csv(ENROLLMENTS), **SPRING, batch_mode_enrollment_drop_status="deleted_last_completed")
    assert (done["workflow_state"], done["ended_at"]) == ("failed", None)
    assert "error_message" in done["data"]
    assert set(university.enrollments().values()) == {"active"}


def test_several_terms_are_those_of_the_upload(university: Practice) -> None:
    done = university.send_zip(
        {"terms.csv": csv("term_id,name,status", "spring,Spring,active"), "enrollments.csv": csv(ENROLLMENTS)},
        multi_term_batch_mode=1,
        change_threshold=100,
    )
    assert deleted(done) == {"batch_enrollments_deleted": 3}


def test_several_terms_without_a_terms_file_abort(university: Practice) -> None:
    done = university.send(csv(ENROLLMENTS), multi_term_batch_mode=1, change_threshold=100)
    assert done["workflow_state"] == "aborted"
    assert done["processing_warnings"] == [[None, "Terms not found. Terms must be included with multi_term_batch_mode"]]
    assert set(university.enrollments().values()) == {"active"}


def test_multi_term_sent_as_false_cleans_nothing(university: Practice) -> None:
    done = university.send(csv(ENROLLMENTS), multi_term_batch_mode="false", change_threshold=100)
    assert done["workflow_state"] == "imported"
    assert set(university.enrollments().values()) == {"active"}


def test_a_failed_file_does_not_stop_the_clean_up(university: Practice) -> None:
    done = university.send_zip({"enrollments.csv": csv(ENROLLMENTS), "users.csv": 'user_id,login_id\n\xff"'}, **SPRING)
    assert done["workflow_state"] == "failed_with_messages"
    assert set(university.enrollments().values()) == {"deleted"}


def test_what_was_never_imported_stays(university: Practice) -> None:
    university.send(csv("course_id,user_id,role,status", "bio,cleo,student,active"))
    university.send(csv(SECTIONS), **SPRING)
    defaults = [section for section in university.all("course_sections") if section["default_section"]]
    assert [section["workflow_state"] for section in defaults] == ["active"]


def test_a_cross_listed_section_belongs_to_the_term_it_came_from(university: Practice) -> None:
    university.send_zip(
        {
            "courses.csv": csv(COURSES, "later,L,Later,arts,autumn,active"),
            "xlists.csv": csv("xlist_course_id,section_id,status", "later,bio-b,active"),
        }
    )
    university.send(csv(SECTIONS), batch_mode=1, batch_mode_term_id="sis_term_id:autumn")
    assert university.states("course_sections")["bio-b"] == "active"
    university.send(csv(SECTIONS), **SPRING)
    assert university.states("course_sections")["bio-b"] == "deleted"


def test_observers_of_a_named_student_stay(university: Practice) -> None:
    university.send(csv("observer_id,student_id,status", "cleo,ada,active"))
    done = university.send(csv(ENROLLMENTS, "bio,bio-a,ada,student,active"), **SPRING)
    assert university.enrollments()["cleo", "bio", "Observer"] == "active"
    assert deleted(done) == {"batch_enrollments_deleted": 2}


def test_the_clean_up_has_a_state_and_a_progress_of_its_own(open_practice: Open) -> None:
    quick = open_practice("same")
    quick.send_zip(UNIVERSITY)
    users = [f"u{n}" for n in range(3000)]
    quick.send_zip(
        {
            "users.csv": csv("user_id,login_id,status", *(f"{user},{user},active" for user in users)),
            "enrollments.csv": csv(ENROLLMENTS, *(f"bio,bio-a,{user},student,active" for user in users)),
        }
    )
    quick.site.close()
    slow = open_practice("same", rows_per_second=4000)
    running = slow.post(csv(ENROLLMENTS), **SPRING)
    until(lambda: slow.show(running)["workflow_state"] == "cleanup_batch")
    until(lambda: 0 < slow.show(running)["progress"] < 100)
    assert [item["id"] for item in batches.importing(slow.site, base=BASE)] == [running]
    batches.abort(slow.site, running, base=BASE)
    slow.settle()
    done = slow.show(running)
    assert (done["workflow_state"], done["progress"], done["ended_at"] is None) == ("aborted", 100, False)
    assert set(slow.enrollments().values()) == {"active", "deleted"}
