"""What goes along with a change: enrollments of a deleted course, memberships of who leaves it, linked observers."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from imports.known.tables import APART


def after(db: sqlite3.Connection, kind: str, run: int) -> None:
    """What follows from the rows of a kind that were just applied."""
    if kind == "section":
        db.execute(_FOLLOW_SECTION, {"run": run})
    if kind in _TAKES_ENROLLMENTS:
        leave(db, _TAKES_ENROLLMENTS[kind], {"run": run})
    if kind == "group":
        db.execute(_OF_DELETED_GROUPS, {"run": run})
    if kind == "user":
        for statement in _TAKEN_BY_USER:
            db.execute(statement, {"run": run})
    if kind == "enrollment":
        _leave_groups(db)
        db.execute(_OBSERVERS, {"run": run})
    if kind == "user_observer":
        db.execute(_JOIN_AS_OBSERVER, {"run": run})
        leave(db, _UNLINKED, {"run": run})


def before(db: sqlite3.Connection, kind: str) -> None:
    """What must be seen before the rows of a kind, in `meant`, are applied: who leaves a course, row after row."""
    if kind == "enrollment":
        db.execute("CREATE INDEX temp.meant_person ON meant (person)")
        for name, query in (("gone", _LEAVING), ("still_dead", _STILL_DEAD)):
            db.execute(f"DROP TABLE IF EXISTS temp.{name}")
            db.execute(query)


def leave(db: sqlite3.Connection, which: str, values: Mapping[str, Any]) -> None:
    """Delete the enrollments for which this SQL is true, and what goes along with them."""
    _left(db, f"({which}) AND state <> 'deleted'", values)
    db.execute(f"UPDATE known_enrollment SET state = 'deleted' WHERE ({which}) AND state <> 'deleted'", values)
    db.execute(_ONLY_LAST)
    _leave_groups(db)


def _left(db: sqlite3.Connection, which: str, values: Mapping[str, Any]) -> None:
    db.execute("DROP TABLE IF EXISTS temp.gone")
    db.execute(
        f"CREATE TEMP TABLE gone AS SELECT DISTINCT person, course FROM known_enrollment WHERE {which}", dict(values)
    )


def _leave_groups(db: sqlite3.Connection) -> None:
    """Whose last enrollment in a course is gone leaves its groups, and takes the linked observers along."""
    if db.execute("SELECT 1 FROM temp.gone LIMIT 1").fetchone() is None:
        return
    for statement in _LEFT:
        db.execute(statement)


def cross_list(db: sqlite3.Connection, run: int) -> None:
    """Apply the cross-listings in `staged`. An unknown course is made after the section's own."""
    for statement in _CROSS_LIST:
        db.execute(statement, {"run": run})


_FOLLOW_SECTION = """
UPDATE known_enrollment SET course = (
  SELECT coalesce(xlist_course, course_id) FROM known_section WHERE known_section.key = known_enrollment.section)
WHERE section IN (SELECT key FROM known_section WHERE run = :run) AND course <> (
  SELECT coalesce(xlist_course, course_id) FROM known_section WHERE known_section.key = known_enrollment.section)
"""
_TAKES_ENROLLMENTS = {
    "course": "course IN (SELECT key FROM known_course WHERE run = :run AND state = 'deleted')",
    "section": "section IN (SELECT key FROM known_section WHERE run = :run AND state = 'deleted')",
    "user": "person IN (SELECT key FROM known_user WHERE run = :run AND state = 'deleted' AND NOT EXISTS ("
    "SELECT 1 FROM known_login WHERE existing_user_id = known_user.key AND known_login.state = 'active'))",
}
_OF_DELETED_GROUPS = """
UPDATE known_group_membership SET state = 'deleted' WHERE state <> 'deleted'
AND group_id IN (SELECT key FROM known_group WHERE run = :run AND state = 'deleted')
"""
_GONE_USERS = """(SELECT key FROM known_user WHERE run = :run AND state = 'deleted' AND NOT EXISTS (
  SELECT 1 FROM known_login WHERE existing_user_id = known_user.key AND known_login.state = 'active'))"""
