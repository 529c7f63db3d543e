"""Groups and differentiation tags: their sets, themselves, their members. The two differ in columns only."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from imports.check.hashing import hash_text, mix
from imports.check.knowledge import ABSENT, DEAD, PADDED
from imports.check.rows import Rows, World
from imports.check.steps import DELETED, Apply, Missing, OneByOne, Reference, Row, Status, Step, deleted

Place = tuple[str, str]  # the column that says where, and the id in it
Home = tuple[Place, str]  # and the status

_ROOT: Place = ("account_id", "")
_UNTOLD: Place = ("", "")  # somewhere in the account, as far as is known
# Kind → kind of its sets, and the column that names one.
_SETS = {
    "group": ("group_category", "group_category_id"),
    "differentiation_tag": ("differentiation_tag_set", "tag_set_id"),
}


def _place(row: Mapping[str, str]) -> Place | None:
    """Where the row puts it; None where it does not say."""
    return next(((name, row[name]) for name in ("course_id", "account_id") if name in row), None)


def _home(world: World, kind: str, sis_id: str) -> Home | None:
    """Where a set or a group lies, by the upload so far or before it; None where there is none."""
    remembered: Home | None = world.memory(kind).get(sis_id)
    if remembered:
        return remembered
    if known := world.knowledge.thing(kind, sis_id):
        return _known_place(world, kind, known), known["state"]
    state = world.knowledge.state(kind, sis_id)
    return None if state in {ABSENT, PADDED} else (_UNTOLD, DELETED if state == DEAD else "")


def _known_place(world: World, kind: str, known: Mapping[str, str]) -> Place:
    """Untold where it was moved, for a move leaves what was said before."""
    set_kind, set_column = _SETS.get(kind, ("", ""))
    said = [name for name in ("course_id", "account_id", set_column) if name in known]
    if len(said) > 1:
        return _UNTOLD
    if said == [set_column]:
        home = _home(world, set_kind, known[set_column])
        return home[0] if home else _UNTOLD
    return _place(known) or _ROOT


def _is_moved_in_use(row: Row, before: Home | None, place: Place | None, members: str, id_column: str) -> bool:
    """Whether the row moves something that has members. Those of the upload come later and do not count."""
    if before is None or place is None or before[0] in {place, _UNTOLD}:
        return False
    return bool(row.rows.world.knowledge.living(members, {id_column: row[id_column]}))


def _judge_set(kind: str, id_column: str, group_kind: str) -> Callable[[Row], str]:
    def judge(row: Row) -> str:
        if "course_id" in row and "account_id" in row:
            return f"{kind}.two-places"
        for column in ("course_id", "account_id"):
            if column in row and not row.found(column):
                return f"{kind}.{column.removesuffix('_id')}-not-found"
        before, place = _home(row.rows.world, kind, row[id_column]), _place(row)
        if _is_moved_in_use(row, before, place, group_kind, id_column):
            return f"{kind}.in-use"
        row.rows.world.memory(kind)[row[id_column]] = (place or (before[0] if before else _ROOT), row.status)
        return ""

    return judge


def _judge_group(kind: str, id_column: str, member_kind: str) -> Callable[[Row], str]:
    set_kind, set_column = _SETS[kind]

    def judge(row: Row) -> str:
        if "course_id" in row and "account_id" in row:
            return f"{kind}.two-places"
        for column in ("course_id", "account_id"):
            if column in row and not row.found(column):
                return f"{kind}.{column.removesuffix('_id')}-not-found"
        place, before = _place(row), _home(row.rows.world, kind, row[id_column])
        if set_column in row:
            home = _home(row.rows.world, set_kind, row[set_column])
            if home is None or home[1] == DELETED or (place and home[0] not in {place, _UNTOLD}):
                row.extra = {"set_place": f" in {place[0].removesuffix('_id')} {place[1]}" if place else ""}
                return f"{kind}.set-not-found"
            place = home[0]
        if kind == "differentiation_tag" and before is None and place is None:
            return f"{kind}.tag-set-id-missing"
        if _is_moved_in_use(row, before, place, member_kind, id_column):
            return f"{kind}.in-use"
        _note_home(row.rows.world, kind, row[id_column], (place or (before[0] if before else _ROOT), row.status))
        return ""

    return judge


def _note_home(world: World, kind: str, sis_id: str, home: Home) -> None:
    world.memory(kind)[sis_id] = home
    column, place_id = home[0]
    if column == "course_id":
        group, course = (np.array([hash_text(text)], np.uint64) for text in (sis_id, place_id))
        world.map(f"course of {kind}").put(group, course)


def _note_known_home(world: World, kind: str, sis_id: str) -> int:
    """Of a group that the upload does not tell of; the memo that asks sees to it that this is done once."""
    if sis_id not in world.memory(kind) and (home := _home(world, kind, sis_id)):
        _note_home(world, kind, sis_id, home)
    return 0


def _members_in_course(kind: str, group_kind: str, id_column: str) -> Step:
    def refuse_others(rows: Rows) -> None:
        """Who is not in a group's course cannot be in the group."""
        if rows.world.knowledge.has_account:
            rows.memo(id_column, partial(_note_known_home, rows.world, group_kind), key=f"home of {group_kind}")
        courses = rows.world.map(f"course of {group_kind}").get(rows.column(id_column).hash).astype(np.uint64)
        pairs = mix(rows.column("user_id").hash, courses)
        asked = (courses != 0) & ~deleted(rows) & (rows.world.map("enrolled").get(pairs) == 0) & rows.alive
        if asked.any():
            outside = np.zeros(len(rows), np.bool_)
            outside[
                [row for row in np.flatnonzero(asked).tolist() if _is_outside(rows, row, id_column, group_kind)]
            ] = True
            rows.report(f"{kind}.not-in-course", outside, "user_id")

    return refuse_others


