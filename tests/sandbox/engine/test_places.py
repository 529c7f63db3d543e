"""What accounts, terms, courses, sections and cross-lists do to a site."""

import pytest

from sandbox import editing, objects, terms
from tests.sandbox.engine.practice import Json, Practice, csv

COURSES = "course_id,short_name,long_name,account_id,term_id,status,start_date,end_date"
STICKY: dict[str, int] = {"override_sis_stickiness": 1, "add_sis_stickiness": 1}


def course_row(practice: Practice, row: str, **options: int) -> Json:
    done = practice.send(csv(COURSES, row), "courses.csv", **options)
    assert done["workflow_state"] == "imported"
    return practice.one("courses", row.partition(",")[0])


@pytest.mark.parametrize(
    "former, status, state",
    [
        (None, "active", "claimed"),
        (None, "published", "available"),
        (None, "unpublished", "claimed"),
        (None, "completed", "completed"),
        (None, "Active!", "claimed"),
        ("completed", "active", "available"),
        ("published", "active", "available"),
        ("published", "unpublished", "claimed"),
        ("deleted", "active", "claimed"),
    ],
)
def test_a_status_gives_a_course_its_state(practice: Practice, former: str | None, status: str, state: str) -> None:
    if former:
        course_row(practice, f"c,C,Course,,,{former},,")
    assert course_row(practice, f"c,C,Course,,,{status},,")["workflow_state"] == state


def test_an_unknown_or_deleted_term_is_the_default_term(university: Practice) -> None:
    university.send(csv("term_id,name,status", "autumn,Autumn,deleted"))
    assert course_row(university, "c,C,Course,,ghost,active,,")["enrollment_term_id"] == 1
    assert course_row(university, "d,D,Course,,autumn,active,,")["enrollment_term_id"] == 1


def test_an_empty_date_of_a_course_keeps_the_old_and_a_word_clears_it(practice: Practice) -> None:
    dated = course_row(practice, "c,C,Course,,,active,2026-02-01,2026-05-31T12:00:00+02:00")
    assert (dated["start_at"], dated["conclude_at"]) == ("2026-02-01T00:00:00.000000Z", "2026-05-31T10:00:00.000000Z")
    kept = course_row(practice, "c,C,Course,,,active,,<delete>")
    assert (kept["start_at"], kept["conclude_at"]) == (dated["start_at"], None)


def test_an_empty_date_of_a_section_clears_it(university: Practice) -> None:
    header = "section_id,course_id,name,status,start_date"
    university.send(csv(header, "bio-a,bio,Biology A,active,2026-02-01"))
    assert university.one("course_sections", "bio-a")["start_at"] == "2026-02-01T00:00:00.000000Z"
    university.send(csv(header, "bio-a,bio,Biology A,active,"))
    assert university.one("course_sections", "bio-a")["start_at"] is None


@pytest.mark.parametrize("spelled", ["2026-02-03", "2026-02-03T00:00:00Z", "03/02/2026", "3 Feb 2026", "Feb 3, 2026"])
def test_a_date_may_be_spelled_in_many_ways(practice: Practice, spelled: str) -> None:
    practice.send(csv("term_id,name,status,start_date", f't,Term,active,"{spelled}"'))
    assert practice.one("enrollment_terms", "t")["start_at"] == "2026-02-03T00:00:00.000000Z"


