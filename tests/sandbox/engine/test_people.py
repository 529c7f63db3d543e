"""What users, logins, enrollments, admins and observers do to a site."""

import pytest

from tests.sandbox.engine.practice import Json, Practice, csv

USERS = "user_id,login_id,first_name,last_name,full_name,sortable_name,short_name,email,status"
ENROLLMENTS = "course_id,section_id,user_id,role,status"


def user(practice: Practice, row: str, **options: int) -> Json:
    done = practice.send(csv(USERS, row), "users.csv", **options)
    assert done["workflow_state"] == "imported"
    login = practice.one("pseudonyms", row.partition(",")[0])
    return next(item for item in practice.all("users") if item["id"] == login["user_id"])


@pytest.mark.parametrize(
    "names, name, sortable, short",
    [
        ("Eve,Moss,,,", "Eve Moss", "Moss, Eve", "Eve Moss"),
        (",,Eve Ann Moss,,", "Eve Ann Moss", "Moss, Eve Ann", "Eve Ann Moss"),
        ("Eve,Moss,,Moss-Eve,Evie", "Eve Moss", "Moss-Eve", "Evie"),
        (",,,Moss,", "Moss", "Moss", "Moss"),
        (",,,,", "eve", "eve", "eve"),
    ],
)
def test_names_are_made_from_what_is_given(
    practice: Practice, names: str, name: str, sortable: str, short: str
) -> None:
    eve = user(practice, f"eve,eve,{names},,active")
    assert (eve["name"], eve["sortable_name"], eve["short_name"]) == (name, sortable, short)


@pytest.mark.parametrize(
    "status, state",
    [("active", "active"), ("Suspended", "suspended"), ("activeX", "active"), ("deletedX", "active")],
)
def test_a_status_gives_a_login_its_state(practice: Practice, status: str, state: str) -> None:
    user(practice, f"eve,eve,Eve,Moss,,,,,{status}")
    assert practice.states("pseudonyms") == {"eve": state}


def test_a_new_email_is_a_new_channel_and_the_old_one_stays(practice: Practice) -> None:
    user(practice, "eve,eve,Eve,Moss,,,,eve@example.edu,active")
    user(practice, "eve,eve,Eve,Moss,,,,EVE@example.edu,active")
    user(practice, "eve,eve,Eve,Moss,,,,moss@example.edu,active")
    assert [channel["path"] for channel in practice.all("communication_channels")] == [
        "eve@example.edu",
        "moss@example.edu",
    ]


def test_a_login_without_sis_id_is_taken_over(practice: Practice) -> None:
    user(practice, "boss,Practice-Admin,Ann,Boss,,,,,active")
    assert practice.one("pseudonyms", "boss")["user_id"] == 1


def test_a_claimed_login_gets_the_new_sis_id_where_the_import_says_so(university: Practice) -> None:
    before = university.one("pseudonyms", "ada")["user_id"]
    renamed = user(university, "ada-2,ada,Ada,Byron,,,,,active", update_sis_id_if_login_claimed=1)
    assert renamed["id"] == before
    assert "ada" not in university.states("pseudonyms")


def test_who_loses_the_last_login_loses_everything(university: Practice) -> None:
    university.send_zip(
        {
            "groups.csv": csv("group_id,course_id,name,status", "red,bio,Red,available"),
            "members.csv": csv("group_id,user_id,status", "red,ada,accepted"),
            "admins.csv": csv("user_id,account_id,role,status", "ada,arts,AccountAdmin,active"),
            "observers.csv": csv("observer_id,student_id,status", "cleo,ada,active"),
        }
    )
    done = university.send(csv(USERS, "ada,ada,,,,,,,deleted"))
    left = university.enrollments()
    assert {left["ada", "bio", "Student"], left["ada", "chem", "Student"], left["cleo", "bio", "Observer"]} == {
        "deleted"
    }
    assert university.all("group_memberships")[0]["workflow_state"] == "deleted"
    assert university.all("account_users")[1]["workflow_state"] == "deleted"
    assert done["data"]["statistics"]["CommunicationChannel"]["deleted"] == 1
    university.restore(done["id"])
    assert set(university.enrollments().values()) == {"active"}
    assert university.all("group_memberships")[0]["workflow_state"] == "accepted"


def test_who_keeps_another_login_keeps_everything(university: Practice) -> None:
    university.send(csv("user_id,login_id,existing_user_id", "ada-2,ada-2,ada"))
    university.send(csv(USERS, "ada,ada,,,,,,,deleted"))
    assert university.enrollments()["ada-2", "bio", "Student"] == "active"


