"""Changes by hand, as a person would make them in Canvas's pages: the fields become sticky."""

from collections.abc import Mapping
from typing import Any

from sandbox.objects import table_of
from sandbox.site import Site
from sandbox.store.database import transaction
from sandbox.store.records import RECORDS, columns

_NOT_BY_HAND = {"id", "sis_batch_id", "stuck", "created_at"}


class NoSuchField(Exception):
    """The record has no such field, or people cannot change it, or not to such a value."""


def edit(site: Site, kind: str, record_id: int, changes: Mapping[str, Any]) -> dict[str, Any] | None:
    """Change fields of one object and mark them sticky; the object as it then is, None where there is none.

    Raises KeyError (unknown kind) and NoSuchField.
    """
    record = next((record for record in RECORDS if table_of(kind) == record.TABLE), None)
    if record is None:
        raise KeyError(kind)
    allowed = set(columns(record)) - _NOT_BY_HAND
    for name, value in changes.items():
        if name not in allowed or not isinstance(value, str | int | None):
            raise NoSuchField(name)
    with transaction(site.db()) as db:
        row = db.execute(f"SELECT * FROM {record.TABLE} WHERE id = ?", (record_id,)).fetchone()
        if row is None:
            return None
        changed = {name for name, value in changes.items() if row[name] != value}
        stuck = {*filter(None, row["stuck"].split(",")), *changed}
        assigned = {**changes, "stuck": ",".join(sorted(stuck))}
        db.execute(
            f"UPDATE {record.TABLE} SET {', '.join(f'{name} = ?' for name in assigned)} WHERE id = ?",
            (*assigned.values(), record_id),
        )
        return dict(db.execute(f"SELECT * FROM {record.TABLE} WHERE id = ?", (record_id,)).fetchone())
