"""The files in samples/, sent to a practice Canvas, do what samples/README.md says they do."""

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dashboard.demo import UNIVERSITY
from tests.servers.practice import Practice
from tests.servers.processes import wait_for

SAMPLES = Path(__file__).parents[2] / "samples"
ENDED = {"imported", "imported_with_messages", "failed", "failed_with_messages", "aborted"}


def zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("*.csv")):
            archive.write(path, path.name)
    return buffer.getvalue()


def sent(practice: Practice, folder: Path) -> dict[str, Any]:
    """The import of all files of the folder, once Canvas has ended it."""
    number = practice.send("sis.zip", zipped(folder))["id"]

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = practice.api("GET", f"accounts/self/sis_imports/{number}")
        return found if found["workflow_state"] in ENDED else None

    found = wait_for(ended, what="the import to end")
    assert found is not None
    return found


def rows(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def table_rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of samples/README.md, without back-ticks."""
    section = (SAMPLES / "README.md").read_text(encoding="utf-8").split(heading)[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(params=["empty", "as the demo fills it"])
def university(request: pytest.FixtureRequest, practice: Practice) -> Practice:
    """A site before anything was sent."""
    if request.param != "empty":
        practice.control("POST", "seed", UNIVERSITY)
    return practice


def test_canvas_takes_every_row_of_the_clean_set(university: Practice) -> None:
    ended = sent(university, SAMPLES / "clean")
    promised = {name.removesuffix(".csv"): int(count) for name, count in table_rows("## `clean/`")}
    counts = {kind: ended["data"]["counts"][kind] for kind in promised}
    assert (ended["workflow_state"], counts) == ("imported", promised)
    created = {kind: ended["data"]["statistics"][kind]["created"] for kind in ("Course", "Pseudonym", "Enrollment")}
    assert list(created.values()) == [promised["courses"], promised["users"], promised["enrollments"]]


@pytest.mark.parametrize("path", sorted((SAMPLES / "clean").glob("*.csv")), ids=lambda path: path.name)
def test_the_clean_set_has_as_many_rows_as_its_description_says(path: Path) -> None:
    assert [path.name, str(rows(path))] in table_rows("## `clean/`")


def test_canvas_names_every_mistake_of_the_faulty_set_and_no_other(university: Practice) -> None:
    ended = sent(university, SAMPLES / "faulty")
    found = university.api("GET", f"accounts/self/sis_imports/{ended['id']}/errors", params={"per_page": 100})
    said = sorted((error["file"], error["row"], error["message"]) for error in found["sis_import_errors"])
    promised = sorted((name, int(row), message) for name, row, _, message in table_rows("## `faulty/`"))
    assert ended["workflow_state"] == "imported_with_messages"
    assert said == promised


def test_canvas_takes_every_row_of_the_outcomes_file(university: Practice) -> None:
    files = {"attachment": ("outcomes.csv", (SAMPLES / "outcomes" / "outcomes.csv").read_bytes())}
    number = university.api("POST", "accounts/self/outcome_imports", files=files)["id"]

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = university.api("GET", f"accounts/self/outcome_imports/{number}")
        return found if found["workflow_state"] in {"succeeded", "failed"} else None

    found = wait_for(ended)
    assert found is not None
    assert (found["workflow_state"], found["processing_errors"]) == ("succeeded", [])


def test_nobody_in_the_samples_could_be_written_to() -> None:
    addresses = [
        address
        for path in SAMPLES.rglob("*.csv")
        for address in re.findall(r"[\w.]+@[\w.]+", path.read_text(encoding="utf-8"))
    ]
    assert addresses
    assert all(address.endswith("@example.edu") for address in addresses)
