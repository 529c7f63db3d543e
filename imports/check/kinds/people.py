"""People: users, further logins, admins, observers."""

from collections.abc import Collection
from functools import partial

import numpy as np

from imports.check.hashing import WORD
from imports.check.kinds import emails
from imports.check.kinds.claims import Claim
from imports.check.knowledge import ABSENT, ALIVE, DEAD, PADDED, UNSURE, Knowledge
from imports.check.rows import Rows
from imports.check.steps import (
    Allowed,
    Apply,
    Missing,
    OneByOne,
    Reference,
    Row,
    Status,
    Step,
    has_status,
    hint_of,
    look_up,
    not_found,
    report_doubts,
)

LONGEST_LOGIN = 255
# Canvas's names of sorts of sign-in; a number is the id of one provider, which only the account knows.
PROVIDERS = (
    "apple", "canvas", "cas", "clever", "facebook", "github", "google", "ldap", "linkedin", "microsoft",
    "openid_connect", "saml", "twitter",
)  # fmt: skip
ADMIN_ROLES = ("AccountAdmin", "AccountMembership")

_EXISTING = ("existing_user_id", "existing_integration_id", "existing_canvas_user_id")


def refuse_nul(rows: Rows) -> None:
    nul = np.flatnonzero(rows.piece.buffer[:-WORD] == 0)
    if nul.size:
        rows.report("user.nul", np.searchsorted(nul, rows.piece.starts) < np.searchsorted(nul, rows.piece.ends))


class PrintableLogin:
    def __init__(self, kind: str) -> None:
        self._rule = f"{kind}.login-id-unprintable"

    def __call__(self, rows: Rows) -> None:
        """Only bytes beyond ASCII and control characters can belong to what cannot be printed."""
        column = rows.column("login_id")
        buffer = rows.piece.buffer
        suspects = np.flatnonzero((buffer > 126) | ((buffer < 32) & (buffer != ord("\n")) & (buffer != 0)))
        near = np.searchsorted(suspects, column.starts) < np.searchsorted(suspects, column.ends)
        bad = rows.those(np.flatnonzero(near), "login_id", lambda text: not text.isprintable())
        rows.report(self._rule, bad, "login_id")


def refuse_long_login(rows: Rows) -> None:
    column = rows.column("login_id")
    long = np.flatnonzero(column.lengths > LONGEST_LOGIN)
    bad = rows.those(long, "login_id", lambda text: len(text) > LONGEST_LOGIN)
    rows.report("user.login-id-too-long", bad, "login_id")


def note_users(rows: Rows) -> None:
    Apply("user", "user_id", makes_deleted=False)(rows)
    gone = np.flatnonzero(rows.alive & has_status(rows, "deleted"))
    logins = zip(rows.column("user_id").texts(gone), rows.column("login_id").texts(gone), strict=True)
    rows.world.memory("logins of deleted users").update(logins)
    if rows.has("integration_id"):
        rows.world.knowledge.apply("user_integration", rows.column("integration_id"), rows.alive)


def warn_of_bad_email(rows: Rows) -> None:
    if not rows.has("email"):
        return
    column = rows.column("email")
    asked = np.flatnonzero(rows.alive & ~column.empty & ~has_status(rows, "deleted") & ~emails.proven(column))
    bad = rows.those(asked, "email", lambda text: not emails.is_address(text))
    rows.empty(bad, "email")
    rows.report("user.email-invalid", bad, "email")


def is_provider(text: str) -> bool:
    return text.isdecimal() or text.lower() in PROVIDERS


def owner_of_login(rows: Rows) -> None:
    """All existing ids that the row gives must name somebody."""
    kinds = ("user", "user_integration", "canvas_user")
    states = {name: look_up(rows, name, kind) for name, kind in zip(_EXISTING, kinds, strict=True)}
    given = {name: rows.given(name) for name in _EXISTING}
    missing = {name: given[name] & not_found(states[name]) for name in _EXISTING}
    for name, kind in zip(_EXISTING, kinds, strict=True):
        report_doubts(rows, name, kind, states[name])
    nobody = np.logical_and.reduce([missing[name] | ~given[name] for name in _EXISTING])
    column = next(filter(rows.has, _EXISTING), _EXISTING[0])
    rows.report("login.existing-user-not-found", nobody, column)
    rows.report("login.existing-ids-disagree", np.logical_or.reduce(list(missing.values())), column)


