"""Groups and differentiation tags: their sets, themselves, their members.

Canvas keeps both in the same tables; a tag is a group that is not collaborative. They differ in columns and wording.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow, column
from sandbox.importing.kinds.cascades import delete_all, is_in_course
from sandbox.importing.reader import Row
from sandbox.store.records import (
    ROOT_ACCOUNT_ID,
    Account,
    Course,
    Enrollment,
    Group,
    GroupCategory,
    GroupMembership,
    Pseudonym,
)


@dataclass(frozen=True, slots=True)
class Family:
    """Columns and words of one of the two."""

    set_what: str
    set_id: str
    set_name: str
    set_members: str
    what: str
    id: str
    non_collaborative: int


GROUPS = Family("group category", "group_category_id", "category_name", "groups", "group", "group_id", 0)
TAGS = Family("differentiation tag set", "tag_set_id", "set_name", "tags", "differentiation tag", "tag_id", 1)


@dataclass(frozen=True, slots=True)
class Context:
    """Where a set or a group lives: in a course or in an account."""

    account_id: int | None
    course_id: int | None


class _InContext(Importer):
    family: ClassVar[Family]

    def find_set(self, sis_id: str | None) -> GroupCategory | None:
        found = self.table(GroupCategory).find("sis_source_id", sis_id)
        return next((s for s in found if s.non_collaborative == self.family.non_collaborative), None)

    def find_group(self, sis_id: str | None) -> Group | None:
        found = self.table(Group).find("sis_source_id", sis_id)
        return next((group for group in found if group.non_collaborative == self.family.non_collaborative), None)

    def context(self, row: Row, no_account: str, no_course: str, **words: Any) -> Context | None:
        """Where the row puts it; None where it says nothing."""
        if "course_id" in row:
            course = self.table(Course).first("sis_source_id", row["course_id"])
            if course is None or course.dead:
                raise SkipRow(no_course, **words)
            return Context(None, course.id)
        if "account_id" in row:
            account = self.table(Account).first("sis_source_id", row["account_id"])
            if account is None or account.dead:
                raise SkipRow(no_account, **words)
            return Context(account.id, None)
        return None

    def load_contexts(self, rows: Sequence[Row]) -> None:
        self.table(Course).load("sis_source_id", column(rows, "course_id"))
        self.table(Account).load("sis_source_id", column(rows, "account_id"))


class GroupCategories(_InContext):
    kind = "group_category"
    family = GROUPS

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(GroupCategory).load("sis_source_id", column(rows, self.family.set_id))
        self.load_contexts(rows)

    def apply(self, row: Row) -> None:
        words = {"what": self.family.set_what, "id": row.get(self.family.set_id, "")}
        status = self._checked_status(row, words)
        context = self.context(row, messages.SET_NO_ACCOUNT, messages.SET_NO_COURSE, **words)
        category = self.find_set(row[self.family.set_id])
        if category is None:
            category = self.table(GroupCategory).new(
                sis_source_id=row[self.family.set_id],
                non_collaborative=self.family.non_collaborative,
                created_at=self.work.now,
            )
            context = context or Context(ROOT_ACCOUNT_ID, None)
        elif context and context != Context(category.account_id, category.course_id):
            self._refuse_moving_used(category, words)
        if context:
            category.account_id, category.course_id = context.account_id, context.course_id
        category.name = row[self.family.set_name]
        category.workflow_state = status
        self.session.save(category)
        if category.dead:
            delete_groups(self, self.table(Group).find("group_category_id", category.id))

    def _checked_status(self, row: Row, words: dict[str, str]) -> str:
        if self.family.set_id not in row:
            raise SkipRow(messages.SET_NO_ID, **words)
        if self.family.non_collaborative and "course_id" not in row:
            raise SkipRow(messages.SET_NO_COURSE_ID, **words)
        if self.family.set_name not in row:
            raise SkipRow(messages.SET_NO_NAME, **words)
        if "status" not in row:
            raise SkipRow(messages.SET_NO_STATUS, **words)
        status = self.status(row)
        if status is None:
            raise SkipRow(messages.SET_STATUS, **words)
        if "account_id" in row and "course_id" in row:
            raise SkipRow(messages.SET_TWO_CONTEXTS, **words)
        return status

    def _refuse_moving_used(self, category: GroupCategory, words: dict[str, str]) -> None:
        if any(not group.dead for group in self.table(Group).find("group_category_id", category.id)):
            raise SkipRow(messages.SET_IN_USE, members=self.family.set_members, **words)


class TagSets(GroupCategories):
    kind = "differentiation_tag_set"
    family = TAGS


class Groups(_InContext):
    kind = "group"
    family = GROUPS

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(Group).load("sis_source_id", column(rows, self.family.id))
        self.table(GroupCategory).load("sis_source_id", column(rows, self.family.set_id))
        self.load_contexts(rows)

    def apply(self, row: Row) -> None:
        words = {"what": self.family.what, "id": row.get(self.family.id, ""), "id_column": self.family.id}
        status = self._checked_status(row, words)
        context = self.context(row, messages.GROUP_NO_ACCOUNT, messages.GROUP_NO_COURSE, **words)
        category = self._category(row, context, words)
        group = self.find_group(row[self.family.id])
        if category:
            context = Context(category.account_id, category.course_id)
        if group is None:
            group, context = self._new(row, context, words)
        elif context and context != Context(group.account_id, group.course_id):
            self._refuse_moving_used(group, words)
        if context:
            group.account_id, group.course_id = context.account_id, context.course_id
        group.group_category_id = category.id if category else group.group_category_id
        self.set(group, name=row["name"])
        group.workflow_state = "deleted" if status == "deleted" else "available"
        self.session.save(group)
        if group.dead:
            delete_groups(self, [group])

    def _checked_status(self, row: Row, words: dict[str, str]) -> str:
        if self.family.id not in row:
            raise SkipRow(messages.GROUP_NO_ID, **words)
        if "name" not in row:
            raise SkipRow(messages.GROUP_NO_NAME, **words)
        status = self.status(row)
        if status is None:
            raise SkipRow(messages.GROUP_STATUS, **words)
        if "account_id" in row and "course_id" in row:
            raise SkipRow(messages.SET_TWO_CONTEXTS, **words)
        return status

    def _category(self, row: Row, context: Context | None, words: dict[str, str]) -> GroupCategory | None:
        """The set that the row names, which must lie where the row says."""
        if self.family.set_id not in row:
            return None
        category = self.find_set(row[self.family.set_id])
        in_place = context is None or (category and context == Context(category.account_id, category.course_id))
        if category is None or category.dead or not in_place:
            what = "Differentiation Tag Set" if self.family.non_collaborative else "Group Category"
            raise SkipRow(
                messages.GROUP_NO_SET, set_what=what, set_id=row[self.family.set_id], place=_place(row), **words
            )
        return category

    def _new(self, row: Row, context: Context | None, words: dict[str, str]) -> tuple[Group, Context]:
        if self.family.non_collaborative and context is None:
            raise SkipRow(messages.TAG_NO_PLACE, **words)
        group = self.table(Group).new(
            sis_source_id=row[self.family.id],
            non_collaborative=self.family.non_collaborative,
            created_at=self.work.now,
        )
        return group, context or Context(ROOT_ACCOUNT_ID, None)

    def _refuse_moving_used(self, group: Group, words: dict[str, str]) -> None:
        if any(not member.dead for member in self.table(GroupMembership).find("group_id", group.id)):
            raise SkipRow(messages.GROUP_IN_USE, **words)


class Tags(Groups):
    kind = "differentiation_tag"
    family = TAGS


class GroupMemberships(_InContext):
    kind = "group_membership"
    family = GROUPS

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(Pseudonym).load("sis_user_id", column(rows, "user_id"))
        groups = self.table(Group)
        groups.load("sis_source_id", column(rows, self.family.id))
        logins = [self.table(Pseudonym).first("sis_user_id", row.get("user_id")) for row in rows]
        user_ids = {login.user_id for login in logins if login}
        self.table(GroupMembership).load("user_id", user_ids)
        self.table(Enrollment).load("user_id", user_ids)

    def apply(self, row: Row) -> None:
        what = self.family.what
        words = {"what": what, "What": what.capitalize(), "id": row.get(self.family.id, "")}
        status = self._checked_status(row, words)
        login = self.table(Pseudonym).first("sis_user_id", row["user_id"])
        if login is None or login.dead:
            raise SkipRow(messages.MEMBER_NO_USER, **words)
        group = self.find_group(row[self.family.id])
        if group is None or group.dead:
            raise SkipRow(messages.MEMBER_NO_GROUP, **words)
        if group.course_id and status != "deleted" and not is_in_course(self.session, login.user_id, group.course_id):
            raise SkipRow(messages.MEMBER_NOT_IN_COURSE, **words)
        memberships = self.table(GroupMembership)
        member = next((m for m in memberships.find("user_id", login.user_id) if m.group_id == group.id), None)
        if member is None:
            if status == "deleted":
                return
            member = memberships.new(group_id=group.id, user_id=login.user_id, created_at=self.work.now)
        member.workflow_state = status
        self.session.save(member)

    def _checked_status(self, row: Row, words: dict[str, str]) -> str:
        if self.family.id not in row:
            raise SkipRow(messages.MEMBER_NO_GROUP_ID, id_column=self.family.id, **words)
        if "user_id" not in row:
            raise SkipRow(messages.MEMBER_NO_USER_ID, **words)
        status = self.status(row)
        if status is None:
            raise SkipRow(messages.MEMBER_STATUS, **words)
        return status


class TagMemberships(GroupMemberships):
    kind = "differentiation_tag_membership"
    family = TAGS


def delete_groups(importer: Importer, groups: Sequence[Group]) -> None:
    """Groups go with their memberships."""
    delete_all(importer.session, groups)
    for group in groups:
        delete_all(importer.session, importer.table(GroupMembership).find("group_id", group.id))


def _place(row: Row) -> str:
    if "course_id" in row:
        return f" in course {row['course_id']}"
    return f" in account {row['account_id']}" if "account_id" in row else ""
