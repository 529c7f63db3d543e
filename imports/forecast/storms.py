"""Storms of identities: changes that remove nothing, so that no limit on deletions sees them, and yet mix people up."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from imports.forecast.journal import person_name

# Below that many, and below that share, likenesses happen by themselves.
_AT_LEAST = 5
_SHARE = 0.2
_EXAMPLES = 5
_KNOWN_SHAPES_OF = 10


@dataclass(frozen=True, slots=True)
class Storm:
    """`count` of `of` objects; `examples` are ids, the former one first where there are two."""

    sort: str
    count: int
    of: int
    examples: tuple[str, ...]


# By what one recognises something whose id is another one.
_NAMES = {
    "user": person_name("known_user"),
    "course": "long_name || ' ' || short_name || ' ' || coalesce(term_id, '')",
}
_NEW = "SELECT key FROM temp.journal WHERE kind = '{kind}' AND was = ''"
_SAME = """
SELECT min(older.key) || ' → ' || fresh.key FROM temp.names older JOIN temp.names fresh ON older.name = fresh.name
WHERE NOT older.is_new AND fresh.is_new GROUP BY fresh.key
"""
_SWAPPED = """
SELECT one.key || ' ↔ ' || two.key FROM temp.renamed one JOIN temp.renamed two
ON one.key < two.key AND one.name = two.old_name AND two.name = one.old_name AND one.name <> one.old_name
"""
_LOGINS = """
SELECT old.key || ' → ' || held.key FROM temp.renamed old
JOIN known_user held ON held.login_id = old.old_login COLLATE NOCASE AND held.key <> old.key
WHERE old.login <> old.old_login AND held.state <> 'deleted'
"""


def storms(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """What looks like one, from the journal of an import that was tried out."""
    found = [
        _under_new_ids(db, "user"),
        _under_new_ids(db, "course"),
        _if_any("swapped_ids", _listed(db, _SWAPPED)),
        _if_any("moved_logins", _listed(db, _LOGINS)),
        _strange_ids(db),
    ]
    return [asdict(storm) for storm in found if storm]


def _under_new_ids(db: sqlite3.Connection, kind: str) -> Storm | None:
    """New ids with the names of others that were there before."""
    new = _NEW.format(kind=kind)
    count = int(db.execute(f"SELECT count(*) FROM ({new})").fetchone()[0])
    if count < _AT_LEAST:
        return None
    db.execute("DROP TABLE IF EXISTS temp.names")
    db.execute("CREATE TEMP TABLE names (name TEXT COLLATE NOCASE, key TEXT, is_new INTEGER)")
    db.execute(f"INSERT INTO temp.names SELECT {_NAMES[kind]}, key, key IN ({new}) FROM known_{kind}")
    db.execute("CREATE INDEX temp.names_by ON names (name)")
    return _if_many(f"same_{kind}s", _listed(db, _SAME), count)


def _listed(db: sqlite3.Connection, query: str) -> list[str]:
    return [text for (text,) in db.execute(query)]


def _if_many(sort: str, pairs: list[str], of: int) -> Storm | None:
    likely = len(pairs) >= _AT_LEAST and len(pairs) >= _SHARE * of
    return Storm(sort, len(pairs), of, tuple(pairs[:_EXAMPLES])) if likely else None


def _if_any(sort: str, pairs: list[str]) -> Storm | None:
    return Storm(sort, len(pairs), len(pairs), tuple(pairs[:_EXAMPLES])) if pairs else None


def shape(key: str) -> str:
    """The pattern of an id: BIO-101 and CHEM-2040 are both a-9."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", key))


def _strange_ids(db: sqlite3.Connection) -> Storm | None:
    """New course ids of patterns that no course had before."""
    new = _NEW.format(kind="course")
    fresh = _listed(db, new)
    if len(fresh) < _AT_LEAST:
        return None
    older = _listed(db, f"SELECT key FROM known_course WHERE key NOT IN ({new})")
    known = set(map(shape, older))
    strange = [key for key in fresh if shape(key) not in known]
    if len(older) < _KNOWN_SHAPES_OF or not _are_regular(older, known):
        return None
    return _if_many("course_id_pattern", strange, len(fresh))


def _are_regular(keys: list[str], shapes: Iterable[str]) -> bool:
    return len(list(shapes)) <= len(keys) / 3
