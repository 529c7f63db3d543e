"""Outcome rows."""

import re
from dataclasses import replace

from sandbox.outcomes import contexts, methods, records, tree
from sandbox.outcomes.importing.parsing import BadRow, Row
from sandbox.outcomes.importing.place import Place
from sandbox.outcomes.records import DEFAULT_CRITERION, Criterion, Outcome
from sandbox.outcomes.sanitising import safe_html
from sandbox.ruby import integer, listed

_BY_ID = re.compile(r"canvas_outcome:(\d{1,18})")


def import_outcome(place: Place, row: Row) -> None:
    """Raises BadRow, LostTarget."""
    if row["course_id"].strip():
        raise BadRow(f"Invalid fields for an outcome: {listed(['course_id'])}")
    prior = _prior(place, row)
    scope = place.scope()
    parents = _parents(place, row, scope)
    wanted = _wanted(place, row, prior)
    if wanted.id and wanted.outcome_import_id == place.import_id:
        raise BadRow(f'Outcome "{row["vendor_guid"]}" has already appeared in this import')
    if (wanted.context_type, wanted.context_id) == place.context.key:
        outcome_id = _save(place, wanted, row)
    else:
        outcome_id = _unchanged(place, prior or wanted, wanted)
    _set_links(place, scope, outcome_id, [] if row.deleted else parents)
    if row.deleted:
        tree.retire(place.db, outcome_id)


def _prior(place: Place, row: Row) -> Outcome | None:
    """The outcome that the row means, wherever on the site it lives. Raises BadRow."""
    spelled = _BY_ID.search(row["vendor_guid"])
    if spelled:
        prior = records.load(place.db, int(spelled[1]))
        if prior is None:
            raise BadRow(f'Outcome with canvas id "{row["canvas_id"]}" not found')
    else:
        found = place.db.execute(
            "SELECT * FROM learning_outcomes WHERE vendor_guid = ? ORDER BY workflow_state, id LIMIT 1",
            (row["vendor_guid"],),
        ).fetchone()
        prior = found and Outcome.of(found)
    if prior is not None and prior.context_type is not None and prior.context_id is not None:
        _check_visible(place, row, (prior.context_type, prior.context_id))
    return prior


def _check_visible(place: Place, row: Row, owner: tuple[str, int]) -> None:
    if all(above.key != owner for above in contexts.chain(place.db, place.context)):
        elsewhere = contexts.context(place.db, *owner)
        name = elsewhere.name if elsewhere else ""
        guid = row["vendor_guid"]
        raise BadRow(f"Outcome with ID {guid} already exists in another unrelated course or account ({name})")


def _parents(place: Place, row: Row, scope: set[tuple[str, int]]) -> list[tree.Row]:
    if row.parent_guids:
        return place.parents(row.parent_guids, scope)
    return [place.top_group(place.context)]


def _wanted(place: Place, row: Row, prior: Outcome | None) -> Outcome:
    """The outcome as the row would have it."""
    start = prior or _blank(place)
    method = methods.saved_method(row["calculation_method"], new_decaying_average=place.new_decaying_average)
    number = integer(row["calculation_int"]) if row["calculation_int"].strip() else None
    return replace(
        start,
        vendor_guid=row["vendor_guid"],
        short_description=row["title"],
        description=_kept_blank(start.description, safe_html(row["description"])),
        display_name=_kept_blank(start.display_name, row["display_name"]),
        calculation_method=method,
        calculation_int=methods.saved_number(method, number),
        criterion=_criterion(start.criterion, row),
        workflow_state=start.workflow_state if row.deleted else "active",
    )


def _blank(place: Place) -> Outcome:
    kind, number = place.context.key
    return Outcome(0, kind, number, "", None, None, None, None, None, DEFAULT_CRITERION, "active", None)


def _kept_blank(prior: str | None, given: str) -> str | None:
    """A blank cell says nothing about a value that was blank already; the file cannot tell null from empty."""
    return prior if not given.strip() and not (prior or "").strip() else given


def _criterion(prior: Criterion, row: Row) -> Criterion:
    """Ratings or mastery points that differ replace everything; mastery alone leaves no ratings behind."""
    given = Criterion.of(row.ratings, row.mastery_points)
    new_ratings = bool(row.ratings) and given.ratings != prior.ratings
    new_mastery = row.mastery_points is not None and row.mastery_points != prior.mastery_points
    return given if new_ratings or new_mastery else prior


def _save(place: Place, wanted: Outcome, row: Row) -> int:
    method = wanted.calculation_method or ""
    complaints = wanted.complaints() | methods.complaints(method, wanted.calculation_int)
    if complaints:
        raise BadRow(*(f"{name.replace('_', ' ').capitalize()} {text}" for name, text in complaints.items()))
    outcome_id = records.save(place.db, replace(wanted, outcome_import_id=place.import_id), place.now)
    if "friendly_description" in row.cells:
        records.describe_friendly(place.db, outcome_id, place.context.key, row["friendly_description"])
    return outcome_id


def _unchanged(place: Place, prior: Outcome, wanted: Outcome) -> int:
    """An outcome of an account above may be linked, not changed; only its guid may read otherwise."""
    changed = wanted.changed_names(prior)
    if changed not in ([], ["vendor_guid"]):
        owner = contexts.context(place.db, prior.context_type or "", prior.context_id or 0)
        where = f'"{owner.name}"' if owner else "the global context"
        raise BadRow(
            f"Cannot modify outcome from another context: {listed(changed)}; outcome must be modified in {where}"
        )
    return prior.id


def _set_links(place: Place, scope: set[tuple[str, int]], outcome_id: int, parents: list[tree.Row]) -> None:
    """The row's parents become the outcome's only groups; links that something is aligned through stay."""
    for parent in parents:
        tree.add_link(place.db, parent, outcome_id)
    wanted = {parent["id"] for parent in parents}
    others = [
        link
        for link in tree.links(place.db, scope, outcome_id)
        if link["workflow_state"] == "active" and link["learning_outcome_group_id"] not in wanted
    ]
    tree.remove_links(place.db, [link for link in others if not tree.is_aligned(place.db, link)])