def _is_outside(rows: Rows, row: int, id_column: str, group_kind: str) -> bool:
    (_, course), _ = rows.world.memory(group_kind)[rows.column(id_column).text(row)]
    user = rows.column("user_id").text(row)
    enrolled = rows.world.knowledge.living("enrollment", {"person": user, "course": course})
    return enrolled is not None and not enrolled


def _set_steps(kind: str, id_column: str, name_column: str, group_kind: str, *first: Step) -> tuple[Step, ...]:
    slug = id_column.replace("_", "-")
    columns = {f"{kind}.{n}-not-found": f"{n}_id" for n in ("course", "account")} | {
        f"{kind}.two-places": "course_id",
        f"{kind}.in-use": id_column,
    }
    return (
        Missing(f"{kind}.{slug}-missing", id_column),
        *first,
        Missing(f"{kind}.{name_column.replace('_', '-')}-missing", name_column),
        Missing(f"{kind}.status-missing", "status"),
        Status(f"{kind}.status-unknown"),
        OneByOne(
            _judge_set(kind, id_column, group_kind), {"course_id": "course", "account_id": "account"}, columns=columns
        ),
    )


def _group_steps(kind: str, id_column: str, member_kind: str) -> tuple[Step, ...]:
    set_column = _SETS[kind][1]
    columns = {f"{kind}.{n}-not-found": f"{n}_id" for n in ("course", "account")} | {
        f"{kind}.two-places": "course_id",
        f"{kind}.set-not-found": set_column,
        f"{kind}.tag-set-id-missing": set_column,
        f"{kind}.in-use": id_column,
    }
    judge = _judge_group(kind, id_column, member_kind)
    return (
        Missing(f"{kind}.{id_column.replace('_', '-')}-missing", id_column),
        Missing(f"{kind}.name-missing", "name"),
        Status(f"{kind}.status-unknown"),
        OneByOne(judge, {"course_id": "course", "account_id": "account"}, columns=columns),
        Apply(kind, id_column),
    )


def _member_steps(kind: str, group_kind: str, id_column: str) -> tuple[Step, ...]:
    return (
        Missing(f"{kind}.{id_column.replace('_', '-')}-missing", id_column),
        Missing(f"{kind}.user-id-missing", "user_id"),
        Status(f"{kind}.status-unknown"),
        Reference(f"{kind}.user-not-found", "user_id", "user", dead_is_fine=False),
        Reference(f"{kind}.group-not-found", id_column, group_kind, dead_is_fine=False),
        _members_in_course(kind, group_kind, id_column),
    )


GROUP_CATEGORIES = _set_steps("group_category", "group_category_id", "category_name", "group")
TAG_SETS = _set_steps(
    "differentiation_tag_set",
    "tag_set_id",
    "set_name",
    "differentiation_tag",
    Missing("differentiation_tag_set.course-id-missing", "course_id"),
)
GROUPS = _group_steps("group", "group_id", "group_membership")
TAGS = _group_steps("differentiation_tag", "tag_id", "differentiation_tag_membership")
GROUP_MEMBERSHIPS = _member_steps("group_membership", "group", "group_id")
TAG_MEMBERSHIPS = _member_steps("differentiation_tag_membership", "differentiation_tag", "tag_id")

TAG_CATEGORIES: tuple[Step, ...] = (
    Missing("institutional_tag_category.category-id-missing", "category_id"),
    Missing("institutional_tag_category.name-missing", "name"),
    Status("institutional_tag_category.status-unknown"),
    Apply("institutional_tag_category", "category_id"),
)
INSTITUTIONAL_TAGS: tuple[Step, ...] = (
    Missing("institutional_tag.institutional-tag-id-missing", "institutional_tag_id"),
    Missing("institutional_tag.name-missing", "name"),
    Status("institutional_tag.status-unknown"),
    Missing("institutional_tag.category-not-found", "category_id"),
    Reference("institutional_tag.category-not-found", "category_id", "institutional_tag_category", dead_is_fine=False),
    Missing("institutional_tag.description-missing", "description"),
    Apply("institutional_tag", "institutional_tag_id"),
)
TAG_ASSOCIATIONS: tuple[Step, ...] = (
    Missing("institutional_tag_association.institutional-tag-id-missing", "institutional_tag_id"),
    Missing("institutional_tag_association.user-id-missing", "user_id"),
    Status("institutional_tag_association.status-unknown"),
    Reference(
        "institutional_tag_association.tag-not-found", "institutional_tag_id", "institutional_tag", dead_is_fine=False
    ),
    Reference("institutional_tag_association.user-not-found", "user_id", "user", dead_is_fine=False),
)
