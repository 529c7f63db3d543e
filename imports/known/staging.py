"""From rows to tables: `staged` holds the rows of one kind as given, `meant` what each key is to become."""

import sqlite3
from collections.abc import Iterable, Iterator

from imports.known import meaning
from imports.known.reading import Cells
from imports.known.tables import KEPT, REFERENCES, Kept


def stage(db: sqlite3.Connection, columns: Iterable[str]) -> None:
    """Make an empty table `staged` with these columns."""
    named = ", ".join(f"{column} TEXT" for column in columns)
    db.execute("DROP TABLE IF EXISTS temp.staged")
    db.execute(f"CREATE TEMP TABLE staged (n INTEGER PRIMARY KEY, {named})")


def fill(db: sqlite3.Connection, columns: Iterable[str], rows: Iterable[Cells]) -> None:
    """Put rows into `staged`, in their order. Passwords are left behind."""
    names = list(columns)
    kept = [place for place, name in enumerate(names) if "password" not in name]
    marks = ", ".join("?" * len(kept))
    listed = ", ".join(names[place] for place in kept)
    given: Iterable[Cells] = rows if len(kept) == len(names) else _only(rows, kept)
    db.executemany(f"INSERT INTO temp.staged ({listed}) VALUES ({marks})", given)


def _only(rows: Iterable[Cells], places: list[int]) -> Iterator[Cells]:
    return (tuple([row[place] for place in places]) for row in rows)


def doubted(kind: str) -> str:
    """SQL: the row names something that is not known. An account may name one that comes before it in the files."""
    parts = []
    for of, column, target in REFERENCES:
        if of != kind:
            continue
        exists = f"EXISTS (SELECT 1 FROM {KEPT[target].table} WHERE key = staged.{column})"
        if target == kind:
            exists += f" OR EXISTS (SELECT 1 FROM temp.staged earlier WHERE earlier.account_id = staged.{column})"
        # Where both are given, the integration id counts.
        asked = " AND staged.user_integration_id IS NULL" if (of, column) == ("enrollment", "user_id") else ""
        parts.append(f"(staged.{column} IS NOT NULL AND NOT ({exists}){asked})")
    if kind == "enrollment":
        parts.append(
            "(staged.user_integration_id IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM known_user WHERE integration_id = staged.user_integration_id))"
        )
    return " OR ".join(parts) or "0"


def trust(db: sqlite3.Connection, kind: str) -> None:
    """Canvas has accepted these rows, so it has what they name: kept as far as that says anything."""
    for of, column, target in REFERENCES:
        if of == kind and target != kind:
            state = KEPT[target].active[-1] if target in KEPT else "active"
            db.execute(
                f"INSERT INTO {KEPT[target].table} (key, state, run) "
                f"SELECT DISTINCT {column}, '{state}', 0 FROM temp.staged WHERE {column} IS NOT NULL "
                "ON CONFLICT DO NOTHING"
            )


def interpret(db: sqlite3.Connection, kept: Kept) -> int:
    """Fill `meant` from `staged`; of several rows for one key the last counts. Returns how many rows are in doubt."""
    columns = ("key", "state", "n", *kept.columns)
    db.execute("DROP TABLE IF EXISTS temp.meant")
    db.execute(
        f"CREATE TEMP TABLE meant (key TEXT PRIMARY KEY, state TEXT, n INTEGER, in_doubt INTEGER, "
        f"{', '.join(f'{column} TEXT' for column in kept.columns)}) WITHOUT ROWID"
    )
    values = ", ".join(f"{meaning.value(kept, column)}" for column in kept.columns)
    db.execute(
        f"INSERT OR REPLACE INTO temp.meant ({', '.join(columns)}, in_doubt) "
        f"SELECT {meaning.key(kept)}, {meaning.state(kept)}, staged.n, {values}, {doubted(kept.name)} "
        f"FROM temp.staged {_joins(kept)} WHERE {meaning.valid(kept.kind)} AND {meaning.key(kept)} IS NOT NULL "
        "ORDER BY staged.n"
    )
    in_doubt = int(db.execute("SELECT count(*) FROM temp.meant WHERE in_doubt").fetchone()[0])
    if in_doubt:
        db.execute("DELETE FROM temp.meant WHERE in_doubt")
    for statement in _without_effect(kept):
        db.execute(statement)
    return in_doubt


