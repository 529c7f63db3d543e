"""The last known state as SIS CSVs that bring an empty Canvas to it, in three imports one after the other.

A thing must be there before it can be gone, and what goes takes other things along. So the first import makes all that
was ever known, the second takes away what is gone, and the third what had to wait for that.
"""

import csv
import io
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imports.known.tables import KEPT, Kept

# What only the real site can make sense of: numbers of its own, its ways to sign in, its blueprints.
_OF_THE_SITE = frozenset({"authentication_provider_id", "blueprint_course_id", "existing_canvas_user_id"})
ACTS = ("there", "gone", "last")


@dataclass(frozen=True)
class Part:
    """One CSV: the SQL of each column, whose name is the key, and which rows of which table."""

    kind: str
    cells: Mapping[str, str]
    where: str = "1"
    order: str = ""
    suffix: str = ""

    @property
    def file(self) -> str:
        return f"{KEPT[self.kind].kind.plural if self.kind in KEPT else self.kind}{self.suffix}.csv"

    @property
    def query(self) -> str:
        table = KEPT[self.kind].table if self.kind in KEPT else "known_section"
        order = f" ORDER BY {self.order}" if self.order else ""
        return f"SELECT {', '.join(self.cells.values())} FROM {table} held WHERE {self.where}{order}"


@dataclass
class Exported:
    """One import that is to be made: the ZIP, and its rows."""

    path: Path
    rows: int = 0


def export(db: sqlite3.Connection, folder: Path, *, role_names: Mapping[str, str] | None = None) -> Iterator[Exported]:
    """Write one ZIP per act into `folder`, those without rows left out. `db` holds a known state.

    `role_names` are the names of the real site's roles by their numbers. A role that is known by a number alone and
    has no name here gets none: Canvas then refuses the row.
    """
    names = dict(role_names or {})
    db.create_function("role_name", 1, names.get, deterministic=True)
    for act in ACTS:
        made = _write(db, _PARTS[act], folder / f"{act}.zip")
        if made.rows:
            yield made