def refuse_taken_id(rows: Rows) -> None:
    """The SIS id of a login is its own, unless the row is about the very login that it names as existing."""
    taken = np.isin(look_up(rows, "user_id", "user"), (ALIVE, DEAD))
    itself = rows.column("user_id").hash == rows.column("existing_user_id").hash
    rows.report("login.taken", taken & ~itself, "user_id")


def role_of_admin(rows: Rows) -> None:
    """The number of a role counts before its name."""
    knowledge = rows.world.knowledge
    by_number = rows.given("role_id")
    for column, own in (("role_id", ()), ("role", ADMIN_ROLES)):
        kind = f"admin_{column}"
        asked = by_number if column == "role_id" else ~by_number
        known = rows.memo(column, partial(role_state, knowledge, kind, own))
        words = (*own, *knowledge.names(kind)) if column == "role" else ()
        rows.report(f"admin.{column.replace('_', '-')}-unknown", asked & (known == ABSENT), column, hint=hint_of(words))
        rows.report("admin.role-unsure", asked & (known == UNSURE), column)


def role_state(knowledge: Knowledge, kind: str, own: Collection[str], text: str) -> int:
    """What is known of a role that Canvas does not bring with it; ids of roles are numbers."""
    if text in own:
        return ALIVE
    if kind.endswith("role_id") and not text.isdecimal():
        return ABSENT
    state = knowledge.state(kind, text)
    return ABSENT if state == PADDED else state


def judge_observer(row: Row) -> str:
    """Only an observation that exists can end. Remembers which pairs are linked now."""
    pairs = row.rows.world.memory("user_observer")
    pair = (row["observer_id"], row["student_id"])
    if row.status == "deleted" and not (pairs[pair] if pair in pairs else _may_be_linked(row)):
        return "user_observer.not-linked"
    pairs[pair] = row.status == "active"
    return ""


def _may_be_linked(row: Row) -> bool:
    ids = {name: row[name] for name in ("observer_id", "student_id")}
    linked = row.rows.world.knowledge.living("user_observer", ids)
    return linked is None or bool(linked)


def refuse_observing_oneself(rows: Rows) -> None:
    rows.report("user_observer.self", rows.column("observer_id").hash == rows.column("student_id").hash, "student_id")


USERS: tuple[Step, ...] = (
    refuse_nul,
    Missing("user.user-id-missing", "user_id"),
    Missing("user.login-id-missing", "login_id"),
    Missing("user.status-missing", "status"),
    Status("user.status-unknown", inexact_is="active"),
    PrintableLogin("user"),
    refuse_long_login,
    Allowed("user.authentication-provider-id-unknown", "authentication_provider_id", is_provider, PROVIDERS),
    Claim("user.login-id-claimed", "login_id", any_case=True),
    Claim("user.integration-id-claimed", "integration_id", any_case=False),
    warn_of_bad_email,
    note_users,
)
LOGINS: tuple[Step, ...] = (
    Missing("login.user-id-missing", "user_id"),
    Missing("login.login-id-missing", "login_id"),
    Missing("login.existing-user-id-missing", *_EXISTING),
    PrintableLogin("login"),
    refuse_long_login,
    owner_of_login,
    refuse_taken_id,
    Claim("login.taken", "login_id", any_case=True),
    Allowed("user.authentication-provider-id-unknown", "authentication_provider_id", is_provider, PROVIDERS),
    Apply("user", "user_id"),
)
ADMINS: tuple[Step, ...] = (
    Missing("admin.user-id-missing", "user_id"),
    Missing("admin.status-missing", "status"),
    Missing("admin.role-missing", "role", "role_id"),
    Status("admin.status-unknown"),
    Reference("admin.account-not-found", "account_id", "account"),
    role_of_admin,
    Reference("admin.user-not-found", "user_id", "user", dead_is_fine=False),
)
OBSERVERS: tuple[Step, ...] = (
    Missing("user_observer.observer-id-missing", "observer_id"),
    Missing("user_observer.student-id-missing", "student_id"),
    refuse_observing_oneself,
    Status("user_observer.status-unknown"),
    Reference("user_observer.observer-not-found", "observer_id", "user", dead_is_fine=False),
    Reference("user_observer.student-not-found", "student_id", "user", dead_is_fine=False),
    OneByOne(judge_observer, columns={"user_observer.not-linked": "status"}),
)