def _joins(kept: Kept) -> str:
    if kept.name == "enrollment":
        return "LEFT JOIN known_section place ON place.key = staged.section_id"
    if kept.name in {"course", "section"}:
        return f"LEFT JOIN {kept.table} held ON held.key = staged.{kept.identity[0]}"
    return ""


def _without_effect(kept: Kept) -> Iterator[str]:
    """Rows that Canvas refuses or passes over because of what it holds."""
    unknown = f"NOT EXISTS (SELECT 1 FROM {kept.table} held WHERE held.key = meant.key)"
    if kept.name in _NOT_DELETED_ANEW:
        yield f"DELETE FROM temp.meant WHERE state LIKE 'deleted%' AND {unknown}"
    if kept.name == "user_observer":
        live = "EXISTS (SELECT 1 FROM known_user_observer held WHERE held.key = meant.key AND held.state = 'active')"
        yield f"DELETE FROM temp.meant WHERE state = 'deleted' AND NOT {live}"
    if kept.name == "enrollment":
        yield _OF_THE_DEAD
        yield _UNRELATED
        yield _LAST_COMPLETED
    if kept.name in {"admin", *_GROUP_OF}:
        yield "DELETE FROM temp.meant WHERE user_id IN (SELECT key FROM known_user WHERE state = 'deleted')"
    if kept.name in _GROUP_OF:
        yield from _not_of_the_group(*_GROUP_OF[kept.name])
    if kept.name in {"account", "term"}:
        yield _IN_USE[kept.name]


# What was never there cannot be deleted; everything else is made, as deleted.
_NOT_DELETED_ANEW = frozenset(
    {"user", "enrollment", "admin", "group_membership", "differentiation_tag_membership", "user_observer"}
)
# (table, column) of the groups that memberships are of.
_GROUP_OF = {
    "group_membership": ("known_group", "group_id"),
    "differentiation_tag_membership": ("known_differentiation_tag", "tag_id"),
}


def _not_of_the_group(groups: str, column: str) -> Iterator[str]:
    """Members of a course's group must be in the course; a deleted group takes nobody."""
    yield f"DELETE FROM temp.meant WHERE {column} IN (SELECT key FROM {groups} WHERE state = 'deleted')"
    yield (
        f"DELETE FROM temp.meant WHERE state <> 'deleted' AND EXISTS (SELECT 1 FROM {groups} of "
        f"WHERE of.key = meant.{column} AND of.course_id IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM known_enrollment held WHERE held.person = meant.user_id AND +held.course = of.course_id "
        "AND held.state <> 'deleted'))"
    )


# Nobody without a login that is alive is enrolled anew.
_OF_THE_DEAD = """
DELETE FROM temp.meant WHERE state = 'active' AND EXISTS (
  SELECT 1 FROM known_user WHERE known_user.key = meant.person AND known_user.state = 'deleted')
"""
_UNRELATED = """
DELETE FROM temp.meant WHERE section <> '' AND EXISTS (
  SELECT 1 FROM temp.staged JOIN known_section place ON place.key = staged.section_id
  WHERE staged.n = meant.n AND staged.course_id IS NOT NULL AND place.course_id IS NOT NULL
  AND staged.course_id NOT IN (place.course_id, coalesce(place.xlist_course, place.course_id)))
"""
_LAST_COMPLETED = """
UPDATE temp.meant SET state = CASE WHEN EXISTS (
  SELECT 1 FROM known_enrollment other WHERE other.person = meant.person AND other.course = meant.course
  AND other.enrolled_as = meant.enrolled_as AND other.state = 'active' AND other.key <> meant.key)
THEN 'deleted' ELSE 'completed' END WHERE state = 'deleted_last_completed'
"""
_IN_USE = {
    "account": """
DELETE FROM temp.meant WHERE state = 'deleted' AND (
  EXISTS (SELECT 1 FROM known_account child WHERE child.parent_account_id = meant.key AND child.state <> 'deleted')
  OR EXISTS (SELECT 1 FROM known_course WHERE account_id = meant.key AND state <> 'deleted'))
""",
    "term": """
DELETE FROM temp.meant WHERE state = 'deleted'
AND EXISTS (SELECT 1 FROM known_course WHERE term_id = meant.key AND state <> 'deleted')
""",
}