@pytest.mark.parametrize(
    "spelled", ["soon", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1 Jan 2026 00:00 +9999999999999"]
)
def test_the_rest_of_a_row_with_a_bad_date_is_applied(practice: Practice, spelled: str) -> None:
    done = practice.send(csv("term_id,name,status,start_date", f"t,Term,active,{spelled}"))
    assert done["processing_warnings"] == [["upload.csv", "Bad date format for term t"]]
    assert done["data"]["counts"]["terms"] == 1
    assert practice.one("enrollment_terms", "t")["name"] == "Term"


def test_a_term_has_dates_of_its_own_for_an_enrollment_type(university: Practice) -> None:
    header = "term_id,name,status,date_override_enrollment_type,start_date,end_date"
    university.send(csv(header, "spring,,active,StudentEnrollment,2026-01-08,"))
    (override,) = university.all("enrollment_dates_overrides")
    assert (override["enrollment_type"], override["start_at"]) == ("StudentEnrollment", "2026-01-08T00:00:00.000000Z")
    assert university.one("enrollment_terms", "spring")["name"] == "Spring 2026"


def test_terms_are_listed_by_start_and_state(university: Practice) -> None:
    university.send(csv("term_id,name,status,start_date", "autumn,Autumn 2026,deleted,2026-09-01"))

    def named(*states: str) -> list[str]:
        return [term["name"] for term in terms.page(university.site.db(), states, None, 0, 10)[0]]

    assert named() == ["Default Term", "Spring 2026"]
    assert named("deleted") == ["Autumn 2026"]
    assert named("all") == ["Default Term", "Autumn 2026", "Spring 2026"]


def test_an_abstract_course_lends_its_names_and_places(university: Practice) -> None:
    header = "abstract_course_id,short_name,long_name,account_id,term_id,status"
    university.send(csv(header, "abs,ABS,Abstract,arts,autumn,active"))
    university.send(csv("course_id,short_name,long_name,abstract_course_id,status", "c,,,abs,active"))
    course = university.one("courses", "c")
    assert (course["course_code"], course["name"]) == ("ABS", "Abstract")
    assert course["account_id"] == university.one("accounts", "arts")["id"]
    assert course["enrollment_term_id"] == university.one("enrollment_terms", "autumn")["id"]


@pytest.mark.parametrize(
    "kind, row", [("courses", "bio,BIO,Biology,,,deleted,,"), ("sections", "bio-a,bio,,deleted,,,,")]
)
def test_what_is_deleted_takes_its_enrollments_along(university: Practice, kind: str, row: str) -> None:
    header = COURSES if kind == "courses" else "section_id,course_id,name,status,a,b,c,d"
    done = university.send(csv(header, row))
    assert university.enrollments()["ada", "bio", "Student"] == "deleted"
    assert university.enrollments()["ada", "chem", "Student"] == "active"
    assert done["data"]["statistics"]["Enrollment"]["deleted"] == 2


def test_a_cross_listed_section_takes_its_enrollments_along_and_back(university: Practice) -> None:
    header = "xlist_course_id,section_id,status"
    university.send(csv(header, "chem,bio-a,active"))
    assert ("bob", "chem", "Teacher") in university.enrollments()
    university.send(csv(header, "chem,bio-a,deleted"))
    assert ("bob", "bio", "Teacher") in university.enrollments()
    assert university.one("course_sections", "bio-a")["nonxlist_course_id"] is None


def test_an_unknown_cross_list_course_is_made_after_the_sections_own(university: Practice) -> None:
    university.send(csv("xlist_course_id,section_id,status", "joint,bio-a,active"))
    joint = university.one("courses", "joint")
    assert (joint["name"], joint["workflow_state"]) == ("Biology", "claimed")
    assert joint["enrollment_term_id"] == university.one("courses", "bio")["enrollment_term_id"]


def test_a_cross_listed_section_stays_when_its_row_comes_again(university: Practice) -> None:
    university.send(csv("xlist_course_id,section_id,status", "chem,bio-a,active"))
    university.send(csv("section_id,course_id,name,status", "bio-a,bio,Biology A,active"))
    assert university.one("course_sections", "bio-a")["course_id"] == university.one("courses", "chem")["id"]


def test_a_section_that_moves_takes_its_enrollments_along(university: Practice) -> None:
    university.send(csv("section_id,course_id,name,status", "bio-a,chem,Biology A,active"))
    assert ("bob", "chem", "Teacher") in university.enrollments()


def test_a_sticky_field_keeps_its_value_without_a_word(practice: Practice) -> None:
    course_row(practice, "c,C,Course,,,active,,")
    course_row(practice, "c,C,By hand,,,active,,", **STICKY)
    assert course_row(practice, "c,C,By import,,,active,,")["name"] == "By hand"


def test_what_was_changed_by_hand_is_not_overwritten(university: Practice) -> None:
    course = university.one("courses", "bio")
    edited = editing.edit(university.site, "courses", course["id"], {"name": "By hand", "workflow_state": "available"})
    assert edited is not None
    assert edited["stuck"] == "name,workflow_state"
    after = course_row(university, "bio,BIO 2,Biology,,,deleted,,")
    assert (after["name"], after["course_code"], after["workflow_state"]) == ("By hand", "BIO 2", "available")


@pytest.mark.parametrize("changes", [{"id": 5}, {"planet": "x"}, {"name": ["x"]}])
def test_only_fields_that_people_see_are_changed_by_hand(university: Practice, changes: Json) -> None:
    with pytest.raises(editing.NoSuchField):
        editing.edit(university.site, "courses", 1, changes)


def test_a_blueprint_course_takes_no_students_and_lends_itself_to_others(university: Practice) -> None:
    editing.edit(university.site, "courses", university.one("courses", "chem")["id"], {"blueprint": 1})
    done = university.send(csv("course_id,user_id,role,status", "chem,cleo,student,active"))
    assert done["processing_warnings"] == [
        ["upload.csv", 'Student enrollment for "cleo" not allowed in blueprint course "chem"']
    ]
    header = "course_id,short_name,long_name,status,blueprint_course_id"
    university.send(csv(header, "bio,BIO,Biology,active,chem"))
    assert university.one("courses", "bio")["blueprint_course_id"] == university.one("courses", "chem")["id"]
    university.send(csv(header, "bio,BIO,Biology,active,dissociate"))
    assert university.one("courses", "bio")["blueprint_course_id"] is None


@pytest.mark.parametrize(
    "options, afterwards",
    [
        ({"override_sis_stickiness": 1}, "By hand"),
        ({"override_sis_stickiness": 1, "clear_sis_stickiness": 1}, "Last"),
        ({"override_sis_stickiness": 1, "clear_sis_stickiness": 1, "add_sis_stickiness": 1}, "Last"),
    ],
)
def test_override_writes_and_only_clear_frees(practice: Practice, options: dict[str, int], afterwards: str) -> None:
    course_row(practice, "c,C,Course,,,active,,")
    course_row(practice, "c,C,By hand,,,active,,", **STICKY)
    assert course_row(practice, "c,C,By hand,,,active,,", **options)["name"] == "By hand"
    assert course_row(practice, "c,C,Last,,,active,,")["name"] == afterwards


def test_add_and_clear_do_nothing_without_override(practice: Practice) -> None:
    course_row(practice, "c,C,Course,,,active,,", add_sis_stickiness=1)
    assert course_row(practice, "c,C,Other,,,active,,")["name"] == "Other"


def test_deletes_can_be_skipped(university: Practice) -> None:
    done = university.send(csv("section_id,course_id,name,status", "bio-a,bio,,deleted"), skip_deletes=1)
    assert done["workflow_state"] == "imported"
    assert done["data"]["counts"]["sections"] == 0
    assert university.states("course_sections")["bio-a"] == "active"


@pytest.mark.parametrize(
    "wanted, found", [("self", 1), ("default", 1), ("1", 1), ("sis_account_id:arts", 2), ("2", 2), ("ghost", None)]
)
def test_an_account_is_found_by_many_names(university: Practice, wanted: str, found: int | None) -> None:
    account = objects.account(university.site, wanted)
    assert (account and account["id"]) == found


def test_a_deleted_account_is_not_found(university: Practice) -> None:
    assert objects.account(university.site, "sis_account_id:closed") is None
