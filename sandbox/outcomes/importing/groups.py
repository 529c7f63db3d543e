"""Group rows."""

import re

from sandbox.outcomes import contexts, tree
from sandbox.outcomes.contexts import ACCOUNT, Context
from sandbox.outcomes.importing.parsing import BadRow, Row, check_for_group
from sandbox.outcomes.importing.place import Place
from sandbox.outcomes.records import LONGEST_NAME
from sandbox.outcomes.rows import update
from sandbox.outcomes.sanitising import safe_html

_BY_ID = re.compile(r"canvas_outcome_group:(\d{1,18})")


def import_group(place: Place, row: Row) -> None:
    """Raises BadRow, LostTarget."""
    check_for_group(row)
    context = _context(place, row)
    prior = _prior(place, context, row)
    parent = _parent(place, context, row, prior)
    if prior is not None and prior["outcome_import_id"] == place.import_id:
        raise BadRow(f'Group "{row["vendor_guid"]}" has already appeared in this import')
    _check_lengths(row)
    group_id = prior["id"] if prior else tree.add_group(place.db, context, parent["id"], title="", now=place.now)
    update(
        place.db,
        "learning_outcome_groups",
        group_id,
        learning_outcome_group_id=parent["id"],
        vendor_guid=row["vendor_guid"],
        title=row["title"],
        description=safe_html(row["description"]),
        workflow_state="active",
        outcome_import_id=place.import_id,
    )
    if row.deleted:
        tree.destroy_group(place.db, group_id)


def _context(place: Place, row: Row) -> Context:
    """The context in which the group lives: a course below the account where the row names one."""
    given = row["course_id"].strip()
    if not given:
        return place.context
    if place.context.type != ACCOUNT:
        raise BadRow("Cannot import to other courses")
    course = contexts.course(place.db, int(given)) if re.fullmatch(r"\d{1,18}", given) else None
    if course is None:
        raise BadRow(f"Course with canvas id {given} not found")
    if not contexts.is_in(place.db, course, place.context):
        raise BadRow(f"Target course {given} is not a child of current account ({place.context.name})")
    return course


def _prior(place: Place, context: Context, row: Row) -> tree.Row | None:
    """The group that the row means, if there is one yet: by its guid, else by the id that the guid spells."""
    found: tree.Row | None = place.db.execute(
        "SELECT * FROM learning_outcome_groups WHERE context_type = ? AND context_id = ? AND vendor_guid = ? "
        "ORDER BY workflow_state, id LIMIT 1",
        (*context.key, row["vendor_guid"]),
    ).fetchone()
    spelled = _BY_ID.search(row["vendor_guid"])
    if found is not None or spelled is None:
        return found
    by_id = tree.group(place.db, int(spelled[1]))
    if by_id is None:
        raise BadRow(f"Outcome group with canvas id {row['canvas_id']} not found")
    if tree.owner(by_id) == context.key:
        return by_id
    if not place.related(tree.owner(by_id)):
        elsewhere = contexts.context(place.db, *tree.owner(by_id))
        name = elsewhere.name if elsewhere else ""
        raise BadRow(
            f"Group with ID {row['vendor_guid']} already exists in another unrelated course or account ({name})"
        )
    return None


def _parent(place: Place, context: Context, row: Row, prior: tree.Row | None) -> tree.Row:
    if not row.parent_guids:
        parent = place.top_group(context)
        if prior is not None and parent["id"] in tree.groups_below(place.db, prior["id"]):
            raise BadRow(f"Cyclic reference detected when importing: {row['vendor_guid']}")
        return parent
    parents = place.parents(row.parent_guids, {context.key})
    if len(parents) > 1:
        raise BadRow("An outcome group can only have one parent")
    return parents[0]


def _check_lengths(row: Row) -> None:
    labels = {"title": "Title", "vendor_guid": "Vendor guid"}
    too_long = [name for name in labels if len(row[name]) > LONGEST_NAME]
    if too_long:
        raise BadRow(*(f"{labels[name]} is too long (maximum is {LONGEST_NAME} characters)" for name in too_long))
