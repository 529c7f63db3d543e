"""Changes of SIS ids, and the answers of grade publishing services."""

from imports.check.knowledge import ABSENT, ALIVE, DEAD, GONE, PADDED
from imports.check.steps import Allowed, Missing, OneByOne, Reference, Row, Step

TYPES = ("user", "course", "section", "term", "account", "group", "group_category")
PUBLISHING_STATUSES = ("published", "error", "pending", "publishing", "unpublishable", "unpublished", "ready")

_CLEAR = "<delete>"
_WITHOUT_INTEGRATION_ID = ("group", "group_category")


def judge_change(row: Row) -> str:
    """Every row changes what the next may refer to. Remembers the state of ids by kind and id."""
    kind = row["type"].lower()
    if kind in _WITHOUT_INTEGRATION_ID and ("old_integration_id" in row or "new_integration_id" in row):
        return "change_sis_id.integration-id-impossible"
    for column, of in (("old_id", kind), ("old_integration_id", f"{kind}_integration")):
        if column in row and _state(row, of, row[column]) == ABSENT:
            row.extra = {"old_column": column, "old": row[column]}
            return "change_sis_id.old-id-not-found"
    return _take(row, kind)


def _take(row: Row, kind: str) -> str:
    sis_column = "sis_user_id" if kind == "user" else "sis_source_id"
    wanted = (("new_id", kind, sis_column), ("new_integration_id", f"{kind}_integration", "integration_id"))
    for column, of, canvas_column in wanted:
        if column in row and row[column] != _CLEAR and _state(row, of, row[column]) in {ALIVE, DEAD}:
            old = row.get(column.replace("new", "old")) or row.get("old_id") or row.get("old_integration_id", "")
            row.extra = {"new_column": column, "new": row[column], "column": canvas_column, "old": old}
            return "change_sis_id.new-id-taken"
    for column, of, _ in wanted:
        if column in row:
            _set(row, of, row.get(column.replace("new", "old"), ""), GONE)
            _set(row, of, row[column], ALIVE)
    return ""


def _state(row: Row, kind: str, sis_id: str) -> int:
    changed = row.rows.world.memory("change_sis_id").get((kind, sis_id))
    state = changed if changed is not None else row.rows.world.knowledge.state(kind, sis_id)
    return ABSENT if state in {GONE, PADDED} else int(state)


def _set(row: Row, kind: str, sis_id: str, state: int) -> None:
    if sis_id and sis_id != _CLEAR:
        row.rows.world.memory("change_sis_id")[(kind, sis_id)] = state
        row.rows.world.knowledge.apply_one(kind, sis_id, state)


CHANGES: tuple[Step, ...] = (
    Missing("change_sis_id.type-missing", "type"),
    Missing("change_sis_id.old-id-missing", "old_id", "old_integration_id"),
    Missing("change_sis_id.new-id-missing", "new_id", "new_integration_id"),
    Allowed("change_sis_id.type-unknown", "type", lambda text: text.lower() in TYPES, TYPES),
    OneByOne(
        judge_change,
        columns={
            "change_sis_id.integration-id-impossible": "new_integration_id",
            "change_sis_id.old-id-not-found": "old_id",
            "change_sis_id.new-id-taken": "new_id",
        },
    ),
)
GRADE_PUBLISHING_RESULTS: tuple[Step, ...] = (
    Missing("grade_publishing_results.enrollment-id-missing", "enrollment_id"),
    Missing("grade_publishing_results.grade-publishing-status-unknown", "grade_publishing_status"),
    Allowed(
        "grade_publishing_results.grade-publishing-status-unknown",
        "grade_publishing_status",
        lambda text: text.lower() in PUBLISHING_STATUSES,
        PUBLISHING_STATUSES,
    ),
    Reference("grade_publishing_results.enrollment-not-found", "enrollment_id", "enrollment_number"),
)
