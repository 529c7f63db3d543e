"""Groups and differentiation tags: their sets, themselves, their members. The two differ in columns only."""

from collections.abc import Callable

import numpy as np

from imports.check.hashing import hash_text, mix
from imports.check.knowledge import ABSENT, DEAD, PADDED
from imports.check.rows import Rows
from imports.check.steps import Apply, Missing, OneByOne, Reference, Row, Status, Step, deleted

Place = tuple[str, str]  # the column that says where, and the id in it

_ROOT: Place = ("account_id", "")
_UNTOLD: Place = ("", "")  # somewhere in the account, as far as is known


def _place(row: Row) -> Place | None:
    """Where the row puts it; None where it does not say."""
    return next(((name, row[name]) for name in ("course_id", "account_id") if name in row), None)


def _judge_set(kind: str, id_column: str) -> Callable[[Row], str]:
    def judge(row: Row) -> str:
        if "course_id" in row and "account_id" in row:
            return f"{kind}.two-places"
        for column in ("course_id", "account_id"):
            if column in row and not row.found(column):
                return f"{kind}.{column.removesuffix('_id')}-not-found"
        sets = row.rows.world.memory(kind)
        place = _place(row) or sets.get(row[id_column], (_ROOT, ""))[0]
        sets[row[id_column]] = (place, row.status)
        return ""

    return judge


def _judge_group(kind: str, id_column: str, set_kind: str, set_column: str) -> Callable[[Row], str]:
    def judge(row: Row) -> str:
        if "course_id" in row and "account_id" in row:
            return f"{kind}.two-places"
        for column in ("course_id", "account_id"):
            if column in row and not row.found(column):
                return f"{kind}.{column.removesuffix('_id')}-not-found"
        place = _place(row)
        if set_column in row:
            home = _home_of_set(row, set_kind, row[set_column])
            if home is None or (place and home not in {place, _UNTOLD}):
                row.extra = {"set_place": f" in {place[0].removesuffix('_id')} {place[1]}" if place else ""}
                return f"{kind}.set-not-found"
            place = home
        groups = row.rows.world.memory(kind)
        new = row[id_column] not in groups and row.rows.world.knowledge.state(kind, row[id_column]) in {ABSENT, PADDED}
        if kind == "differentiation_tag" and new and place is None:
            return f"{kind}.tag-set-id-missing"
        home = groups[row[id_column]] = place or groups.get(row[id_column], _ROOT)
        _note_course(row, f"course of {kind}", row[id_column], home)
        return ""

    return judge


def _note_course(row: Row, name: str, sis_id: str, place: Place) -> None:
    if place[0] == "course_id":
        group, course = (np.array([hash_text(text)], np.uint64) for text in (sis_id, place[1]))
        row.rows.world.map(name).put(group, course)


def _members_in_course(kind: str, group_kind: str, id_column: str) -> Step:
    def refuse_others(rows: Rows) -> None:
        """Who is not in a group's course cannot be in the group."""
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
    _, course = rows.world.memory(group_kind)[rows.column(id_column).text(row)]
    user = rows.column("user_id").text(row)
    enrolled = rows.world.knowledge.living("enrollment", {"person": user, "course": course})
    return enrolled is not None and not enrolled


def _home_of_set(row: Row, set_kind: str, set_id: str) -> Place | None:
    """Where a set lies; None where there is none."""
    place, status = row.rows.world.memory(set_kind).get(set_id, (None, ""))
    if place:
        return None if status == "deleted" else place
    return None if row.rows.world.knowledge.state(set_kind, set_id) in {ABSENT, DEAD, PADDED} else _UNTOLD


def _set_steps(kind: str, id_column: str, name_column: str, *first: Step) -> tuple[Step, ...]:
    slug = id_column.replace("_", "-")
    columns = {f"{kind}.two-places": "course_id"} | {f"{kind}.{n}-not-found": f"{n}_id" for n in ("course", "account")}
    return (
        Missing(f"{kind}.{slug}-missing", id_column),
        *first,
        Missing(f"{kind}.{name_column.replace('_', '-')}-missing", name_column),
        Missing(f"{kind}.status-missing", "status"),
        Status(f"{kind}.status-unknown"),
        OneByOne(_judge_set(kind, id_column), {"course_id": "course", "account_id": "account"}, columns=columns),
    )


def _group_steps(kind: str, id_column: str, set_kind: str, set_column: str) -> tuple[Step, ...]:
    columns = {f"{kind}.{n}-not-found": f"{n}_id" for n in ("course", "account")} | {
        f"{kind}.two-places": "course_id",
        f"{kind}.set-not-found": set_column,
        f"{kind}.tag-set-id-missing": set_column,
    }
    judge = _judge_group(kind, id_column, set_kind, set_column)
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


GROUP_CATEGORIES = _set_steps("group_category", "group_category_id", "category_name")
TAG_SETS = _set_steps(
    "differentiation_tag_set",
    "tag_set_id",
    "set_name",
    Missing("differentiation_tag_set.course-id-missing", "course_id"),
)
GROUPS = _group_steps("group", "group_id", "group_category", "group_category_id")
TAGS = _group_steps("differentiation_tag", "tag_id", "differentiation_tag_set", "tag_set_id")
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
