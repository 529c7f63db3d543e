"""Single rows of the outcome tables, written by column name."""

import sqlite3


def insert(db: sqlite3.Connection, table: str, **values: object) -> int:
    """The new row's id."""
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    inserted = db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
    return int(inserted.lastrowid or 0)


def update(db: sqlite3.Connection, table: str, row_id: int, **values: object) -> None:
    changes = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE {table} SET {changes} WHERE id = ?", (*values.values(), row_id))