def test_deleting_somebody_unknown_changes_nothing(practice: Practice) -> None:
    done = practice.send(csv(USERS, "eve,eve,,,,,,,deleted"))
    assert done["workflow_state"] == "imported"
    assert done["data"]["statistics"]["total_state_changes"] == 0


@pytest.mark.parametrize(
    "role, kind",
    [
        ("student", "Student"),
        ("Students of law", "Student"),
        ("TEACHER", "Teacher"),
        ("ta", "Ta"),
        ("designer", "Designer"),
        ("observer", "Observer"),
        ("TaEnrollment", "Ta"),
    ],
)
def test_a_word_names_a_role(university: Practice, role: str, kind: str) -> None:
    university.send(csv(ENROLLMENTS, f"chem,,cleo,{role},active"))
    assert university.enrollments()["cleo", "chem", kind] == "active"


@pytest.mark.parametrize("role", ["teachers", "tas", "pupil"])
def test_other_words_name_none(university: Practice, role: str) -> None:
    done = university.send(csv(ENROLLMENTS, f"chem,,cleo,{role},active"))
    assert done["processing_warnings"] == [["upload.csv", f'Improper role "{role}" for an enrollment']]


def test_a_role_may_be_named_by_number(university: Practice) -> None:
    university.send(csv("course_id,user_id,role_id,status", "chem,cleo,4,active"))
    assert university.enrollments()["cleo", "chem", "Teacher"] == "active"


@pytest.mark.parametrize("status", ["active", "completed", "inactive", "deleted", "COMPLETED"])
def test_a_status_gives_an_enrollment_its_state(university: Practice, status: str) -> None:
    university.send(csv(ENROLLMENTS, f"bio,bio-a,ada,student,{status}"))
    assert university.enrollments()["ada", "bio", "Student"] == status.lower()


@pytest.mark.parametrize("elsewhere, state", [(True, "deleted"), (False, "completed")])
def test_the_last_enrollment_is_completed_instead_of_deleted(university: Practice, elsewhere: bool, state: str) -> None:
    if elsewhere:
        university.send(csv(ENROLLMENTS, "bio,bio-b,ada,student,active"))
    university.send(csv(ENROLLMENTS, "bio,bio-a,ada,student,deleted_last_completed"))
    section = university.one("course_sections", "bio-a")["id"]
    (enrollment,) = [
        e for e in university.all("enrollments") if e["course_section_id"] == section and e["role_id"] == 3
    ]
    assert enrollment["workflow_state"] == state


def test_without_a_section_the_default_one_is_made_once(university: Practice) -> None:
    done = university.send(csv(ENROLLMENTS, "bio,,cleo,student,active", "bio,,bob,ta,active"))
    assert [s["name"] for s in university.all("course_sections") if s["default_section"]] == ["Biology"]
    assert done["data"]["statistics"]["CourseSection"]["created"] == 0


def test_deleting_an_enrollment_that_is_not_there_makes_none(university: Practice) -> None:
    done = university.send(csv(ENROLLMENTS, "bio,bio-b,cleo,student,deleted"))
    assert done["workflow_state"] == "imported"
    assert ("cleo", "bio", "Student") not in university.enrollments()


def test_the_integration_id_wins_over_the_user_id(university: Practice) -> None:
    university.send(csv("user_id,login_id,integration_id,status", "cleo,cleo,int-c,active"))
    university.send(csv("course_id,user_id,user_integration_id,role,status", "chem,bob,int-c,student,active"))
    assert ("cleo", "chem", "Student") in university.enrollments()


def test_who_leaves_a_course_leaves_its_groups(university: Practice) -> None:
    university.send_zip(
        {
            "groups.csv": csv("group_id,course_id,name,status", "red,bio,Red,available", "blue,chem,Blue,available"),
            "members.csv": csv("group_id,user_id,status", "red,ada,accepted", "blue,ada,accepted"),
        }
    )
    done = university.send(csv(ENROLLMENTS, "bio,bio-a,ada,student,deleted"))
    assert [m["workflow_state"] for m in university.all("group_memberships")] == ["deleted", "accepted"]
    assert done["data"]["statistics"]["GroupMembership"]["deleted"] == 1


def test_an_observer_joins_and_leaves_with_the_student(university: Practice) -> None:
    university.send(csv("observer_id,student_id,status", "cleo,ada,active"))
    assert university.enrollments()["cleo", "bio", "Observer"] == "active"
    university.send(csv(ENROLLMENTS, "bio,bio-a,ada,student,completed"))
    assert university.enrollments()["cleo", "bio", "Observer"] == "completed"
    university.send(csv("observer_id,student_id,status", "cleo,ada,deleted"))
    assert university.enrollments()["cleo", "chem", "Observer"] == "deleted"


