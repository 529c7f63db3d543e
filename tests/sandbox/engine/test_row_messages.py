"""Every rule of a row says what Canvas says. One line per row of the reference's table of messages."""

import pytest

from tests.sandbox.engine.practice import Practice, csv

ACCOUNTS = "account_id,parent_account_id,name,status"
TERMS = "term_id,name,status,start_date,end_date,date_override_enrollment_type"
ABSTRACT = "abstract_course_id,short_name,long_name,status"
COURSES = (
    "course_id,short_name,long_name,account_id,status,course_format,grade_passback_setting,start_date,"
    "abstract_course_id,blueprint_course_id"
)
SECTIONS = "section_id,course_id,name,status,start_date"
XLISTS = "xlist_course_id,section_id,status"
USERS = "user_id,login_id,status,email,integration_id,authentication_provider_id"
LOGINS = "user_id,login_id,existing_user_id,existing_canvas_user_id"
ENROLLMENTS = (
    "course_id,section_id,user_id,role,status,associated_user_id,temporary_enrollment_source_user_id,start_date"
)
ADMINS = "user_id,account_id,role,role_id,status"
CATEGORIES = "group_category_id,account_id,course_id,category_name,status"
TAG_SETS = "tag_set_id,course_id,set_name,status"
GROUPS = "group_id,group_category_id,account_id,course_id,name,status"
TAGS = "tag_id,tag_set_id,course_id,name,status"
MEMBERSHIPS = "group_id,user_id,status"
TAG_MEMBERSHIPS = "tag_id,user_id,status"
OBSERVERS = "observer_id,student_id,status"
CHANGES = "old_id,new_id,old_integration_id,new_integration_id,type"
TAGGING_CATEGORIES = "category_id,name,status"
TAGGING = "institutional_tag_id,category_id,name,description,status"
TAGGED = "institutional_tag_id,user_id,status"
GRADES = "enrollment_id,grade_publishing_status,message"
CLAIMED = "An existing Canvas user with the {} has already claimed {}'s user_id requested login information, skipping"

