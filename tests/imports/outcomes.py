"""Outcome files for tests, and the outcome tree of a practice Canvas through its API."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from canvas.client import CanvasClient
from canvas.outcome_records import OutcomeImport
from canvas.outcomes import Context
from imports.check.sources import Source
from imports.preview.present import Present, present_of
from tests.imports import files
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

COLUMNS = (
    "vendor_guid", "object_type", "title", "description", "display_name", "calculation_method", "calculation_int",
    "parent_guids", "workflow_state", "mastery_points", "ratings",
)  # fmt: skip
GROUPS = "vendor_guid,object_type,title,parent_guids\nA,group,Alpha,\nB,group,Beta,A\n"
SMALL = GROUPS + "o1,outcome,Writes,A\no2,outcome,Reads,B\n"

Row = Mapping[str, str]


def text(rows: Sequence[Row], columns: Sequence[str] = COLUMNS) -> str:
    """The rows as a file; `ratings` holds the cells from there on, parted by bars."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = [row.get(name, "") for name in columns if name != "ratings"]
        writer.writerow(cells + (row["ratings"].split("|") if row.get("ratings") else []))
    return out.getvalue()


def source(folder: Path, content: str, name: str = "outcomes.csv") -> Source:
    path = files.write(folder / name, content)
    return Source(name, path, path.stat().st_size)


def client(practice: Practice) -> CanvasClient:
    return CanvasClient(practice.url, practice.token, insecure_hosts=["127.0.0.1"])


def imported(
    practice: Practice, folder: Path, content: str, *, context: Context | None = None, group_id: int | None = None
) -> OutcomeImport:
    """The content imported straight into Canvas, by default into the root account."""
    canvas = client(practice)
    place = context or canvas.outcomes.root
    path = files.write(folder / "straight.csv", content)
    made = canvas.outcomes.create_import(place, path, filename="straight.csv", group_id=group_id)

    def ended() -> OutcomeImport | None:
        found = canvas.outcomes.read_import(place, made.id)
        return found if found.state in ("succeeded", "failed") else None

    found = wait_for(ended, what="the end of an outcome import")
    assert found is not None
    return found


def tree(practice: Practice, context: Context | None = None) -> Present:
    """What Canvas holds now."""
    canvas = client(practice)
    place = context or canvas.outcomes.root
    return present_of(canvas.outcomes.groups(place), canvas.outcomes.links(place))


def course(practice: Practice) -> int:
    """The id of a new course."""
    practice.send("courses.csv", "course_id,short_name,long_name,status\nB1,BIO 101,Basic Biology,active\n")
    found = wait_for(lambda: practice.api("GET", "accounts/self/courses"), what="the course")
    number: int = found[0]["id"]
    return number
