"""accounts.csv"""

from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow, column
from sandbox.importing.reader import Row
from sandbox.store.records import ROOT_ACCOUNT_ID, Account, Course


class Accounts(Importer):
    kind = "account"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(Account).load("sis_source_id", column(rows, "account_id") | column(rows, "parent_account_id"))

    def apply(self, row: Row) -> None:
        if "account_id" not in row:
            raise SkipRow(messages.ACCOUNT_NO_ID)
        parent = self._parent(row)
        account = self.table(Account).first("sis_source_id", row["account_id"]) or self._new(row)
        status = self.status(row)
        if status == "active":
            self._refuse_under_deleted(parent)
        elif status == "deleted":
            self._refuse_deleting_used(account)
        self._refuse_loop(account, parent)
        self.set(account, parent_account_id=parent.id, name=row.get("name", account.name))
        account.integration_id = row.get("integration_id", account.integration_id)
        # An unknown status of an account that exists changes nothing.
        account.workflow_state = status or account.workflow_state
        self.session.save(account)

    def _parent(self, row: Row) -> Account:
        accounts = self.table(Account)
        if "parent_account_id" not in row:
            return accounts.get(ROOT_ACCOUNT_ID)
        parent = accounts.first("sis_source_id", row["parent_account_id"])
        if parent is None or parent.sis_source_id == row["account_id"]:
            raise SkipRow(messages.ACCOUNT_NO_PARENT)
        return parent

    def _new(self, row: Row) -> Account:
        if "name" not in row:
            raise SkipRow(messages.ACCOUNT_NO_NAME)
        if self.status(row) is None:
            raise SkipRow(messages.ACCOUNT_STATUS)
        return self.table(Account).new(sis_source_id=row["account_id"], created_at=self.work.now)

    def _refuse_loop(self, account: Account, parent: Account) -> None:
        above: Account | None = parent
        while above is not None:
            if above is account:
                raise SkipRow(messages.ACCOUNT_LOOP)
            above = self.table(Account).get(above.parent_account_id) if above.parent_account_id else None

    def _refuse_under_deleted(self, parent: Account) -> None:
        if parent.dead:
            raise SkipRow(messages.ACCOUNT_PARENT_DELETED, parent=parent.sis_source_id)

    def _refuse_deleting_used(self, account: Account) -> None:
        if any(not child.dead for child in self.table(Account).find("parent_account_id", account.id)):
            raise SkipRow(messages.ACCOUNT_HAS_ACCOUNTS)
        if any(not course.dead for course in self.table(Course).find("account_id", account.id)):
            raise SkipRow(messages.ACCOUNT_HAS_COURSES)