RULES = [
    (ACCOUNTS, ",,No Id,active", "No account_id given for an account"),
    (ACCOUNTS, "new,ghost,New,active", "Parent account didn't exist for new"),
    (ACCOUNTS, "new,,,active", "No name given for account new, skipping"),
    (ACCOUNTS, "new,,New,open", 'Improper status "open" for account new, skipping'),
    (
        ACCOUNTS,
        "new,closed,New,active",
        "Cannot restore sub_account with ID: new because parent_account with ID: closed has been deleted.",
    ),
    (
        ACCOUNTS,
        "arts,,Arts,deleted",
        "Cannot delete the sub_account with ID: arts because it has active sub accounts.",
    ),
    (TERMS, ",Name,active,,,", "No term_id given for a term"),
    (TERMS, "new,Name,open,,,", 'Improper status "open" for term new'),
    (TERMS, "new,,active,,,", "No name given for term new"),
    (TERMS, "new,New,active,soon,,", "Bad date format for term new"),
    (TERMS, "new,New,active,,,StudentEnrollment", "Cannot set date override on non-existent term"),
    (TERMS, "spring,Spring,active,,,student", "Invalid date_override_enrollment_type"),
    (
        TERMS,
        "spring,Spring,deleted,,,",
        "A term did not pass validation (term: spring / Spring, error: Cannot delete a term with active courses)",
    ),
    (ABSTRACT, ",S,L,active", "No abstract_course_id given for an abstract course"),
    (ABSTRACT, "abs,,L,active", "No short_name given for abstract course abs"),
    (ABSTRACT, "abs,S,,active", "No long_name given for abstract course abs"),
    (ABSTRACT, "abs,S,L,open", 'Improper status "open" for abstract course abs'),
    (COURSES, ",S,L,,active,,,,,", "No course_id given for a course"),
    (COURSES, "new,,L,,active,,,,,", "No short_name given for course new"),
    (COURSES, "new,S,,,active,,,,,", "No long_name given for course new"),
    (COURSES, "new,S,L,,open,,,,,", 'Improper status "open" for course new'),
    (COURSES, "new,S,L,,active,radio,,,,", 'Invalid course_format "radio" for course new'),
    (COURSES, "new,S,L,,active,,daily,,,", 'Invalid grade_passback_setting "daily" for course new'),
    (COURSES, "new,S,L,ghost,active,,,,,", 'Account not found "ghost" for course new'),
    (
        COURSES,
        "new,S,L,closed,active,,,,,",
        "Cannot restore course new because the associated account closed is deleted",
    ),
    (COURSES, "new,S,L,,active,,,,ghost,", "unknown abstract course id ghost, ignoring abstract course reference"),
    (COURSES, "new,S,L,,active,,,,,bio", 'Unknown blueprint course "bio" for course "new"'),
    (COURSES, "new,S,L,,active,,,soon,,", "Bad date format for course new"),
    (SECTIONS, ",bio,N,active,", "No section_id given for a section in course bio"),
    (SECTIONS, "new,,N,active,", "No course_id given for a section new"),
    (SECTIONS, "new,bio,,active,", "No name given for section new in course bio"),
    (SECTIONS, "new,bio,N,open,", 'Improper status "open" for section new in course bio'),
    (SECTIONS, "new,ghost,N,active,", "Section new references course ghost which doesn't exist"),
    (SECTIONS, "new,bio,N,active,soon", "Bad date format for section new"),
    (XLISTS, ",bio-a,active", "No xlist_course_id given for a cross-listing"),
    (XLISTS, "chem,,active", "No section_id given for a cross-listing"),
    (XLISTS, "chem,bio-a,Active", 'Improper status "Active" for a cross-listing'),
    (XLISTS, "chem,ghost,active", "A cross-listing referenced a non-existent section ghost"),
    (USERS, ",eve,active,,,", "No user_id given for a user"),
    (USERS, "eve,,active,,,", "No login_id given for user eve"),
    (USERS, "eve,eve,,,,", "No status given for user eve"),
    (USERS, "eve,eve,open,,,", "Improper status for user eve"),
    (USERS, "eve,e\0ve,active,,,", "Some of the fields contain NULL character"),
    (
        USERS,
        "eve,ADA,active,,,",
        CLAIMED.format("SIS ID ada", "eve"),
    ),
    (
        USERS,
        "bob,practice-admin,active,,,",
        CLAIMED.format("Canvas ID 1", "bob"),
    ),
    (USERS, "eve,eve,active,,,saml", "unrecognized authentication provider saml for eve, skipping"),
    (
        USERS,
        "eve,e\tve,active,,,",
        "Could not save the user with user_id: 'eve'. Invalid login_id: 'e\tve'",
    ),
    (
        USERS,
        f"eve,{'e' * 256},active,,,",
        "Could not save the user with user_id: 'eve'. Unknown reason: Unique is too long (maximum is 255 characters)",
    ),
    (
        USERS,
        "eve,eve,active,nowhere,,",
        "The email address associated with user 'eve' is invalid (email: 'nowhere')",
    ),
    (LOGINS, "ada2,ada2,,", "No existing user provided for login with SIS ID ada2"),
    (LOGINS, "ada2,ada2,ghost,", "Could not find the existing user for login with SIS ID ada2, skipping"),
    (
        LOGINS,
        "ada2,bob,ada,",
        "An existing Canvas user with the SIS ID ada2 or login of bob already exists, skipping",
    ),
    (
        LOGINS,
        "ada2,ada2,ada,1",
        "An existing user does not match existing user ids provided for login with SIS ID ada2, skipping",
    ),
    (ENROLLMENTS, ",,cleo,student,active,,,", "No course_id or section_id given for an enrollment"),
    (ENROLLMENTS, "bio,,,student,active,,,", "No user_id given for an enrollment"),
    (ENROLLMENTS, "bio,,cleo,student,open,,,", 'Improper status "open" for an enrollment'),
    (ENROLLMENTS, "bio,,cleo,king,active,,,", 'Improper role "king" for an enrollment'),
    (
        ENROLLMENTS,
        "bio,bio-a,ghost,student,active,,,",
        "User not found for enrollment (User ID: ghost, Course ID: bio, Section ID: bio-a)",
    ),
    (
        ENROLLMENTS,
        "ghost,,cleo,student,active,,,",
        "Neither course nor section existed for user enrollment (Course ID: ghost, Section ID: , User ID: cleo)",
    ),
    (ENROLLMENTS, "bio,ghost,cleo,student,active,,,", "An enrollment referenced a non-existent section ghost"),
    (ENROLLMENTS, "ghost,bio-a,cleo,student,active,,,", "An enrollment referenced a non-existent course ghost"),
    (
        ENROLLMENTS,
        "chem,bio-a,cleo,student,active,,,",
        "An enrollment listed a section (bio-a) and a course (chem) that are unrelated for user (cleo)",
    ),
    (
        ENROLLMENTS,
        "bio,,cleo,observer,active,ghost,,",
        "An enrollment referenced a non-existent associated user ghost",
    ),
    (
        ENROLLMENTS,
        "bio,,cleo,teacher,active,,ghost,",
        "An enrollment referenced a non-existent temporary enrollment source user ghost",
    ),
    (
        ENROLLMENTS,
        "bio,,dan,student,active,,,",
        "Attempted enrolling with deleted sis login dan in course bio",
    ),
    (ENROLLMENTS, "bio,,cleo,student,active,,,soon", "Bad date format for user cleo in course bio"),
    (ENROLLMENTS, ",bio-a,cleo,student,active,,,soon", "Bad date format for user cleo in section bio-a"),
    (ADMINS, ",arts,AccountAdmin,,active", "No user_id given for admin"),
    (ADMINS, "ada,arts,AccountAdmin,,", "No status given for admin"),
    (ADMINS, "ada,arts,,,active", "No role_id or role given for admin"),
    (ADMINS, "ada,arts,AccountAdmin,,Active", "Invalid status Active for admin"),
    (ADMINS, "ada,ghost,AccountAdmin,,active", "Invalid account_id given for admin"),
    (ADMINS, "ada,arts,King,,active", "Invalid role 'King' for admin"),
    (ADMINS, "ada,arts,,99,active", "Invalid role_id '99' for admin"),
    (ADMINS, "ghost,arts,AccountAdmin,,active", "Invalid or unknown user_id 'ghost' for admin"),
    (CATEGORIES, ",arts,,Labs,active", "No sis_id given for a group category"),
    (CATEGORIES, "labs,arts,,,active", "No name given for group category labs"),
    (CATEGORIES, "labs,arts,,Labs,", "No status given for group category labs"),
    (CATEGORIES, "labs,arts,,Labs,open", 'Improper status "open" for group category labs, skipping'),
    (CATEGORIES, "labs,ghost,,Labs,active", 'Account with id "ghost" didn\'t exist for group category labs'),
    (CATEGORIES, "labs,,ghost,Labs,active", 'Course with id "ghost" didn\'t exist for group category labs'),
    (
        CATEGORIES,
        "labs,arts,bio,Labs,active",
        "Only one context is allowed and both course_id and account_id where provided for group category labs.",
    ),
    (TAG_SETS, "pace,,Pace,active", "No course_id given for differentiation tag set pace"),
    (TAG_SETS, "pace,ghost,Pace,active", 'Course with id "ghost" didn\'t exist for differentiation tag set pace'),
    (GROUPS, ",,arts,,Red,available", "No group_id given for a group."),
    (GROUPS, "red,,arts,,,available", "No name given for group red."),
    (GROUPS, "red,,arts,,Red,active", 'Improper status "active" for group red.'),
    (GROUPS, "red,,ghost,,Red,available", "Account with sis id ghost didn't exist for group red."),
    (GROUPS, "red,,,ghost,Red,available", "Course with sis id ghost didn't exist for group red."),
    (GROUPS, "red,ghost,,bio,Red,available", "Group Category ghost didn't exist in course bio for group red."),
    (GROUPS, "red,ghost,arts,,Red,available", "Group Category ghost didn't exist in account arts for group red."),
    (GROUPS, "red,ghost,,,Red,available", "Group Category ghost didn't exist for group red."),
    (TAGS, ",,bio,Slow,available", "No tag_id given for a differentiation tag."),
    (
        TAGS,
        "slow,,,Slow,available",
        "No tag_set_id or course_id given for differentiation tag slow. At least one is required for new tags.",
    ),
    (TAGS, "slow,ghost,,Slow,available", "Differentiation Tag Set ghost didn't exist for differentiation tag slow."),
    (MEMBERSHIPS, ",ada,accepted", "No group_id given for a group user"),
    (MEMBERSHIPS, "red,,accepted", "No user_id given for a group user"),
    (MEMBERSHIPS, "red,ada,active", 'Improper status "active" for a group user'),
    (MEMBERSHIPS, "red,ghost,accepted", "User ghost didn't exist for group user"),
    (MEMBERSHIPS, "red,ada,accepted", "Group red didn't exist for group user"),
    (TAG_MEMBERSHIPS, ",ada,accepted", "No tag_id given for a differentiation tag user"),
    (OBSERVERS, ",ada,active", "No observer_id given for a user observer"),
    (OBSERVERS, "bob,,active", "No user_id given for a user observer"),
    (OBSERVERS, "bob,bob,active", "Can't observe yourself user bob"),
    (OBSERVERS, "bob,ada,Active", 'Improper status "Active" for a user_observer'),
    (OBSERVERS, "ghost,ada,active", "An observer referenced a non-existent user ghost"),
    (OBSERVERS, "bob,ghost,active", "A student referenced a non-existent user ghost"),
    (OBSERVERS, "bob,ada,deleted", "Can't delete a non-existent observer for observer: bob, student: ada"),
    (CHANGES, "ada,ada9,,,", "No type given for change_sis_id"),
    (CHANGES, ",ada9,,,user", "No old_id or old_integration_id given for change_sis_id"),
    (CHANGES, "ada,,,,user", "No new_id or new_integration_id given for change_sis_id"),
    (CHANGES, "ada,ada9,,,planet", "Invalid type 'planet' for change_sis_id"),
    (CHANGES, "ghost,ada9,,,user", "An old_id, 'ghost', referenced a non-existent user and was not changed."),
    (
        CHANGES,
        "ada,bob,,,user",
        "A new_id, 'bob', referenced an existing user and the user with sis_user_id 'ada' was not updated",
    ),
    (CHANGES, "labs,,,x,group_category", "Group categories should not have integration IDs."),
    (TAGGING_CATEGORIES, ",Name,active", "No category_id given for an institutional tag category"),
    (TAGGING, ",cat,Name,Text,active", "No institutional_tag_id given for an institutional tag"),
    (TAGGING, "tag,ghost,Name,Text,active", 'Category with id "ghost" didn\'t exist for institutional tag tag'),
    (TAGGED, "ghost,ada,active", 'Institutional tag with id "ghost" didn\'t exist'),
    (GRADES, "99,published,", "Enrollment 99 doesn't exist"),
]


