"""From the files of an upload to the CSVs that will be imported: encoding, kind, form, number of rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from canvas.formats import SIS_KINDS, SisKind, kind_of
from sandbox.importing import files, messages
from sandbox.importing.batch import Batch, Message
from sandbox.importing.filtering import without_duplicates, without_passwords
from sandbox.importing.reader import Unreadable, open_csv
from sandbox.importing.unpack import Entry, is_csv

if TYPE_CHECKING:
    from sandbox.site import Site


@dataclass(frozen=True, slots=True)
class Csv:
    """A recognised CSV. `name` is its path inside the upload, `rows` does not count the header."""

    kind: SisKind
    name: str
    path: Path
    rows: int


def recognise(batch: Batch, entries: Iterable[Entry]) -> list[Csv]:
    """The CSVs that Canvas can read, in the order in which it imports them; what it says about the others."""
    found, said = _sort_out(entries)
    batch.report(said)
    return found


def recognise_quietly(entries: Iterable[Entry]) -> list[Csv]:
    """As `recognise`, for an upload of which everything was said before."""
    return _sort_out(entries)[0]


def _sort_out(entries: Iterable[Entry]) -> tuple[list[Csv], list[Message]]:
    found: list[Csv] = []
    said: list[Message] = []
    for entry in entries:
        if entry.file is None or not is_csv(entry.name):
            said.append(Message(entry.name, messages.UNKNOWN_FILE_TYPE))
            continue
        try:
            csv = _recognise(entry.name, entry.file)
        except Unreadable as unreadable:
            said.append(Message(entry.name, str(unreadable), failure=True))
        else:
            found += [csv] if csv else []
    return sorted(found, key=lambda csv: SIS_KINDS.index(csv.kind)), said


def _recognise(name: str, path: Path) -> Csv | None:
    """None: an empty file. Raises Unreadable."""
    csv = open_csv(path)
    headers = csv.headers()
    if headers is None:
        return None
    kind = kind_of(headers)
    if kind is None:
        raise Unreadable(messages.NO_HEADERS)
    return Csv(kind, name, path, csv.count_rows())


def register(site: "Site", batch: Batch, csvs: Iterable[Csv]) -> list[Csv]:
    """Make the CSVs attachments of the import, without passwords and repetitions; as they will be imported."""
    registered = []
    for csv in csvs:
        cleaned = without_duplicates(csv.path)
        lean = Csv(csv.kind, _renamed(csv.name, "deduplicated"), cleaned.path, cleaned.rows) if cleaned else csv
        shown = without_passwords(lean.path) if csv.kind.name == "user" else None
        name = _renamed(lean.name, "filtered") if shown else lean.name
        attachment_id = files.attach(site, batch.id, files.CSV, Path(name).name, shown or lean.path)
        batch.data["downloadable_attachment_ids"].append(attachment_id)
        registered.append(lean)
    return registered


def _renamed(name: str, what: str) -> str:
    path = Path(name)
    return str(path.with_name(f"{path.stem}_{what}{path.suffix}"))
