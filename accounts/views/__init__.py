"""The pages of this app, by noun."""

from accounts.views.audit import audit, audit_csv
from accounts.views.canvas_accounts import (
    address,
    archive,
    canvas_account,
    canvas_account_add,
    canvas_accounts,
    credential,
    member_add,
    member_remove,
    member_role,
    token,
)
from accounts.views.own import login, logout, password, profile, set_password, settings
from accounts.views.people import people, person, person_active, person_add, person_link

__all__ = [
    "address",
    "archive",
    "audit",
    "audit_csv",
    "canvas_account",
    "canvas_account_add",
    "canvas_accounts",
    "credential",
    "login",
    "logout",
    "member_add",
    "member_remove",
    "member_role",
    "password",
    "people",
    "person",
    "person_active",
    "person_add",
    "person_link",
    "profile",
    "set_password",
    "settings",
    "token",
]