@pytest.mark.parametrize("header, row, message", RULES)
def test_a_row_that_breaks_a_rule_is_warned_about(university: Practice, header: str, row: str, message: str) -> None:
    done = university.send(csv(header, row))
    assert done["workflow_state"] == "imported_with_messages"
    assert done["processing_warnings"] == [["upload.csv", message]]


@pytest.mark.parametrize(
    "first, header, row, message",
    [
        (
            csv("account_id,parent_account_id,name,status", "music,,Music,deleted"),
            ACCOUNTS,
            "arts,,Arts,deleted",
            "Cannot delete the sub_account with ID: arts because it has active courses.",
        ),
        (
            csv(USERS, "ada,ada,active,,i-1,"),
            USERS,
            "bob,bob,active,,i-1,",
            "An existing Canvas user with the SIS ID ada has already claimed bob's requested integration_id, skipping",
        ),
        (
            csv(LOGINS, "dan2,dan2,dan,"),
            ENROLLMENTS,
            "bio,,dan,student,active,,,",
            "Enrolled a user dan in course bio, but referenced a deleted sis login",
        ),
        (
            csv(TAGGING_CATEGORIES, "cat,Category,active"),
            TAGGING,
            "tag,cat,Name,,active",
            "No description given for institutional tag tag",
        ),
    ],
)
def test_a_rule_may_depend_on_what_was_imported_before(
    university: Practice, first: str, header: str, row: str, message: str
) -> None:
    university.send(first)
    assert university.send(csv(header, row))["processing_warnings"] == [["upload.csv", message]]


