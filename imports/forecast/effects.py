"""The lists behind the numbers: one line per object that would change, with its names, in a file of its own."""

import sqlite3

from imports.forecast.journal import person_name
from imports.known.tables import KEPT

EFFECTS = ("new", "changed", "restored", "concluded", "deactivated", "deleted")
# What takes something away from people.
REMOVALS = ("concluded", "deactivated", "deleted")
# A line as it is read back and downloaded.
COLUMNS = (
    "effect",
    "kind",
    "key",
    "name",
    "person",
    "course",
    "course_name",
    "term",
    "account",
    "was",
    "becomes",
    "columns",
    "stays",
)

_TABLE = """
CREATE TABLE result.effects (id INTEGER PRIMARY KEY, kind TEXT, key TEXT, effect TEXT, was TEXT, becomes TEXT,
  columns TEXT DEFAULT '', name TEXT DEFAULT '', person TEXT DEFAULT '', course TEXT DEFAULT '',
  course_name TEXT DEFAULT '', term TEXT DEFAULT '', account TEXT DEFAULT '', stays TEXT DEFAULT '')
"""
_OVERALL = """
CREATE TEMP TABLE overall AS
SELECT first.kind AS kind, first.key AS key, first.was AS was, last.becomes AS becomes FROM (
  SELECT min(id) AS first_id, max(id) AS last_id FROM temp.journal GROUP BY kind, key)
JOIN temp.journal first ON first.id = first_id JOIN temp.journal last ON last.id = last_id
WHERE first.was <> last.becomes AND NOT (first.was = '' AND last.becomes = 'deleted')
UNION ALL SELECT kind, key, NULL, NULL FROM temp.edits
WHERE NOT EXISTS (SELECT 1 FROM temp.journal WHERE journal.kind = edits.kind AND journal.key = edits.key)
"""
_EFFECT = """
CASE WHEN was IS NULL THEN 'changed' WHEN was = '' THEN 'new' WHEN becomes = 'deleted' THEN 'deleted'
WHEN becomes = 'completed' THEN 'concluded' WHEN becomes IN ('inactive', 'suspended') THEN 'deactivated'
WHEN was IN ('deleted', 'completed', 'inactive', 'suspended') THEN 'restored' ELSE 'changed' END
"""
# Whose place in a course is taken away while another one there is left to them.
_STAYS = """
CASE WHEN becomes IN ('deleted', 'completed', 'inactive') AND EXISTS (SELECT 1 FROM known_enrollment still
  WHERE still.person = held.person AND +still.course = held.course AND still.state = 'active') THEN 'yes' ELSE '' END
"""
# Which course an object belongs to, and how to call it.
_OF_COURSE = {
    "course": ("overall.key", "''"),
    "section": ("coalesce(held.xlist_course, held.course_id)", "held.name"),
    "enrollment": ("held.course", "held.enrolled_as"),
    "group": ("held.course_id", "held.name"),
}
_NAMES = {
    "user": person_name("held"),
    "login": "held.login_id",
    "account": "held.name",
    "term": "held.name",
    "abstract_course": "held.long_name",
    "group_category": "held.category_name",
    "differentiation_tag_set": "held.set_name",
    "differentiation_tag": "held.name",
    "institutional_tag_category": "held.name",
    "institutional_tag": "held.name",
}


def write_effects(db: sqlite3.Connection) -> None:
    """From the journal and the edits, into `result.effects`."""
    db.execute(_TABLE)
    db.execute("CREATE INDEX temp.journal_key ON journal (kind, key)")
    db.execute(_OVERALL)
    for name in KEPT:
        db.execute(_insert(name))
    db.execute("CREATE INDEX result.effects_by ON effects (kind, effect, term, account)")
    db.execute("DROP TABLE temp.overall")


def _insert(name: str) -> str:
    course, label = _OF_COURSE.get(name, ("NULL", _NAMES.get(name, "''")))
    person = person_name("person") if name == "enrollment" else "''"
    join = "LEFT JOIN known_user person ON person.key = held.person" if name == "enrollment" else ""
    stays = _STAYS if name == "enrollment" else "''"
    key = "coalesce(held.person, overall.key)" if name == "enrollment" else "replace(overall.key, char(31), ' ')"
    return (
        "INSERT INTO result.effects (kind, key, effect, was, becomes, columns, name, person, course, course_name, "
        f"term, account, stays) SELECT overall.kind, {key}, {_EFFECT}, coalesce(was, ''), coalesce(becomes, ''), "
        f"coalesce(edits.columns, ''), coalesce({label}, ''), coalesce({person}, ''), coalesce({course}, ''), "
        "coalesce(of.long_name, ''), coalesce(of.term_id, ''), coalesce(of.account_id, ''), "
        f"{stays} FROM temp.overall JOIN {KEPT[name].table} held ON held.key = overall.key {join} "
        f"LEFT JOIN known_course of ON of.key = {course} "
        "LEFT JOIN temp.edits ON edits.kind = overall.kind AND edits.key = overall.key "
        f"WHERE overall.kind = '{name}'"
    )
