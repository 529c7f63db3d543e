"""Groups of outcomes and the links in them."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from sandbox.api.contexts import the_context
from sandbox.api.outcomes import read_change
from sandbox.http.answers import Answer, Stop, as_json, messages, not_found
from sandbox.http.calls import Call
from sandbox.http.paging import asked_page, counted_link
from sandbox.outcomes import contexts, editing, records, tree
from sandbox.outcomes.contexts import Context
from sandbox.outcomes.copying import copy_group
from sandbox.outcomes.editing import Invalid
from sandbox.outcomes.presenting import Presenter
from sandbox.outcomes.records import Outcome
from sandbox.outcomes.rows import update as update_row
from sandbox.outcomes.sanitising import safe_html
from sandbox.store.database import transaction

_STYLES = {"full", "abbrev"}


def root(call: Call) -> Answer:
    context = the_context(call)
    group = tree.root_group(call.site.db(), context, call.site.clock.text())
    location = f"{call.request.base}/api/v1/{context.path}/outcome_groups/{group['id']}"
    return Answer(302, headers=(("Location", location),))


def index(call: Call) -> Answer:
    """All groups of the context, the root too."""
    context = the_context(call)
    tree.root_group(call.site.db(), context, call.site.clock.text())
    return _groups(call, "context_type = ? AND context_id = ?", context.key, "id", "full")


def subgroups(call: Call) -> Answer:
    group = _the_group(call)
    return _groups(call, "learning_outcome_group_id = ?", (group["id"],), "title COLLATE NOCASE, id", "abbrev")


def show(call: Call) -> Answer:
    return call.json(Presenter(call.site.db()).group(_the_group(call)))


def links(call: Call) -> Answer:
    """All links of the context."""
    context = the_context(call)
    where = "links.context_type = ? AND links.context_id = ?"
    return _links(call, where, context.key, "links.id", "outcome_group_style")


def outcomes(call: Call) -> Answer:
    """The links of one group."""
    group = _the_group(call)
    where = "links.learning_outcome_group_id = ?"
    return _links(call, where, (group["id"],), "outcomes.short_description COLLATE NOCASE, links.id", "")


def create_subgroup(call: Call) -> Answer:
    parent, context, request = _the_group(call), the_context(call), call.request
    title = request.param("title") or ""
    if not title.strip() or len(title) > records.LONGEST_NAME:
        raise Stop(_error())
    group_id = tree.add_group(
        call.site.db(),
        context,
        parent["id"],
        title=title,
        now=call.site.clock.text(),
        description=safe_html(request.param("description") or ""),
        vendor_guid=request.param("vendor_guid"),
    )
    return _shown_group(call, group_id)


def change(call: Call) -> Answer:
    """Title, description, guid, and the group above."""
    group, context, request, db = _the_group(call), the_context(call), call.request, call.site.db()
    if group["learning_outcome_group_id"] is None:
        raise Stop(_error())
    given = {name: request.param(name) for name in ("title", "description", "vendor_guid")}
    changes: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    if parent_id := request.param("parent_outcome_group_id"):
        parent = tree.live_group(db, context, int(parent_id)) if parent_id.isdecimal() else None
        if parent is None or parent["id"] in tree.groups_below(db, group["id"]):
            raise Stop(_error())
        changes["learning_outcome_group_id"] = parent["id"]
    if "title" in changes and not str(changes["title"]).strip():
        raise Stop(_error())
    if changes:
        update_row(db, "learning_outcome_groups", group["id"], **changes)
    return _shown_group(call, group["id"])


def delete(call: Call) -> Answer:
    group, db = _the_group(call), call.site.db()
    if group["learning_outcome_group_id"] is None:
        raise Stop(_error())
    shown = Presenter(db).group(group)
    with transaction(db):
        tree.destroy_group(db, group["id"])
    return call.json(shown)


def create_outcome(call: Call) -> Answer:
    """Make an outcome and link it into the group."""
    group, db = _the_group(call), call.site.db()
    try:
        with transaction(db):
            new = editing.update(
                db, editing.blank(the_context(call)), read_change(call.request), call.site.clock.text()
            )
            return _linked(call, group, new)
    except Invalid as invalid:
        raise Stop(as_json({"errors": invalid.complaints}, 400)) from invalid


def link_outcome(call: Call) -> Answer:
    """Link an outcome of this context or one above; `move_from` is a group to take it out of."""
    group, context, db = _the_group(call), the_context(call), call.site.db()
    outcome = records.load(db, call.number("outcome_id"))
    if outcome is None or not _available(db, context, outcome):
        raise Stop(_error())
    with transaction(db):
        answer = _linked(call, group, outcome)
        source = call.request.param("move_from") or ""
        if source.isdecimal() and int(source) != group["id"]:
            found = tree.links(db, [context.key], outcome.id)
            tree.remove_links(db, [link for link in found if link["learning_outcome_group_id"] == int(source)])
    return answer


def unlink_outcome(call: Call) -> Answer:
    group, context, db = _the_group(call), the_context(call), call.site.db()
    outcome = records.load(db, call.number("outcome_id"))
    held = tree.links(db, [context.key], outcome.id) if outcome else []
    active = [link for link in held if link["workflow_state"] == "active"]
    here = [link for link in active if link["learning_outcome_group_id"] == group["id"]]
    if not here or outcome is None:
        raise Stop(not_found())
    if len(active) == 1 and tree.is_aligned(db, here[0]):
        reason = f'Outcome "{outcome.short_description}" cannot be deleted because it is aligned to content.'
        raise Stop(as_json({"message": reason}, 400))
    with transaction(db):
        tree.remove_links(db, here)
    gone = db.execute("SELECT * FROM outcome_links WHERE id = ?", (here[0]["id"],)).fetchone()
    return call.json(Presenter(db).link(gone, outcome, group))


def import_group(call: Call) -> Answer:
    """Copy a group with all inside into this one."""
    target, db = _the_group(call), call.site.db()
    source_id = call.request.param("source_outcome_group_id") or ""
    if not source_id:
        raise Stop(messages(400, "source_outcome_group_id is missing"))
    source = tree.group(db, int(source_id)) if source_id.isdecimal() else None
    if source is None or source["workflow_state"] != "active":
        raise Stop(not_found())
    if not _visible(db, the_context(call), tree.owner(source)) or target["id"] in tree.groups_below(db, source["id"]):
        raise Stop(_error())
    with transaction(db):
        copied = copy_group(db, source, target, call.site.clock.text())
    return _shown_group(call, copied)


def _the_group(call: Call) -> tree.Row:
    group = tree.live_group(call.site.db(), the_context(call), call.number("group_id"))
    if group is None:
        raise Stop(not_found())
    return group


def _groups(call: Call, where: str, values: Sequence[object], order: str, style: str) -> Answer:
    page, db = asked_page(call.request), call.site.db()
    source = f"FROM learning_outcome_groups WHERE workflow_state = 'active' AND {where}"
    total = db.execute(f"SELECT count(*) {source}", values).fetchone()[0]
    rows = db.execute(f"SELECT * {source} ORDER BY {order} LIMIT ? OFFSET ?", (*values, page.size, page.offset))
    presenter = Presenter(db)
    shown = [presenter.group(row, style) for row in rows.fetchall()]
    return call.json(shown, counted_link(call.request, page, total))


def _links(call: Call, where: str, values: Sequence[object], order: str, group_style: str) -> Answer:
    page, db = asked_page(call.request), call.site.db()
    source = (
        "FROM outcome_links links JOIN learning_outcomes outcomes ON outcomes.id = links.learning_outcome_id "
        f"WHERE links.workflow_state = 'active' AND outcomes.workflow_state = 'active' AND {where}"
    )
    total = db.execute(f"SELECT count(*) {source}", values).fetchone()[0]
    rows = db.execute(
        f"SELECT links.* {source} ORDER BY {order} LIMIT ? OFFSET ?", (*values, page.size, page.offset)
    ).fetchall()
    styles = _style(call, "outcome_style"), _style(call, group_style)
    return call.json([_link_json(db, row, *styles) for row in rows], counted_link(call.request, page, total))


def _style(call: Call, name: str) -> str:
    asked = call.request.param(name) or "abbrev"
    return asked if asked in _STYLES else "abbrev"


def _link_json(db: sqlite3.Connection, row: sqlite3.Row, outcome_style: str, group_style: str) -> dict[str, Any]:
    outcome, group = records.load(db, row["learning_outcome_id"]), tree.group(db, row["learning_outcome_group_id"])
    context = contexts.context(db, row["context_type"], row["context_id"])
    if outcome is None or group is None:
        raise LookupError("a link without its ends")
    return Presenter(db, context).link(row, outcome, group, outcome_style=outcome_style, group_style=group_style)


def _linked(call: Call, group: tree.Row, outcome: Outcome) -> Answer:
    """Link and show the link."""
    db = call.site.db()
    link_id = tree.add_link(db, group, outcome.id)
    row = db.execute("SELECT * FROM outcome_links WHERE id = ?", (link_id,)).fetchone()
    return call.json(_link_json(db, row, _style(call, "outcome_style"), "abbrev"))


def _shown_group(call: Call, group_id: int) -> Answer:
    row = tree.group(call.site.db(), group_id)
    if row is None:
        raise Stop(not_found())
    return call.json(Presenter(call.site.db()).group(row))


def _available(db: sqlite3.Connection, context: Context, outcome: Outcome) -> bool:
    if outcome.workflow_state != "active":
        return False
    return outcome.context_type is None or _visible(db, context, (outcome.context_type, outcome.context_id or 0))


def _visible(db: sqlite3.Connection, context: Context, owner: tuple[str, int]) -> bool:
    """Whether the owner is the context itself or an account above it."""
    return any(above.key == owner for above in contexts.chain(db, context))


def _error() -> Answer:
    """Canvas's answer is a bare word."""
    return as_json("error", 400)
