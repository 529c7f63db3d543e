"""Every change of state while an import is tried out, written down by triggers, so that none is missed."""

import sqlite3

from imports.known.tables import KEPT

_TABLES = (
    "CREATE TEMP TABLE journal (id INTEGER PRIMARY KEY, kind TEXT, key TEXT, was TEXT, becomes TEXT)",
    "CREATE TEMP TABLE edits (kind TEXT, key TEXT, columns TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID",
    "CREATE TEMP TABLE renamed (key TEXT, old_name TEXT, name TEXT, old_login TEXT, login TEXT)",
)


def person_name(alias: str) -> str:
    """SQL: what a row of known_user calls a person."""
    both = f"trim(coalesce({alias}.first_name, '') || ' ' || coalesce({alias}.last_name, ''))"
    return f"coalesce({alias}.full_name, nullif({both}, ''), {alias}.sortable_name, {alias}.login_id)"


def keep_journal(db: sqlite3.Connection) -> None:
    """From now on the temporary tables `journal`, `edits` and `renamed` fill by themselves."""
    for statement in _TABLES:
        db.execute(statement)
    for kept in KEPT.values():
        db.execute(
            f"CREATE TEMP TRIGGER new_{kept.name} AFTER INSERT ON main.{kept.table} BEGIN "
            f"INSERT INTO journal (kind, key, was, becomes) VALUES ('{kept.name}', new.key, '', new.state); END"
        )
        db.execute(
            f"CREATE TEMP TRIGGER moved_{kept.name} AFTER UPDATE OF state ON main.{kept.table} "
            "WHEN old.state <> new.state BEGIN INSERT INTO journal (kind, key, was, becomes) "
            f"VALUES ('{kept.name}', new.key, old.state, new.state); END"
        )
    db.execute(
        "CREATE TEMP TRIGGER renamed_user AFTER UPDATE ON main.known_user "
        f"WHEN {person_name('old')} <> {person_name('new')} OR lower(old.login_id) <> lower(new.login_id) "
        "OR old.key <> new.key BEGIN INSERT INTO renamed VALUES "
        f"(new.key, {person_name('old')}, {person_name('new')}, lower(old.login_id), lower(new.login_id)); END"
    )


_FIELDS = {"deleted": "deleted", "completed": "concluded", "inactive": "deactivated"}
# Only these have the fields; Canvas leaves them out of the others.
_CONCLUDED = frozenset({"Course", "Enrollment"})
_DEACTIVATED = frozenset({"Enrollment"})


def statistics(db: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """State changes as Canvas counts them in `data.statistics`, per type that has any."""
    counted: dict[str, dict[str, int]] = {}
    query = "SELECT kind, was, becomes, count(*) FROM temp.journal GROUP BY kind, was, becomes"
    for name, was, becomes, count in db.execute(query):
        kept = KEPT[name]
        field = _field(kept.active, was, becomes)
        if not kept.canvas_type or not field or not _has(kept.canvas_type, field):
            continue
        of_type = counted.setdefault(kept.canvas_type, {})
        of_type[field] = of_type.get(field, 0) + count
    return counted


def _has(canvas_type: str, field: str) -> bool:
    if field == "concluded":
        return canvas_type in _CONCLUDED
    return field != "deactivated" or canvas_type in _DEACTIVATED


def _field(active: tuple[str, ...], was: str, becomes: str) -> str | None:
    if becomes in active:
        if not was:
            return "created"
        return None if was in active else "restored"
    return _FIELDS.get(becomes)
