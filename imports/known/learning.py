"""Taking up what an import of ours did, once Canvas has ended it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imports.known.applying import Application
from imports.known.cleanup import CleanUp, terms_of
from imports.known.reading import Place, Rows
from imports.known.state import KnownState

APPLIED = "applied"


@dataclass(frozen=True)
class Lesson:
    """One import that has ended. `run` is higher than that of every import before it.

    `refused` are the rows that Canvas refused by message; all others it has accepted. `is_stopped`: a full batch that
    ended before its clean-up.
    """

    run: int
    files: Sequence[Rows]
    options: Mapping[str, Any]
    terms: Sequence[Mapping[str, Any]] = ()
    refused: frozenset[Place] = frozenset()
    is_stopped: bool = False


def learn(state: KnownState, lesson: Lesson) -> None:
    """Apply it, and note that it was; a second time does nothing."""
    with state.changing():
        if lesson.run in state.learnt():
            return
        state.learn_terms(lesson.terms)
        application = Application(state.db, lesson.run, lesson.options, lesson.refused, trusting=True)
        applied = application.apply(lesson.files)
        is_batch = "batch_mode" in lesson.options or "multi_term_batch_mode" in lesson.options
        if is_batch and not lesson.is_stopped:
            _clean_up(state, lesson, frozenset(applied.rows))
        state.note(lesson.run, APPLIED)


def _clean_up(state: KnownState, lesson: Lesson, supplied: frozenset[str]) -> None:
    """Canvas has let it pass, so no limit was exceeded."""
    terms = terms_of(state.db, lesson.run, lesson.options, lesson.terms)
    if terms:
        CleanUp(state.db, lesson.run, lesson.options, terms, supplied).remove()
