"""user_observers.csv"""

from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow, column
from sandbox.importing.kinds.cascades import delete_all
from sandbox.importing.kinds.observing import enroll_observer
from sandbox.importing.reader import Row
from sandbox.store.records import Enrollment, Pseudonym, UserObserver


class UserObservers(Importer):
    kind = "user_observer"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(Pseudonym).load("sis_user_id", column(rows, "observer_id") | column(rows, "student_id"))

    def apply(self, row: Row) -> None:
        self._check(row)
        observer_id = self._user_id(row["observer_id"], messages.OBSERVER_NO_OBSERVER)
        student_id = self._user_id(row["student_id"], messages.OBSERVER_NO_STUDENT)
        links = self.table(UserObserver)
        link = next((found for found in links.find("user_id", student_id) if found.observer_id == observer_id), None)
        if row["status"] == "active":
            link = link or links.new(user_id=student_id, observer_id=observer_id, created_at=self.work.now)
            link.workflow_state = "active"
            self.session.save(link)
            self._join_courses(link)
        elif link is None or link.dead:
            raise SkipRow(messages.OBSERVER_NOT_LINKED)
        else:
            link.workflow_state = "deleted"
            self.session.save(link)
            self._leave_courses(link)

    def _check(self, row: Row) -> None:
        if "observer_id" not in row:
            raise SkipRow(messages.OBSERVER_NO_ID)
        if "student_id" not in row:
            raise SkipRow(messages.OBSERVER_NO_STUDENT_ID)
        if row["observer_id"] == row["student_id"]:
            raise SkipRow(messages.OBSERVER_SELF)
        if self.status(row) is None:
            raise SkipRow(messages.OBSERVER_STATUS)

    def _user_id(self, sis_user_id: str, warning: str) -> int:
        login = self.table(Pseudonym).first("sis_user_id", sis_user_id)
        if login is None or login.dead:
            raise SkipRow(warning)
        return login.user_id

    def _join_courses(self, link: UserObserver) -> None:
        for enrollment in self.table(Enrollment).find("user_id", link.user_id):
            if enrollment.type == "StudentEnrollment" and enrollment.workflow_state == "active":
                enroll_observer(self.session, link.observer_id, enrollment, self.work.now)

    def _leave_courses(self, link: UserObserver) -> None:
        linked = self.table(Enrollment).find("associated_user_id", link.user_id)
        delete_all(self.session, [enrollment for enrollment in linked if enrollment.user_id == link.observer_id])