def test_a_group_with_members_is_not_moved(university: Practice) -> None:
    university.send_zip(
        {
            "groups.csv": csv(GROUPS, "red,,,bio,Red,available"),
            "members.csv": csv(MEMBERSHIPS, "red,ada,accepted"),
        }
    )
    done = university.send(csv(GROUPS, "red,,,chem,Red,available"))
    assert done["processing_warnings"] == [["upload.csv", "Cannot move group red because it has group_memberships."]]


def test_a_set_with_groups_is_not_moved(university: Practice) -> None:
    university.send_zip(
        {
            "sets.csv": csv(CATEGORIES, "labs,,bio,Labs,active"),
            "groups.csv": csv(GROUPS, "red,labs,,,Red,available"),
        }
    )
    done = university.send(csv(CATEGORIES, "labs,,chem,Labs,active"))
    assert done["processing_warnings"] == [
        ["upload.csv", "Cannot move group category labs because it has groups in it."]
    ]


def test_only_people_of_the_course_join_its_groups(university: Practice) -> None:
    university.send(csv(GROUPS, "red,,,bio,Red,available"))
    done = university.send(csv(MEMBERSHIPS, "red,cleo,accepted"))
    assert done["processing_warnings"] == [
        ["upload.csv", "User cleo doesn't have an enrollment in the course of group red."]
    ]


def test_nobody_removes_oneself(university: Practice) -> None:
    university.send(csv("user_id,login_id,status", "boss,practice-admin,active"))
    done = university.send(csv("user_id,login_id,status", "boss,practice-admin,deleted"))
    assert done["processing_warnings"] == [["upload.csv", "Can't remove yourself user_id 'boss'"]]
