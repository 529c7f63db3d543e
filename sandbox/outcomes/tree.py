"""Groups and the links that put outcomes into them."""

import sqlite3
from collections.abc import Iterable

from sandbox.outcomes.contexts import Context
from sandbox.outcomes.rows import insert

Row = sqlite3.Row


def root_group(db: sqlite3.Connection, context: Context, now: str) -> Row:
    """The top of a context's tree, made when it is first asked for; titled as the context."""
    found = _root(db, context)
    if found is None:
        add_group(db, context, None, title=context.name, now=now)
        found = _root(db, context)
    assert found is not None  # noqa: S101 - it was added in the line above
    return found


def add_group(
    db: sqlite3.Connection,
    context: Context,
    parent_id: int | None,
    *,
    title: str,
    now: str,
    description: str = "",
    vendor_guid: str | None = None,
) -> int:
    return insert(
        db,
        "learning_outcome_groups",
        context_type=context.type,
        context_id=context.id,
        learning_outcome_group_id=parent_id,
        title=title,
        description=description,
        vendor_guid=vendor_guid,
        workflow_state="active",
        created_at=now,
    )


def group(db: sqlite3.Connection, group_id: int) -> Row | None:
    found: Row | None = db.execute("SELECT * FROM learning_outcome_groups WHERE id = ?", (group_id,)).fetchone()
    return found


def live_group(db: sqlite3.Connection, context: Context, group_id: int) -> Row | None:
    """A group of this context that was not deleted."""
    found = group(db, group_id)
    if found is None or found["workflow_state"] != "active" or owner(found) != context.key:
        return None
    return found


def owner(row: Row) -> tuple[str, int]:
    return row["context_type"], row["context_id"]


def groups_below(db: sqlite3.Connection, group_id: int) -> set[int]:
    """The group itself and all groups inside it."""
    rows = db.execute(
        "WITH RECURSIVE below (id) AS (SELECT ? UNION SELECT groups.id FROM learning_outcome_groups groups "
        "JOIN below ON groups.learning_outcome_group_id = below.id) SELECT id FROM below",
        (group_id,),
    )
    return {row["id"] for row in rows}


def destroy_group(db: sqlite3.Connection, group_id: int) -> None:
    """Delete a group with everything inside it; outcomes that are then linked nowhere go too."""
    doomed = groups_below(db, group_id)
    marks = ", ".join("?" * len(doomed))
    links = db.execute(
        f"SELECT * FROM outcome_links WHERE workflow_state = 'active' AND learning_outcome_group_id IN ({marks})",
        tuple(doomed),
    ).fetchall()
    remove_links(db, links)
    db.execute(
        f"UPDATE learning_outcome_groups SET workflow_state = 'deleted' WHERE id IN ({marks})",
        tuple(doomed),
    )


def links(db: sqlite3.Connection, context_keys: Iterable[tuple[str, int]], outcome_id: int) -> list[Row]:
    """All links of an outcome in these contexts, deleted ones too."""
    return [
        row
        for key in context_keys
        for row in db.execute(
            "SELECT * FROM outcome_links WHERE context_type = ? AND context_id = ? AND learning_outcome_id = ?",
            (*key, outcome_id),
        )
    ]


def add_link(db: sqlite3.Connection, group_row: Row, outcome_id: int) -> int:
    """Link an outcome into a group, reviving a link that was deleted; the link's id."""
    held = db.execute(
        "SELECT id FROM outcome_links WHERE learning_outcome_group_id = ? AND learning_outcome_id = ?",
        (group_row["id"], outcome_id),
    ).fetchone()
    if held:
        db.execute("UPDATE outcome_links SET workflow_state = 'active' WHERE id = ?", (held["id"],))
        return int(held["id"])
    return insert(
        db,
        "outcome_links",
        context_type=group_row["context_type"],
        context_id=group_row["context_id"],
        learning_outcome_group_id=group_row["id"],
        learning_outcome_id=outcome_id,
        workflow_state="active",
    )


def remove_links(db: sqlite3.Connection, doomed: Iterable[Row]) -> None:
    """Delete links, and the outcomes that no link is left for."""
    for link in doomed:
        db.execute("UPDATE outcome_links SET workflow_state = 'deleted' WHERE id = ?", (link["id"],))
        retire(db, link["learning_outcome_id"])


def retire(db: sqlite3.Connection, outcome_id: int) -> None:
    """Delete an outcome unless it is linked somewhere."""
    db.execute(
        "UPDATE learning_outcomes SET workflow_state = 'deleted' WHERE id = ? AND NOT EXISTS "
        "(SELECT 1 FROM outcome_links WHERE learning_outcome_id = ? AND workflow_state = 'active')",
        (outcome_id, outcome_id),
    )


def is_aligned(db: sqlite3.Connection, link: Row) -> bool:
    """Whether something in the link's context is aligned with its outcome. Only courses hold what can be aligned."""
    if link["context_type"] != "Course":
        return False
    found = db.execute(
        "SELECT 1 FROM outcome_alignments "
        "WHERE course_id = ? AND learning_outcome_id = ? AND workflow_state = 'active'",
        (link["context_id"], link["learning_outcome_id"]),
    )
    return found.fetchone() is not None


def _root(db: sqlite3.Connection, context: Context) -> Row | None:
    found: Row | None = db.execute(
        "SELECT * FROM learning_outcome_groups WHERE context_type = ? AND context_id = ? "
        "AND learning_outcome_group_id IS NULL AND workflow_state = 'active'",
        context.key,
    ).fetchone()
    return found
