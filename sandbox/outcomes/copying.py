"""Copying groups from one context into another."""

import sqlite3

from sandbox.outcomes import contexts, tree


def copy_group(db: sqlite3.Connection, source: tree.Row, target: tree.Row, now: str) -> int:
    """Copy a group with its subgroups into `target`; outcomes are linked, not copied. The new group's id.

    The target must not lie inside the source.
    """
    owner = contexts.context(db, *tree.owner(target))
    if owner is None:
        raise LookupError("a group without its context")
    subgroups = db.execute(
        "SELECT * FROM learning_outcome_groups WHERE learning_outcome_group_id = ? AND workflow_state = 'active'",
        (source["id"],),
    ).fetchall()
    names = {"title": source["title"], "description": source["description"] or "", "vendor_guid": source["vendor_guid"]}
    copied = tree.group(db, tree.add_group(db, owner, target["id"], now=now, **names))
    if copied is None:
        raise LookupError("a group that was just made")
    links = db.execute(
        "SELECT learning_outcome_id FROM outcome_links "
        "WHERE learning_outcome_group_id = ? AND workflow_state = 'active'",
        (source["id"],),
    )
    for link in links.fetchall():
        tree.add_link(db, copied, link["learning_outcome_id"])
    for subgroup in subgroups:
        copy_group(db, subgroup, copied, now)
    return int(copied["id"])
