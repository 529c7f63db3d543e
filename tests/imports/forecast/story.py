"""A practice Canvas and what Easel knows of it, side by side: each upload is forecast, sent, and learnt."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from canvas.formats import kind_of
from imports.forecast.trial import Base, Plan, try_out
from imports.known.diffing import difference
from imports.known.learning import Lesson, learn
from imports.known.reading import Csv, Rows, rows_of
from imports.known.refusals import refuses
from imports.known.state import opened
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

Json = dict[str, Any]
Files = Mapping[str, Sequence[str]]
_ENDED = ("imported", "imported_with_messages", "failed", "failed_with_messages", "aborted")
# What an e-mail address makes of a user is no part of the forecast.
_LEFT_OUT = "CommunicationChannel"


class Story:
    def __init__(self, practice: Practice, folder: Path) -> None:
        self.practice = practice
        self.folder = folder
        self.known = folder / "known.sqlite3"
        self._before: dict[str, list[Csv]] = {}
        self._sent = 0
        with opened(self.known):
            pass

    def forecast(self, files: Files, **options: Any) -> Json:
        """What Easel says beforehand."""
        csvs = self._csvs(files)
        data_set = options.get("diffing_data_set_identifier", "")
        base = Base("the last one", self._before[data_set]) if data_set in self._before else None
        plan = Plan(csvs, options, self._terms(), base)
        return try_out(plan, known=self.known, result=self.folder / "effects.sqlite3")

    def send(self, files: Files, **options: Any) -> tuple[Json, Json]:
        """The forecast, and what Canvas then reports of the same files."""
        told = self.forecast(files, **options)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, lines in files.items():
                archive.writestr(name, "\n".join(lines) + "\n")
        sent = self.practice.send("upload.zip", packed.getvalue(), **options)
        address = f"accounts/self/sis_imports/{sent['id']}"

        def ended() -> Json | None:
            found: Json = self.practice.api("GET", address)
            return found if found["workflow_state"] in _ENDED else None

        done = wait_for(ended, what="the end of the import")
        assert done
        if done["workflow_state"] in {"imported", "imported_with_messages", "aborted"}:
            self._learn(files, options, self._refused(address), is_stopped=done["workflow_state"] == "aborted")
        return told, done

    def _refused(self, address: str) -> frozenset[tuple[str, int]]:
        said = self.practice.api("GET", f"{address}/errors", params={"per_page": 100})["sis_import_errors"]
        return frozenset((one["file"], one["row"]) for one in said if one["row"] and refuses(one["message"]))

    def _learn(self, files: Files, options: Json, refused: frozenset[tuple[str, int]], *, is_stopped: bool) -> None:
        self._sent += 1
        csvs, data_set = self._csvs(files), options.get("diffing_data_set_identifier", "")
        with opened(self.known) as state:
            rows: list[Rows] = [rows_of(csv) for csv in csvs]
            if data_set in self._before:
                rows = difference(state.db, self._before[data_set], csvs, options, (0, 0)).files
            learn(state, Lesson(self._sent, rows, options, self._terms(), refused, is_stopped))
        if data_set:
            self._before[data_set] = csvs

    def _csvs(self, files: Files) -> list[Csv]:
        return [_csv(name, lines) for name, lines in files.items()]

    def _terms(self) -> list[Json]:
        terms: list[Json] = self.practice.api("GET", "accounts/self/terms")["enrollment_terms"]
        return terms


def _csv(name: str, lines: Sequence[str]) -> Csv:
    content = ("\n".join(lines) + "\n").encode()
    kind = kind_of(lines[0].split(","))
    assert kind
    return Csv(name.rpartition("/")[2], kind, lambda: io.BytesIO(content), len(content))


def canvas_changes(done: Json) -> dict[str, dict[str, int]]:
    """Canvas's own statistics, without what did not happen."""
    told: dict[str, dict[str, int]] = {}
    for name, fields in done["data"]["statistics"].items():
        if isinstance(fields, dict) and name != _LEFT_OUT:
            happened = {field: count for field, count in fields.items() if count}
            if happened:
                told[name] = happened
    return told


def canvas_removals(done: Json) -> dict[str, int]:
    """What Canvas's clean-up counted per kind."""
    counts = done["data"]["counts"]
    return {
        name.removeprefix("batch_").removesuffix("s_deleted"): count
        for name, count in counts.items()
        if name.startswith("batch_")
    }
