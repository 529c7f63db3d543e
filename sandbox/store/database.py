"""The SQLite file of a site: connections, transactions, tables, and what a fresh Canvas account holds."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from sandbox.store.outcome_tables import OUTCOME_TABLES
from sandbox.store.records import RECORDS, Record, columns

logger = logging.getLogger(__name__)

# What is practised may be lost when the machine dies, not when the program does: nothing waits for the disk. The log is
# folded in seldom, because a large import changes the same pages of its indexes again and again. Sizes of the cache are
# in KiB when negative; every thread has one.
_PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
PRAGMA busy_timeout = 30000;
PRAGMA cache_size = -16384;
PRAGMA wal_autocheckpoint = 32768;
PRAGMA mmap_size = 268435456;
PRAGMA temp_store = MEMORY;
"""

_BATCH_TABLES = """
CREATE TABLE sis_batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workflow_state TEXT NOT NULL,
    progress INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    started_at TEXT,
    ended_at TEXT,
    updated_at TEXT NOT NULL,
    user_id INTEGER,
    filename TEXT NOT NULL,
    options TEXT NOT NULL,
    data TEXT NOT NULL,
    processing TEXT NOT NULL DEFAULT '{}',
    diffing_threshold_exceeded INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sis_batches_by_age ON sis_batches (created_at DESC, id DESC);
CREATE INDEX sis_batches_by_state ON sis_batches (workflow_state, created_at);
CREATE TABLE sis_batch_errors (
    id INTEGER PRIMARY KEY,
    sis_batch_id INTEGER NOT NULL,
    failure INTEGER NOT NULL,
    file TEXT,
    message TEXT NOT NULL,
    row_number INTEGER,
    row_info TEXT
);
CREATE INDEX sis_batch_errors_by_batch ON sis_batch_errors (sis_batch_id);
CREATE INDEX sis_batch_errors_by_severity ON sis_batch_errors (sis_batch_id, failure);
CREATE TABLE sis_batch_roll_back_data (
    id INTEGER PRIMARY KEY,
    sis_batch_id INTEGER NOT NULL,
    context_type TEXT NOT NULL,
    context_id INTEGER NOT NULL,
    previous_workflow_state TEXT NOT NULL,
    updated_workflow_state TEXT NOT NULL,
    batch_mode_delete INTEGER NOT NULL,
    restored INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX roll_back_by_batch ON sis_batch_roll_back_data (sis_batch_id, context_type);
CREATE TABLE attachments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sis_batch_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    display_name TEXT NOT NULL,
    filename TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    path TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX attachments_by_batch ON attachments (sis_batch_id, role);
CREATE TABLE progresses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sis_batch_id INTEGER NOT NULL,
    workflow_state TEXT NOT NULL,
    completion REAL NOT NULL DEFAULT 0,
    message TEXT,
    modes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

# Columns that most records leave empty: the others need no place in their index.
_SPARSE = {"integration_id", "associated_user_id"}

_ROLES = (
    "AccountAdmin",
    "AccountMembership",
    "StudentEnrollment",
    "TeacherEnrollment",
    "TaEnrollment",
    "DesignerEnrollment",
    "ObserverEnrollment",
)


def _table(record: type[Record]) -> list[str]:
    others = ", ".join(columns(record)[1:])
    statements = [f"CREATE TABLE {record.TABLE} (id INTEGER PRIMARY KEY, {others})"]
    for number, indexed in enumerate(record.INDEXES):
        some = f" WHERE {indexed} IS NOT NULL" if indexed in _SPARSE else ""
        statements.append(f"CREATE INDEX {record.TABLE}_{number} ON {record.TABLE} ({indexed}){some}")
    return statements


_SCHEMA = (
    *filter(str.strip, (_BATCH_TABLES + OUTCOME_TABLES).split(";")),
    *(statement for record in RECORDS for statement in _table(record)),
)
_VERSION = crc32("".join(_SCHEMA).encode()) >> 1  # SQLite keeps 31 bits


def connect(file: Path) -> sqlite3.Connection:
    """A connection in autocommit mode: transactions are opened by `transaction` alone."""
    db = sqlite3.connect(file, isolation_level=None, timeout=30, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.executescript(_PRAGMAS)
    return db


def prepare_for_much(db: sqlite3.Connection) -> None:
    """Give a connection that writes millions of rows a cache of 256 MiB, which holds the indexes that they change."""
    db.execute("PRAGMA cache_size = -262144")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing; the write lock is taken at once, so that what is read stays true."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def prepare(db: sqlite3.Connection, now: str) -> None:
    """Make the tables where they are missing, and the root account with its first term and admin.

    Tables of another version of this program are emptied: what was practised there is over, and nothing but a fresh
    start would work.
    """
    with transaction(db):
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            logger.warning("a practice site was made by another version and starts anew")
            _drop_tables(db)
        if version != _VERSION:
            _make_tables(db, now)


def renew(db: sqlite3.Connection, now: str) -> None:
    """Everything as `prepare` makes it. Other connections see either all that was there or the new site."""
    with transaction(db):
        _drop_tables(db)
        _make_tables(db, now)


def _drop_tables(db: sqlite3.Connection) -> None:
    names = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (name,) in names.fetchall():
        db.execute(f'DROP TABLE "{name}"')
    db.execute("DELETE FROM sqlite_sequence")


def _make_tables(db: sqlite3.Connection, now: str) -> None:
    for statement in _SCHEMA:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {_VERSION}")
    _furnish(db, now)


def fact(db: sqlite3.Connection, name: str) -> str | None:
    """A single remembered value of the site."""
    row = db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row["value"])


def remember(db: sqlite3.Connection, name: str, value: str | None) -> None:
    """Keep a fact; None forgets it."""
    if value is None:
        db.execute("DELETE FROM facts WHERE name = ?", (name,))
    else:
        db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def _furnish(db: sqlite3.Connection, now: str) -> None:
    db.execute(
        "INSERT INTO accounts (id, workflow_state, stuck, created_at, name) VALUES (1, 'active', '', ?, ?)",
        (now, "Practice University"),
    )
    db.execute(
        "INSERT INTO enrollment_terms (id, workflow_state, stuck, created_at, name) VALUES (1, 'active', '', ?, ?)",
        (now, "Default Term"),
    )
    db.execute(
        "INSERT INTO users (id, workflow_state, stuck, created_at, name, sortable_name, short_name) "
        "VALUES (1, 'registered', '', ?, 'Practice Admin', 'Admin, Practice', 'Practice Admin')",
        (now,),
    )
    db.execute(
        "INSERT INTO pseudonyms (id, workflow_state, stuck, created_at, user_id, unique_id, login_key) "
        "VALUES (1, 'active', '', ?, 1, 'practice-admin', 'practice-admin')",
        (now,),
    )
    db.executemany(
        "INSERT INTO roles (id, workflow_state, stuck, created_at, name, base_role_type) "
        "VALUES (?, 'built_in', '', ?, ?, ?)",
        [(number, now, name, name) for number, name in enumerate(_ROLES, start=1)],
    )
    db.execute(
        "INSERT INTO account_users (id, workflow_state, stuck, created_at, account_id, user_id, role_id) "
        "VALUES (1, 'active', '', ?, 1, 1, 1)",
        (now,),
    )
