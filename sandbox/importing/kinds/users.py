"""users.csv"""

import re
from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import CLEAR, Importer, SkipRow, column
from sandbox.importing.kinds.cascades import delete_all, delete_everything_of
from sandbox.importing.kinds.people import (
    claim_free_integration_id,
    login_key,
    owner_of,
    provider_of,
    refuse_unprintable_login,
)
from sandbox.importing.reader import Row
from sandbox.store.records import CommunicationChannel, Pseudonym, User

_STATUSES = re.compile(r"active|suspended|deleted", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]+@[\w-]+(\.[\w-]+)*\.\w{2,}")
_USER_TYPES = ("administrative", "observer", "staff", "student", "student_other", "teacher")


class Users(Importer):
    kind = "user"

    def prefetch(self, rows: Sequence[Row]) -> None:
        logins = self.table(Pseudonym)
        logins.load("sis_user_id", column(rows, "user_id"))
        logins.load("login_key", map(login_key, column(rows, "login_id")))
        logins.load("integration_id", column(rows, "integration_id"))
        user_ids = {
            login.user_id
            for row in rows
            for login in (
                *logins.find("sis_user_id", row.get("user_id")),
                *logins.find("login_key", login_key(row.get("login_id"))),
            )
        }
        self.table(User).load("id", user_ids)
        self.table(CommunicationChannel).load("user_id", user_ids)
        logins.load("user_id", user_ids)

    def apply(self, row: Row) -> None:
        status = self._checked_status(row)
        login = self._login(row, status)
        if status == "deleted":
            self._remove(login)
            return
        claim_free_integration_id(self, row, login)
        if login is None:
            login = self._new(row)
        user = self.table(User).get(login.user_id)
        self._describe(user, row)
        self.set(login, unique_id=row["login_id"])
        login.login_key = login_key(login.unique_id) or ""
        login.sis_user_id = row["user_id"]
        login.integration_id = row.get("integration_id", login.integration_id)
        login.authentication_provider_id = provider_of(row) or login.authentication_provider_id
        login.workflow_state = status
        self.session.save(login)
        self.session.save(user)
        self._keep_email(user, row)

    def _checked_status(self, row: Row) -> str:
        """Anything that only begins like a status is taken as active."""
        if any("\0" in field for field in row.fields):
            raise SkipRow(messages.USER_NUL)
        if "user_id" not in row:
            raise SkipRow(messages.USER_NO_ID)
        if "login_id" not in row:
            raise SkipRow(messages.USER_NO_LOGIN)
        if "status" not in row:
            raise SkipRow(messages.USER_NO_STATUS)
        if not _STATUSES.match(row["status"]):
            raise SkipRow(messages.USER_STATUS)
        refuse_unprintable_login(row)
        provider_of(row)
        return row["status"].lower() if _STATUSES.fullmatch(row["status"]) else "active"

    def _login(self, row: Row, status: str) -> Pseudonym | None:
        """The login with this SIS id, or else the one with this login name; None: the person is new."""
        logins = self.table(Pseudonym)
        by_sis_id = logins.first("sis_user_id", row["user_id"])
        by_name = next((p for p in logins.find("login_key", login_key(row["login_id"])) if not p.dead), None)
        if by_name is None or by_name is by_sis_id:
            return by_sis_id
        if by_sis_id is None and self._may_take_over(by_name):
            return by_name
        if status == "deleted" and by_sis_id:
            return by_sis_id
        raise SkipRow(messages.USER_CLAIMED, owner=owner_of(by_name))

    def _may_take_over(self, login: Pseudonym) -> bool:
        """A login without SIS id is adopted; one with another is renamed where the import says so."""
        return login.sis_user_id is None or self.options.update_sis_id_if_login_claimed

    def _new(self, row: Row) -> Pseudonym:
        user = self.table(User).new(workflow_state="registered", created_at=self.work.now)
        self.table(User).save(user)
        self.table(CommunicationChannel).expect_none("user_id", user.id)
        return self.table(Pseudonym).new(user_id=user.id, created_at=self.work.now, sis_user_id=row["user_id"])

    def _describe(self, user: User, row: Row) -> None:
        user.workflow_state = "registered"
        name = _full_name(row) or user.name or row.get("sortable_name") or row["login_id"]
        self.set(user, name=name)
        self.set(user, sortable_name=row.get("sortable_name") or _sortable_name(row, name, user.sortable_name))
        self.set(user, short_name=row.get("short_name") or user.short_name or name)
        if "pronouns" in row:
            self.set(user, pronouns=None if row["pronouns"] == CLEAR else row["pronouns"])
        kind = row.get("declared_user_type", "").lower()
        if kind in _USER_TYPES:
            user.declared_user_type = kind
        elif kind == CLEAR:
            user.declared_user_type = None

    def _keep_email(self, user: User, row: Row) -> None:
        if "email" not in row:
            return
        if not _EMAIL.fullmatch(row["email"]):
            self.warn(row, messages.USER_EMAIL)
            return
        channels = self.table(CommunicationChannel)
        wanted = row["email"].lower()
        channel = next((c for c in channels.find("user_id", user.id) if c.path.lower() == wanted), None)
        if channel is None:
            channel = channels.new(user_id=user.id, path=row["email"], created_at=self.work.now)
        channel.workflow_state = "active"
        self.session.save(channel)

    def _remove(self, login: Pseudonym | None) -> None:
        """Delete the login, and with the last one what its user has; an unknown login needs no deleting."""
        if login is None:
            return
        if login.user_id == self.work.user_id:
            raise SkipRow(messages.USER_REMOVES_SELF)
        login.workflow_state = "deleted"
        self.session.save(login)
        if all(other.dead for other in self.table(Pseudonym).find("user_id", login.user_id)):
            delete_everything_of(self.session, login.user_id)
            delete_all(self.session, self.table(CommunicationChannel).find("user_id", login.user_id))


def _full_name(row: Row) -> str | None:
    parts = [row[name] for name in ("first_name", "last_name") if name in row]
    return row.get("full_name") or " ".join(parts) or None


def _sortable_name(row: Row, name: str, former: str) -> str:
    """`Last, First`, from the two columns where both are given."""
    if "full_name" not in row and "first_name" in row and "last_name" in row:
        return f"{row['last_name']}, {row['first_name']}"
    if former and _full_name(row) is None:
        return former
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first else name
