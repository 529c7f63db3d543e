"""Trying an import out on a copy of the last known state."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from imports.forecast import figures
from imports.forecast.effects import write_effects
from imports.forecast.journal import keep_journal, statistics
from imports.forecast.storms import storms
from imports.known.applying import Application
from imports.known.cleanup import CLEANED, CleanUp, Verdict, terms_of
from imports.known.diffing import Difference, difference
from imports.known.reading import Csv, Rows, rows_of
from imports.known.state import KnownState, copied

# Higher than the number of every run that was learnt.
THIS_RUN = 2**62


@dataclass(frozen=True, slots=True)
class Base:
    """What Canvas would compare a data set with. `why_not` says why it cannot be compared here, if so."""

    label: str
    csvs: Sequence[Csv] = ()
    why_not: str = ""


@dataclass(frozen=True)
class Plan:
    """An upload and its options. `terms` as Canvas lists them: id, name, sis_term_id."""

    csvs: Sequence[Csv]
    options: Mapping[str, Any]
    terms: Sequence[Mapping[str, Any]] = ()
    base: Base | None = None


def scratch(result: Path) -> Path:
    """Where the copy lives while it is needed."""
    return result.with_suffix(".trial")


def try_out(plan: Plan, *, known: Path, result: Path) -> dict[str, Any]:
    """The figures of a forecast, ready for JSON; the lists behind them go into the SQLite file `result`."""
    result.unlink(missing_ok=True)
    with copied(known, scratch(result)) as state:
        state.db.execute("ATTACH DATABASE ? AS result", (str(result),))
        state.db.execute("PRAGMA result.journal_mode = OFF")
        state.db.execute("BEGIN")
        told = _Trial(plan, state).run()
        state.db.execute("COMMIT")
    return told


_UNKNOWN_TERM = "Easel cannot tell which courses are in this term: what the full batch removes is not counted."


class _Trial:
    def __init__(self, plan: Plan, state: KnownState) -> None:
        self._plan = plan
        self._db: sqlite3.Connection = state.db
        self._told: dict[str, Any] = {"warnings": [], "clean_up": None, "difference": None}
        state.learn_terms(plan.terms)

    def run(self) -> dict[str, Any]:
        db = self._db
        before = figures.count_before(db)
        files = self._files()
        keep_journal(db)
        applied = Application(db, THIS_RUN, self._plan.options).apply(files)
        if "batch_mode" in self._plan.options or "multi_term_batch_mode" in self._plan.options:
            self._clean_up(applied.rows)
        write_effects(db)
        return self._told | {
            "statistics": statistics(db),
            "storms": storms(db),
            "kinds": figures.kinds(db, applied, before),
            "columns": figures.columns(db),
            "places": figures.places(db),
            "totals": figures.totals(db),
            "losses": figures.losses(db),
        }

    def _files(self) -> list[Rows]:
        base = self._plan.base
        if base is None:
            return [rows_of(csv) for csv in self._plan.csvs]
        if base.why_not:
            self._told["warnings"].append(base.why_not)
            return [rows_of(csv) for csv in self._plan.csvs]
        sizes = (sum(csv.size for csv in base.csvs), sum(csv.size for csv in self._plan.csvs))
        compared = difference(self._db, base.csvs, self._plan.csvs, self._plan.options, sizes)
        self._told["difference"] = _difference_told(base, compared)
        self._told["warnings"] += compared.warnings
        return compared.files

    def _clean_up(self, rows: Mapping[str, int]) -> None:
        if not rows.keys() & set(CLEANED):
            return  # Canvas has nothing to compare the terms with, and removes nothing
        terms = terms_of(self._db, THIS_RUN, self._plan.options, self._plan.terms)
        empty = frozenset(kind for kind in CLEANED if rows.get(kind) == 0)
        told: dict[str, Any] = {"terms": terms or [], "verdicts": [], "stopped_by": "", "empty": sorted(empty)}
        self._told["clean_up"] = told
        if terms is None:
            self._told["warnings"].append(_UNKNOWN_TERM)
        elif not terms:
            told["stopped_by"] = "terms"
        else:
            clean_up = CleanUp(self._db, THIS_RUN, self._plan.options, terms, frozenset(rows), empty)
            verdicts = clean_up.verdicts()
            told["verdicts"] = [_verdict_told(verdict) for verdict in verdicts]
            told["stopped_by"] = next((verdict.kind for verdict in verdicts if verdict.stops), "")
            if not told["stopped_by"]:
                clean_up.remove()


def _verdict_told(verdict: Verdict) -> dict[str, Any]:
    return asdict(verdict) | {"percent": round(verdict.percent, 1), "stops": verdict.stops}


def _difference_told(base: Base, compared: Difference) -> dict[str, Any]:
    return {"base": base.label, "rows": compared.rows, "is_whole": compared.is_whole}