_TAKEN_BY_USER = tuple(
    f"UPDATE {table} SET state = 'deleted' WHERE state <> 'deleted' AND user_id IN {_GONE_USERS}"
    for table in ("known_group_membership", "known_admin")
)
# A row that deletes somebody's last place counts, even if a later row gives them another one.
_LEAVING = """
CREATE TEMP TABLE gone AS SELECT DISTINCT meant.person AS person, meant.course AS course
FROM temp.meant JOIN known_enrollment held ON held.key = meant.key AND held.state <> 'deleted'
WHERE meant.state = 'deleted'
AND NOT EXISTS (SELECT 1 FROM known_enrollment other WHERE other.person = meant.person
  AND +other.course = meant.course AND other.state <> 'deleted' AND other.key <> meant.key
  AND NOT EXISTS (SELECT 1 FROM temp.meant earlier
    WHERE earlier.key = other.key AND earlier.n < meant.n AND earlier.state = 'deleted'))
AND NOT EXISTS (SELECT 1 FROM temp.meant earlier WHERE earlier.person = meant.person
  AND earlier.course = meant.course AND earlier.state <> 'deleted' AND earlier.n < meant.n)
"""
_ONLY_LAST = """
DELETE FROM temp.gone WHERE EXISTS (SELECT 1 FROM known_enrollment still
  WHERE still.person = gone.person AND +still.course = gone.course AND still.state <> 'deleted')
"""
_LEFT = (
    """
UPDATE known_group_membership SET state = 'deleted' WHERE state <> 'deleted' AND EXISTS (
  SELECT 1 FROM temp.gone JOIN known_group ON known_group.course_id = gone.course
  WHERE gone.person = known_group_membership.user_id AND known_group.key = known_group_membership.group_id)
""",
    """
UPDATE known_enrollment SET state = 'deleted' WHERE state <> 'deleted' AND associated_user_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM temp.gone WHERE gone.person = associated_user_id AND gone.course = known_enrollment.course)
""",
)
_KEY = f"observer || {APART} || home || {APART} || section || {APART} || 'observer' || {APART} || student"
_AS_OBSERVER = f"""
INSERT INTO known_enrollment (key, state, run, person, course, section, enrolled_as, associated_user_id)
SELECT {_KEY}, state, :run, observer, course, section, 'observer', student FROM (
  SELECT link.observer_id AS observer, taught.person AS student, taught.state AS state, taught.course AS course,
    taught.section AS section, CASE WHEN taught.section = '' THEN taught.course ELSE '' END AS home
  FROM known_user_observer link JOIN known_enrollment taught ON taught.person = link.student_id
  WHERE link.state = 'active' AND taught.enrolled_as = 'student' AND %s) WHERE true
ON CONFLICT (key) DO UPDATE SET state = excluded.state, run = excluded.run
"""
# A place that was deleted before hands its state on to the observers once more; one that is deleted now does not.
_STILL_DEAD = """
CREATE TEMP TABLE still_dead AS SELECT meant.key AS key FROM temp.meant
JOIN known_enrollment held ON held.key = meant.key AND held.state = 'deleted' WHERE meant.state = 'deleted'
"""
_OBSERVERS = _AS_OBSERVER % (
    "taught.run = :run AND (taught.state <> 'deleted' OR taught.key IN (SELECT key FROM temp.still_dead))"
)
_JOIN_AS_OBSERVER = _AS_OBSERVER % "link.run = :run AND taught.state = 'active'"
_UNLINKED = """
associated_user_id IS NOT NULL AND EXISTS (SELECT 1 FROM known_user_observer link WHERE link.run = :run
  AND link.state = 'deleted' AND link.observer_id = person AND link.student_id = associated_user_id)
"""
_CROSS_LIST = (
    """
INSERT INTO known_course (key, state, run, short_name, long_name, account_id, term_id)
SELECT staged.xlist_course_id, 'claimed', :run, home.short_name, home.long_name, home.account_id, home.term_id
FROM temp.staged JOIN known_section ON known_section.key = staged.section_id AND known_section.state <> 'deleted'
JOIN known_course home ON home.key = known_section.course_id WHERE staged.status = 'active'
ON CONFLICT (key) DO UPDATE SET state = 'claimed', run = excluded.run WHERE known_course.state = 'deleted'
""",
    """
UPDATE known_section SET run = :run, xlist_course = (
  SELECT CASE WHEN staged.status = 'active' THEN nullif(xlist_course_id, known_section.course_id) END
  FROM temp.staged WHERE staged.section_id = known_section.key ORDER BY n DESC LIMIT 1)
WHERE state <> 'deleted' AND key IN (SELECT section_id FROM temp.staged WHERE status IN ('active', 'deleted'))
""",
    _FOLLOW_SECTION,
)
