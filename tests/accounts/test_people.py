"""People: added, let in and shut out, given roles and relieved of them."""

import re

import pytest
from django.test import Client

from accounts.models import AuditLine, CanvasAccount, Membership, User
from accounts.rights import Role
from accounts.services.people import WouldLockOut, remove_person
from tests.cast import PASSWORD, Seat, person


def role_of(user: User, canvas_account: CanvasAccount) -> Role | None:
    return User.objects.get(pk=user.pk).role_on(canvas_account)


def give_role(client: Client, canvas_account: CanvasAccount, username: str, role: str) -> str:
    answer = client.post(
        f"/settings/accounts/{canvas_account.slug}/people/", {"username": username, "role": role}, follow=True
    )
    return answer.content.decode()


def change(client: Client, canvas_account: CanvasAccount, user: User, what: str, **data: str) -> str:
    address = f"/settings/accounts/{canvas_account.slug}/people/{user.pk}/{what}/"
    return client.post(address, data, follow=True).content.decode()


def test_an_admin_gives_somebody_a_role_by_user_name(
    seat: Seat, admin: User, stranger: User, canvas_account: CanvasAccount
) -> None:
    page = give_role(seat(admin), canvas_account, "SAM", "registrar")
    assert "Sam Example is now registrar on Example University" in page
    assert role_of(stranger, canvas_account) == Role.REGISTRAR


def test_a_name_that_nobody_has_is_refused(seat: Seat, admin: User, canvas_account: CanvasAccount) -> None:
    assert "Nobody of that user name" in give_role(seat(admin), canvas_account, "nobody", "viewer")


def test_an_admin_changes_a_role(seat: Seat, admin: User, viewer: User, canvas_account: CanvasAccount) -> None:
    change(seat(admin), canvas_account, viewer, "role", role="designer")
    assert role_of(viewer, canvas_account) == Role.DESIGNER


def test_a_role_that_does_not_exist_changes_nothing(
    seat: Seat, admin: User, viewer: User, canvas_account: CanvasAccount
) -> None:
    change(seat(admin), canvas_account, viewer, "role", role="emperor")
    assert role_of(viewer, canvas_account) == Role.VIEWER


def test_an_admin_takes_a_role_away(seat: Seat, admin: User, viewer: User, canvas_account: CanvasAccount) -> None:
    change(seat(admin), canvas_account, viewer, "remove")
    assert role_of(viewer, canvas_account) is None


@pytest.mark.parametrize("what, data", [("role", {"role": "viewer"}), ("remove", {})])
def test_nobody_changes_their_own_role(
    what: str, data: dict[str, str], seat: Seat, admin: User, canvas_account: CanvasAccount
) -> None:
    assert "You cannot change your own role" in change(seat(admin), canvas_account, admin, what, **data)
    assert role_of(admin, canvas_account) == Role.ADMIN


def test_of_two_admins_one_may_remove_the_other(seat: Seat, admin: User, canvas_account: CanvasAccount) -> None:
    other = person("Bea", canvas_account, Role.ADMIN)
    change(seat(admin), canvas_account, other, "remove")
    assert role_of(other, canvas_account) is None


def test_two_admins_who_remove_each_other_at_the_same_moment_leave_one(
    admin: User, canvas_account: CanvasAccount
) -> None:
    other = person("Bea", canvas_account, Role.ADMIN)
    remove_person(canvas_account=canvas_account, user=other, by=admin)
    with pytest.raises(WouldLockOut, match="last admin"):
        remove_person(canvas_account=canvas_account, user=admin, by=other)


def test_who_runs_easel_may_remove_the_last_admin(
    seat: Seat, superuser: User, admin: User, canvas_account: CanvasAccount
) -> None:
    change(seat(superuser), canvas_account, admin, "remove")
    assert role_of(admin, canvas_account) is None


