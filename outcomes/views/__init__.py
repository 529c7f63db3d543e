"""The pages of this app, by noun."""

from outcomes.views.alignments import alignments
from outcomes.views.courses import courses, list_again, read
from outcomes.views.exports import canvas_csv, rollups_csv, rollups_xlsx
from outcomes.views.order import order, order_state
from outcomes.views.outcome import edit_outcome, outcome
from outcomes.views.program_rules import (
    course_place,
    course_rule_remove,
    outcome_rule_remove,
    program_courses,
    program_outcomes,
)
from outcomes.views.program_students import program_student, program_students
from outcomes.views.programs import (
    program,
    program_archive,
    program_bring_back,
    program_collect,
    program_csv,
    program_edit,
    program_new,
    program_progress,
    program_report,
    program_retry,
    program_xlsx,
    programs,
    smallest_group_policy,
)
from outcomes.views.rollups import cell, measured_outcome, reading, rollups
from outcomes.views.snapshots import (
    snapshot,
    snapshot_csv,
    snapshot_delete,
    snapshot_rename,
    snapshot_report,
    snapshot_xlsx,
    snapshots,
    snapshots_compare,
)
from outcomes.views.trees import read_again, tree, tree_group, tree_places

__all__ = [
    "alignments",
    "canvas_csv",
    "cell",
    "course_place",
    "course_rule_remove",
    "courses",
    "edit_outcome",
    "list_again",
    "measured_outcome",
    "order",
    "order_state",
    "outcome",
    "outcome_rule_remove",
    "program",
    "program_archive",
    "program_bring_back",
    "program_collect",
    "program_courses",
    "program_csv",
    "program_edit",
    "program_new",
    "program_outcomes",
    "program_progress",
    "program_report",
    "program_retry",
    "program_student",
    "program_students",
    "program_xlsx",
    "programs",
    "read",
    "read_again",
    "reading",
    "rollups",
    "rollups_csv",
    "rollups_xlsx",
    "smallest_group_policy",
    "snapshot",
    "snapshot_csv",
    "snapshot_delete",
    "snapshot_rename",
    "snapshot_report",
    "snapshot_xlsx",
    "snapshots",
    "snapshots_compare",
    "tree",
    "tree_group",
    "tree_places",
]