def test_admin_rights_given_by_hand_are_left_alone(practice: Practice) -> None:
    practice.send(csv("user_id,login_id,status", "boss,practice-admin,active", "eve,eve,active"))
    header = "user_id,account_id,role,status"
    practice.send(csv(header, "eve,,AccountAdmin,active"))
    by_hand, by_import = practice.all("account_users")
    assert (by_hand["sis_batch_id"], by_import["workflow_state"]) == (None, "active")
    practice.send(csv(header, "eve,,AccountAdmin,deleted"))
    assert [admin["workflow_state"] for admin in practice.all("account_users")] == ["active", "deleted"]


def test_nul_in_a_row_of_users_skips_it_and_only_it(practice: Practice) -> None:
    done = practice.send(csv(USERS, "eve,eve,E\0ve,,,,,,active", "ann,ann,Ann,,,,,,active"))
    assert done["data"]["counts"]["users"] == 1
    assert practice.states("pseudonyms") == {"ann": "active"}


@pytest.mark.parametrize(
    "kind, changed, table",
    [
        ("user", "ada", "pseudonyms"),
        ("course", "bio", "courses"),
        ("section", "bio-a", "course_sections"),
        ("term", "spring", "enrollment_terms"),
        ("account", "arts", "accounts"),
    ],
)
def test_a_sis_id_is_changed(university: Practice, kind: str, changed: str, table: str) -> None:
    before = university.one(table, changed)["id"]
    university.send(csv("old_id,new_id,type", f"{changed},first,{kind}", f"first,second,{kind}"))
    assert university.one(table, "second")["id"] == before
    assert changed not in university.states(table)


def test_an_integration_id_is_changed_and_cleared(university: Practice) -> None:
    header = "old_id,new_integration_id,type"
    university.send(csv(header, "bio,int-1,course"))
    assert university.one("courses", "bio")["integration_id"] == "int-1"
    university.send(csv("old_integration_id,new_id,type", "int-1,bio-9,course"))
    university.send(csv(header, "bio-9,<delete>,course"))
    assert university.one("courses", "bio-9")["integration_id"] is None


def test_tags_live_beside_groups_of_the_same_id(university: Practice) -> None:
    done = university.send_zip(
        {
            "tag_sets.csv": csv("tag_set_id,course_id,set_name,status", "x,bio,Pace,active"),
            "tags.csv": csv("tag_id,tag_set_id,name,status", "x,x,Slow,available"),
            "tag_members.csv": csv("tag_id,user_id,status", "x,ada,accepted"),
            "sets.csv": csv("group_category_id,course_id,category_name,status", "x,bio,Labs,active"),
            "groups.csv": csv("group_id,group_category_id,name,status", "x,x,Red,available"),
            "members.csv": csv("group_id,user_id,status", "x,ada,accepted"),
        }
    )
    assert done["workflow_state"] == "imported"
    assert [(group["name"], group["non_collaborative"]) for group in university.all("groups")] == [
        ("Red", 0),
        ("Slow", 1),
    ]
    assert len(university.all("group_memberships")) == 2


def test_a_deleted_set_takes_groups_and_members_along(university: Practice) -> None:
    sets = "group_category_id,course_id,category_name,status"
    university.send_zip(
        {
            "sets.csv": csv(sets, "labs,bio,Labs,active"),
            "groups.csv": csv("group_id,group_category_id,name,status", "red,labs,Red,available"),
            "members.csv": csv("group_id,user_id,status", "red,ada,accepted"),
        }
    )
    university.send(csv(sets, "labs,bio,Labs,deleted"))
    assert university.states("groups") == {"red": "deleted"}
    assert university.all("group_memberships")[0]["workflow_state"] == "deleted"


def test_people_are_tagged_by_the_institution(university: Practice) -> None:
    done = university.send_zip(
        {
            "1.csv": csv("category_id,name,description,status", "cat,Category,Text,active"),
            "2.csv": csv("institutional_tag_id,category_id,name,description,status", "tag,cat,Tag,Text,active"),
            "3.csv": csv("institutional_tag_id,user_id,status", "tag,ada,active", "tag,bob,deleted"),
        }
    )
    assert done["workflow_state"] == "imported"
    assert len(university.all("institutional_tag_associations")) == 1
