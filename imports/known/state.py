"""The file of one Canvas account: opened, copied, asked, and changed by what an import did."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from imports.known.tables import APART, KEPT, schema


class KnownState:
    """A connection to one file. Use `opened` or `copied`."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None, timeout=60)
        self.db.execute("PRAGMA cache_size = -131072")
        self.db.execute("PRAGMA temp_store = FILE")
        if not self._names("main"):
            self.db.executescript(f"BEGIN;{schema()}COMMIT;")

    def _names(self, place: str) -> set[str]:
        return {name for (name,) in self.db.execute(f"SELECT name FROM {place}.sqlite_master WHERE type = 'table'")}

    def has(self, kind: str, key: str) -> bool | None:
        """Whether Canvas has it; None: we cannot tell. That something is absent only a complete state could say."""
        found = self.db.execute(f"SELECT state FROM {KEPT[kind].table} WHERE key = ?", (key,)).fetchone()
        return True if found and found[0] != "deleted" else None

    def thing(self, kind: str, key: str) -> dict[str, str] | None:
        """The columns that are not empty, and `state`; deleted things too."""
        found = self.db.execute(f"SELECT * FROM {KEPT[kind].table} WHERE key = ?", (key,))
        names, row = [column[0] for column in found.description], found.fetchone()
        return {name: value for name, value in zip(names, row, strict=True) if value} if row else None

    def living(self, kind: str, columns: Mapping[str, str]) -> list[str]:
        """The keys of what has these values in these columns and is not deleted.

        Name the column first of whose values each is had by the fewest: SQLite would not know which index is the best.
        """
        kept = KEPT[kind]
        if columns.keys() == set(kept.identity):
            named = "key = " + f" || {APART} || ".join(f":{column}" for column in kept.identity)
        else:
            named = " AND +".join(f"{column} = :{column}" for column in columns)
        query = f"SELECT key FROM {kept.table} WHERE {named} AND state <> 'deleted'"
        return [key for (key,) in self.db.execute(query, dict(columns))]

    def holders(self, column: str, values: Sequence[str]) -> dict[str, str]:
        """Who has each login, in small letters, or integration id: SIS ids of users. Deleted logins are free again."""
        found: dict[str, str] = {}
        for kind in ("login", "user"):
            if column in KEPT[kind].columns:
                any_case = " COLLATE NOCASE AND held.state <> 'deleted'" if column == "login_id" else ""
                query = (
                    f"SELECT wanted.value, held.key FROM json_each(?) wanted "
                    f"JOIN {KEPT[kind].table} held ON held.{column} = wanted.value{any_case}"
                )
                found.update(self.db.execute(query, (json.dumps(list(values)),)))
        return {value.lower(): key for value, key in found.items()} if column == "login_id" else found

    def live(self, kind: str) -> int:
        """How many of a kind are alive."""
        query = f"SELECT count(*) FROM {KEPT[kind].table} WHERE state <> 'deleted'"
        return int(self.db.execute(query).fetchone()[0])

    def has_enrolled_as(self, role: str) -> bool:
        """Whether anybody is enrolled under this role, as `enrolled_as` names it."""
        found = self.db.execute("SELECT 1 FROM known_enrollment WHERE enrolled_as = ? LIMIT 1", (role,))
        return found.fetchone() is not None

    def learnt(self) -> dict[int, str]:
        """What each run that was taken up has given: applied, or why its effect is uncertain."""
        return dict(self.db.execute("SELECT run, how FROM learnt ORDER BY run"))

    def note(self, run: int, how: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO learnt VALUES (?, ?)", (run, how))

    def learn_terms(self, terms: Sequence[Mapping[str, object]]) -> None:
        """Terms that Canvas lists: `sis_term_id` and `name` of each. Those without a SIS id no CSV can name."""
        listed = [(term["sis_term_id"], term["name"]) for term in terms if term.get("sis_term_id")]
        self.db.executemany(
            "INSERT INTO known_term (key, state, run, name) VALUES (?, 'active', 0, ?) ON CONFLICT DO NOTHING", listed
        )

    @contextmanager
    def changing(self) -> Iterator[None]:
        """All of it or nothing; waits for whoever else is changing the file."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")


@contextmanager
def opened(path: Path) -> Iterator[KnownState]:
    """The file, made where there is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = KnownState(path)
    with closing(known.db):
        known.db.execute("PRAGMA journal_mode = WAL")
        known.db.execute("PRAGMA synchronous = NORMAL")
        yield known


@contextmanager
def copied(path: Path, to: Path) -> Iterator[KnownState]:
    """A copy in which one may try things out; removed at the end, as is one that somebody who died left behind."""
    to.unlink(missing_ok=True)
    if path.exists():
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source, closing(sqlite3.connect(to)) as copy:
            source.backup(copy)
    try:
        known = KnownState(to)
        with closing(known.db):
            known.db.execute("PRAGMA journal_mode = OFF")
            known.db.execute("PRAGMA synchronous = OFF")
            yield known
    finally:
        to.unlink(missing_ok=True)