def test_an_admin_sees_the_people_of_the_accounts_they_manage_and_nobody_else(
    seat: Seat, admin: User, viewer: User, stranger: User
) -> None:
    page = seat(admin).get("/settings/people/").content.decode()
    assert "Vera Example" in page
    assert "Sam Example" not in page
    assert seat(admin).get(f"/settings/people/{stranger.pk}/").status_code == 404


def test_an_admin_does_not_see_the_roles_that_a_person_has_elsewhere(seat: Seat, admin: User, viewer: User) -> None:
    elsewhere = CanvasAccount.objects.create(name="Elsewhere", slug="elsewhere", base_url="https://canvas.example.edu")
    Membership.objects.create(user=viewer, canvas_account=elsewhere, role=Role.ADMIN)
    assert "Elsewhere" not in seat(admin).get(f"/settings/people/{viewer.pk}/").content.decode()
    assert "Elsewhere" not in seat(admin).get("/settings/people/").content.decode()


def add_somebody(client: Client) -> User:
    client.post(
        "/settings/people/add/",
        {"username": "nora", "first_name": "Nora", "last_name": "Example", "email": "nora@example.edu"},
    )
    return User.objects.get(username="nora")


def make_link(client: Client, user: User) -> str:
    page = client.post(f"/settings/people/{user.pk}/link/").content.decode()
    found = re.search(r"http://testserver(/password/\S+/)<", page)
    assert found
    return found[1]


def test_an_added_person_cannot_sign_in_before_setting_a_password(seat: Seat, superuser: User) -> None:
    nora = add_somebody(seat(superuser))
    assert not nora.has_usable_password()


def test_an_added_person_sets_a_password_by_the_link_and_signs_in(seat: Seat, superuser: User) -> None:
    desk = seat(superuser)
    link = make_link(desk, add_somebody(desk))
    browser = Client()
    step = browser.get(link, follow=True)
    browser.post(step.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    answer = browser.post("/login/", {"username": "nora", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_link_works_once(seat: Seat, superuser: User) -> None:
    desk = seat(superuser)
    link = make_link(desk, add_somebody(desk))
    step = Client().get(link, follow=True)
    browser = Client()
    browser.get(link)
    browser.post(step.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert "has been used" in Client().get(link, follow=True).content.decode()


def test_the_link_is_not_in_the_audit_log(seat: Seat, superuser: User) -> None:
    desk = seat(superuser)
    link = make_link(desk, add_somebody(desk))
    line = AuditLine.objects.get(verb="make_password_link")
    assert (line.subject, line.detail) == ("nora", {})
    assert link.split("/")[-2] not in desk.get("/settings/audit/").content.decode()


def test_who_is_shut_out_is_signed_out_at_once_and_may_be_let_in_again(
    seat: Seat, superuser: User, viewer: User
) -> None:
    browser, desk = seat(viewer), seat(superuser)
    desk.post(f"/settings/people/{viewer.pk}/active/", {"active": "no"})
    assert browser.get("/settings/").status_code == 302
    desk.post(f"/settings/people/{viewer.pk}/active/", {"active": "yes"})
    assert User.objects.get(pk=viewer.pk).is_active


def test_nobody_shuts_themselves_out(seat: Seat, superuser: User) -> None:
    answer = seat(superuser).post(f"/settings/people/{superuser.pk}/active/", {"active": "no"}, follow=True)
    assert "You cannot shut yourself out" in answer.content.decode()
    assert User.objects.get(pk=superuser.pk).is_active


def test_every_change_of_people_leaves_an_audit_line(
    seat: Seat, admin: User, viewer: User, canvas_account: CanvasAccount
) -> None:
    desk = seat(admin)
    change(desk, canvas_account, viewer, "role", role="registrar")
    change(desk, canvas_account, viewer, "remove")
    lines = AuditLine.objects.order_by("pk").values_list("verb", "actor", "subject")
    assert list(lines) == [("set_role", admin.pk, "vera"), ("remove_person", admin.pk, "vera")]
