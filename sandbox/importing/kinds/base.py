"""What all kinds of CSV have in common: a rule per row, statuses, dates, sticky fields."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

from canvas.formats import SIS_KINDS
from sandbox.clock import text
from sandbox.importing.batch import Message
from sandbox.importing.messages import fill
from sandbox.importing.options import Options
from sandbox.importing.reader import Row
from sandbox.store.records import Record
from sandbox.store.session import Session

KINDS = {kind.name: kind for kind in SIS_KINDS}

CLEAR = "<delete>"  # the word in a cell that empties a field

_DELETES = re.compile("deleted", re.IGNORECASE)
# As Ruby reads them: between slashes the day comes before the month, and a year of two digits before both.
_DATE_FORMATS = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%y/%m/%d", "%Y/%m/%d", "%d %b %Y", "%b %d, %Y", "%B %d, %Y")


class SkipRow(Exception):
    """The row is not applied; the template becomes a warning."""

    def __init__(self, template: str, **values: Any) -> None:
        super().__init__(template)
        self.template = template
        self.values = values


@dataclass
class Slice:
    """A few rows of one file on their way into the site."""

    session: Session
    options: Options
    now: str
    user_id: int | None = None
    messages: list[Message] = field(default_factory=list)


class Importer(ABC):
    """The rules of one kind of CSV. `prefetch` names what the rows will ask for, `apply` is the rule for one row."""

    kind: ClassVar[str]

    def __init__(self, work: Slice, file: str) -> None:
        self.work = work
        self.options = work.options
        self.session = work.session
        self.table = work.session.table
        self._file = file
        self._statuses = KINDS[self.kind].statuses
        self._by_length = sorted(self._statuses, key=len, reverse=True)
        self._exact = KINDS[self.kind].status_exact

    @abstractmethod
    def prefetch(self, rows: Sequence[Row]) -> None:
        """Read in bulk what `apply` will look up row by row."""

    @abstractmethod
    def apply(self, row: Row) -> None:
        """Raises SkipRow."""

    def run(self, rows: Sequence[Row]) -> int:
        """Apply the rows; how many succeeded."""
        self.prefetch(rows)
        succeeded = 0
        for row in rows:
            if self.options.skip_deletes and _DELETES.search(row.get("status", "")):
                continue
            try:
                self.apply(row)
            except SkipRow as skip:
                self.warn(row, skip.template, **skip.values)
            else:
                succeeded += 1
        return succeeded

    def warn(self, row: Row, template: str, **values: Any) -> None:
        message = fill(template, row, values)
        self.work.messages.append(Message(self._file, message, row=row.number, row_info=row.text))

    def status(self, row: Row) -> str | None:
        """The status meant by the row: by prefix and in any case, or exactly, as the kind has it; None: improper."""
        given = row.get("status", "")
        if given in self._statuses or self._exact:
            return given if given in self._statuses else None
        lowered = given.lower()
        return next((status for status in self._by_length if lowered.startswith(status)), None)

    def dates(self, row: Row, warning: str, **values: Any) -> tuple[str | None, str | None]:
        """Start and end as stored texts. A bad one is warned about, and it and the one after it count as absent."""
        start = end = None
        try:
            start = parse_date(row.get("start_date"))
            end = parse_date(row.get("end_date"))
        except ValueError:
            self.warn(row, warning, **values)
        return start, end

    def set(self, record: Record, **values: Any) -> None:
        """Set sticky fields: those that a person changed keep their value, unless the import overrides."""
        stuck = set(filter(None, record.stuck.split(",")))
        for name, value in values.items():
            if name in stuck and not self.options.override_sis_stickiness:
                continue
            if self.options.add_sis_stickiness and getattr(record, name) != value:
                stuck.add(name)
            setattr(record, name, value)
        if self.options.override_sis_stickiness:
            kept = () if self.options.clear_sis_stickiness else stuck
            record.stuck = ",".join(sorted(kept))


def column(rows: Iterable[Row], name: str) -> set[str]:
    """All values that the rows have in this column."""
    return {row[name] for row in rows if name in row}


def number(value: str | None) -> int | None:
    """A Canvas id; None where the text cannot be one."""
    return int(value) if value and value.isdecimal() and len(value) < 19 else None


def parse_date(value: str | None) -> str | None:
    """A date in one of many spellings, UTC where it names no zone, as stored text; None where empty or cleared.

    Raises ValueError.
    """
    if not value or value == CLEAR:
        return None
    try:
        return text(_parsed(value))
    except OverflowError as far:
        raise ValueError(value) from far


def _parsed(value: str) -> datetime:
    spellings = map(_by_format, _DATE_FORMATS)
    for attempt in (datetime.fromisoformat, parsedate_to_datetime, *spellings):
        try:
            parsed = attempt(value)
        except (ValueError, IndexError, OverflowError):
            continue
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    raise ValueError(value)


def _by_format(spelling: str) -> Callable[[str], datetime]:
    return lambda value: datetime.strptime(value, spelling).replace(tzinfo=UTC)
