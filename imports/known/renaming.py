"""New ids and moved logins: what keeps its history under another name."""

import sqlite3

from imports.known.tables import APART, KEPT, REFERENCES

_TYPES = ("user", "course", "section", "term", "account", "group", "group_category")
_MORE = (("enrollment", "person", "user"), ("enrollment", "course", "course"), ("enrollment", "section", "section"))


def rename(db: sqlite3.Connection, run: int) -> None:
    """Apply the rows of change_sis_id in `staged`, one by one: there are few, and each may build on the one before."""
    rows = db.execute("SELECT lower(type), old_id, new_id FROM temp.staged ORDER BY n").fetchall()
    for kind, old, new in rows:
        if kind in _TYPES and old and new:
            _rename_one(db, kind, old, new, run)


def _rename_one(db: sqlite3.Connection, kind: str, old: str, new: str, run: int) -> None:
    """An unknown old id and a new one that is taken are refused by Canvas."""
    table = KEPT[kind].table
    held = {key for (key,) in db.execute(f"SELECT key FROM {table} WHERE key IN (?, ?)", (old, new))}
    if held != {old}:
        return
    db.execute(f"UPDATE {table} SET key = ?, run = ? WHERE key = ?", (new, run, old))
    for of, column, target in (*REFERENCES, *_MORE, ("course", "term_id", "term")):
        if target == kind and of in KEPT and column in KEPT[of].columns:
            _rename_in(db, of, column, old, new)


def _rename_in(db: sqlite3.Connection, of: str, column: str, old: str, new: str) -> None:
    kept = KEPT[of]
    db.execute(f"UPDATE {kept.table} SET {column} = ? WHERE {column} = ?", (new, old))
    if len(kept.identity) > 1:
        parts = f" || {APART} || ".join(f"coalesce({_HOME if part == 'home' else part}, '')" for part in kept.identity)
        db.execute(f"UPDATE {kept.table} SET key = {parts} WHERE {column} = ?", (new,))


_HOME = "CASE WHEN section = '' THEN course END"


def settle_logins(db: sqlite3.Connection, *, may_move: bool) -> None:
    """A login that somebody else holds is refused, or moves with its owner to the new id where the import says so."""
    db.execute("DROP TABLE IF EXISTS temp.claimed")
    db.execute(_CLAIMED)
    if may_move:
        moves = db.execute(
            "SELECT owner, key FROM temp.claimed WHERE NOT EXISTS (SELECT 1 FROM known_user WHERE key = claimed.key)"
        ).fetchall()
        for owner, key in moves:
            _rename_one(db, "user", owner, key, 0)
        db.executemany("DELETE FROM temp.claimed WHERE key = ?", [(key,) for _, key in moves])
    db.execute("DELETE FROM temp.meant WHERE state <> 'deleted' AND key IN (SELECT key FROM temp.claimed)")


# Rows are worked off in their order: a login is free again when its owner's row came before and gave another.
_CLAIMED = """
CREATE TEMP TABLE claimed AS
SELECT meant.key AS key, held.key AS owner FROM temp.meant
JOIN known_user held ON held.login_id = meant.login_id COLLATE NOCASE
WHERE held.key <> meant.key AND held.state <> 'deleted' AND NOT EXISTS (
  SELECT 1 FROM temp.meant earlier WHERE earlier.key = held.key AND earlier.n < meant.n
  AND (earlier.state = 'deleted' OR lower(earlier.login_id) <> lower(meant.login_id)))
"""
