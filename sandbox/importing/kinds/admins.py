"""admins.csv"""

from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow, column, number
from sandbox.importing.reader import Row
from sandbox.importing.roles import role_by_name, role_by_number
from sandbox.store.records import ROOT_ACCOUNT_ID, Account, AccountUser, Pseudonym, Role

_ADMIN_ROLES = ("AccountAdmin", "AccountMembership")


class Admins(Importer):
    kind = "admin"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(Pseudonym).load("sis_user_id", column(rows, "user_id"))
        self.table(Account).load("sis_source_id", column(rows, "account_id"))

    def apply(self, row: Row) -> None:
        self._check(row)
        account, role, user_id = self._account(row), self._role(row), self._user_id(row)
        admins = self.table(AccountUser)
        wanted = (account.id, role.id)
        held = next((a for a in admins.find("user_id", user_id) if (a.account_id, a.role_id) == wanted), None)
        if row["status"] == "active":
            admin = held or admins.new(
                account_id=account.id, user_id=user_id, role_id=role.id, created_at=self.work.now
            )
            admin.workflow_state = "active"
            self.session.save(admin)
        elif held and held.sis_batch_id is not None:
            # Rights that a person gave in Canvas's pages are left alone, in silence.
            held.workflow_state = "deleted"
            self.session.save(held)

    def _check(self, row: Row) -> None:
        if "user_id" not in row:
            raise SkipRow(messages.ADMIN_NO_USER_ID)
        if "status" not in row:
            raise SkipRow(messages.ADMIN_NO_STATUS)
        if "role" not in row and "role_id" not in row:
            raise SkipRow(messages.ADMIN_NO_ROLE_GIVEN)
        if self.status(row) is None:
            raise SkipRow(messages.ADMIN_STATUS)

    def _account(self, row: Row) -> Account:
        """Blank means the root account."""
        if "account_id" not in row:
            return self.table(Account).get(ROOT_ACCOUNT_ID)
        account = self.table(Account).first("sis_source_id", row["account_id"])
        if account is None:
            raise SkipRow(messages.ADMIN_NO_ACCOUNT)
        return account

    def _role(self, row: Row) -> Role:
        given = row.get("role_id")
        if given:
            found = role_by_number(self.session, ROOT_ACCOUNT_ID, number(given))
        else:
            found = role_by_name(self.session, ROOT_ACCOUNT_ID, row["role"])
        if found is None or found.base_role_type not in _ADMIN_ROLES:
            raise SkipRow(messages.ADMIN_ROLE if given is None else messages.ADMIN_ROLE_ID)
        return found

    def _user_id(self, row: Row) -> int:
        login = self.table(Pseudonym).first("sis_user_id", row["user_id"])
        if login is None or login.dead:
            raise SkipRow(messages.ADMIN_NO_USER)
        if row["status"] == "deleted" and login.user_id == self.work.user_id:
            raise SkipRow(messages.USER_REMOVES_SELF)
        return login.user_id
