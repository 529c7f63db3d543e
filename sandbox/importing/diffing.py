"""Importing only what changed since an earlier import of the same data set."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from canvas.formats import SIS_KINDS, SisKind
from sandbox.importing import files, messages
from sandbox.importing.batch import Batch, Message
from sandbox.importing.csv_diff import HeadersDiffer, write_diff
from sandbox.importing.messages import fill
from sandbox.importing.prepare import Csv, recognise_quietly
from sandbox.importing.unpack import unpack, unpacked_size

if TYPE_CHECKING:
    from sandbox.site import Site

_SUCCEEDED = ("imported", "imported_with_messages")


@dataclass(frozen=True, slots=True)
class _Base:
    """The import that is compared with."""

    id: int
    filename: str


class Diff:
    """The comparison of one import with its predecessor, where there is one. Truth value: whether there is."""

    def __init__(self, site: "Site", batch: Batch) -> None:
        self._site = site
        self._batch = batch
        self._folder = site.files / str(batch.id)
        self._previous_folder = self._folder / "previous"
        options = batch.options
        wanted = options.diffing_data_set_identifier is not None and not options.diffing_remaster
        self._base = self._find_base() if wanted else None

    def __bool__(self) -> bool:
        return self._base is not None

    def reduce(self, current: list[Csv]) -> list[Csv]:
        """The CSVs to import: reduced ones where the comparison worked, else the whole ones.

        Raises BadArchive.
        """
        if self._base is None or not current:
            return current
        if self._size_differs_too_much(self._base):
            return self._exceeded(messages.DIFF_SIZE, current)
        previous = self._previous(self._base)
        reduced = [part for kind in SIS_KINDS for part in self._reduce_kind(kind, previous, current)]
        shutil.rmtree(self._previous_folder, ignore_errors=True)
        limit = self._batch.options.diff_row_count_threshold
        # Files that were not compared stay whole, and their rows do not count.
        if limit is not None and sum(csv.rows for csv in reduced if csv not in current) > limit:
            return self._exceeded(messages.DIFF_ROWS, current)
        self._keep(self._base, reduced)
        return reduced

    def _find_base(self) -> _Base | None:
        """The latest success that was a remaster or carries a diff itself, or else the first of the chain."""
        rows = self._site.db().execute(
            f"SELECT id, filename, options, data FROM sis_batches WHERE id <> ? AND workflow_state IN {_SUCCEEDED} "
            "AND diffing_threshold_exceeded = 0 AND json_extract(options, '$.diffing_data_set_identifier') = ? "
            "ORDER BY created_at, id",
            (self._batch.id, self._batch.options.diffing_data_set_identifier),
        )
        chain = rows.fetchall()
        joints = [
            row
            for row in chain
            if json.loads(row["options"])["diffing_remaster"]
            or "diffed_against_sis_batch_id" in json.loads(row["data"])
        ]
        chosen = joints[-1] if joints else next(iter(chain), None)
        return chosen and _Base(chosen["id"], chosen["filename"])

    def _size_differs_too_much(self, base: _Base) -> bool:
        threshold = self._batch.options.change_threshold
        if threshold is None:
            return False
        current = unpacked_size(files.upload_path(self._site, self._batch.id), self._batch.filename)
        previous = unpacked_size(files.upload_path(self._site, base.id), base.filename)
        return previous > 0 and abs(1 - current / previous) * 100 > threshold

    def _exceeded(self, message: str, current: list[Csv]) -> list[Csv]:
        self._batch.exceed_diffing_threshold()
        self._warn(message)
        return current

    def _previous(self, base: _Base) -> list[Csv]:
        upload = files.upload_path(self._site, base.id)
        return recognise_quietly(unpack(upload, base.filename, self._previous_folder))

    def _reduce_kind(self, kind: SisKind, previous: Iterable[Csv], current: Iterable[Csv]) -> list[Csv]:
        before = [csv for csv in previous if csv.kind is kind]
        now = [csv for csv in current if csv.kind is kind]
        if not before or not now or not kind.key:
            return now
        pairs = _pairs(before, now)
        if pairs is None:
            self._warn(fill(messages.DIFF_MISMATCH, {"kind": kind.name}))
            return now
        try:
            return [self._write(old, new) for old, new in pairs]
        except HeadersDiffer:
            self._warn(messages.DIFF_HEADERS)
            return now

    def _write(self, old: Csv, new: Csv) -> Csv:
        target = self._folder / "diffed" / f"{new.path.name}.diff.csv"
        target.parent.mkdir(parents=True, exist_ok=True)
        rows = write_diff(old.path, new.path, new.kind.key, self._removed_status(new.kind), target)
        return replace(new, path=target, rows=rows)

    def _removed_status(self, kind: SisKind) -> str:
        options = self._batch.options
        by_kind = {"enrollment": options.diffing_drop_status, "user": options.diffing_user_remove_status}
        return by_kind.get(kind.name) or "deleted"

    def _keep(self, base: _Base, reduced: Iterable[Csv]) -> None:
        ids = [files.attach(self._site, self._batch.id, files.DIFFED, Path(c.name).name, c.path) for c in reduced]
        self._batch.data["downloadable_attachment_ids"] += ids
        self._batch.data |= {"diffed_against_sis_batch_id": base.id, "diffed_attachment_ids": ids}

    def _warn(self, message: str) -> None:
        self._batch.report([Message(None, message)])


def _pairs(before: list[Csv], now: list[Csv]) -> list[tuple[Csv, Csv]] | None:
    """Which files belong together: one of each, or by their names; None where that cannot be told."""
    if len(before) == len(now) == 1:
        return [(before[0], now[0])]
    old = {Path(csv.name).name: csv for csv in before}
    new = {Path(csv.name).name: csv for csv in now}
    if len(before) != len(now) or old.keys() != new.keys() or len(new) != len(now):
        return None
    return [(old[name], new[name]) for name in new]
