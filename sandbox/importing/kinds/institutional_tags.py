"""Institutional tags: categories, tags, and who has them."""

from collections.abc import Sequence

from sandbox.importing import messages
from sandbox.importing.kinds.base import Importer, SkipRow, column
from sandbox.importing.reader import Row
from sandbox.store.records import InstitutionalTag, InstitutionalTagAssociation, InstitutionalTagCategory, Pseudonym


class TagCategories(Importer):
    kind = "institutional_tag_category"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(InstitutionalTagCategory).load("sis_source_id", column(rows, "category_id"))

    def apply(self, row: Row) -> None:
        status = checked_status(self, row, "category_id", "institutional tag category")
        categories = self.table(InstitutionalTagCategory)
        category = categories.first("sis_source_id", row["category_id"]) or categories.new(
            sis_source_id=row["category_id"], created_at=self.work.now
        )
        category.name = row["name"]
        category.description = row.get("description", category.description)
        category.workflow_state = status
        self.session.save(category)


class InstitutionalTags(Importer):
    kind = "institutional_tag"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(InstitutionalTag).load("sis_source_id", column(rows, "institutional_tag_id"))
        self.table(InstitutionalTagCategory).load("sis_source_id", column(rows, "category_id"))

    def apply(self, row: Row) -> None:
        words = {"what": "institutional tag", "id": row.get("institutional_tag_id", "")}
        status = checked_status(self, row, "institutional_tag_id", words["what"])
        category = self.table(InstitutionalTagCategory).first("sis_source_id", row.get("category_id"))
        if category is None or category.dead:
            raise SkipRow(messages.TAGGING_NO_CATEGORY, **words)
        if "description" not in row:
            raise SkipRow(messages.TAGGING_NO_DESCRIPTION, **words)
        tags = self.table(InstitutionalTag)
        tag = tags.first("sis_source_id", row["institutional_tag_id"]) or tags.new(
            sis_source_id=row["institutional_tag_id"], created_at=self.work.now
        )
        tag.name, tag.description, tag.category_id = row["name"], row["description"], category.id
        tag.workflow_state = status
        self.session.save(tag)


class TagAssociations(Importer):
    kind = "institutional_tag_association"

    def prefetch(self, rows: Sequence[Row]) -> None:
        self.table(InstitutionalTag).load("sis_source_id", column(rows, "institutional_tag_id"))
        self.table(Pseudonym).load("sis_user_id", column(rows, "user_id"))

    def apply(self, row: Row) -> None:
        words = {"what": "institutional tag association", "id": row.get("institutional_tag_id", "")}
        if "institutional_tag_id" not in row:
            raise SkipRow(messages.TAGGING_NO_ID, id_column="institutional_tag_id", **words)
        if "user_id" not in row:
            raise SkipRow(messages.TAGGING_NO_USER_ID)
        status = self.status(row)
        if status is None:
            raise SkipRow(messages.TAGGING_STATUS, **words)
        tag = self.table(InstitutionalTag).first("sis_source_id", row["institutional_tag_id"])
        if tag is None or tag.dead:
            raise SkipRow(messages.TAGGING_NO_TAG)
        login = self.table(Pseudonym).first("sis_user_id", row["user_id"])
        if login is None or login.dead:
            raise SkipRow(messages.TAGGING_NO_USER)
        associations = self.table(InstitutionalTagAssociation)
        held = associations.first("institutional_tag_id, user_id", (tag.id, login.user_id))
        if held is None and status == "deleted":
            return
        held = held or associations.new(institutional_tag_id=tag.id, user_id=login.user_id, created_at=self.work.now)
        held.workflow_state = status
        self.session.save(held)


def checked_status(importer: Importer, row: Row, id_column: str, what: str) -> str:
    """What categories and tags must have. Raises SkipRow."""
    words = {"what": what, "id": row.get(id_column, "")}
    if id_column not in row:
        raise SkipRow(messages.TAGGING_NO_ID, id_column=id_column, **words)
    if "name" not in row:
        raise SkipRow(messages.TAGGING_NO_NAME, **words)
    status = importer.status(row)
    if status is None:
        raise SkipRow(messages.TAGGING_STATUS, **words)
    return status
