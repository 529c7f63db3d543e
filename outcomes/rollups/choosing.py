"""Which students of a sheet are shown, and in what order. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from outcomes.rollups.sheet import Mask, Rows, Scores, Sheet, Student, plain

BY_NAME = 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person wants to see. `order` is `BY_NAME` or an outcome's id; states as Canvas names them.

    `without_states`: a student goes only when every place they hold, in the section asked for, is in such a state.
    """

    section: int | None = None
    without_states: frozenset[str] = frozenset()
    text: str = ""
    with_results_only: bool = False
    order: int = BY_NAME
    descending: bool = False


def rows_of(sheet: Sheet, chosen: Chosen) -> Rows:
    """The places of the chosen students in their order; who has no score comes last, whatever the direction."""
    kept = np.array([_is_kept(student, chosen) for student in sheet.students], bool)
    if chosen.with_results_only:
        kept &= (sheet.counts > 0).any(axis=1)
    rows = np.flatnonzero(kept)
    names = sheet.name_ranks
    column = sheet.column(chosen.order) if chosen.order != BY_NAME else None
    if column is None:
        ranked: Rows = rows[np.argsort(names[rows], kind="stable")]
        return ranked[::-1] if chosen.descending else ranked
    return _by_score(rows, sheet.scores[rows, column], names[rows], descending=chosen.descending)


def _by_score(rows: Rows, scores: Scores, names: Rows, *, descending: bool) -> Rows:
    """Ties by name; turned round with the scores, as Canvas does."""
    missing: Mask = np.isnan(scores)
    sign = -1 if descending else 1
    ordered: Rows = rows[np.lexsort((sign * names, sign * np.where(missing, 0, scores), missing))]
    return ordered


def _is_kept(student: Student, chosen: Chosen) -> bool:
    places = [state for section, state in student.places if chosen.section in (None, section)]
    if chosen.section is not None and not places:
        return False
    if places and chosen.without_states.issuperset(places):
        return False
    return not chosen.text or _matches(student, chosen.text.split())


def _matches(student: Student, words: Collection[str]) -> bool:
    told = plain(f"{student.name} {student.sortable_name} {student.sis_id} {student.login_id}")
    return all(plain(word) in told for word in words)
