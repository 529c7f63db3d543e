"""Taking an import back: what returns, what does not, and how long."""

import pytest

from sandbox import batches
from sandbox.store.records import TRACKED
from tests.sandbox.engine.conftest import UNIVERSITY
from tests.sandbox.engine.practice import BASE, Practice, csv
from tests.sandbox.engine.test_batch_mode import SPRING

ENROLLMENTS = "course_id,section_id,user_id,role,status"
MIXED = csv(
    ENROLLMENTS,
    "bio,bio-a,ada,student,completed",
    "bio,bio-a,bob,teacher,deleted",
    "bio,bio-b,cleo,student,active",
)


def lives(practice: Practice) -> dict[str, list[str]]:
    """The states of everything that a restore looks after; what never was counts as deleted."""
    return {
        record.TABLE: [item["workflow_state"] for item in practice.all(record.TABLE) if not _is_dead(item)]
        for record in TRACKED
    }


def _is_dead(item: dict[str, object]) -> bool:
    return item["workflow_state"] in {"deleted", "retired"}


def states(practice: Practice) -> dict[str, str]:
    """How Ada, Bob and Cleo stand in Biology."""
    return {user: state for (user, course, _), state in practice.enrollments().items() if course == "bio"}


@pytest.mark.parametrize(
    "modes, state, restored",
    [
        ({}, "restored", {"ada": "active", "bob": "active", "cleo": "deleted"}),
        ({"undelete_only": True}, "partially_restored", {"ada": "completed", "bob": "active", "cleo": "active"}),
        ({"unconclude_only": True}, "partially_restored", {"ada": "active", "bob": "deleted", "cleo": "active"}),
        ({"batch_mode": True}, "partially_restored", {"ada": "completed", "bob": "deleted", "cleo": "active"}),
    ],
)
def test_a_mode_says_what_returns(
    university: Practice, modes: dict[str, bool], state: str, restored: dict[str, str]
) -> None:
    done = university.send(MIXED)
    progress = university.restore(done["id"], **modes)
    assert (progress["workflow_state"], progress["completion"]) == ("completed", 100)
    assert university.show(done["id"])["workflow_state"] == state
    assert states(university) == restored


def test_batch_mode_returns_what_the_clean_up_took(university: Practice) -> None:
    done = university.send(csv(ENROLLMENTS, "bio,bio-a,bob,teacher,deleted"), **SPRING)
    university.restore(done["id"], batch_mode=True)
    assert university.enrollments() == {
        ("ada", "bio", "Student"): "active",
        ("bob", "bio", "Teacher"): "deleted",
        ("ada", "chem", "Student"): "active",
    }


def test_a_whole_import_is_taken_back(practice: Practice) -> None:
    before = lives(practice)
    done = practice.send_zip(UNIVERSITY)
    assert lives(practice) != before
    practice.restore(done["id"])
    assert lives(practice) == before


def test_a_batch_and_its_restore_leave_the_states_before(university: Practice) -> None:
    before = lives(university)
    header_only = {name: csv(UNIVERSITY[name].partition("\n")[0]) for name in ("courses.csv", "sections.csv")}
    done = university.send_zip(header_only, **SPRING)
    assert lives(university) != before
    university.restore(done["id"])
    assert lives(university) == before


def test_only_states_return(university: Practice) -> None:
    done = university.send(csv("account_id,parent_account_id,name,status", "arts,,Renamed,active"))
    university.restore(done["id"])
    assert university.one("accounts", "arts")["name"] == "Renamed"


def test_statistics_tell_how_many_were_taken_back(university: Practice) -> None:
    done = university.send(MIXED)
    university.restore(done["id"])
    statistics = university.show(done["id"])["data"]["statistics"]
    assert statistics["Enrollment"]["restored"] == 3
    assert statistics["Course"]["restored"] == 0


def test_a_second_restore_finds_nothing_left(university: Practice) -> None:
    done = university.send(MIXED)
    university.restore(done["id"])
    university.send(csv(ENROLLMENTS, "bio,bio-a,ada,student,inactive"))
    assert university.restore(done["id"])["workflow_state"] == "completed"
    assert states(university)["ada"] == "inactive"


@pytest.mark.parametrize("days, ada", [(29, "active"), (31, "completed")])
def test_changes_are_remembered_for_thirty_days(university: Practice, days: int, ada: str) -> None:
    done = university.send(MIXED)
    university.site.clock.advance(days * 24 * 3600)
    assert university.restore(done["id"])["workflow_state"] == "completed"
    assert university.show(done["id"])["workflow_state"] == "restored"
    assert states(university)["ada"] == ada


def test_a_login_whose_name_was_given_away_cannot_return(university: Practice) -> None:
    users = "user_id,login_id,status"
    gone = university.send(csv(users, "cleo,cleo,deleted"))
    university.send(csv(users, "eve,cleo,active"))
    university.restore(gone["id"])
    assert university.states("pseudonyms")["cleo"] == "deleted"
    (refused,) = university.errors(gone["id"])
    assert refused["message"].startswith("Couldn't rollback SIS batch data for row - ")
    assert "processing_warnings" not in university.show(gone["id"])


def test_two_modes_exclude_each_other(university: Practice) -> None:
    with pytest.raises(batches.Refusal) as refusal:
        university.restore(1, undelete_only=True, unconclude_only=True)
    assert (refusal.value.status, refusal.value.body) == (400, "cannot set both undelete_only and unconclude_only")


def test_a_fresh_progress_is_queued(university: Practice) -> None:
    university.site.queue.close()
    asked = batches.restore(university.site, 1, batch_mode=False, undelete_only=False, unconclude_only=False, base=BASE)
    assert asked == {
        "id": 1,
        "context_id": 1,
        "context_type": "SisBatch",
        "user_id": None,
        "tag": "sis_batch_state_restore",
        "completion": 0,
        "workflow_state": "queued",
        "created_at": "2026-01-05T09:30:00Z",
        "updated_at": "2026-01-05T09:30:00Z",
        "message": None,
        "url": f"{BASE}/api/v1/progress/1",
    }


def test_an_unknown_import_cannot_be_restored(practice: Practice) -> None:
    assert (
        batches.restore(practice.site, 9, batch_mode=False, undelete_only=False, unconclude_only=False, base=BASE)
        is None
    )


def test_an_aborted_import_can_be_restored_like_any_other(university: Practice) -> None:
    one_of_two = csv(ENROLLMENTS, "bio,bio-a,cleo,student,active", "bio,bio-a,ada,student,deleted")
    stopped = university.send(one_of_two, **SPRING, change_threshold=1)
    assert (stopped["workflow_state"], states(university)["cleo"]) == ("aborted", "active")
    university.restore(stopped["id"])
    assert university.show(stopped["id"])["workflow_state"] == "restored"
    assert states(university) == {"ada": "active", "bob": "active", "cleo": "deleted"}
