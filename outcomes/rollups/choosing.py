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


def columns_of(sheet: Sheet, rows: Rows, *, text: str = "", with_results_only: bool = False) -> list[int]:
    """The places of the outcomes that these words find, or for which one of these students has a result; in order."""
    kept: Mask = np.ones(len(sheet.outcomes), bool)
    if with_results_only:
        kept &= (sheet.counts[rows] > 0).any(axis=0)
    words = text.split()
    return [
        place
        for place, one in enumerate(sheet.outcomes)
        if kept[place] and _has(words, f"{' '.join(one.path)} {one.title} {one.display_name} {one.vendor_guid}")
    ]


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
    told = f"{student.name} {student.sortable_name} {student.sis_id} {student.login_id}"
    return not chosen.text or _has(chosen.text.split(), told)


def _has(words: Collection[str], told: str) -> bool:
    """Whether all words are in a text, whatever their case and accents."""
    text = plain(told) if words else ""
    return all(plain(word) in text for word in words)