def _write(db: sqlite3.Connection, parts: Sequence[Part], path: Path) -> Exported:
    """Not compressed: it travels no further than to the next process, and Canvas distrusts what shrinks too well."""
    made = Exported(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
        for part in parts:
            rows = db.execute(part.query)
            first = rows.fetchone()
            if first is not None:
                made.rows += _write_part(package, part, first, rows)
    return made


def _write_part(package: zipfile.ZipFile, part: Part, first: Any, rows: sqlite3.Cursor) -> int:
    count = 1
    with (
        package.open(part.file, "w", force_zip64=True) as entry,
        io.TextIOWrapper(entry, "utf-8", newline="", write_through=False) as text,
    ):
        writer = csv.writer(text)
        writer.writerow(part.cells)
        writer.writerow(first)
        while piece := rows.fetchmany(2000):
            writer.writerows(piece)
            count += len(piece)
    return count


def _cells(kept: Kept, status: str, **changed: str) -> dict[str, str]:
    """All that is kept of a kind, by the names of its columns; `changed` replaces or adds some."""
    cells = {
        column.name: changed.get(column.name, f"held.{column.name}")
        for column in kept.kind.columns
        if column.name in changed or (column.name in kept.columns and column.name not in _OF_THE_SITE)
    }
    return cells | {"status": f"'{status}'" if status.isidentifier() else status}


def _named(*names: str) -> dict[str, str]:
    """Columns that a row needs; where nothing but the id is known, that stands for them."""
    return {name: f"coalesce(held.{name}, held.key)" for name in names}


_GONE = "held.state = 'deleted'"
_DEAD_USER = "(SELECT key FROM known_user WHERE state = 'deleted')"
_DEAD_COURSE = "(SELECT key FROM known_course WHERE state = 'deleted')"
_DEAD_SECTION = "(SELECT key FROM known_section WHERE state = 'deleted')"
_DEPTHS = """
(WITH RECURSIVE up (key, depth) AS (
  SELECT held.parent_account_id, 1 UNION ALL
  SELECT known_account.parent_account_id, depth + 1 FROM up JOIN known_account ON known_account.key = up.key
  WHERE up.key IS NOT NULL AND depth < 100) SELECT max(depth) FROM up)
"""
# Somebody else may have the login of a deleted user by now.
_LOGIN = """
CASE WHEN held.state = 'deleted' THEN 'former login of ' || held.key
ELSE coalesce(held.login_id, 'login of ' || held.key) END
"""
_COURSE_OF_SECTION = """
coalesce(held.course_id, (SELECT course FROM known_enrollment WHERE section = held.key AND course IS NOT NULL LIMIT 1))
"""
_ROLE = "CASE WHEN held.enrolled_as LIKE 'id %' THEN role_name(substr(held.enrolled_as, 4)) ELSE held.enrolled_as END"
# How an admin's role is written does matter to Canvas, but not to what is kept.
_ADMIN_ROLE = """
CASE WHEN held.rights LIKE 'id %' THEN role_name(substr(held.rights, 4)) WHEN held.rights = 'accountadmin'
THEN 'AccountAdmin' WHEN held.rights = 'accountmembership' THEN 'AccountMembership' ELSE held.rights END
"""


def _enrollments(status: str) -> dict[str, str]:
    place = {"course_id": "CASE WHEN held.section = '' THEN held.course END", "section_id": "held.section"}
    return _cells(KEPT["enrollment"], status, **place, user_id="held.person", role=_ROLE)


def _group(kind: str, **changed: str) -> dict[str, str]:
    """A group lies in a course or in an account: where both are known, it moved into the course."""
    kept = KEPT[kind]
    where = {"account_id": "CASE WHEN held.course_id IS NULL THEN held.account_id END"}
    if "account_id" not in kept.columns:
        where = {}
    return _cells(kept, kept.active[0], **{kept.identity[0]: "held.key"}, **where, **changed)


def _there() -> Iterator[Part]:
    yield Part("account", _cells(KEPT["account"], "active", account_id="held.key", **_named("name")),
               order=_DEPTHS)  # fmt: skip
    yield Part("term", _cells(KEPT["term"], "active", term_id="held.key", **_named("name")))
    names = _named("short_name", "long_name")
    yield Part("abstract_course", _cells(KEPT["abstract_course"], "active", abstract_course_id="held.key", **names))
    names = {
        name: f"coalesce(held.{name}, CASE WHEN held.abstract_course_id IS NULL THEN held.key END)"
        for name in ("short_name", "long_name")
    }
    state = "CASE held.state WHEN 'available' THEN 'published' WHEN 'completed' THEN 'completed' ELSE 'unpublished' END"
    yield Part("course", _cells(KEPT["course"], state, course_id="held.key", **names))
    place = {"section_id": "held.key", "course_id": _COURSE_OF_SECTION}
    yield Part("section", _cells(KEPT["section"], "active", **place, **_named("name")),
               f"{_COURSE_OF_SECTION} IS NOT NULL")  # fmt: skip
    cross = {"xlist_course_id": "held.xlist_course", "section_id": "held.key", "status": "'active'"}
    yield Part("xlists", cross, "held.xlist_course IS NOT NULL")
    state = "CASE held.state WHEN 'suspended' THEN 'suspended' ELSE 'active' END"
    yield Part("user", _cells(KEPT["user"], state, user_id="held.key", login_id=_LOGIN))
    yield Part("login", _login_cells(), "coalesce(held.existing_user_id, held.existing_integration_id) IS NOT NULL")
    yield Part("enrollment", _enrollments("CASE held.state WHEN 'deleted' THEN 'active' ELSE held.state END"))
    yield Part("admin", _cells(KEPT["admin"], "active", role=_ADMIN_ROLE))
    yield from _groups_and_tags()


def _login_cells() -> dict[str, str]:
    cells = _cells(KEPT["login"], "active", user_id="held.key", login_id="coalesce(held.login_id, held.key)")
    del cells["status"]
    return cells


def _groups_and_tags() -> Iterator[Part]:
    for kind, name in (
        ("group_category", "category_name"),
        ("differentiation_tag_set", "set_name"),
        ("group", "name"),
        ("differentiation_tag", "name"),
    ):
        yield Part(kind, _group(kind, **_named(name)))
    for kind in ("group_membership", "differentiation_tag_membership"):
        yield Part(kind, _cells(KEPT[kind], "accepted"))
    named = _named("name")
    yield Part("institutional_tag_category", _group("institutional_tag_category", **named))
    named = _named("name", "description")
    yield Part("institutional_tag", _group("institutional_tag", **named))
    yield Part("institutional_tag_association", _cells(KEPT["institutional_tag_association"], "active"))


def _gone(kind: str, *names: str) -> Part:
    """The rows that delete: id, what else such a row needs, status."""
    kept = KEPT[kind]
    return Part(kind, {kept.identity[0]: "held.key", **_named(*names), "status": "'deleted'"}, _GONE)


def _taken_away() -> Iterator[Part]:
    yield _gone("abstract_course", "short_name", "long_name")
    yield _gone("course", "short_name", "long_name")
    section = {"section_id": "held.key", "course_id": _COURSE_OF_SECTION, **_named("name")}
    yield Part("section", {**section, "status": "'deleted'"}, f"{_GONE} AND {_COURSE_OF_SECTION} IS NOT NULL")
    yield Part("user", {"user_id": "held.key", "login_id": _LOGIN, "status": "'deleted'"}, _GONE)
    # What was enrolled anew in a course that is gone has just been taken along with it.
    taken_along = f"held.course IN {_DEAD_COURSE} OR held.section IN {_DEAD_SECTION} OR held.person IN {_DEAD_USER}"
    yield Part(
        "enrollment", _enrollments("held.state"), f"held.associated_user_id IS NULL AND ({_GONE} OR {taken_along})"
    )
    yield Part(
        "admin", _cells(KEPT["admin"], "deleted", role=_ADMIN_ROLE), f"{_GONE} AND held.user_id NOT IN {_DEAD_USER}"
    )
    yield _gone("group_category", "category_name")
    yield _gone("differentiation_tag_set", "course_id", "set_name")
    yield _gone("group", "name")
    yield _gone("differentiation_tag", "name")
    for kind, groups, column in (
        ("group_membership", "known_group", "group_id"),
        ("differentiation_tag_membership", "known_differentiation_tag", "tag_id"),
    ):
        gone_groups = f"(SELECT key FROM {groups} WHERE state = 'deleted')"
        alive = f"held.user_id NOT IN {_DEAD_USER} AND held.{column} NOT IN {gone_groups}"
        moved = f"held.{column} IN (SELECT key FROM {groups} WHERE course_id IN {_DEAD_COURSE})"
        yield Part(kind, _cells(KEPT[kind], "held.state"), f"{alive} AND ({_GONE} OR {moved})")
    association = _cells(KEPT["institutional_tag_association"], "deleted")
    yield Part("institutional_tag_association", association, f"{_GONE} AND held.user_id NOT IN {_DEAD_USER}")
    yield _gone("institutional_tag", "category_id", "name", "description")
    # A link enrolls the observer wherever the student is, so it comes after the students.
    yield Part("user_observer", _cells(KEPT["user_observer"], "active"), suffix="-1")
    yield Part("user_observer", _cells(KEPT["user_observer"], "deleted"), _GONE, suffix="-2")


def _at_last() -> Iterator[Part]:
    """Departments and terms go when nothing is in them any more; observers follow their students until now."""
    account = {"account_id": "held.key", "parent_account_id": "held.parent_account_id"}
    yield Part("account", {**account, "name": "held.name", "status": "'deleted'"}, _GONE, f"{_DEPTHS} DESC")
    yield _gone("term", "name")
    yield _gone("institutional_tag_category", "name")
    yield Part("enrollment", _enrollments("held.state"), "held.associated_user_id IS NOT NULL")


_PARTS: dict[str, list[Part]] = {"there": list(_there()), "gone": list(_taken_away()), "last": list(_at_last())}
