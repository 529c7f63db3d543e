"""Roles: Canvas's own, those of accounts, and what rows may call them."""

import pytest
import requests

from tests.sandbox.engine.practice import zipped
from tests.servers.practice import Practice, PracticeServer
from tests.servers.processes import wait_for

FILES = {
    "accounts.csv": "account_id,parent_account_id,name,status\nlaw,,Law,active\n",
    "courses.csv": "course_id,short_name,long_name,account_id,status\nC1,B1,Biology,,active\nC2,L1,Torts,law,active\n",
    "users.csv": "user_id,login_id,status\nu1,one,active\n",
}
OWN = {
    "AccountAdmin": "Account Admin",
    "StudentEnrollment": "Student",
    "TeacherEnrollment": "Teacher",
    "TaEnrollment": "TA",
    "DesignerEnrollment": "Designer",
    "ObserverEnrollment": "Observer",
}
KEYS = "id role label base_role_type workflow_state is_account_role created_at last_updated_at permissions"


def make(practice: Practice, name: str, base_role_type: str = "TaEnrollment", **more: str) -> int:
    body = {"name": name, "base_role_type": base_role_type, **more}
    return int(practice.control("POST", "roles", body)["id"])


def imported(practice: Practice, **files: str) -> list[str]:
    """The messages of an import of these files."""
    batch = practice.send("all.zip", zipped({f"{name}.csv": content for name, content in files.items()}))
    address = f"accounts/self/sis_imports/{batch['id']}"
    wait_for(lambda: practice.api("GET", address)["progress"] == 100)
    return [error["message"] for error in practice.api("GET", f"{address}/errors")["sis_import_errors"]]


def enrolled(practice: Practice, role: str, *, course: str = "C1", column: str = "role") -> list[str]:
    imported(practice, **{name.removesuffix(".csv"): content for name, content in FILES.items()})
    return imported(practice, enrollments=f"course_id,user_id,{column},status\n{course},u1,{role},active\n")


def names(practice: Practice, account: str = "self", **params: str) -> list[str]:
    return [role["role"] for role in practice.api("GET", f"accounts/{account}/roles", params=params)]


def test_canvass_own_roles_are_listed_first(practice: Practice) -> None:
    make(practice, "Grader")

    listed = practice.api("GET", "accounts/self/roles")

    assert {role["role"]: role["label"] for role in listed[:-1]} == OWN
    assert {role["workflow_state"] for role in listed[:-1]} == {"built_in"}
    assert set(listed[-1]) == {*KEYS.split(), "account"}
    assert (listed[-1]["role"], listed[-1]["base_role_type"]) == ("Grader", "TaEnrollment")


def test_roles_come_page_by_page(practice: Practice) -> None:
    pages = [practice.api("GET", "accounts/self/roles", params={"per_page": 4, "page": page}) for page in (1, 2)]

    assert [len(page) for page in pages] == [4, 2]


def test_roles_are_listed_by_state_and_account(practice: Practice) -> None:
    imported(practice, accounts=FILES["accounts.csv"])
    number = make(practice, "Old")
    practice.control("PUT", f"objects/roles/{number}", {"workflow_state": "inactive"})
    make(practice, "Clerk", account="sis_account_id:law")
    make(practice, "Grader")

    assert names(practice, **{"state[]": "inactive"}) == ["Old"]
    assert names(practice)[len(OWN) :] == ["Grader"]
    assert names(practice, "sis_account_id:law")[len(OWN) :] == ["Clerk"]
    assert names(practice, "sis_account_id:law", show_inherited="true")[len(OWN) :] == ["Clerk", "Grader"]


@pytest.mark.parametrize("sort", ["noadmin", "readonly"])
def test_who_may_not_manage_roles_does_not_see_them(quick_canvas: PracticeServer, sort: str) -> None:
    assert quick_canvas.site(sort).request("GET", "/api/v1/accounts/self/roles").status_code == 403


def test_an_enrollment_may_have_a_role_of_the_accounts_own(practice: Practice) -> None:
    number = make(practice, "Grader")

    assert enrolled(practice, "Grader") == []
    [held] = practice.control("GET", "objects/enrollments")
    assert (held["role_id"], held["type"]) == (number, "TaEnrollment")


def test_the_exact_name_of_a_role_comes_before_the_word_for_one(practice: Practice) -> None:
    number = make(practice, "teacher", "DesignerEnrollment")

    assert enrolled(practice, "teacher") == []
    [held] = practice.control("GET", "objects/enrollments")
    assert (held["role_id"], held["type"]) == (number, "DesignerEnrollment")


@pytest.mark.parametrize("role", ["grader", "Registrar", "Old"])
def test_other_spellings_roles_of_admins_and_roles_switched_off_are_refused(practice: Practice, role: str) -> None:
    make(practice, "Grader")
    make(practice, "Registrar", "AccountMembership")
    practice.control("PUT", f"objects/roles/{make(practice, 'Old')}", {"workflow_state": "inactive"})

    assert enrolled(practice, role) == [f'Improper role "{role}" for an enrollment']


@pytest.mark.parametrize("course, messages", [("C2", 0), ("C1", 1)])
def test_a_role_of_a_sub_account_is_for_its_courses(practice: Practice, course: str, messages: int) -> None:
    imported(practice, accounts=FILES["accounts.csv"])
    make(practice, "Clerk", account="sis_account_id:law")

    assert len(enrolled(practice, "Clerk", course=course)) == messages


def test_a_role_may_be_given_by_its_number(practice: Practice) -> None:
    number = make(practice, "Grader")

    assert enrolled(practice, str(number), column="role_id") == []
    assert enrolled(practice, "9999", column="role_id") == ['Improper role "9999" for an enrollment']


def test_an_admin_may_have_a_role_of_the_accounts_own(practice: Practice) -> None:
    make(practice, "Registrar", "AccountMembership")
    make(practice, "Grader")
    rows = "user_id,account_id,role,status\nu1,,Registrar,active\nu1,,Grader,active\n"

    assert imported(practice, users=FILES["users.csv"], admins=rows) == ["Invalid role 'Grader' for admin"]


@pytest.mark.parametrize("name, base", [("", "TaEnrollment"), ("TaEnrollment", "TaEnrollment"), ("X", "Boss")])
def test_roles_that_canvas_would_not_make_are_refused(practice: Practice, name: str, base: str) -> None:
    with pytest.raises(requests.HTTPError):
        make(practice, name, base)
