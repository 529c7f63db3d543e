"""What tests do to the outcomes of a site, and what they look at."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.outcomes import contexts, flags, imports
from sandbox.outcomes.contexts import Context
from sandbox.outcomes.imports import Upload
from sandbox.outcomes.rows import insert
from sandbox.site import Site

COLUMNS = (
    "vendor_guid,object_type,title,description,display_name,calculation_method,calculation_int,parent_guids,"
    "workflow_state,mastery_points,course_id,friendly_description,ratings"
).split(",")

FILLERS = {"vendor_guid": "a", "object_type": "outcome", "title": "A"}


def row(*ratings: str, **cells: str) -> list[str]:
    """A row of COLUMNS, an outcome `a` titled `A` where nothing else is said."""
    return [(FILLERS | cells).get(name, "") for name in COLUMNS[:-1]] + list(ratings)


def group(guid: str, **cells: str) -> list[str]:
    return row(**{"vendor_guid": guid, "object_type": "group", "title": guid.upper(), **cells})


def outcome(guid: str, *ratings: str, **cells: str) -> list[str]:
    return row(*ratings, **{"vendor_guid": guid, "object_type": "outcome", "title": guid.upper(), **cells})


def text(rows: list[list[str]]) -> bytes:
    """The file; it has a column `course_id` only where a row fills it, for that column changes what an import does."""
    place = COLUMNS.index("course_id")
    lines = [COLUMNS, *rows]
    if not any(cells[place] for cells in rows):
        lines = [cells[:place] + cells[place + 1 :] for cells in lines]
    memory = io.StringIO()
    csv.writer(memory, lineterminator="\n").writerows(lines)
    return memory.getvalue().encode()


@dataclass(frozen=True)
class Desk:
    site: Site
    folder: Path

    @property
    def root(self) -> Context:
        return self.account("Practice University")

    def account(self, name: str) -> Context:
        row = self.site.db().execute("SELECT id FROM accounts WHERE name = ?", (name,)).fetchone()
        found = contexts.account(self.site.db(), row["id"])
        assert found is not None
        return found

    def course(self, name: str) -> Context:
        row = self.site.db().execute("SELECT id FROM courses WHERE name = ?", (name,)).fetchone()
        found = contexts.course(self.site.db(), row["id"])
        assert found is not None
        return found

    def switch(self, flag: str, *, on: bool) -> None:
        flags.switch(self.site.db(), flag, on=on)

    def send(self, *rows: list[str], into: Context | None = None, group_id: int | None = None) -> dict[str, Any]:
        """Import rows of COLUMNS; the import when it has ended."""
        return self.send_bytes(text(list(rows)), into=into, group_id=group_id)

    def send_bytes(self, content: bytes, *, into: Context | None = None, group_id: int | None = None) -> dict[str, Any]:
        file = self.folder / "outcomes.csv"
        file.write_bytes(content)
        context = into or self.root
        import_id = imports.create(self.site, context, Upload(file, "outcomes.csv", group_id), 1)
        self.site.outcome_queue.ring()
        assert self.site.outcome_queue.settle()
        return self.show(import_id, context)

    def show(self, import_id: int, context: Context | None = None) -> dict[str, Any]:
        found = imports.show(self.site, context or self.root, str(import_id))
        assert found is not None
        return found

    def errors(self, *rows: list[str], into: Context | None = None, group_id: int | None = None) -> list[list[object]]:
        """Row and message of what an import complains about; it must have succeeded all the same."""
        ended = self.send(*rows, into=into, group_id=group_id)
        assert ended["workflow_state"] == "succeeded"
        found: list[list[object]] = ended["processing_errors"]
        return found

    def outcome(self, guid: str) -> dict[str, Any]:
        """The stored outcome by its guid."""
        found = self.site.db().execute("SELECT * FROM learning_outcomes WHERE vendor_guid = ?", (guid,)).fetchone()
        return dict(found)

    def group(self, guid: str) -> dict[str, Any]:
        found = self.site.db().execute("SELECT * FROM learning_outcome_groups WHERE vendor_guid = ?", (guid,))
        return dict(found.fetchone())

    def parents(self, guid: str) -> list[str]:
        """Titles of the groups that an outcome is linked in."""
        rows = self.site.db().execute(
            "SELECT groups.title FROM outcome_links links "
            "JOIN learning_outcome_groups groups ON groups.id = links.learning_outcome_group_id "
            "JOIN learning_outcomes outcomes ON outcomes.id = links.learning_outcome_id "
            "WHERE links.workflow_state = 'active' AND outcomes.vendor_guid = ? ORDER BY groups.title",
            (guid,),
        )
        return [found["title"] for found in rows]

    def created_group_ids(self, ended: dict[str, Any]) -> list[str] | None:
        return imports.created_group_ids(self.site, self.root, str(ended["id"]))

    def align(self, guid: str, course: Context) -> None:
        """Align something in the course with the outcome."""
        insert(
            self.site.db(),
            "outcome_alignments",
            learning_outcome_id=self.outcome(guid)["id"],
            course_id=course.id,
            content_type="Rubric",
            content_id=1,
            title="Essay rubric",
            workflow_state="active",
        )
