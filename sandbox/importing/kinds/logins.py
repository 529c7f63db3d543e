"""logins.csv: further logins of people who have one."""

from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow, column, number
from sandbox.importing.kinds.people import login_key, provider_of, refuse_unprintable_login
from sandbox.importing.reader import Row
from sandbox.store.records import Pseudonym, User

_EXISTING = ("existing_user_id", "existing_integration_id", "existing_canvas_user_id")


class Logins(Importer):
    kind = "login"

    def prefetch(self, rows: Sequence[Row]) -> None:
        logins = self.table(Pseudonym)
        logins.load("sis_user_id", column(rows, "user_id") | column(rows, "existing_user_id"))
        logins.load("integration_id", column(rows, "existing_integration_id"))
        logins.load("login_key", map(login_key, column(rows, "login_id")))

    def apply(self, row: Row) -> None:
        self._check(row)
        owner_id = self._owner_id(row)
        login = self._login(row, owner_id)
        login.unique_id, login.login_key = row["login_id"], row["login_id"].lower()
        login.sis_user_id = row["user_id"]
        login.integration_id = row.get("integration_id", login.integration_id)
        login.authentication_provider_id = provider_of(row) or login.authentication_provider_id
        login.workflow_state = "active"
        self.session.save(login)

    def _check(self, row: Row) -> None:
        if "user_id" not in row:
            raise SkipRow(messages.USER_NO_ID)
        if "login_id" not in row:
            raise SkipRow(messages.USER_NO_LOGIN)
        if not any(name in row for name in _EXISTING):
            raise SkipRow(messages.LOGIN_NO_EXISTING)
        refuse_unprintable_login(row)

    def _owner_id(self, row: Row) -> int:
        """The user that all the given existing ids name."""
        logins = self.table(Pseudonym)
        found = [
            login.user_id if login else None
            for login in (
                logins.first(own, row[name])
                for name, own in (("existing_user_id", "sis_user_id"), ("existing_integration_id", "integration_id"))
                if name in row
            )
        ]
        if "existing_canvas_user_id" in row:
            user = self.table(User).first("id", number(row["existing_canvas_user_id"]))
            found.append(user.id if user else None)
        if all(user_id is None for user_id in found):
            raise SkipRow(messages.LOGIN_UNKNOWN)
        owner, *others = found
        if owner is None or any(other != owner for other in others):
            raise SkipRow(messages.LOGIN_MISMATCH)
        return owner

    def _login(self, row: Row, owner_id: int) -> Pseudonym:
        """The login to write: the owner's with this SIS id, or a new one."""
        logins = self.table(Pseudonym)
        same_id = logins.find("sis_user_id", row["user_id"])
        same_name = [login for login in logins.find("login_key", login_key(row["login_id"])) if not login.dead]
        own = next((login for login in same_id if login.user_id == owner_id), None)
        if any(login is not own for login in (*same_id, *same_name)):
            raise SkipRow(messages.LOGIN_TAKEN)
        return own or logins.new(user_id=owner_id, created_at=self.work.now)
