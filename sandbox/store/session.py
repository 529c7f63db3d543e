"""The unit of work of a slice: records are read in bulk, changed in memory, and written back in bulk.

Every change of a `workflow_state` that is written leaves a line of roll-back data, whoever made it, in the types that
Canvas tracks.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

from sandbox.store.records import NON_EXISTENT, TRACKED, Record, columns

R = TypeVar("R", bound=Record)


class Table(Generic[R]):
    """The records of one table that the slice has met. A record is the same object however it was found."""

    def __init__(self, session: "Session", record: type[R]) -> None:
        self._session = session
        self._db = session.db
        self._record = record
        self._columns = columns(record)
        self._values: Callable[[R], tuple[Any, ...]] = attrgetter(*self._columns)
        self._known: dict[int, R] = {}
        self._stored_state: dict[int, str] = {}
        self._unsaved: dict[int, R] = {}
        self._indexes: dict[str, _Index[R]] = {}
        self._last_id: int | None = None

    def load(self, by: str, keys: Iterable[Any]) -> None:
        """Read all records that `find(by, key)` will be asked for, in one query.

        `by` names a column, or several separated by `, `; then keys are tuples.
        """
        index = self._index(by)
        missing = {key for key in keys if key not in index.found}
        if not missing:
            return
        if self._unsaved:
            self.flush()
        for key in missing:
            index.found[key] = []
        for row in self._select(by, missing):
            index.add(self._meet(row))

    def find(self, by: str, key: Any) -> Sequence[R]:
        """The records with this key, in the order of their ids; dead ones too."""
        index = self._loaded(by, key)
        return [record for record in index.found[key] if index.key(record) == key]

    def first(self, by: str, key: Any) -> R | None:
        """The one of `find` with the lowest id; None where there is none, or no key."""
        index = self._loaded(by, key)
        for record in index.found[key]:
            if index.key(record) == key:
                return record
        return None

    def expect_none(self, by: str, key: Any) -> None:
        """Say that nothing stored has this key, as that of a record just made, and spare a query."""
        self._index(by).found.setdefault(key, [])

    def get(self, record_id: int) -> R:
        """Raises KeyError: there is no such record."""
        if record_id not in self._known:
            found = self.find("id", record_id)
            if not found:
                raise KeyError(record_id)
        return self._known[record_id]

    def new(self, **values: Any) -> R:
        """A record that does not exist before `save`."""
        if self._last_id is None:
            row = self._db.execute(f"SELECT coalesce(max(id), 0) FROM {self._record.TABLE}").fetchone()
            self._last_id = int(row[0])
        self._last_id += 1
        record = self._record(id=self._last_id, **values)
        self._stored_state[record.id] = NON_EXISTENT
        return record

    def is_new(self, record: R) -> bool:
        return self._stored_state[record.id] == NON_EXISTENT

    def save(self, record: R, *, tracked: bool = True) -> None:
        """Write it with the next flush; untracked, its state leaves no roll-back data."""
        if not tracked:
            self._stored_state[record.id] = record.workflow_state
        self._unsaved[record.id] = record
        self._known[record.id] = record
        for index in self._indexes.values():
            index.add(record)

    def flush(self) -> None:
        unsaved = self._unsaved.values()
        if not unsaved:
            return
        names = self._columns
        updates = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        self._db.executemany(
            f"INSERT INTO {self._record.TABLE} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "
            f"ON CONFLICT (id) DO UPDATE SET {updates}",
            map(self._values, unsaved),
        )
        changes: dict[tuple[str, str], list[int]] = {}
        for record in unsaved:
            before = self._stored_state[record.id]
            if before != record.workflow_state:
                changes.setdefault((before, record.workflow_state), []).append(record.id)
                self._stored_state[record.id] = record.workflow_state
        if self._record in TRACKED:
            self._session.note(self._record, changes)
        self._unsaved.clear()

    def _loaded(self, by: str, key: Any) -> "_Index[R]":
        index = self._index(by)
        if key not in index.found:
            self.load(by, [key])
        return index

    def _index(self, by: str) -> "_Index[R]":
        if by not in self._indexes:
            self._indexes[by] = _Index(by)
        return self._indexes[by]

    def _select(self, by: str, keys: set[Any]) -> list[tuple[Any, ...]]:
        """Keys travel as one JSON text: the statement is the same for any number of them."""
        table, names = self._record.TABLE, by.split(", ")
        selected = ", ".join(f"held.{name}" for name in self._columns)
        if len(names) == 1:
            where = f"WHERE held.{by} IN (SELECT value FROM json_each(?))"
            statement = f"SELECT {selected} FROM {table} held {where} ORDER BY held.id"
        else:
            matches = " AND ".join(f"held.{name} = wanted.value ->> {place}" for place, name in enumerate(names))
            statement = (
                f"SELECT {selected} FROM json_each(?) wanted CROSS JOIN {table} held ON {matches} ORDER BY held.id"
            )
        cursor = self._db.cursor()
        cursor.row_factory = None
        return cursor.execute(statement, (json.dumps(list(keys)),)).fetchall()

    def _meet(self, row: tuple[Any, ...]) -> R:
        record = self._known.get(row[0])
        if record is None:
            record = self._known[row[0]] = self._record(*row)
            self._stored_state[record.id] = record.workflow_state
        return record


class _Index(Generic[R]):
    """Records by one key; holds an entry for each key that was asked for, even when nothing was found.

    No key, no record: None finds nothing.
    """

    def __init__(self, by: str) -> None:
        self.key: Callable[[R], Any] = attrgetter(*by.split(", "))
        self.found: dict[Any, list[R]] = {None: []}

    def add(self, record: R) -> None:
        key = self.key(record)
        bucket = None if key is None else self.found.get(key)
        if bucket is not None and record not in bucket:
            bucket.append(record)


class Session:
    """All tables of one slice. `batch_mode_delete` marks what the clean-up of a full batch took away."""

    def __init__(self, db: sqlite3.Connection, batch_id: int, *, batch_mode_delete: bool = False) -> None:
        self.db = db
        self.batch_id = batch_id
        self._batch_mode_delete = batch_mode_delete
        self._tables: dict[type[Record], Table[Any]] = {}

    def table(self, record: type[R]) -> Table[R]:
        if record not in self._tables:
            self._tables[record] = Table(self, record)
        return self._tables[record]

    def save(self, record: Record) -> None:
        """Keep the record as touched by this import."""
        record.sis_batch_id = self.batch_id
        self.table(type(record)).save(record)

    def flush(self) -> None:
        """Write everything."""
        for table in self._tables.values():
            table.flush()

    def note(self, record: type[Record], changes: Mapping[tuple[str, str], Sequence[int]]) -> None:
        """Write roll-back data: the ids of the records, by the states before and after."""
        for (before, after), ids in changes.items():
            self.db.execute(
                "INSERT INTO sis_batch_roll_back_data (sis_batch_id, context_type, context_id, "
                "previous_workflow_state, updated_workflow_state, batch_mode_delete) "
                "SELECT ?, ?, value, ?, ?, ? FROM json_each(?)",
                (self.batch_id, record.__name__, before, after, self._batch_mode_delete, json.dumps(ids)),
            )
