"""The numbers of a forecast, from its file of effects and the state that was tried out."""

import sqlite3
from typing import Any

from imports.forecast.effects import EFFECTS, REMOVALS
from imports.known.applying import Applied
from imports.known.tables import KEPT

# More courses than that nobody reads on a page; the list has them all.
_MOST_COURSES = 100
_GONE = ", ".join(f"'{effect}'" for effect in REMOVALS)
_PLACES = {
    "course": "SELECT 'course', coalesce(term_id, ''), coalesce(account_id, ''), count(*) FROM known_course "
    "WHERE state <> 'deleted' GROUP BY 2, 3",
    "section": "SELECT 'section', coalesce(term_id, ''), coalesce(account_id, ''), count(*) FROM known_section held "
    "JOIN known_course ON known_course.key = coalesce(held.xlist_course, held.course_id) "
    "WHERE held.state <> 'deleted' GROUP BY 2, 3",
    "enrollment": "SELECT 'enrollment', coalesce(term_id, ''), coalesce(account_id, ''), sum(n) FROM ("
    "SELECT course, count(*) AS n FROM known_enrollment WHERE state <> 'deleted' GROUP BY course) "
    "JOIN known_course ON known_course.key = course GROUP BY 2, 3",
}


def count_before(db: sqlite3.Connection) -> dict[str, int]:
    """How many of each kind are alive before; per term and department into `temp.live`."""
    db.execute("CREATE TEMP TABLE live (kind TEXT, term TEXT, account TEXT, live INTEGER)")
    for query in _PLACES.values():
        db.execute(f"INSERT INTO temp.live {query}")
    return {
        name: int(db.execute(f"SELECT count(*) FROM {kept.table} WHERE state <> 'deleted'").fetchone()[0])
        for name, kept in KEPT.items()
    }


def kinds(db: sqlite3.Connection, applied: Applied, before: dict[str, int]) -> list[dict[str, Any]]:
    """Per kind: rows given, rows in doubt, alive before, unchanged, and one number per effect."""
    counted: dict[str, dict[str, int]] = {}
    for name, effect, count in db.execute("SELECT kind, effect, count(*) FROM result.effects GROUP BY kind, effect"):
        counted.setdefault(name, {})[effect] = count
    lines = []
    for name in dict.fromkeys([*applied.rows, *KEPT]):
        if name not in applied.rows and name not in counted:
            continue
        effects = {effect: counted.get(name, {}).get(effect, 0) for effect in EFFECTS}
        lines.append(
            {
                "kind": name,
                "given": applied.rows.get(name, 0),
                "in_doubt": applied.in_doubt.get(name, 0),
                "live": before.get(name, 0),
                "unchanged": applied.unchanged.get(name, 0),
                "removed": sum(effects[effect] for effect in REMOVALS),
                **effects,
            }
        )
    return lines


def columns(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """How often each column changes."""
    counted: dict[tuple[str, str], int] = {}
    query = "SELECT kind, columns, count(*) FROM result.effects WHERE columns <> '' GROUP BY kind, columns"
    for kind, names, count in db.execute(query):
        for name in names.split():
            counted[kind, name] = counted.get((kind, name), 0) + count
    return [{"kind": kind, "column": name, "count": count} for (kind, name), count in sorted(counted.items())]


def places(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Per kind, term and department: what is new, changed and removed, and how many there were. All of them.

    A limit is held against these, so none is left out; pages show the first.
    """
    query = f"""
    SELECT effects.kind, effects.term, effects.account, coalesce(max(live.live), 0),
      sum(effect = 'new'), sum(effect IN ('changed', 'restored')), sum(effect IN ({_GONE})),
      coalesce((SELECT name FROM known_term WHERE key = effects.term), ''),
      coalesce((SELECT name FROM known_account WHERE key = effects.account), '')
    FROM result.effects LEFT JOIN temp.live ON live.kind = effects.kind AND live.term = effects.term
      AND live.account = effects.account
    WHERE effects.kind IN ('course', 'section', 'enrollment') GROUP BY effects.kind, effects.term, effects.account
    ORDER BY 7 DESC, 5 DESC
    """
    names = ("kind", "term", "account", "live", "new", "changed", "removed", "term_name", "account_name")
    return [dict(zip(names, row, strict=True)) for row in db.execute(query)]


def totals(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """How many there were per kind, term and department."""
    names = ("kind", "term", "account", "live")
    return [dict(zip(names, row, strict=True)) for row in db.execute("SELECT kind, term, account, live FROM temp.live")]


def losses(db: sqlite3.Connection) -> dict[str, Any]:
    """Who would lose a course: how many people and courses, and per department and course the largest losses.

    Who only changes the section or the role there loses none.
    """
    gone = f"kind = 'enrollment' AND effect IN ({_GONE}) AND stays = ''"
    people, of_courses = db.execute(
        f"SELECT count(DISTINCT key), count(DISTINCT course) FROM result.effects WHERE {gone}"
    ).fetchone()
    rows = db.execute(
        "SELECT account, term, course, course_name, count(DISTINCT key) FROM result.effects "
        f"WHERE {gone} GROUP BY account, term, course ORDER BY 5 DESC, account, course LIMIT {_MOST_COURSES}"
    )
    names = ("account", "term", "course", "course_name", "people")
    largest = [dict(zip(names, row, strict=True)) for row in rows]
    return {"people": people, "courses": of_courses, "largest": sorted(largest, key=lambda one: str(one["account"]))}
